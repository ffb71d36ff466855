"""What was said and may not have arrived, so that typing it again says it once.

    unsaid.json    mark of what was to be said -> its ids, and the octets where they are sealed

Questions, outcomes and answers go under ids made here, and the door takes the same word twice
for one. Whoever lost its answer types the line again, and does not know an id: without this the
reporter would be told of two outcomes where there was one.

A mark is a hash under the secret of whoever says it: who takes the machine cannot test a guess
of the words against it. What has arrived is forgotten.
"""

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import msgspec

from mustshare_api.crypto.suite import LABEL, sha256
from mustshare_api.keytool.desk.home import Home
from mustshare_api.keytool.staff_door.wire import Id

_ID_BYTES: Final = 16
_MOST: Final = 32
"""Of the newest. Who has more that did not arrive has another trouble."""


class Word(msgspec.Struct, frozen=True):
    """Under which ids something is said. `octets` are what goes, where it is sealed."""

    id: Id
    nonce: Id
    octets: bytes = b""


@dataclass(frozen=True, slots=True)
class Unsaid:
    """What one party may not have said yet. `seed` is its signing seed."""

    home: Home
    seed: bytes

    def begin(
        self, referral_id: str, content: bytes, seal: Callable[[], bytes] | None = None
    ) -> Word:
        """The word as it was begun before, or as it begins now; kept either way.

        Args:
            referral_id: of which referral.
            content: all that is to be said, of which sort and in which order ever.
            seal: makes the octets that go, where they are not the same each time.

        Raises:
            Refusal: `home.malformed`, `file.cannot_write`.
        """
        known, mark = self._load(), self._mark(referral_id, content)
        if mark in known:
            return known[mark]
        ids = (secrets.token_hex(_ID_BYTES), secrets.token_hex(_ID_BYTES))
        word = Word(*ids, seal() if seal is not None else b"")
        newest = dict([*known.items(), (mark, word)][-_MOST:])
        self.home.save(self._file, newest)
        return word

    def arrived(self, referral_id: str, content: bytes) -> None:
        """Forgets it: the door has it, and the same words later are other words."""
        known = self._load()
        if known.pop(self._mark(referral_id, content), None) is not None:
            self.home.save(self._file, known)

    def _mark(self, referral_id: str, content: bytes) -> str:
        label = (LABEL + "unsaid word").encode()
        return sha256(label, self.seed, bytes.fromhex(referral_id), content).hex()

    def _load(self) -> dict[str, Word]:
        return self.home.load(self._file, dict[str, Word], {})

    @property
    def _file(self) -> Path:
        return self.home.path / "unsaid.json"
