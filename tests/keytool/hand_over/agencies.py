"""An agency: its key, what it gets to see, and how it opens what it was given."""

import io
import tarfile
from dataclasses import dataclass, field
from pathlib import Path

from mustshare_api.crypto import age, xwing
from tests.keytool.conftest import Ended, Tool
from tests.vectors import age_reader

NAME = "สำนักงาน ป.ป.ช."


@dataclass(frozen=True)
class Agency:
    """Somebody with an age identity and nothing of ours."""

    folder: Path
    seed: bytes = field(default_factory=xwing.new_seed)

    @property
    def public(self) -> str:
        """The file with its recipient."""
        file = self.folder / "agency.age.pub"
        file.write_text(age.recipient_of(xwing.public_key_of(self.seed)) + "\n")
        return str(file)

    def unpack(self, octets: bytes, to: str = "received") -> Path:
        """What `age -d | tar x` leaves."""
        folder = self.folder / to
        with tarfile.open(fileobj=io.BytesIO(age_reader.read(octets, self.seed))) as archive:
            archive.extractall(folder, filter="data")
        return folder


def exported(tool: Tool, agency: Agency, tip: str, *more: str, out: str = "out.age") -> Ended:
    """`mustshare-key export`, with the options that each needs."""
    return tool.unlocked(
        "export", tip, "--to", agency.public, "--agency", NAME, "--out", tool.path(out), *more
    )


def received(tool: Tool, agency: Agency, tip: str, *more: str) -> Path:
    """The folder that the agency has in the end."""
    ended = exported(tool, agency, tip, *more)
    assert ended.code == 0, ended.err
    return agency.unpack(Path(tool.path("out.age")).read_bytes())
