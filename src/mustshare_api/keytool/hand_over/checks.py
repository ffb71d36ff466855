"""Checks what was handed over: a received folder against its manifest, a certificate, a proof.

    manifest verify DIR      roots -> directory -> officer -> manifest -> every file, and no
    other certificate verify FILE  roots -> directory -> officer -> certificate, and the proof's
    maker

Whoever checks needs the pinned roots, got by another way than the folder. The directory may lie
in the folder itself: the roots' signatures are what make it one.
"""

import hashlib
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from mustshare_api.crypto import certificates, hand_over, manifests, proofs
from mustshare_api.crypto.certificates import Certificate
from mustshare_api.crypto.directory import SIZE_LIMIT_BYTES, Directory, believe
from mustshare_api.crypto.hand_over import Voucher
from mustshare_api.crypto.manifests import ListedFile, Manifest
from mustshare_api.crypto.proofs import Proof
from mustshare_api.crypto.roots import Roots
from mustshare_api.errors import Malformed
from mustshare_api.keytool.desk.home import read_bytes
from mustshare_api.keytool.desk.terminal import visible
from mustshare_api.keytool.hand_over.exporting import MANIFEST
from mustshare_api.keytool.refusal import Refusal, about

_FILES_AT_MOST: Final = 4096


@dataclass(frozen=True, slots=True)
class Believed:
    """The directories at hand, all signed by the pinned roots."""

    by_serial: Mapping[int, Directory]

    @classmethod
    def read(cls, roots: Roots, files: Sequence[Path]) -> "Believed":
        """Those in these files.

        Raises:
            MustShareError: one of them is none, or too few of the roots signed it; with the
                file's name.
        """
        found: dict[int, Directory] = {}
        for file in files:
            octets = read_bytes(file, SIZE_LIMIT_BYTES)
            with about(file):
                directory = believe(octets, roots)
            found[directory.serial] = directory
        return cls(found)

    def revokes(self, head: Voucher) -> bool:
        """Whether one of them says that this officer's key is believed for nothing new."""
        return any(head.kid in directory.revoked() for directory in self.by_serial.values())


def read_document(file: Path) -> Certificate | Proof:
    """A certificate or proof.

    Raises:
        Refusal: `certificate.malformed`, `file.cannot_read`.
    """
    octets = read_bytes(file, certificates.LIMIT_BYTES)
    try:
        return proofs.parse_document(proofs.settled(octets.decode()))
    except (Malformed, UnicodeDecodeError):
        raise Refusal("certificate.malformed", path=str(file)) from None


def check_document(document: Certificate | Proof, directories: Believed) -> Certificate:
    """The certificate, once it and the proof around it hold.

    Raises:
        CannotOpen: as `hand_over.check` and `Proof.check`.
    """
    certificate = document.certificate if isinstance(document, Proof) else document
    hand_over.check(certificate.head, certificate.note, directories.by_serial.get)
    if isinstance(document, Proof):
        document.check()
    return certificate


def check_folder(folder: Path, directories: Believed) -> Manifest:
    """The manifest of a received folder, once it and every file hold.

    Raises:
        Refusal: `manifest.malformed`, `manifest.missing`, `manifest.changed`,
            `manifest.stranger`, each with the file.
        CannotOpen: as `hand_over.check`.
    """
    file = folder / MANIFEST
    try:
        manifest = manifests.parse(read_bytes(file, manifests.LIMIT_BYTES))
    except Malformed:
        raise Refusal("manifest.malformed", path=str(file)) from None
    with about(file):
        hand_over.check(manifest.head, manifest.note, directories.by_serial.get)
    there = _names(folder)
    listed = {each.name for each in manifest.files}
    for name in sorted(there - listed - {MANIFEST}):
        raise Refusal("manifest.stranger", path=visible(name))
    for each in manifest.files:
        _check_file(folder, each, there)
    return manifest


def _names(folder: Path) -> set[str]:
    """Everything in the folder that is no folder; a link counts as what it is, a stranger."""
    found: set[str] = set()
    for place, _, names in os.walk(folder):
        found |= {str((Path(place) / name).relative_to(folder)) for name in names}
        if len(found) > _FILES_AT_MOST:
            raise Refusal("manifest.stranger", path=visible(max(found)))
    return found


def _check_file(folder: Path, listed: ListedFile, there: set[str]) -> None:
    path = folder / listed.name
    if listed.name not in there:
        raise Refusal("manifest.missing", path=str(path))
    if path.is_symlink() or not path.is_file() or path.stat().st_size != listed.size_bytes:
        raise Refusal("manifest.changed", path=str(path))
    if _sha256(path) != listed.sha256:
        raise Refusal("manifest.changed", path=str(path))


def _sha256(path: Path) -> bytes:
    try:
        with path.open("rb") as stream:
            return hashlib.file_digest(stream, "sha256").digest()
    except OSError as failed:
        reason = failed.strerror or "?"
        raise Refusal("file.cannot_read", path=str(path), reason=reason) from None
