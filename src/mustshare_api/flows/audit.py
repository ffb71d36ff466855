"""What can be asked of the audit log: how it stands, and proofs that it was never rewritten.

    checkpoint    size and root, signed by the log's key, with what witnesses have cosigned
    consistency   that an earlier size is the beginning of a later one
    inclusion     that one leaf, or the one that vouches for a directory, is in it
    entries       what was done, or null where it was shredded
    cosign        takes a witness's line, if its key is in the directory in force

Nothing here is believed by who asks: they recompute. So a damaged log answers with a problem
of its own and not with a proof that nearly holds.
"""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from mustshare_api.crypto import checkpoints, merkle
from mustshare_api.crypto.checkpoints import Checkpoint, Witness
from mustshare_api.crypto.merkle import Plan
from mustshare_api.crypto.notes import Verifier
from mustshare_api.crypto.suite import SEED_BYTES, verify_key_of
from mustshare_api.errors import CannotOpen, Malformed, NotFound, WrongMoment
from mustshare_api.flows.directory import DirectoryKeeper
from mustshare_api.store.audit_log import AuditStore, Leaf

COSIGNED_LIMIT: Final = checkpoints.SIZE_LIMIT_BYTES


@dataclass(frozen=True, slots=True)
class Inclusion:
    """A leaf, and the proof that it is in the tree of a size."""

    leaf: Leaf
    size: int
    proof: tuple[bytes, ...]


@dataclass(slots=True)
class AuditLog:
    """The log of one deployment. `store` may be written to by others, too."""

    store: AuditStore
    directory: DirectoryKeeper
    _seed: bytes = b""

    async def seed(self) -> bytes:
        """Of the log's key, made when it is first needed and shared by all processes."""
        if not self._seed:
            self._seed = await self.store.key(secrets.token_bytes(SEED_BYTES))
        return self._seed

    async def verifier(self) -> Verifier:
        """The log's key, as auditors want it.

        Raises:
            Unavailable: there is no directory yet, so nothing has a name.
        """
        key = verify_key_of(await self.seed())
        return checkpoints.log_verifier(self.directory.deployment_id, key)

    async def checkpoint(self, *, cosigned: bool = False) -> bytes:
        """How the log stands now, or stood when a witness last looked at it.

        Raises:
            NotFound: `audit.not_found`, no witness has yet.
        """
        size, root = await self.store.head()
        if cosigned:
            size = await self._cosigned_size()
            root = await self._root(size)
        origin = checkpoints.origin_of(self.directory.deployment_id)
        note = checkpoints.compose(Checkpoint(origin, size, root), await self.seed())
        return note + b"".join(await self.store.cosignatures(size))

    async def consistency(self, old: int, new: int) -> tuple[bytes, ...]:
        """The proof that the tree of `old` leaves is the beginning of that of `new`.

        Raises:
            NotFound: `audit.not_found`, there are not so many.
        """
        if old > new:
            raise NotFound("audit.not_found")
        await self._check_reached(new)
        return await self._proof(merkle.plan_consistency(old, new))

    async def inclusion(self, position: int, size: int) -> Inclusion:
        """The leaf at a position, with its proof.

        Raises:
            NotFound: `audit.not_found`, there is none in a tree of that size.
        """
        found = await self.store.entries(position, 1)
        if not found or found[0].position != position:
            raise NotFound("audit.not_found")
        return await self._included(found[0], size)

    async def inclusion_of_directory(self, digest: bytes, size: int) -> Inclusion:
        """The leaf that vouches for a directory, with its proof.

        Raises:
            NotFound: `audit.not_found`, no such directory was in force by then.
        """
        leaf = await self.store.of_directory(digest)
        if leaf is None:
            raise NotFound("audit.not_found")
        return await self._included(leaf, size)

    async def directory_of(self, digest: bytes) -> bytes:
        """A directory that is or was in force, as signed.

        Raises:
            NotFound: `audit.not_found`, none of those that are kept.
        """
        octets = await self.directory.store.by_digest(digest)
        if octets is None:
            raise NotFound("audit.not_found")
        return octets

    async def entries(self, first: int, limit: int) -> Sequence[Leaf]:
        """Leaves in order."""
        return await self.store.entries(first, limit)

    async def cosign(self, octets: bytes) -> None:
        """Takes a cosigned checkpoint; of its lines, the one by a witness counts.

        Raises:
            Malformed: `cosignature.malformed`.
            NotFound: `audit.not_found`, this log has not come so far.
            WrongMoment: `checkpoint.forked`, its root was never that.
            CannotOpen: `cosignature.wrong_signature`, by no witness of the directory in force.
        """
        try:
            checkpoint, note = checkpoints.parse(octets)
        except Malformed:
            raise Malformed("cosignature.malformed") from None
        await self._check_ours(checkpoint)
        for entry in self.directory.current().entries:
            if entry.role != "witness":
                continue
            witness = Witness(entry.name, entry.public_key)
            line = checkpoints.line_of(note, witness)
            if line is not None:
                await self.store.add_cosignature(checkpoint.size, entry.kid, line)
                return
        raise CannotOpen("cosignature.wrong_signature")

    async def _check_ours(self, checkpoint: Checkpoint) -> None:
        if checkpoint.size == 0:
            raise NotFound("audit.not_found")
        await self._check_reached(checkpoint.size)
        origin = checkpoints.origin_of(self.directory.deployment_id)
        if checkpoint != Checkpoint(origin, checkpoint.size, await self._root(checkpoint.size)):
            raise WrongMoment("checkpoint.forked")

    async def _check_reached(self, size: int) -> None:
        if size > (await self.store.head())[0]:
            raise NotFound("audit.not_found")

    async def _cosigned_size(self) -> int:
        size = await self.store.newest_cosigned()
        if size is None:
            raise NotFound("audit.not_found")
        return size

    async def _root(self, size: int) -> bytes:
        (root,) = await self._proof((merkle.peaks_of(size),))
        return root

    async def _included(self, leaf: Leaf, size: int) -> Inclusion:
        if leaf.position >= size:
            raise NotFound("audit.not_found")
        await self._check_reached(size)
        return Inclusion(
            leaf, size, await self._proof(merkle.plan_inclusion(leaf.position, size))
        )

    async def _proof(self, plan: Plan) -> tuple[bytes, ...]:
        hashes = await self.store.hashes([node for group in plan for node in group])
        return tuple(merkle.fold([hashes[node] for node in group]) for group in plan)
