"""Opening what was synced: what is shown, and what is refused."""

import stat

import pytest

from mustshare_api.crypto import keys
from mustshare_api.crypto.envelope import Kind
from mustshare_api.crypto.receipts import keys_of
from mustshare_api.domain.message import AttachmentNotice, Coordinates, ProcurementRef
from tests.keytool.conftest import CHEAP_KIB, Reporter, Tool
from tests.keytool.fake_door import FakeDoor

PICTURE = b"\xff\xd8 a picture" * 30_000


def test_a_tip_is_fetched_listed_and_opened(tool: Tool, reporter: Reporter) -> None:
    """The officer's day, on a tip in Thai with a photo."""
    photo = reporter.attach(PICTURE)
    reporter.send_text("น้ำท่วมถนนที่เพิ่งสร้าง", photo, category="road")

    synced = tool.unlocked("sync")
    listed = tool.offline("list")
    opened = tool.unlocked("open", reporter.tip[:8])

    assert (synced.code, listed.code, opened.code) == (0, 0, 0), synced.err + opened.err
    assert "1 tips; 2 new objects" in synced.out
    assert "1 new" in listed.out
    assert "  │ น้ำท่วมถนนที่เพิ่งสร้าง" in opened.out
    assert "stripped: location, camera" in opened.out
    written = tool.home / "opened" / reporter.tip / f"{photo.id}.jpg"
    assert written.read_bytes() == PICTURE
    assert stat.S_IMODE(written.stat().st_mode) == 0o600
    assert "opened" in tool.offline("list").out


def test_opening_needs_no_network(tool: Tool, door: FakeDoor, reporter: Reporter) -> None:
    """What was synced is read with the cable out."""
    reporter.send_text("ถนนพัง")
    tool.unlocked("sync")
    seen = len(door.requests_seen)

    assert tool.unlocked("open", reporter.tip).code == 0
    assert tool.offline("list").code == 0
    assert len(door.requests_seen) == seen


def test_everything_in_a_tip_is_shown(tool: Tool, reporter: Reporter) -> None:
    """Fields as well as words."""
    reporter.send_text(
        "ถนนพัง",
        language="th",
        place="100101",
        coordinates=Coordinates(latitude=13.75, longitude=100.5, precision_m=1000),
        procurement_refs=[ProcurementRef(scheme="TH-EGP", id="67019123456")],
    )
    tool.unlocked("sync")

    out = tool.unlocked("open", reporter.tip).out
    for shown in ("place: 100101", "13.75, 100.5 ± 1000 m", "TH-EGP: 67019123456"):
        assert shown in out


def test_a_place_has_its_name_and_a_purchase_its_links(tool: Tool, reporter: Reporter) -> None:
    """From lists of the tool's own: nobody is asked."""
    reporter.send_text(
        "ถนนพัง",
        place="104701",
        procurement_refs=[
            ProcurementRef(scheme="TH-EGP", id="67019123456"),
            ProcurementRef(scheme="TH-EGP", id="26019123456"),
        ],
    )
    tool.unlocked("sync")

    out = tool.unlocked("open", reporter.tip).out
    for shown in (
        "place: 104701 Bang Na, Bang Na, Bangkok",
        "abolished on 2022-04-22",
        "today it is 104702 Bang Na Nuea, Bang Na, Bangkok",
        "today it is 104703 Bang Na Tai, Bang Na, Bangkok",
        "ACT Ai: https://procurement.actai.co/project/67019123456",
        "projectId=67019123456",
        "probably 69019123456 is meant",
    ):
        assert shown in out


def test_a_code_that_is_no_place_says_so(tool: Tool, reporter: Reporter) -> None:
    """A front end that seals for itself is not checked by anybody before."""
    reporter.send_text(
        "ถนนพัง",
        place="9999",
        procurement_refs=[ProcurementRef(scheme="TH-EGP", id="99019123456")],
    )
    tool.unlocked("sync")

    out = tool.unlocked("open", reporter.tip).out
    assert "place: 9999 (no place has this code)" in out
    assert "can hardly be right" in out


