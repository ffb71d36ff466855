"""Shows a second officer what they are about to send: the very file, opened on this machine.

    fetch    into the folder, sealed, and held against the digest that the door lists
    open     with this officer's own case keys; nothing in clear is written
    check    every file against the manifest, the manifest against the directory
    compare  the archive is written once more from the files that were found in it, and has to
             come to the same octets: nothing hides behind its end, in a gap or in a header

What was put together under a name that the manifest does not have, or signed by nobody whom a
believed directory lists, is refused and not shown.
"""

import hashlib
import io
import tarfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, BinaryIO, Final, cast

from typing_extensions import override

from mustshare_api.crypto import hand_over, manifests
from mustshare_api.crypto.age_opening import opened
from mustshare_api.crypto.keyring import Officer
from mustshare_api.crypto.manifests import Manifest
from mustshare_api.errors import CannotOpen, Malformed
from mustshare_api.keytool.hand_over.exporting import MANIFEST
from mustshare_api.keytool.hand_over.tarring import Tar
from mustshare_api.keytool.referrals.said import Believers
from mustshare_api.keytool.refusal import Refusal

REPORT: Final = "report.txt"
_SHOWN_LIMIT_BYTES: Final = 1 << 22
_PIECE_BYTES: Final = 1 << 16


@dataclass(frozen=True, slots=True)
class Looked:
    """What is in a referral: its report, and the manifest that lists the rest."""

    report: str
    manifest: Manifest


def look(file: Path, officer: Officer, believers: Believers) -> Looked:
    """Opens and checks a referral.

    Raises:
        Refusal: `referral.not_as_listed`.
        CannotOpen, Malformed: it is not sealed to this officer, was changed, or its manifest
            does not hold.
    """
    kept: dict[str, bytes] = {}
    again = hashlib.sha256()
    canon = Tar(again.update)
    with file.open("rb") as stream:
        clear = _Clear(opened(stream, officer.seeds().values()))
        try:
            with tarfile.open(fileobj=cast("IO[bytes]", clear), mode="r|") as archive:
                for member in archive:
                    _copy(member, archive, canon, kept)
            while clear.read(_PIECE_BYTES):
                continue  # to the last chunk, without which it was cut off
            canon.close()
        except (tarfile.TarError, ValueError):
            raise Refusal("referral.not_as_listed") from None
    if clear.digest != again.digest():
        raise Refusal("referral.not_as_listed")
    found = canon.files
    manifest = manifests.parse(kept.get(MANIFEST, b""))
    by_serial = {one.serial: one for one in believers.directories}
    by = hand_over.check(manifest.head, manifest.note, by_serial.get)
    if believers.is_revoked(by.kid):
        raise CannotOpen("hand_over.unknown_officer")
    listed = {one for one in found if one.name != MANIFEST}
    if listed != set(manifest.files) or len(found) != len(manifest.files) + 1:
        raise Refusal("referral.not_as_listed")
    try:
        return Looked(kept.get(REPORT, b"").decode(), manifest)
    except UnicodeDecodeError:
        raise Malformed("manifest.malformed") from None


def _copy(
    member: tarfile.TarInfo, archive: tarfile.TarFile, to: Tar, kept: dict[str, bytes]
) -> None:
    """Writes a file of the archive once more; its octets are kept where they are shown."""
    content = archive.extractfile(member)
    if content is None:
        raise Refusal("referral.not_as_listed")
    held = io.BytesIO() if member.name in {MANIFEST, REPORT} else None
    if held is not None and member.size > _SHOWN_LIMIT_BYTES:
        raise Refusal("referral.not_as_listed")
    to.add_poured(member.name, member.size, lambda out: _pour(content, out, held))
    if held is not None:
        kept[member.name] = held.getvalue()


def _pour(content: IO[bytes], to: BinaryIO, held: io.BytesIO | None) -> None:
    while piece := content.read(_PIECE_BYTES):
        to.write(piece)
        if held is not None:
            held.write(piece)


class _Clear(io.RawIOBase):
    """Clear octets as a file that is read once from its beginning."""

    def __init__(self, pieces: Iterator[bytes]) -> None:
        super().__init__()
        self._pieces = pieces
        self._held = b""
        self._seen = hashlib.sha256()

    @property
    def digest(self) -> bytes:
        """SHA-256 of all that was read."""
        return self._seen.digest()

    @override
    def readable(self) -> bool:
        return True

    @override
    def read(self, size: int = -1) -> bytes:
        while size < 0 or len(self._held) < size:
            piece = next(self._pieces, b"")
            if not piece:
                break
            self._held += piece
            self._seen.update(piece)
        end = len(self._held) if size < 0 else size
        octets, self._held = self._held[:end], self._held[end:]
        return octets
