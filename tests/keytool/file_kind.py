"""One kind of file that the key tool reads."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Kind:
    """One kind of file.

    Attributes:
        file: where one lies.
        command: one that reads it; `@` stands for the folder.
        arguments: everywhere on the command line where such a file is given.
        home: whose folder the command works in.
        older: a file of the same kind that was superseded.
        stays_foreign: whether somebody else's is refused. What people hand out before they
            are listed belongs to nobody yet; people compare its digits.
        named: what a refusal may name in its place.
        versioned: whether it says of which format it is.
        edit_at: which octet the command cannot do without; else the middle one.
    """

    file: str
    command: tuple[str, ...]
    arguments: tuple[str, ...] = ()
    home: str | None = None
    older: str | None = None
    stays_foreign: bool = True
    edit_at: int | None = None
    named: str = ""
    versioned: bool = True