def test_messages_come_in_the_order_they_were_sent(tool: Tool, reporter: Reporter) -> None:
    """By the second sealed inside: outside there is only a day, and ids are random."""
    texts = [f"message {n}" for n in range(6)]
    reporter.send_text(texts[0])
    for text in texts[1:]:
        tool.clock.advance(seconds=1)
        reporter.follow_up(text)
    tool.unlocked("sync")

    data = tool.unlocked("open", reporter.tip, "--json").data
    assert [message["message"]["text"] for message in data["messages"]] == texts


def test_what_the_server_saw_in_clear_is_flagged(tool: Tool, reporter: Reporter) -> None:
    """Staff know which words another machine has read."""
    reporter.send_text("client-sealed")
    tool.unlocked("sync")
    assert "saw this in clear" not in tool.unlocked("open", reporter.tip).out

    photo = reporter.attach(b"x")
    notice = AttachmentNotice(reporter.sent_at(), [photo])
    reporter.send(notice, Kind.FOLLOW_UP_FROM_REPORTER, server_sealed=True)
    tool.unlocked("sync")
    opened = tool.unlocked("open", reporter.tip)

    assert "saw this in clear" in opened.out
    assert f"{photo.id}.jpg" in opened.out


def test_a_text_cannot_command_the_terminal_or_pass_for_the_tool(
    tool: Tool, reporter: Reporter
) -> None:
    """Colours, titles, cursor moves, reversed reading, and a forged heading."""
    reporter.send_text("a\x1b[31mred\x07\x9b2J\u202eevil\r\n\nStaff (somsri), now\nnew")
    tool.unlocked("sync")

    out = tool.unlocked("open", reporter.tip).out
    assert not any(char in out for char in "\x1b\x07\x9b\u202e\r")
    assert "⟦U+001B⟧[31mred⟦U+0007⟧⟦U+009B⟧2J⟦U+202E⟧evil⟦U+000D⟧" in out
    assert "\n  │ Staff (somsri), now\n" in out
    as_json = tool.unlocked("open", reporter.tip, "--json").out
    assert as_json.rstrip("\n").isascii()
    assert as_json.rstrip("\n").isprintable()


@pytest.mark.parametrize("seed", [b"a", b"b"])
def test_a_tip_whose_words_another_key_signed_is_not_shown(
    tool: Tool, reporter: Reporter, seed: bytes
) -> None:
    """Whoever can seal to staff, which is everyone, cannot speak for this reporter."""
    genuine = reporter.keys
    forged = keys_of(seed * 32)
    reporter.send_text("genuine")
    object.__setattr__(genuine, "sign_seed", forged.sign_seed)
    forged_id = reporter.follow_up("forged")
    tool.unlocked("sync")

    ended = tool.unlocked("open", reporter.tip)

    assert ended.code == 4
    assert "genuine" in ended.out
    assert "│ forged" not in ended.out
    assert f"{forged_id}: The message's signature does not hold." in ended.out


def test_a_tampered_object_cannot_be_opened_and_spoils_nothing_else(
    tool: Tool, reporter: Reporter
) -> None:
    """One line for it; the rest of the tip is read."""
    reporter.send_text("one")
    spoilt = reporter.follow_up("two")
    tool.unlocked("sync")
    file = tool.home / "objects" / spoilt
    octets = bytearray(file.read_bytes())
    octets[-5] ^= 1
    file.write_bytes(octets)

    ended = tool.unlocked("open", reporter.tip)

    assert ended.code == 4
    assert "│ one" in ended.out
    assert f"{spoilt}: The envelope was changed." in ended.out
    assert "1 of its parts" in ended.err


def test_swapped_objects_cannot_be_opened(tool: Tool, reporter: Reporter) -> None:
    """Each object is held against the one that was asked for."""
    first, second = reporter.send_text("one"), reporter.follow_up("two")
    tool.unlocked("sync")
    folder = tool.home / "objects"
    (folder / first).rename(folder / "x")
    (folder / second).rename(folder / first)
    (folder / "x").rename(folder / second)

    ended = tool.unlocked("open", reporter.tip)

    assert ended.code == 4
    assert ended.out.count("belongs somewhere else") == 2


