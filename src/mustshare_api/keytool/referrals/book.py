"""Which tips a referral is of: from sealed notes, and kept on this machine once it is known.

    note on each tip's desk    referral <id> -> nacc [2/3 v4 <nonce>]

Each note names its own tip's place in the report, how many tips there are, the version of the
tip that both officers go by, and 128 random bits without which nobody can test a guess of the
tips against what the door keeps (`crypto.referred`). None names another tip: who is shown one
of them does not learn of the rest.

The book that is kept of them does, and has those bits: it is sealed under the case key as the
register is, so that a machine that is taken tells as little as the door. One that does not open
is no loss: it is made again from the notes.
"""

import re
from collections.abc import Iterable
from pathlib import Path
from typing import Annotated, Final

import msgspec
from msgspec import Meta

from mustshare_api.crypto.keyring import Officer
from mustshare_api.crypto.referred import NamedTip, commitment
from mustshare_api.crypto.register import is_sealed_under, open_register, seal_register
from mustshare_api.errors import CannotOpen
from mustshare_api.keytool.desk.home import Home, read_bytes, write_bytes
from mustshare_api.keytool.referrals.wire import Name
from mustshare_api.keytool.refusal import Refusal
from mustshare_api.keytool.staff_door.wire import Id

_SIZE_LIMIT_BYTES: Final = 1 << 28

_STEPS_LIMIT: Final = 2**15

# As strict as the book: anybody at the desk may type a note, and what the book does not read
# again would close it for every referral.
_NOTE: Final = re.compile(
    r"referral ([0-9a-f]{32}) -> ([A-Za-z0-9][A-Za-z0-9._-]{0,47}) "
    r"\[([1-9][0-9]?)/([1-9][0-9]?) v(0|[1-9][0-9]{0,4}) ([0-9a-f]{32})\]"
)


class BookedTip(msgspec.Struct, frozen=True):
    """A tip of a referral, and the version that its officers saw."""

    tip_id: Id
    seen: Annotated[int, Meta(ge=0, le=_STEPS_LIMIT)]


class Booked(msgspec.Struct, frozen=True):
    """A referral as its notes tell of it. `tips` are in the order of its report."""

    agency: Name
    nonce: Id
    tips: list[BookedTip]

    def commitment(self) -> str:
        """What stands for the tips in the first officer's request."""
        named = [NamedTip(bytes.fromhex(one.tip_id), one.seen) for one in self.tips]
        return commitment(bytes.fromhex(self.nonce), named).hex()

    def note(self, referral_id: str, place: int) -> str:
        """The note for the tip at a place of the report, from 0."""
        here = f"{place + 1}/{len(self.tips)} v{self.tips[place].seen}"
        return f"referral {referral_id} -> {self.agency} [{here} {self.nonce}]"


_BOOK: Final = dict[str, Booked]


def read_notes(referral_id: str, notes: Iterable[tuple[str, str]]) -> Booked | None:
    """What notes say of a referral; None unless all of its tips have one.

    Args:
        referral_id: which referral.
        notes: the tip and the text of each note, the last word of a tip last.
    """
    told: dict[tuple[str, str, int], dict[int, BookedTip]] = {}
    for tip_id, text in notes:
        found = _NOTE.fullmatch(text)
        if found is None or found[1] != referral_id:
            continue
        if (seen := int(found[5])) <= _STEPS_LIMIT:
            whole = told.setdefault((found[2], found[6], int(found[4])), {})
            whole[int(found[3])] = BookedTip(tip_id, seen)
    for (agency, nonce, count), tips in told.items():
        if sorted(tips) == list(range(1, count + 1)):
            return Booked(agency, nonce, [tips[place] for place in sorted(tips)])
    return None


def load_book(home: Home, officer: Officer) -> dict[str, Booked]:
    """Every referral whose tips are known here.

    Raises:
        Refusal: `home.malformed`.
    """
    file = _file(home)
    if not file.exists():
        return {}
    octets = read_bytes(file, _SIZE_LIMIT_BYTES)
    try:
        book = msgspec.json.decode(open_register(octets, officer.case_seeds), type=_BOOK)
    except CannotOpen:
        return {}
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        raise Refusal("home.malformed", path=str(file)) from None
    if not is_sealed_under(octets, officer.case_seed):
        _save(home, officer, book)  # the older key is about to be retired
    return book


def remember(home: Home, officer: Officer, referral_id: str, booked: Booked) -> None:
    """Keeps which tips a referral is of."""
    _save(home, officer, load_book(home, officer) | {referral_id: booked})


def forget(home: Home, officer: Officer, referral_id: str) -> None:
    """Forgets it: it is taken back, and nothing of it is to be done any more."""
    book = load_book(home, officer)
    if book.pop(referral_id, None) is not None:
        _save(home, officer, book)


def _save(home: Home, officer: Officer, book: dict[str, Booked]) -> None:
    write_bytes(_file(home), seal_register(msgspec.json.encode(book), officer.case_seed))


def _file(home: Home) -> Path:
    return home.path / "referred"
