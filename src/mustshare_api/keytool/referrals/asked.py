"""Which questions of an agency were passed on, so that nobody is asked one twice.

    asked    sealed as the book is: referral -> { hash of question, tip and text: object, sent }

What is to be sent is written down under its object's id before it is sealed, and that it went
once the door has it. Whoever repeats a command that failed half way sends the rest: what waits
goes as the octets that it is, and what an earlier try brought to the door is known by the list
that a sync fetched. The same question in other words is another question, and is sent.

One file, sealed under the case key, since it ties tips to a referral. One that does not open is
like none: then a repeated question is asked again.
"""

import secrets
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import msgspec

from mustshare_api.crypto.keyring import Officer
from mustshare_api.crypto.register import ASKED, open_register, seal_register
from mustshare_api.crypto.suite import sha256
from mustshare_api.errors import CannotOpen
from mustshare_api.keytool.desk.home import Home, read_bytes, write_bytes
from mustshare_api.keytool.refusal import Refusal
from mustshare_api.keytool.staff_door.wire import Digest, Id

_SIZE_LIMIT_BYTES: Final = 1 << 26
_ID_BYTES: Final = 16


class Ask(msgspec.Struct, frozen=True):
    """A question to one reporter, by the id of its object."""

    object_id: Id
    sent: bool = False


_Asks = dict[Id, dict[Digest, Ask]]


@dataclass(frozen=True, slots=True)
class Asked:
    """What was asked about one referral."""

    home: Home
    officer: Officer
    referral_id: str

    def begin(self, word_id: str, tip_id: str, text: str) -> tuple[str, Ask]:
        """The question, by its hash; written down, if it is new.

        Raises:
            Refusal: `home.malformed`, `file.cannot_write`.
        """
        hashed = sha256(f"{word_id} {tip_id} {text}".encode()).hex()
        known = _load(self.home, self.officer).get(self.referral_id, {}).get(hashed)
        if known is None:
            known = Ask(secrets.token_hex(_ID_BYTES))
            self._put(hashed, known)
        return hashed, known

    def went(self, hashed: str, ask: Ask) -> None:
        """That the door has it.

        Raises:
            Refusal: as `begin`.
        """
        if not ask.sent:
            self._put(hashed, Ask(ask.object_id, sent=True))

    def _put(self, hashed: str, ask: Ask) -> None:
        asks = _load(self.home, self.officer)
        asks.setdefault(self.referral_id, {})[hashed] = ask
        _save(self.home, self.officer, asks)


def forget_asked(home: Home, officer: Officer, referral_id: str) -> None:
    """Forgets what was asked about a referral that is taken back."""
    asks = _load(home, officer)
    if asks.pop(referral_id, None) is not None:
        _save(home, officer, asks)


def _load(home: Home, officer: Officer) -> _Asks:
    file = _file(home)
    if not file.exists():
        return {}
    octets = read_bytes(file, _SIZE_LIMIT_BYTES)
    try:
        return msgspec.json.decode(open_register(octets, officer.case_seeds, ASKED), type=_Asks)
    except CannotOpen:
        return {}
    except (msgspec.MsgspecError, UnicodeDecodeError):
        raise Refusal("home.malformed", path=str(file)) from None


def _save(home: Home, officer: Officer, asks: _Asks) -> None:
    octets = seal_register(msgspec.json.encode(asks), officer.case_seed, ASKED)
    write_bytes(_file(home), octets)


def _file(home: Home) -> Path:
    return home.path / "asked"
