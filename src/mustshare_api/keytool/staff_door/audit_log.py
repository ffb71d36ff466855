"""The staff door's audit log, as the tool asks for it; read strictly, and not believed."""

from collections.abc import Iterator
from datetime import date
from typing import Annotated, Final

import msgspec
from msgspec import Meta

from mustshare_api.crypto import notes
from mustshare_api.crypto.events import SIZE_LIMIT_BYTES
from mustshare_api.crypto.merkle import PROOF_LIMIT, SIZE_LIMIT
from mustshare_api.crypto.notes import Verifier
from mustshare_api.errors import Malformed
from mustshare_api.keytool.refusal import Refusal
from mustshare_api.keytool.staff_door.answered import read_as
from mustshare_api.keytool.staff_door.door import Door
from mustshare_api.keytool.staff_door.wire import Digest

PAGE: Final = 1000

_Position = Annotated[int, Meta(ge=0, le=SIZE_LIMIT)]
_Proof = Annotated[list[Digest], Meta(max_length=PROOF_LIMIT)]


class LeafEntry(msgspec.Struct):
    """One leaf as the door shows it."""

    position: _Position
    leaf_hash: Digest
    happened_on: date
    nonce: Digest | None
    event: Annotated[str, Meta(max_length=SIZE_LIMIT_BYTES)] | None


class InclusionAnswer(msgspec.Struct):
    """A leaf and its proof."""

    leaf: LeafEntry
    size: _Position
    proof: _Proof


class _EntriesPage(msgspec.Struct):
    entries: Annotated[list[LeafEntry], Meta(max_length=PAGE)]


class _ConsistencyAnswer(msgspec.Struct):
    proof: _Proof


class AuditDoor:
    """What the door tells about its log.

    Every method raises `MustShareError` where the door refuses, and `Refusal` `door.nonsense`
    where its answer is none.
    """

    def __init__(self, door: Door) -> None:
        self._door = door

    def key(self) -> Verifier:
        """The key that the door says its log has."""
        octets = self._door.ask("/v1/audit/key")
        try:
            return notes.parse_verifier(octets.decode("ascii").removesuffix("\n"))
        except (Malformed, UnicodeDecodeError):
            raise Refusal("door.nonsense") from None

    def checkpoint(self, *, cosigned: bool = False) -> bytes:
        """How the log is said to stand, or to have stood for a witness."""
        return self._door.ask("/v1/audit/checkpoint", {"of": "cosigned"} if cosigned else None)

    def consistency(self, old: int, new: int) -> tuple[bytes, ...]:
        """The proof that is given for it."""
        octets = self._door.ask("/v1/audit/consistency", {"from": old, "to": new})
        return hashes(read_as(octets, _ConsistencyAnswer).proof)

    def inclusion_of_directory(self, digest: bytes, size: int) -> InclusionAnswer:
        """The proof that is given for a directory."""
        query: dict[str, str | int] = {"directory": digest.hex(), "size": size}
        return read_as(self._door.ask("/v1/audit/inclusion", query), InclusionAnswer)

    def directory(self, digest: bytes) -> bytes:
        """A directory that is said to have been in force."""
        return self._door.ask("/v1/audit/directory", {"digest": digest.hex()})

    def entries(self, size: int) -> Iterator[LeafEntry]:
        """Up to `size` leaves as they are told, a page at a time."""
        told = 0
        while told < size:
            limit = min(PAGE, size - told)
            octets = self._door.ask("/v1/audit/entries", {"from": told, "limit": limit})
            page = read_as(octets, _EntriesPage).entries[:limit]
            if not page:
                return
            yield from page
            told += len(page)

    def cosign(self, octets: bytes) -> None:
        """Hands a cosigned checkpoint in; the same again is no harm."""
        self._door.hand_in("/v1/audit/cosignatures", octets)


def hashes(proof: list[Digest]) -> tuple[bytes, ...]:
    """A proof as octets."""
    return tuple(bytes.fromhex(one) for one in proof)
