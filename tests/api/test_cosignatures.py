"""What a partner's witness signs of the log is taken, shown, and taken from nobody else."""

from typing import Any

import pytest

from mustshare_api.crypto import checkpoints
from mustshare_api.crypto.checkpoints import Checkpoint
from mustshare_api.crypto.merkle import EMPTY_ROOT
from tests.api.auditing import Log
from tests.api.staff_roles import enlist
from tests.doors import Doors


@pytest.fixture
def log(doors: Doors) -> Log:
    return Log(doors)


@pytest.fixture
async def witness(doors: Doors) -> Any:
    """A witness of the directory in force."""
    cast = await enlist(doors)
    return cast.others["witness"]


async def hand_in(doors: Doors, note: bytes) -> tuple[int, str]:
    got = await doors.signed("POST", "/v1/audit/cosignatures", note)
    return got.status_code, got.json()["code"] if got.content else ""


async def test_a_cosignature_is_shown_beneath_its_checkpoint(
    doors: Doors, log: Log, witness: Any
) -> None:
    """As the witness signed it, and no event of the log: the next would have none again."""
    note = await log.note()
    line = checkpoints.cosign(note, "witness", witness.sign_seed, 1795400000)
    assert await hand_in(doors, note + line) == (204, "")

    assert await log.note() == note + line
    assert await log.note("cosigned") == note + line


async def test_the_newest_cosigned_checkpoint_is_kept_at_hand(
    doors: Doors, log: Log, witness: Any
) -> None:
    """When the log has grown since."""
    note = await log.note()
    line = checkpoints.cosign(note, "witness", witness.sign_seed, 1795400000)
    await hand_in(doors, note + line)
    await doors.signed("PUT", "/v1/directory", doors.org.note(3))

    assert await log.note("cosigned") == note + line
    assert await log.note() != note


async def test_a_cosignature_by_no_witness_is_refused(
    doors: Doors, log: Log, witness: Any
) -> None:
    """By another key under the name, by the log itself, or by nobody."""
    note = await log.note()
    stranger = checkpoints.cosign(note, "witness", b"s" * 32, 1795400000)
    renamed = checkpoints.cosign(note, "wichai", witness.sign_seed, 1795400000)

    for told in (note, note + stranger, note + renamed):
        assert await hand_in(doors, told) == (403, "cosignature.wrong_signature")


async def test_a_cosigned_checkpoint_that_was_never_ours_is_refused(
    doors: Doors, log: Log, witness: Any
) -> None:
    """Another root of a size that was, or another log's."""
    head = await log.checkpoint()
    for made in (
        Checkpoint(head.origin, head.size, b"r" * 32),
        Checkpoint("another-log", head.size, head.root),
    ):
        note = checkpoints.compose(made, b"l" * 32)
        line = checkpoints.cosign(note, "witness", witness.sign_seed, 1)
        assert await hand_in(doors, note + line) == (409, "checkpoint.forked")


async def test_a_cosigned_checkpoint_from_the_future_is_not_found(
    doors: Doors, log: Log, witness: Any
) -> None:
    """Also the empty one, which says nothing."""
    head = await log.checkpoint()
    for size, root in ((head.size + 1, b"r" * 32), (0, EMPTY_ROOT)):
        note = checkpoints.compose(Checkpoint(head.origin, size, root), b"l" * 32)
        line = checkpoints.cosign(note, "witness", witness.sign_seed, 1)
        assert await hand_in(doors, note + line) == (404, "audit.not_found")


@pytest.mark.parametrize("body", [b"", b"a log\n1\nx\n\n", b"\xff" * 100, b"x" * 9000])
async def test_what_is_no_checkpoint_is_no_cosignature(doors: Doors, body: bytes) -> None:
    """Over long bodies end earlier, at the door's own bound."""
    code = (await hand_in(doors, body))[1]

    assert code in {"cosignature.malformed", "request.too_large"}
