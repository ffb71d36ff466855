"""What can go wrong, named for what happened to the caller.

    MustShareError
    ├── Malformed             what was sent cannot be read as what it claims to be
    │   └── Unstrippable      a picture that cannot be made safe
    ├── Unsupported           a kind of content that is not taken here
    ├── TooLarge              over a limit that `GET /v1/intake` names
    ├── TooSlow               a body that arrived slower than anyone sends
    ├── UnknownReceipt        unknown, burnt, expired or malformed: one answer for all four
    ├── Unsigned              a staff request whose signature does not hold
    │   └── Skewed            its time is not ours: some clock is off by `skew_s`
    ├── NotPermitted          a signed request of a kind that is not for this role
    ├── NotFound              no such thing for this caller
    ├── Unconditional         a change that does not say of what
    ├── WrongMoment           right in itself, but not in the state things are in
    ├── Busy                  every slot is taken; come back after `retry_after_s`
    ├── Unavailable           this service cannot do it safely at present
    ├── CannotOpen            a key, passphrase or envelope that do not belong together
    └── Misconfigured         refused at start-up; its text is for the operator

Every error carries a `code` from the closed catalogue in `api/problems.py`, which alone turns
a name into a status. No error carries what a sender wrote: its text may reach a log.
"""

from dataclasses import dataclass

from typing_extensions import override


@dataclass(frozen=True, slots=True)
class FieldError:
    """Where in a JSON body something is wrong: an RFC 6901 pointer and a code."""

    pointer: str
    code: str


class MustShareError(Exception):
    """The root. `code` is a dotted name from the problem catalogue."""

    default_code = "internal"

    def __init__(self, code: str | None = None, *, errors: tuple[FieldError, ...] = ()) -> None:
        self.code = code or self.default_code
        self.errors = errors
        super().__init__(self.code)


class Malformed(MustShareError):
    """What was sent cannot be read as what it claims to be."""

    default_code = "request.malformed"


class Unstrippable(Malformed):
    """A picture from which it cannot be shown that everything but the picture is gone."""

    default_code = "media.undecodable"


class Unsupported(MustShareError):
    """A kind of content that is not taken here."""

    default_code = "media.unsupported_type"


class TooLarge(MustShareError):
    """Over a limit that `GET /v1/intake` names."""

    default_code = "request.too_large"


class TooSlow(MustShareError):
    """A body that arrived slower than anyone sends."""

    default_code = "request.too_slow"


class UnknownReceipt(MustShareError):
    """A receipt that is unknown, burnt, expired or malformed. Nothing tells which."""

    default_code = "receipt.unknown"


class Unsigned(MustShareError):
    """A staff request whose signature does not hold."""

    default_code = "signature.invalid"


class Skewed(Unsigned):
    """A staff request that was signed at another time than this.

    `skew_s` are the seconds that the signer's clock is ahead of ours; behind, when negative.
    """

    default_code = "signature.skewed"

    def __init__(self, skew_s: int) -> None:
        super().__init__()
        self.skew_s = skew_s


class NotPermitted(MustShareError):
    """A signed request of a kind that is not for whoever signed it."""

    default_code = "staff.not_permitted"


class NotFound(MustShareError):
    """No such thing for this caller."""

    default_code = "not_found"


class Unconditional(MustShareError):
    """A change of something that others change too, without a word of what it was before."""

    default_code = "precondition.missing"


class WrongMoment(MustShareError):
    """Right in itself, but not in the state things are in."""

    default_code = "conflict"


class Busy(MustShareError):
    """Every slot is taken."""

    default_code = "busy"

    def __init__(self, code: str | None = None, *, retry_after_s: int = 2) -> None:
        super().__init__(code)
        self.retry_after_s = retry_after_s


class Unavailable(MustShareError):
    """This service cannot do it safely at present."""

    default_code = "unavailable"

    def __init__(self, code: str | None = None, *, retry_after_s: int = 60) -> None:
        super().__init__(code)
        self.retry_after_s = retry_after_s


class CannotOpen(MustShareError):
    """A key, passphrase or envelope that do not belong together, or were changed."""

    default_code = "cannot_open"


class Misconfigured(MustShareError):
    """Refused at start-up. `advice` says in one line what is wrong and what to do."""

    default_code = "misconfigured"

    def __init__(self, advice: str) -> None:
        super().__init__()
        self.advice = advice

    @override
    def __str__(self) -> str:
        return self.advice
