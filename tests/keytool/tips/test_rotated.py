"""A reporter who exchanged the receipt: followed where signatures lead, and nowhere else."""

import secrets
from dataclasses import replace
from typing import Any

import pytest

from mustshare_api.crypto.envelope import HEAD_LIMIT, Expected, Kind, parse_head
from mustshare_api.crypto.opening import AttachmentOpener, open_message
from mustshare_api.crypto.receipts import ReceiptKeys, bundle_hash, keys_of
from mustshare_api.crypto.rotation import Link
from mustshare_api.crypto.suite import kid_of
from mustshare_api.domain.message import ReplyBody, decode_message
from tests import rotations
from tests.keytool.conftest import Reporter, Tool
from tests.keytool.fake_door import FakeDoor

PDF = b"%PDF-1.7 " + bytes(range(256)) * 2000


@pytest.fixture
def synced(tool: Tool, reporter: Reporter) -> Reporter:
    """A reporter whose tip is on the officer's machine."""
    reporter.send_text("ถนนพัง")
    assert tool.unlocked("sync").code == 0
    return reporter


def new_keys() -> ReceiptKeys:
    return keys_of(secrets.token_bytes(32))


def told(links: list[Link], bundle: bytes) -> dict[str, Any]:
    """What the door says of a tip's rotations."""
    return {
        "bundle": rotations.text(bundle),
        "rotations": [
            {
                "bundle": rotations.text(one.bundle),
                "notice": rotations.text(one.notice),
                "acceptance": rotations.text(one.acceptance),
            }
            for one in links
        ],
    }


def say(door: FakeDoor, reporter: Reporter, links: list[Link], bundle: bytes) -> None:
    """Has the door give another bundle, and these links as its reason."""
    door.add_tip(reporter.tip_id, bundle)
    door.tips[reporter.tip]["rotations"] = len(links)
    door.chains[reporter.tip] = told(links, bundle)


def rotate(door: FakeDoor, reporter: Reporter, times: int = 1) -> list[ReceiptKeys]:
    """The reporter exchanges the receipt; all the keys there were, the newest last."""
    keys = [reporter.keys, *(new_keys() for _ in range(times))]
    say(door, reporter, rotations.links(reporter.tip_id, *keys), keys[-1].bundle)
    reporter.keys = keys[-1]
    return keys


def opened(octets: bytes, kind: Kind, keys: ReceiptKeys, tool: Tool) -> bytes:
    """An answer as the reporter opens it, under this receipt and no other."""
    head = parse_head(octets[:HEAD_LIMIT])
    prefix = head.prefix
    expect = Expected(kind, prefix.tip_id, prefix.object_id, bundle_hash(keys.bundle))
    seeds = {kid_of(keys.bundle[:1216]): keys.reply_seed}
    if kind.is_attachment:
        opener = AttachmentOpener(head.octets, seeds, expect=expect)
        return opener.update(octets[head.length :]) + opener.finalize()
    verify_key = tool.officer().verify_key
    return open_message(octets, seeds, expect=expect, verify_key=verify_key)


def test_the_new_key_is_believed_where_signatures_lead_to_it(
    tool: Tool, door: FakeDoor, synced: Reporter
) -> None:
    """Said once; words of both receipts open, and the next answer goes to the new one."""
    before = synced.follow_up("ก่อนเปลี่ยน")
    keys = rotate(door, synced, 2)
    after = synced.follow_up("หลังเปลี่ยน")
    door.chains[synced.tip] = told(rotations.links(synced.tip_id, *keys), keys[-1].bundle)
    first, again = tool.unlocked("sync"), tool.unlocked("sync")

    assert first.code == 0, first.err
    assert "exchanged the receipt" in first.out
    assert "exchanged the receipt" not in again.out
    shown = tool.unlocked("open", synced.tip, "--json")
    assert shown.code == 0, shown.err
    assert {before, after} <= {one["object_id"] for one in shown.data["messages"]}
    assert tool.unlocked("answer", synced.tip, "--text", "ok").code == 0
    said = decode_message(
        opened(door.follow_ups[synced.tip][0], Kind.FOLLOW_UP_FROM_STAFF, keys[-1], tool)
    )
    assert isinstance(said, ReplyBody)
    assert said.text == "ok"


def test_a_tip_first_seen_after_a_rotation_is_followed_from_its_first_key(
    tool: Tool, door: FakeDoor, reporter: Reporter
) -> None:
    """The tip itself names the key that it was sealed with."""
    reporter.send_text("ถนนพัง")
    rotate(door, reporter)

    assert tool.unlocked("sync").code == 0
    assert tool.unlocked("open", reporter.tip).code == 0
    assert tool.unlocked("answer", reporter.tip, "--text", "ok").code == 0