def test_words_that_are_no_message_are_refused(tool: Tool, reporter: Reporter) -> None:
    """A reporter's own front end may seal nonsense; it ends in a line."""
    reporter.send_text("one")
    reporter.send_octets(b'{"type": "tip"}', Kind.FOLLOW_UP_FROM_REPORTER)
    reporter.send_octets(
        b'{"type":"tip","sent_at":"2026-11-23T03:00:00Z","text":"second tip"}',
        Kind.FOLLOW_UP_FROM_REPORTER,
    )
    tool.unlocked("sync")

    ended = tool.unlocked("open", reporter.tip)
    assert ended.code == 4
    assert "│ one" in ended.out
    assert "2 of its parts" in ended.err


@pytest.mark.parametrize(
    ("wanted", "words"),
    [("ffff" * 8, "No such tip"), ("", "No such tip"), ("ab", "No such tip")],
)
def test_a_tip_that_is_not_here_is_unknown(tool: Tool, wanted: str, words: str) -> None:
    """Also by fewer digits than tell tips apart."""
    ended = tool.unlocked("open", wanted)
    assert ended.code == 1
    assert words in ended.err


def test_a_tip_is_named_by_as_much_of_its_id_as_tells_it_apart(
    tool: Tool, door: FakeDoor, reporter: Reporter
) -> None:
    """Two that begin alike need more."""
    twin = Reporter(door, reporter.recipients, tool.clock)
    twin.tip_id = reporter.tip_id[:8] + bytes(8)
    reporter.send_text("one")
    twin.send_text("two")
    tool.unlocked("sync")

    assert "Type more" in tool.unlocked("open", reporter.tip[:16]).err
    assert tool.unlocked("open", twin.tip).code == 0


def test_an_officer_without_the_weeks_key_is_told_so(tool: Tool, reporter: Reporter) -> None:
    """A new officer cannot read what was sealed before they came."""
    reporter.send_text("one")
    tool.unlocked("sync")
    newcomer = tool.officer().__class__.new("newcomer", tool.clock.now().date())
    octets = keys.seal_key_file(
        newcomer.encode(), (tool.folder / "passphrase").read_text(), bytes(16),
        memory_kib=CHEAP_KIB,
    )  # fmt: skip
    (tool.home / "officer.msk").write_bytes(octets)

    ended = tool.unlocked("open", reporter.tip)
    assert ended.code == 4
    assert "None of your keys" in ended.out


def test_the_screen_can_be_thai(tool: Tool, reporter: Reporter) -> None:
    """Every command's own words; the tip's stay as they are."""
    reporter.send_text("road broken")

    assert "วัตถุใหม่ 1" in tool.unlocked("sync", lang="th").out
    assert "ใหม่ 1" in tool.offline("list", lang="th").out
    opened = tool.unlocked("open", reporter.tip, lang="th").out
    assert "ผู้แจ้งเบาะแส" in opened
    assert "│ road broken" in opened


def test_several_tips_are_opened_by_one_passphrase(
    tool: Tool, door: FakeDoor, reporter: Reporter
) -> None:
    """For machines a list; the files of each into a folder of its own."""
    other = Reporter(door, reporter.recipients, tool.clock)
    photo, same = reporter.attach(b"\xff\xd8 one"), other.attach(b"\xff\xd8 two")
    reporter.send_text("one", photo)
    other.send_text("two", same)
    tool.unlocked("sync")

    to = tool.path("files")
    ended = tool.unlocked("open", reporter.tip, other.tip, "--attachments", to, "--json")

    assert ended.code == 0
    assert [each["tip_id"] for each in ended.data] == [reporter.tip, other.tip]
    assert (
        tool.folder / "files" / other.tip / f"{same.id}.jpg"
    ).read_bytes() == b"\xff\xd8 two"
    assert tool.offline("list", "--json").data[0]["new"] == 0
