"""An audit log in memory, as a staff door shows it; honest until it is told to be otherwise."""

import hashlib
import json
import secrets
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from mustshare_api.crypto import checkpoints, directory, events, merkle
from mustshare_api.crypto.checkpoints import Checkpoint
from mustshare_api.crypto.merkle import Node, Plan, leaf_hash
from mustshare_api.crypto.suite import verify_key_of
from mustshare_api.errors import Malformed

DAY = date(2026, 11, 23)
NOTHING = (404, b'{"code": "audit.not_found"}')


@dataclass
class FakeLog:
    """Leaves as (nonce, event), and the directories that came into force."""

    seed: bytes = b"l" * 32
    leaves: list[tuple[bytes, bytes]] = field(default_factory=list)
    directories: dict[str, bytes] = field(default_factory=dict)
    cosigned: list[bytes] = field(default_factory=list)

    def append(self, event: bytes) -> None:
        self.leaves.append((secrets.token_bytes(32), event))

    def in_force(self, octets: bytes) -> None:
        """Remembers a directory, if it is one, and not known yet."""
        try:
            read = directory.parse(octets)
        except Malformed:
            return
        if read.digest.hex() not in self.directories:
            about = (str(read.serial), read.digest.hex())
            self.directories[read.digest.hex()] = octets
            self.append(events.of_server(DAY, events.DIRECTORY_ACCEPTED, *about).encode())

    def hashes(self) -> list[bytes]:
        return [leaf_hash(nonce + event) for nonce, event in self.leaves]

    def root(self) -> bytes:
        return _root(self.hashes())

    def checkpoint(self, deployment_id: bytes) -> bytes:
        origin = checkpoints.origin_of(deployment_id)
        root = _root(self.hashes())
        return checkpoints.compose(Checkpoint(origin, len(self.leaves), root), self.seed)

    def answer(  # noqa: PLR0911 - a route, a return
        self, path: list[str], query: dict[str, list[str]], note: bytes
    ) -> Any:
        """What the door answers to a question about the log; `note` is its directory."""
        self.in_force(note)
        deployment_id = directory.parse(note).deployment_id
        asked = {name: values[0] for name, values in query.items()}
        match path:
            case ["key"]:
                public = verify_key_of(self.seed)
                return (
                    200,
                    f"{checkpoints.log_verifier(deployment_id, public).encode()}\n".encode(),
                )
            case ["checkpoint"] if asked.get("of") == "cosigned":
                return (200, self.cosigned[-1]) if self.cosigned else NOTHING
            case ["checkpoint"]:
                return 200, self.checkpoint(deployment_id)
            case ["directory"]:
                return 200, self.directories[asked["digest"]]
            case ["consistency"]:
                plan = merkle.plan_consistency(int(asked["from"]), int(asked["to"]))
                return 200, json.dumps({"proof": self._proof(plan)}).encode()
            case ["inclusion"]:
                return self._inclusion(asked)
            case ["entries"]:
                first, limit = int(asked["from"]), int(asked["limit"])
                shown = [self._shown(n) for n in range(len(self.leaves))][first:][:limit]
                return 200, json.dumps({"entries": shown}).encode()
            case _:
                return NOTHING

    def _inclusion(self, asked: dict[str, str]) -> tuple[int, bytes]:
        size = int(asked["size"])
        for position, (_, event) in enumerate(self.leaves[:size]):
            if event.decode().endswith(f" {asked['directory']}\n"):
                proof = self._proof(merkle.plan_inclusion(position, size))
                told = {"leaf": self._shown(position), "size": size, "proof": proof}
                return 200, json.dumps(told).encode()
        return NOTHING

    def _shown(self, position: int) -> dict[str, Any]:
        nonce, event = self.leaves[position]
        return {
            "position": position,
            "leaf_hash": self.hashes()[position].hex(),
            "happened_on": event.decode().split("\n")[1].removeprefix("day "),
            "nonce": nonce.hex(),
            "event": event.decode(),
        }

    def _proof(self, plan: Plan) -> list[str]:
        leaves = self.hashes()
        return [merkle.fold([_hash(leaves, node) for node in group]).hex() for group in plan]


def _hash(leaves: list[bytes], node: Node) -> bytes:
    width = 1 << node.level
    return _root(leaves[node.number * width : (node.number + 1) * width])


def _root(leaves: list[bytes]) -> bytes:
    """MTH of RFC 9162, 2.1.1."""
    if len(leaves) < 2:
        return leaves[0] if leaves else hashlib.sha256(b"").digest()
    split = 1
    while split * 2 < len(leaves):
        split *= 2
    return merkle.node_hash(_root(leaves[:split]), _root(leaves[split:]))
