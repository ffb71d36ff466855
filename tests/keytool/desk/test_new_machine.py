"""A new machine under an old name, and a server that came back without its last days."""

from mustshare_api.crypto.keyring import Officer
from tests.keytool.colleagues import intake_key, opens_for
from tests.keytool.conftest import START, Reporter, Tool
from tests.keytool.fake_door import FakeDoor

MONDAY = START.date()


def earlier_directory(tool: Tool, gone: Officer) -> bytes:
    """Directory 6, which listed the machine that is gone."""
    card = tool.folder / "gone.card"
    card.write_bytes(gone.card())
    made = tool.run(
        "directory", "propose", "--cards", str(card), "--serial", "6",
        "--deployment", tool.deployment(), "--out", tool.path("earlier"),
    )  # fmt: skip
    assert made.code == 0, made.err
    tool.sign("earlier", "anan", "busaba")
    return (tool.folder / "earlier").read_bytes()


def test_keys_of_a_machine_that_is_gone_are_dropped_by_ones_own_name(
    tool: Tool, door: FakeDoor, reporter: Reporter
) -> None:
    """Those of the key file here stay."""
    gone = Officer.new("somsri", MONDAY)
    reporter.recipients.append(intake_key(gone, MONDAY))
    object_id = reporter.send_text("one")
    assert tool.unlocked("sync").code == 0
    note = tool.home / "directories" / "6.note"
    note.write_bytes(earlier_directory(tool, gone))

    ended = tool.unlocked("drop", "--re-encrypt", reporter.tip, "somsri")

    assert ended.code == 0, ended.err
    assert not opens_for(gone, door.objects[object_id], reporter)
    assert opens_for(tool.officer(), door.objects[object_id], reporter)


def test_a_server_that_lost_its_past_deletes_nothing_here(
    tool: Tool, door: FakeDoor, reporter: Reporter
) -> None:
    """Copies here may be all that there is of what came since its last backup."""
    object_id = reporter.send_text("since the backup")
    assert tool.unlocked("sync").code == 0
    copy = tool.home / "objects" / object_id
    before = copy.read_bytes()
    door.objects.clear()
    door.tips[reporter.tip] |= {"state": "withdrawn", "bundle": None}
    door.log.leaves.clear()
    door.log.directories.clear()

    ended = tool.unlocked("sync")

    assert ended.code == 5
    assert copy.read_bytes() == before
    assert tool.offline("list").out.startswith(reporter.tip)


def test_a_log_that_cannot_be_asked_keeps_no_tip_away(
    tool: Tool, door: FakeDoor, reporter: Reporter
) -> None:
    """A busy door is told as that, when everything else was fetched."""
    assert tool.unlocked("sync").code == 0
    object_id = reporter.send_text("one")
    door.log.append(b"a deed")
    door.refuse["GET", "/v1/audit/checkpoint"] = (503, b'{"code": "unavailable"}')

    ended = tool.unlocked("sync")

    assert ended.code != 0
    assert (tool.home / "objects" / object_id).exists()
