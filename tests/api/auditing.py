"""What an auditor does with the staff door's answers: reads them, and recomputes."""

from dataclasses import dataclass
from typing import Any

from mustshare_api.crypto import checkpoints, events, merkle, notes
from mustshare_api.crypto.checkpoints import Checkpoint
from mustshare_api.crypto.events import Event
from tests.doors import Doors

AUDIT = "/v1/audit"


@dataclass
class Log:
    """The audit log as it is told over the door."""

    doors: Doors

    async def ask(self, target: str, status: int = 200) -> Any:
        answer = await self.doors.signed("GET", f"{AUDIT}/{target}")
        assert answer.status_code == status, answer.text
        return answer.json()

    async def note(self, of: str = "newest") -> bytes:
        answer = await self.doors.signed("GET", f"{AUDIT}/checkpoint?of={of}")
        assert answer.status_code == 200, answer.text
        return answer.content

    async def checkpoint(self) -> Checkpoint:
        """The newest, believed."""
        line = (await self.doors.signed("GET", f"{AUDIT}/key")).text.removesuffix("\n")
        return checkpoints.verify(await self.note(), notes.parse_verifier(line))

    async def leaves(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = (await self.ask("entries?from=0"))["entries"]
        return found

    async def events(self) -> list[Event]:
        return [events.parse(one["event"].encode()) for one in await self.leaves()]

    async def proven(self, old: Checkpoint, new: Checkpoint) -> bool:
        told = await self.ask(f"consistency?from={old.size}&to={new.size}")
        proof = [bytes.fromhex(one) for one in told["proof"]]
        return merkle.is_consistent(
            old=old.size, old_root=old.root, new=new.size, new_root=new.root, proof=proof
        )

    async def included(self, which: str, head: Checkpoint) -> tuple[bool, Any]:
        told = await self.ask(f"inclusion?{which}&size={head.size}")
        held = merkle.is_included(
            leaf=bytes.fromhex(told["leaf"]["leaf_hash"]),
            position=told["leaf"]["position"],
            size=head.size,
            proof=[bytes.fromhex(one) for one in told["proof"]],
            root=head.root,
        )
        return held, told["leaf"]
