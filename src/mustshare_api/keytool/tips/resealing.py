"""Seals an answer of the outbox again when its reporter exchanged the receipt meanwhile.

    1. chain    asked of the door and followed from the kept bundle, or nothing is sealed
    2. open     the part as it lies in the outbox, with this officer's own keys
    3. seal     the same words and files, under the same ids, to the bundle in force
    4. replace  the part in one step: a power cut leaves the old one or the new one

Only what the door refused is sealed again. A file that it took before the exchange was
re-wrapped by the reporter's side with everything else that waited.
"""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final

import msgspec

from mustshare_api.crypto.envelope import HEAD_LIMIT, Expected, Head, Kind, parse_head
from mustshare_api.crypto.keyring import Officer
from mustshare_api.crypto.opening import AttachmentOpener, open_message
from mustshare_api.crypto.sealing import AttachmentSealer
from mustshare_api.domain.message import ReplyBody, decode_message, encode_message
from mustshare_api.errors import Malformed
from mustshare_api.keytool.desk.following import bundles_of, follow
from mustshare_api.keytool.desk.home import Home, pieces, read_bytes, write_bytes, writing
from mustshare_api.keytool.desk.listed import load_tip, save_tip
from mustshare_api.keytool.refusal import Refusal
from mustshare_api.keytool.staff_door.door import Door
from mustshare_api.keytool.staff_door.wire import TipEntry
from mustshare_api.keytool.tips.answering import Sealer, Waiting, sealer_for

_WORDS_LIMIT_BYTES: Final = 1 << 22


@dataclass(frozen=True, slots=True)
class Resealer:
    """Seals parts of the outbox again, one officer's."""

    home: Home
    door: Door
    officer: Officer
    now: datetime

    def __call__(self, waiting: Waiting, part_id: str) -> None:
        """Seals one part again, in its place.

        Raises:
            Refusal: `tip.bundle_changed` where the new bundle does not follow from the kept
                one, `tip.unknown`, `tip.gone`.
            CannotOpen, Malformed: the part is not this officer's, or was changed.
            WrongMoment: the directory has expired, or has no key of this week.
        """
        tip = self._followed(waiting.tip_id)
        sealer = sealer_for(self.home, tip, self.now)
        folder = self.home.outbox / waiting.object_id
        words = self._words(folder / waiting.object_id, tip)
        if part_id == waiting.object_id:
            said = msgspec.structs.replace(words, signed_by=self.officer.signing_kid.hex())
            object_id = bytes.fromhex(part_id)
            octets = sealer.seal_words(object_id, encode_message(said), self.officer)
            write_bytes(folder / part_id, octets)
        else:
            self._reseal_file(folder / part_id, words, tip, sealer)

    def _followed(self, tip_id: str) -> TipEntry:
        kept = load_tip(self.home, tip_id)
        if kept is None or kept.bundle is None:
            raise Refusal("tip.unknown")
        # The door says it was rotated; which bundle that made it, only the chain tells.
        tip = msgspec.structs.replace(kept, bundle=b"")
        if not follow(self.door, tip, kept):
            raise Refusal("tip.bundle_changed", tip=tip_id)
        save_tip(self.home, tip)
        return tip

    def _words(self, file: Path, tip: TipEntry) -> ReplyBody:
        octets = read_bytes(file, _WORDS_LIMIT_BYTES)
        expect = _expected(parse_head(octets[:HEAD_LIMIT]), tip, Kind.FOLLOW_UP_FROM_STAFF)
        words = decode_message(
            open_message(
                octets,
                self.officer.seeds(),
                expect=expect,
                verify_key=self.officer.verify_key,
            )
        )
        if not isinstance(words, ReplyBody):
            raise Malformed("message.malformed")
        return words

    def _reseal_file(self, file: Path, words: ReplyBody, tip: TipEntry, sealer: Sealer) -> None:
        (size_bytes,) = [name.size_bytes for name in words.attachments if name.id == file.name]
        with file.open("rb") as source, writing(file) as target:
            head = parse_head(source.read(HEAD_LIMIT))
            expect = _expected(head, tip, Kind.ATTACHMENT_FROM_STAFF)
            opener = AttachmentOpener(head.octets, self.officer.seeds(), expect=expect)
            prefix = sealer.prefix(Kind.ATTACHMENT_FROM_STAFF, head.prefix.object_id)
            made = AttachmentSealer(prefix, sealer.recipients, size_bytes)
            target.write(made.head)
            source.seek(head.length)
            for piece in pieces(source):
                target.write(made.update(opener.update(piece)))
            target.write(made.update(opener.finalize()))
            target.write(made.finalize())


def _expected(head: Head, tip: TipEntry, kind: Kind) -> Expected:
    """What this tool put into its own outbox: any bundle of this tip's will do."""
    prefix = head.prefix
    if prefix.bundle_hash not in bundles_of(tip):
        raise Malformed("envelope.malformed")
    return Expected(kind, bytes.fromhex(tip.tip_id), prefix.object_id, prefix.bundle_hash)
