"""Keeps an eye on the audit log: whatever it was once seen to hold, it must hold for good.

    1. key         the directory's `log` entry; where it has none, the one pinned on first use
    2. checkpoint  signed by that key
    3. history     a proof that the checkpoint kept here is its beginning
    4. directory   a proof that the directory believed here is in it
    5. keep        the new checkpoint in the place of the old one, durably

    checkpoint.note        the last one believed
    log.key                the pinned key
    evidence/<size>-<...>/ what was kept, what was told, and the answer that did not prove it

Where a step fails, nothing is kept in the place of anything: both checkpoints are written aside
and the tool stops, in a voice of its own. Two checkpoints that the log's key signed and that do
not continue one another convict the service without any further word. A door that gives no
proof at all is treated alike: otherwise whoever rewrote the log would simply not answer.

Not reached, too busy or not let in is another matter; it is told as that, and the next look
asks again from the checkpoint that was kept.
"""

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final, TypeVar

import msgspec

from mustshare_api.crypto import checkpoints, merkle, notes
from mustshare_api.crypto.checkpoints import Checkpoint
from mustshare_api.crypto.directory import Directory
from mustshare_api.crypto.events import DIRECTORY_ACCEPTED
from mustshare_api.crypto.notes import Verifier
from mustshare_api.errors import Malformed, MustShareError, Unavailable, Unsigned
from mustshare_api.keytool.desk.home import read_bytes, write_bytes
from mustshare_api.keytool.refusal import InFile, Refusal, Rewritten, Unreachable
from mustshare_api.keytool.staff_door.audit_log import AuditDoor, InclusionAnswer, hashes

_KEY_LIMIT_BYTES: Final = 256
_Proof = TypeVar("_Proof")

_NO_ANSWER: Final = (Unreachable, Unavailable, Unsigned)
"""Nothing was said about the log."""


@dataclass(frozen=True, slots=True)
class Watcher:
    """One who looks, with a folder of their own to remember in."""

    folder: Path
    door: AuditDoor
    directory: Directory

    @property
    def kept_file(self) -> Path:
        """The last checkpoint believed."""
        return self.folder / "checkpoint.note"

    @property
    def key_file(self) -> Path:
        """The key pinned on first use."""
        return self.folder / "log.key"

    def look(self) -> bytes:
        """Takes the five steps; the note of the checkpoint that is now kept.

        Raises:
            Rewritten: the log does not hold what it held, or does not prove that it does.
            MustShareError: it was not reached, or what is kept here cannot be read.
        """
        verifier = self._verifier()
        kept = self.kept()
        told = self.door.checkpoint()
        checkpoint = self._signed(told, verifier)
        if kept is not None:
            self._check_history(kept, checkpoint, told)
        self._check_directory(checkpoint, told)
        write_bytes(self.key_file, f"{verifier.encode()}\n".encode())
        write_bytes(self.kept_file, told)
        return told

    def kept(self) -> Checkpoint | None:
        """What was believed last.

        Raises:
            Refusal: `home.malformed`, it was changed on this disk.
        """
        if not self.kept_file.exists():
            return None
        octets = read_bytes(self.kept_file, checkpoints.SIZE_LIMIT_BYTES)
        try:
            return checkpoints.parse(octets)[0]
        except Malformed:
            raise Refusal("home.malformed", path=str(self.kept_file)) from None

    def _verifier(self) -> Verifier:
        origin = checkpoints.origin_of(self.directory.deployment_id)
        for entry in self.directory.entries:
            if entry.role == "log" and entry.name == origin:
                return Verifier(entry.name, entry.public_key)
        pinned = self.key_file.exists()
        verifier = self._pinned() if pinned else self.door.key()
        if verifier.name != origin:
            refused = Refusal("audit.other_deployment")
            raise InFile(self.key_file, refused) if pinned else refused
        return verifier

    def _pinned(self) -> Verifier:
        line = read_bytes(self.key_file, _KEY_LIMIT_BYTES)
        try:
            return notes.parse_verifier(line.decode("ascii").removesuffix("\n"))
        except (Malformed, UnicodeDecodeError):
            raise Refusal("home.malformed", path=str(self.key_file)) from None

    def _signed(self, told: bytes, verifier: Verifier) -> Checkpoint:
        try:
            return checkpoints.verify(told, verifier)
        except MustShareError as refused:
            raise self._shout("audit.wrong_key", told, refused.code) from None

    def _check_history(self, kept: Checkpoint, now: Checkpoint, told: bytes) -> None:
        """Step 3."""
        if now.size < kept.size:
            raise self._shout("audit.rewritten", told, "shrunk")
        proof: tuple[bytes, ...] = ()
        if 0 < kept.size < now.size:
            ask = self.door.consistency
            proof = self._given(lambda: ask(kept.size, now.size), "audit.rewritten", told)
        held = merkle.is_consistent(
            old=kept.size, old_root=kept.root, new=now.size, new_root=now.root, proof=proof
        )
        if not held:
            raise self._shout("audit.rewritten", told, [one.hex() for one in proof])

    def _check_directory(self, now: Checkpoint, told: bytes) -> None:
        """Step 4."""
        digest = self.directory.digest
        ask = self.door.inclusion_of_directory
        found = self._given(lambda: ask(digest, now.size), "audit.no_directory", told)
        if not is_vouched_for(found, self.directory, now):
            raise self._shout("audit.no_directory", told, msgspec.to_builtins(found))

    def _given(self, ask: Callable[[], _Proof], code: str, told: bytes) -> _Proof:
        """What the door proves, where saying nothing counts as proving nothing."""
        try:
            return ask()
        except _NO_ANSWER:
            raise
        except MustShareError as refused:
            raise self._shout(code, told, refused.code) from None

    def _shout(self, code: str, told: bytes, answer: object) -> Rewritten:
        """Writes the evidence, in a folder that nothing overwrites."""
        folder = self.folder / "evidence" / secrets.token_hex(8)
        why = {"code": code, "directory": self.directory.digest.hex(), "answer": answer}
        write_bytes(folder / "told.note", told, replace=False)
        if self.kept_file.exists():
            kept = read_bytes(self.kept_file, checkpoints.SIZE_LIMIT_BYTES)
            write_bytes(folder / "kept.note", kept, replace=False)
        write_bytes(folder / "why.json", msgspec.json.encode(why), replace=False)
        return Rewritten(code, path=str(folder))


def is_vouched_for(found: InclusionAnswer, directory: Directory, now: Checkpoint) -> bool:
    """Whether this leaf says that the directory came into force, and is in the log."""
    leaf = found.leaf
    if leaf.nonce is None or leaf.event is None:
        return False
    about = f"did {DIRECTORY_ACCEPTED} {directory.serial} {directory.digest.hex()}\n"
    octets = bytes.fromhex(leaf.nonce) + leaf.event.encode()
    return leaf.event.endswith(f"\nby server\n{about}") and merkle.is_included(
        leaf=merkle.leaf_hash(octets),
        position=leaf.position,
        size=now.size,
        proof=hashes(found.proof),
        root=now.root,
    )
