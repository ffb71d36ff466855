"""Seals what waits for the rest of an upload, under a key that its sender alone keeps.

    token, 32 B     SHA-256("mustshare/v1 upload-id" | token)      names the upload, stored
    from a client   HKDF-Expand(token, "mustshare/v1 upload")      the key, never stored

    progress   what it is and how far it has come   place: chunks so far, 4
    chunk      a piece of the file                  place: number, 4 | offset, 8
    answer     what was told at the end             place: nothing

Each is padded and sealed by Cobblestone under the context `what | upload id | place`, so that
one cannot stand in the place of another. Whoever holds the database sees how many chunks
there are, and padded sizes; not the length of the file, by which it would be known again.

The token has to be random: it is not stretched. Refuses a token of another length.
"""

from dataclasses import dataclass, field
from typing import Final, Literal

from mustshare_api.crypto.padding import pad, unpad
from mustshare_api.crypto.payload import PayloadReader, PayloadWriter
from mustshare_api.crypto.suite import LABEL, hkdf_expand, sha256
from mustshare_api.errors import Malformed

What = Literal["progress", "chunk", "answer"]

TOKEN_BYTES: Final = 32
LABEL_UPLOAD_ID: Final = b"mustshare/v1 upload-id"

FLOORS: Final[dict[What, int]] = {"progress": 64, "chunk": 16 * 1024, "answer": 4096}
"""A chunk of one byte costs what 16 KiB cost, so that bounds on bytes bound rows as well."""


@dataclass(frozen=True, slots=True)
class UploadKey:
    """What a token stands for. The key is left out of its `repr`."""

    upload_id: bytes
    key: bytes = field(repr=False)

    def seal(self, what: What, place: bytes, content: bytes) -> bytes:
        """Content, padded and sealed to one place of this upload."""
        writer = PayloadWriter(self._context(what, place), self.key)
        return writer.update(pad(content, FLOORS[what])) + writer.finalize()

    def open(self, what: What, place: bytes, octets: bytes) -> bytes:
        """What was sealed to this place.

        Raises:
            CannotOpen: another upload's, another place's, or changed since.
        """
        reader = PayloadReader(self._context(what, place), self.key)
        return unpad(reader.update(octets) + reader.finalize(), FLOORS[what])

    def _context(self, what: What, place: bytes) -> bytes:
        return f"{LABEL}upload {what} ".encode() + self.upload_id + place


def upload_key(token: bytes) -> UploadKey:
    """The key of a token.

    Raises:
        Malformed: not 32 bytes.
    """
    if len(token) != TOKEN_BYTES:
        raise Malformed("upload.bad_token")
    return UploadKey(sha256(LABEL_UPLOAD_ID, token), hkdf_expand(token, "upload"))