def spoilt(reporter: Reporter, how: str) -> tuple[list[Link], bytes]:
    """Chains that a lying door could give; the others are in the tests of the chain itself."""
    old, new, other = reporter.keys, new_keys(), new_keys()
    right = rotations.link(reporter.tip_id, 1, old, new)
    chains: dict[str, tuple[list[Link], bytes]] = {
        "no link": ([], new.bundle),
        "another first key": ([rotations.link(reporter.tip_id, 1, other, new)], new.bundle),
        "not accepted": ([replace(right, acceptance=right.notice)], new.bundle),
    }
    return chains[how]


@pytest.mark.parametrize("how", ["no link", "another first key", "not accepted"])
def test_a_chain_that_does_not_hold_is_said_aloud_and_changes_nothing(
    tool: Tool, door: FakeDoor, synced: Reporter, how: str
) -> None:
    """The first key is kept, and answers go to nobody else."""
    say(door, synced, *spoilt(synced, how))
    ended = tool.unlocked("sync")

    assert ended.code == 1
    assert "another reporter's key" in ended.err
    del door.chains[synced.tip]
    assert tool.unlocked("answer", synced.tip, "--text", "ok").code == 0
    octets = door.follow_ups[synced.tip][0]
    assert opened(octets, Kind.FOLLOW_UP_FROM_STAFF, synced.keys, tool)


def test_a_door_that_goes_back_to_the_old_key_is_not_followed(
    tool: Tool, door: FakeDoor, synced: Reporter
) -> None:
    """Whoever found the old receipt would read the answers from then on."""
    old, new = rotate(door, synced)
    assert tool.unlocked("sync").code == 0
    say(door, synced, [], old.bundle)

    assert tool.unlocked("sync").code == 1
    del door.chains[synced.tip]
    assert tool.unlocked("answer", synced.tip, "--text", "ok").code == 0
    assert opened(door.follow_ups[synced.tip][0], Kind.FOLLOW_UP_FROM_STAFF, new, tool)


def test_what_the_door_lists_as_earlier_keys_is_not_believed(
    tool: Tool, door: FakeDoor, synced: Reporter
) -> None:
    """Only what was verified here: else a made-up key's words would be the reporter's."""
    genuine, synced.keys = synced.keys, new_keys()
    words = synced.follow_up("ไม่ใช่ผู้แจ้ง")
    door.add_tip(synced.tip_id, genuine.bundle)
    door.tips[synced.tip]["earlier"] = [rotations.text(synced.keys.bundle)]
    tool.unlocked("sync")

    assert not (tool.home / "objects" / words).exists()


def test_an_answer_that_crosses_a_rotation_is_sealed_again(
    tool: Tool, door: FakeDoor, synced: Reporter
) -> None:
    """Words and file, to the receipt that is in force, under one command."""
    file = tool.folder / "form.pdf"
    file.write_bytes(PDF)
    new = rotate(door, synced)[-1]
    more = ("--attach", str(file), "--unsafe-original")
    ended = tool.unlocked("answer", synced.tip, "--text", "ok", *more)

    assert ended.code == 0, ended.err
    words = opened(door.follow_ups[synced.tip][0], Kind.FOLLOW_UP_FROM_STAFF, new, tool)
    (name,) = decode_message(words).attachments
    _, object_id, _, octets = door.attachments[0]
    assert (object_id, len(door.attachments)) == (name.id, 1)
    assert opened(octets, Kind.ATTACHMENT_FROM_STAFF, new, tool) == PDF


def test_of_an_answer_half_sent_only_the_rest_is_sealed_again(
    tool: Tool, door: FakeDoor, synced: Reporter
) -> None:
    """The file arrived before and was re-wrapped; it is sent as the same octets."""
    file = tool.folder / "form.pdf"
    file.write_bytes(PDF)
    old = synced.keys
    door.refuse["POST", f"/v1/tips/{synced.tip}/follow-ups"] = (503, b'{"code": "busy"}')
    more = ("--attach", str(file), "--unsafe-original")
    tool.unlocked("answer", synced.tip, "--text", "ok", *more)
    door.refuse.clear()
    new = rotate(door, synced)[-1]
    ended = tool.unlocked("resend")

    assert ended.code == 0, ended.err
    assert len(door.attachments) == 1
    assert opened(door.attachments[0][3], Kind.ATTACHMENT_FROM_STAFF, old, tool) == PDF
    assert opened(door.follow_ups[synced.tip][0], Kind.FOLLOW_UP_FROM_STAFF, new, tool)


def test_a_made_up_rotation_gets_no_answer(
    tool: Tool, door: FakeDoor, synced: Reporter
) -> None:
    """The door says that the receipt was exchanged and cannot prove it: nothing is sealed."""
    stranger = new_keys()
    forged = rotations.link(synced.tip_id, 1, stranger, stranger)
    say(door, synced, [replace(forged, bundle=synced.keys.bundle)], stranger.bundle)
    ended = tool.unlocked("answer", synced.tip, "--text", "ok")

    assert ended.code == 1
    assert "another reporter's key" in ended.err
    assert door.follow_ups.get(synced.tip, []) == []
    assert len(list((tool.home / "outbox").iterdir())) == 1
