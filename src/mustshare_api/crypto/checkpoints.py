"""How far a log has come, as its key signed it, and as a partner's witness cosigned it.

    mustshare-6f1c...                          origin: names the deployment
    42                                         leaves
    CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=   root, base64
                                               (blank line)
    — mustshare-6f1c... Az3grl...              the log's key: a plain signature of the note
    — agency-watch jWbPPw...                   a witness: key id 4 | Unix seconds 8 | signature

These are the C2SP formats tlog-checkpoint and tlog-cosignature (v1, Ed25519), so that anybody's
tools can check them. A cosignature is over `cosignature/v1`, its own time and the three lines:
it says that the witness has seen no larger and no other log until then. Its time is that of the
partner, who tells it in the open; the log's own signature has none.

Extension lines are refused: this log makes none, and no auditor could say what they mean.
"""

import base64
from dataclasses import dataclass
from typing import Final

from mustshare_api.crypto import notes
from mustshare_api.crypto.merkle import EMPTY_ROOT, HASH_BYTES, SIZE_LIMIT
from mustshare_api.crypto.notes import NAME, Note, Signature, Verifier
from mustshare_api.crypto.suite import is_signed_by, sha256, signer, verify_key_of
from mustshare_api.errors import CannotOpen, Malformed

ORIGIN_PREFIX: Final = "mustshare-"
SIZE_LIMIT_BYTES: Final = 8192

_COSIGNATURE: Final = b"\x04"
_TIME_BYTES: Final = 8
_TIME_LIMIT: Final = 1 << 63
_LINES: Final = 3
_SIZE_DIGITS: Final = 15


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """A tree head of one log."""

    origin: str
    size: int
    root: bytes

    def text(self) -> bytes:
        """What is signed."""
        root = base64.b64encode(self.root).decode()
        return f"{self.origin}\n{self.size}\n{root}\n".encode()


@dataclass(frozen=True, slots=True)
class Witness:
    """A name, and the Ed25519 key (32 bytes) that cosigns under it."""

    name: str
    public_key: bytes

    @property
    def key_id(self) -> bytes:
        """The four bytes that its lines start with; not those of a plain signature."""
        return sha256(self.name.encode() + b"\n" + _COSIGNATURE + self.public_key)[:4]

    def encode(self) -> str:
        """Its verifier key as C2SP writes it."""
        key = base64.b64encode(_COSIGNATURE + self.public_key).decode()
        return f"{self.name}+{self.key_id.hex()}+{key}"


def origin_of(deployment_id: bytes) -> str:
    """The origin of a deployment's log, which is also the name of its key."""
    return ORIGIN_PREFIX + deployment_id.hex()


def log_verifier(deployment_id: bytes, public_key: bytes) -> Verifier:
    """Who signs a deployment's checkpoints."""
    return Verifier(origin_of(deployment_id), public_key)


def compose(checkpoint: Checkpoint, seed: bytes) -> bytes:
    """The note, signed by the log's key under its origin."""
    return notes.sign(checkpoint.text() + b"\n", checkpoint.origin, seed)


def verify(octets: bytes, verifier: Verifier) -> Checkpoint:
    """Reads a checkpoint of a log and believes that its key signed it.

    Raises:
        Malformed: `checkpoint.malformed`.
        CannotOpen: `checkpoint.wrong_signature`, also where it is another log's.
    """
    checkpoint, note = parse(octets)
    if checkpoint.origin != verifier.name or not note.is_signed_by(verifier):
        raise CannotOpen("checkpoint.wrong_signature")
    return checkpoint


def parse(octets: bytes) -> tuple[Checkpoint, Note]:
    """Reads a checkpoint *without believing it*.

    Raises:
        Malformed: `checkpoint.malformed`.
    """
    if len(octets) > SIZE_LIMIT_BYTES:
        raise Malformed("checkpoint.malformed")
    try:
        note = notes.split(octets)
        checkpoint = _read(note.text.decode("ascii"))
    except (Malformed, ValueError):
        raise Malformed("checkpoint.malformed") from None
    if checkpoint.text() != note.text or not _is_sound(checkpoint):
        raise Malformed("checkpoint.malformed")
    return checkpoint, note


def cosign(octets: bytes, name: str, seed: bytes, at_s: int) -> bytes:
    """The line by which a witness cosigns a checkpoint that it has checked, with its newline.

    Args:
        octets: the checkpoint's note.
        name: the witness's, as the directory lists it.
        seed: 32 bytes, Ed25519.
        at_s: Unix seconds.
    """
    text = parse(octets)[1].text
    witness = Witness(name, verify_key_of(seed))
    signature = signer(seed)(_cosigned(text, at_s))
    return _line(name, witness.key_id + at_s.to_bytes(_TIME_BYTES, "big") + signature)


def line_of(note: Note, witness: Witness) -> bytes | None:
    """The line by which a witness cosigned a note, if it did and the signature holds."""
    for signature in note.signatures:
        if cosigned_at(signature, witness, note.text) is not None:
            return _line(signature.name, signature.key_id + signature.octets)
    return None


def cosigned_at(signature: Signature, witness: Witness, text: bytes) -> int | None:
    """When this witness cosigned the text, in Unix seconds; None where it did not."""
    if (signature.name, signature.key_id) != (witness.name, witness.key_id):
        return None
    at_s = int.from_bytes(signature.octets[:_TIME_BYTES], "big")
    held = is_signed_by(
        witness.public_key, signature.octets[_TIME_BYTES:], _cosigned(text, at_s)
    )
    return at_s if held and at_s < _TIME_LIMIT else None


def _line(name: str, octets: bytes) -> bytes:
    return f"— {name} {base64.b64encode(octets).decode()}\n".encode()


def _cosigned(text: bytes, at_s: int) -> bytes:
    return f"cosignature/v1\ntime {at_s}\n".encode() + text


def _read(text: str) -> Checkpoint:
    """Reads what may still be another spelling; `parse` compares."""
    lines = text.removesuffix("\n").split("\n")
    if len(lines) != _LINES or len(lines[1]) > _SIZE_DIGITS:
        raise ValueError
    origin, size, root = lines
    return Checkpoint(origin, int(size), base64.b64decode(root, validate=True))


def _is_sound(checkpoint: Checkpoint) -> bool:
    if NAME.fullmatch(checkpoint.origin) is None or len(checkpoint.root) != HASH_BYTES:
        return False
    if checkpoint.size == 0 and checkpoint.root != EMPTY_ROOT:
        return False
    return 0 <= checkpoint.size <= SIZE_LIMIT
