"""What came of opening a tip: its messages, its files, and what could not be opened."""

from dataclasses import dataclass, field
from typing import Final

from mustshare_api.crypto.envelope import PREFIX_BYTES, Expected, Kind
from mustshare_api.crypto.receipts import bundle_hash
from mustshare_api.crypto.rotation import named_hash
from mustshare_api.domain.message import Message
from mustshare_api.keytool.desk.following import bundles_of
from mustshare_api.keytool.desk.home import Home
from mustshare_api.keytool.refusal import Refusal
from mustshare_api.keytool.staff_door.wire import IndexEntry, TipEntry
from mustshare_api.keytool.tips.files import OpenedFile

_NO_KEY: Final = "open.no_key"


@dataclass(frozen=True, slots=True)
class OpenedMessage:
    """A message whose signature holds. `author` is an officer's name, or None: the reporter."""

    object_id: str
    kind: Kind
    message: Message
    server_sealed: bool
    author: str | None
    content_sha256: bytes


@dataclass(slots=True)
class OpenedTip:
    """A tip as far as it could be opened."""

    home: Home
    tip: TipEntry
    messages: list[OpenedMessage] = field(default_factory=list[OpenedMessage])
    files: dict[str, list[OpenedFile]] = field(default_factory=dict[str, list[OpenedFile]])
    refused: dict[str, str] = field(default_factory=dict[str, str])
    unnamed: list[str] = field(default_factory=list[str])

    @property
    def originals(self) -> frozenset[str]:
        """The ids that any message flags: a second message may not take a flag back."""
        names = [name for opened in self.messages for name in opened.message.attachments]
        return frozenset(name.id for name in names if name.original)

    def expected(self, entry: IndexEntry) -> Expected:
        """What an object of this tip has to be.

        Raises:
            Refusal: `tip.gone`.
        """
        if self.tip.bundle is None:
            raise Refusal("tip.gone")
        return Expected(
            Kind(entry.kind),
            bytes.fromhex(self.tip.tip_id),
            bytes.fromhex(entry.object_id),
            self._bundle_hash(entry, self.tip.bundle),
        )

    def _bundle_hash(self, entry: IndexEntry, in_force: bytes) -> bytes:
        """Of the bundle that an object names, where it is one of this tip's."""
        with self.home.sealed(entry.object_id).open("rb") as stream:
            prefix = stream.read(PREFIX_BYTES)
        return named_hash(prefix, bundles_of(self.tip), bundle_hash(in_force))

    @property
    def told(self) -> set[str]:
        """The objects of which all was told that is to be had here.

        What cannot be opened with a key that is here has nothing more in it to be read. What no
        key here is for, another officer or escrow may open; and a file may still be to come.
        """
        files = (file for files in self.files.values() for file in files)
        return {
            *(message.object_id for message in self.messages),
            *(one for one, code in self.refused.items() if code != _NO_KEY),
            *(file.name.id for file in files if file.outcome != "missing"),
            *self.unnamed,
        }

    @property
    def failures(self) -> int:
        """How many parts could not be opened or believed."""
        wrong = (f for files in self.files.values() for f in files if f.path is None)
        failed = sum(
            1 for file in wrong if file.outcome not in {"missing", "original", "unsafe"}
        )
        return len(self.refused) + len(self.unnamed) + failed
