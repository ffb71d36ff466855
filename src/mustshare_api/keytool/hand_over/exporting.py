"""Hands chosen material to an agency: one age file, and nothing in clear on this disk.

    chosen texts and files --> tar --> age, 64 KiB at a time --> FILE.age.part --> FILE.age
                               readme.txt report.txt files/... certificate.txt
                               directory.txt manifest.txt

    1. who       the agency's keys, read strictly; this officer, as the directory lists them
    today 2. what      only what was chosen by name (choosing) 3. write     files stripped on
    the way; the manifest last, when all hashes are known 4. rename    only when every chunk of
    every file has verified

The agency's file is sealed to the agency's keys and no other: an officer who wants to see it
again makes it again.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Final

from mustshare_api.crypto import manifests
from mustshare_api.crypto.age import AgeSealer
from mustshare_api.crypto.certificates import Certificate
from mustshare_api.crypto.directory import Directory
from mustshare_api.crypto.envelope import Kind
from mustshare_api.crypto.hand_over import AGENCY_LIMIT_BYTES, Voucher, is_line
from mustshare_api.crypto.keyring import Officer
from mustshare_api.keytool.desk.home import Home, writing
from mustshare_api.keytool.desk.terminal import Console
from mustshare_api.keytool.hand_over.choosing import Chosen, ChosenFile
from mustshare_api.keytool.hand_over.report import README, Listed, report
from mustshare_api.keytool.hand_over.tarring import Tar
from mustshare_api.keytool.refusal import Refusal
from mustshare_api.keytool.staff_door.wire import IndexEntry
from mustshare_api.keytool.tips.files import EXTENSIONS, Files
from mustshare_api.keytool.tips.opened import OpenedTip
from mustshare_api.keytool.tips.reading import sealed_of
from mustshare_api.keytool.tips.stripping import Cleaner

MANIFEST: Final = "manifest.txt"
DIRECTORY: Final = "directory.txt"

CERTIFICATE: Final = "certificate"


@dataclass(frozen=True, slots=True)
class Part:
    """A tip, what was chosen of it, and the certificate that goes with it."""

    opened: OpenedTip
    chosen: Chosen
    certificate: Certificate | None


@dataclass(frozen=True, slots=True)
class Export:
    """Everything that an export is made of."""

    home: Home
    officer: Officer
    directory: Directory
    head: Voucher
    parts: Sequence[Part]
    unsafe_original: bool

    @property
    def withheld(self) -> Mapping[str, int]:
        """How much of each kind does not go, of all tips together."""
        found: Counter[str] = Counter()
        for part in self.parts:
            found.update(dict.fromkeys(part.chosen.withheld, 0) | dict(part.chosen.withheld))
        return found


def voucher(officer: Officer, directory: Directory, agency: str, today: date) -> Voucher:
    """The head of what this officer vouches for today.

    Raises:
        Refusal: `agency.malformed`; `hand_over.unknown_officer`, where nobody could check it.
    """
    if not is_line(agency, AGENCY_LIMIT_BYTES):
        raise Refusal("agency.malformed")
    listed = directory.signer(officer.signing_kid)
    if listed is None or listed.name != officer.name:
        raise Refusal("hand_over.unknown_officer")
    return Voucher(
        directory.deployment_id,
        directory.serial,
        officer.name,
        officer.signing_kid,
        agency,
        today,
    )


def write_export(
    export: Export, recipients: Sequence[bytes], out: Path, console: Console
) -> None:
    """Writes the age file, whole or not at all.

    Raises:
        Refusal: `file.exists`, `export.original`, `export.unsafe`, `export.missing`.
        CannotOpen: a chosen file that does not open.
    """
    if out.exists():
        raise Refusal("file.exists", path=str(out))
    sealer = AgeSealer(recipients)
    with writing(out) as target, closing(Cleaner()) as cleaner:
        target.write(sealer.head)
        tar = Tar(lambda octets: target.write(sealer.update(octets)))
        files = Files(
            export.home, export.officer.seeds(), out.parent, export.unsafe_original, cleaner
        )
        _fill(export, tar, files, console)
        tar.close()
        target.write(sealer.finalize())


def _fill(export: Export, tar: Tar, files: Files, console: Console) -> None:
    tar.add("readme.txt", README.encode())
    every = [(part, file) for part in export.parts for file in part.chosen.files]
    progress = console.progress("export.writing", len(every) + 1)
    listed: list[list[Listed]] = [[] for _ in export.parts]
    for number, (part, file) in enumerate(every, 1):
        found = _add_file(part, tar, files, number, file)
        listed[export.parts.index(part)].append(found)
        progress.advance(1)
    chosen = [part.chosen for part in export.parts]
    tar.add("report.txt", report(export.head, list(zip(chosen, listed, strict=True))).encode())
    for name, octets in _certificates(export.parts):
        tar.add(name, octets)
    tar.add(DIRECTORY, export.directory.octets)
    seed = export.officer.signing_seed
    tar.add(MANIFEST, manifests.compose(export.head, seed, tar.files, export.withheld))
    progress.advance(1)
    progress.close()


def _certificates(parts: Sequence[Part]) -> Iterator[tuple[str, bytes]]:
    """Named as the report numbers the tips; with one tip, by no number."""
    for number, part in enumerate(parts, 1):
        if part.certificate is not None:
            mark = f"-{number}" if len(parts) > 1 else ""
            yield f"{CERTIFICATE}{mark}.txt", part.certificate.octets


def _add_file(part: Part, tar: Tar, files: Files, number: int, file: ChosenFile) -> Listed:
    entry = _sealed(part.opened, file)
    with files.handed_over(file.name, part.opened.expected(entry)) as given:
        mark = "-original" if given.is_original else ""
        name = f"files/{number}{mark}{EXTENSIONS.get(given.media_type, '.bin')}"
        tar.add_poured(name, given.size_bytes, given.pour)
        return name, given.is_original, file.fields


def _sealed(opened: OpenedTip, file: ChosenFile) -> IndexEntry:
    """The object that a signed message names, of that message's own direction."""
    from_staff = {
        name.id
        for message in opened.messages
        if message.author is not None
        for name in message.message.attachments
    }
    for entry in sealed_of(opened.home, opened.tip):
        kind = Kind(entry.kind)
        right_way = kind.is_from_staff is (file.name.id in from_staff)
        if entry.object_id == file.name.id and kind.is_attachment and right_way:
            return entry
    raise Refusal("export.missing", object=file.name.id)
