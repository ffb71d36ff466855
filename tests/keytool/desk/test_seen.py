"""What counts as read on this machine: what was put before somebody, and no more."""

from mustshare_api.crypto import keys
from mustshare_api.crypto.seen import seen_digest
from mustshare_api.keytool.desk.home import Home
from mustshare_api.keytool.desk.seen import seen_of
from tests.keytool.conftest import CHEAP_KIB, Reporter, Tool
from tests.keytool.fake_door import FakeDoor
from tests.keytool.inbox.test_view import deeds_of, on_tip, running


def has_read(tool: Tool, reporter: Reporter, *object_ids: str) -> bool:
    read = seen_digest(bytes.fromhex(one) for one in object_ids)
    return seen_of(Home(tool.home), reporter.tip) == read.hex()


def test_a_file_that_came_after_the_tip_was_shown_is_not_read(
    tool: Tool, door: FakeDoor, reporter: Reporter
) -> None:
    """The words name it from the first; somebody has to come by again once it is here."""
    photo = reporter.attach(b"\xff\xd8 late")
    late = door.objects.pop(photo.id)
    tip = reporter.send_text("a photo", photo)
    for argv in (("sync",), ("show", reporter.tip), ("open", reporter.tip)):
        assert tool.unlocked(*argv).code == 0
    assert has_read(tool, reporter, tip)
    door.objects[photo.id] = late
    tool.unlocked("sync", "--full")

    assert has_read(tool, reporter, tip)
    tool.unlocked("show", reporter.tip)
    assert has_read(tool, reporter, tip, photo.id)


def test_a_file_that_no_words_name_is_told_of(tool: Tool, reporter: Reporter) -> None:
    """By `show` too: else nobody who reads there could ever have read all."""
    stray = reporter.attach(b"\xff\xd8 stray")
    tip = reporter.send_text("no photo")
    tool.unlocked("sync")

    assert stray.id in tool.unlocked("show", reporter.tip).out
    assert has_read(tool, reporter, tip, stray.id)


def test_what_no_key_here_is_for_is_not_read_by_being_told_so(
    tool: Tool, reporter: Reporter
) -> None:
    """Another officer, or escrow, may open it yet: it must not be erased for this one."""
    tip = reporter.send_text("one")
    tool.unlocked("sync")
    old = (tool.home / "officer.msk").read_bytes()
    newcomer = tool.officer().__class__.new("newcomer", tool.clock.now().date())
    phrase = (tool.folder / "passphrase").read_text()
    octets = keys.seal_key_file(newcomer.encode(), phrase, bytes(16), memory_kib=CHEAP_KIB)
    (tool.home / "officer.msk").write_bytes(octets)
    assert tool.unlocked("open", reporter.tip).code == 4
    assert has_read(tool, reporter)

    (tool.home / "officer.msk").write_bytes(old)
    assert tool.offline("list", "--json").data[0]["new"] == 1
    tool.unlocked("open", reporter.tip)
    assert has_read(tool, reporter, tip)


async def test_enter_does_not_say_that_what_a_sync_brought_meanwhile_was_read(
    tool: Tool, reporter: Reporter
) -> None:
    """Only what stood on the screen was; the rest is drawn, and Enter is pressed again."""
    tip = reporter.send_text("ถนนพัง")
    tool.unlocked("sync")
    async with running(deeds_of(tool)) as pilot:
        await on_tip(pilot, reporter.tip)
        later = reporter.follow_up("มีอีกเรื่อง")
        tool.unlocked("sync")
        await pilot.press("enter")
        await pilot.pause()
        assert has_read(tool, reporter, tip)
        await pilot.press("enter")
        await pilot.pause()

    assert has_read(tool, reporter, tip, later)
