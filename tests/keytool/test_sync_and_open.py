"""From the staff door to a tip on the screen, and whatever a door or a disk may do to it."""

import hashlib
import json
import os
import signal
import stat
import subprocess
import sys
from pathlib import Path

import msgspec
import pytest

from mustshare_api.crypto import keys
from mustshare_api.crypto.envelope import Kind
from mustshare_api.crypto.receipts import keys_of
from mustshare_api.domain.message import AttachmentNotice, Coordinates, ProcurementRef
from mustshare_api.keytool.home import Home
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


def test_a_second_sync_fetches_only_what_is_new(
    tool: Tool, door: FakeDoor, reporter: Reporter
) -> None:
    """What is here already is not asked for again."""
    reporter.send_text("one")
    tool.unlocked("sync")
    reporter.follow_up("two")
    door.requests_seen.clear()

    data = tool.unlocked("sync", "--json").data

    assert (data["fetched"], data["kept"]) == (1, 1)
    assert sum(path.startswith("/v1/objects/") for _, path in door.requests_seen) == 1


def test_pages_are_followed_to_the_end(tool: Tool, door: FakeDoor, reporter: Reporter) -> None:
    """More tips and objects than one page holds."""
    others = [Reporter(door, reporter.recipients, tool.clock) for _ in range(5)]
    for other in others:
        other.send_text("one of many")

    data = tool.unlocked("sync", "--json").data
    assert (data["tips"], data["fetched"]) == (5, 5)
    assert len(tool.offline("list", "--json").data) == 5


def test_a_sync_that_was_cut_off_goes_on_where_it_was(
    tool: Tool, door: FakeDoor, reporter: Reporter
) -> None:
    """Half an object leaves nothing under its name."""
    reporter.send_text("one")
    door.cut_objects_after = 2000

    cut = tool.unlocked("sync")
    assert cut.code == 3
    assert list((tool.home / "objects").iterdir()) == []

    door.cut_objects_after = None
    assert tool.unlocked("sync").code == 0
    assert tool.unlocked("open", reporter.tip).code == 0


KILLED = """
import os, signal, sys
from pathlib import Path
from mustshare_api.keytool import home

def die(part, file):
    os.kill(os.getpid(), signal.SIGKILL)

Path.replace = die
home.write_bytes(Path(sys.argv[1]), b"half")
"""


def test_a_kill_between_writing_and_renaming_leaves_the_old_file(
    tool: Tool, reporter: Reporter
) -> None:
    """And what it left behind is cleared away by the next sync."""
    object_id = reporter.send_text("one")
    tool.unlocked("sync")
    file = tool.home / "objects" / object_id
    before = file.read_bytes()

    env = {"PYTHONPATH": os.pathsep.join(sys.path)}
    killed = subprocess.run([sys.executable, "-c", KILLED, file], env=env, check=False)
    parts = list(file.parent.glob(".part-*"))

    assert killed.returncode == -signal.SIGKILL
    assert len(parts) == 1
    assert file.read_bytes() == before
    assert tool.unlocked("sync").code == 0
    assert not parts[0].exists()


@pytest.mark.parametrize(
    "override",
    [{"digest": "00" * 32}, {"kind": 2}, {"octets": 5000}, {"octets": 9_000_000}],
    ids=["digest", "kind", "fewer-octets", "more-octets"],
)
def test_an_object_that_is_not_what_the_index_says_is_not_kept(
    tool: Tool, door: FakeDoor, reporter: Reporter, override: dict[str, object]
) -> None:
    """Said so, and tried again next time."""
    object_id = reporter.send_text("one")
    door.index_overrides[object_id] = override

    ended = tool.unlocked("sync")
    assert ended.code == 1
    assert object_id in ended.err
    assert not (tool.home / "objects" / object_id).exists()

    door.index_overrides.clear()
    assert tool.unlocked("sync").code == 0


def test_an_object_of_another_tip_is_not_kept(
    tool: Tool, door: FakeDoor, reporter: Reporter
) -> None:
    """A door that serves one tip's object under another's id."""
    mine = reporter.send_text("one")
    other = Reporter(door, reporter.recipients, tool.clock)
    theirs = other.send_text("two")
    door.index_overrides[mine] = {"tip_id": other.tip}
    door.index_overrides[theirs] = {"tip_id": reporter.tip}

    data = tool.unlocked("sync", "--json").data
    assert sorted(data["refused"]) == sorted([mine, theirs])


def test_stanzas_that_were_handed_over_are_fetched_again(
    tool: Tool, door: FakeDoor, reporter: Reporter
) -> None:
    """The same object under its id, with another head."""
    object_id = reporter.send_text("one")
    tool.unlocked("sync")
    octets = bytearray(door.objects[object_id])
    octets[80] ^= 1
    door.objects[object_id] = bytes(octets)

    assert tool.unlocked("sync", "--json").data["fetched"] == 1


def test_a_withdrawn_tip_is_deleted_here_too(
    tool: Tool, door: FakeDoor, reporter: Reporter
) -> None:
    """Sealed octets and opened copies, and it is said."""
    photo = reporter.attach(PICTURE)
    reporter.send_text("one", photo)
    tool.unlocked("sync")
    tool.unlocked("open", reporter.tip)
    door.add_tip(reporter.tip_id, None)
    door.tips[reporter.tip]["state"] = "withdrawn"
    door.objects.clear()

    ended = tool.unlocked("sync")

    assert ended.code == 0
    assert reporter.tip in ended.out
    assert "2 local objects deleted" in ended.out
    assert list((tool.home / "objects").iterdir()) == []
    assert not (tool.home / "opened" / reporter.tip).exists()
    assert tool.unlocked("open", reporter.tip).code == 1


def test_another_reporters_key_for_a_known_tip_is_not_taken(
    tool: Tool, door: FakeDoor, reporter: Reporter
) -> None:
    """A door that could swap the key would read the answer."""
    reporter.send_text("one")
    tool.unlocked("sync")
    door.add_tip(reporter.tip_id, keys_of(b"x" * 32).bundle)

    ended = tool.unlocked("sync")

    assert ended.code == 1
    assert "another reporter's key" in ended.err
    assert tool.unlocked("open", reporter.tip).code == 0


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


def test_a_file_that_no_signed_message_names_is_not_written(
    tool: Tool, reporter: Reporter
) -> None:
    """It carries no signature of its own, so anybody could have put it there."""
    photo = reporter.attach(PICTURE)
    reporter.send_text("no photo")
    tool.unlocked("sync")

    ended = tool.unlocked("open", reporter.tip)

    assert ended.code == 4
    assert f"attachment {photo.id}: named by no signed message" in ended.out
    assert not (tool.home / "opened").exists()


@pytest.mark.parametrize("field", ["sha256", "size_bytes"])
def test_a_file_that_is_not_the_named_one_is_not_written(
    tool: Tool, reporter: Reporter, field: str
) -> None:
    """The hash in the signed message decides, and the length with it."""
    photo = reporter.attach(PICTURE)
    other = {"sha256": "00" * 32, "size_bytes": 5}[field]
    reporter.send_text("a photo", msgspec.structs.replace(photo, **{field: other}))
    tool.unlocked("sync")

    ended = tool.unlocked("open", reporter.tip)

    assert ended.code == 4
    assert "not what the signed message names" in ended.out
    assert list((tool.home / "opened" / reporter.tip).iterdir()) == []


def test_a_tampered_file_leaves_nothing_behind(tool: Tool, reporter: Reporter) -> None:
    """Chunks before the change verify, and are still not kept."""
    photo = reporter.attach(PICTURE)
    reporter.send_text("a photo", photo)
    tool.unlocked("sync")
    file = tool.home / "objects" / photo.id
    octets = bytearray(file.read_bytes())
    octets[-5] ^= 1
    file.write_bytes(octets)

    ended = tool.unlocked("open", reporter.tip)

    assert ended.code == 4
    assert f"attachment {photo.id}: not written." in ended.out
    assert list((tool.home / "opened" / reporter.tip).iterdir()) == []


def test_a_file_that_was_not_fetched_is_said_to_be_missing(
    tool: Tool, door: FakeDoor, reporter: Reporter
) -> None:
    """It may still be on its way; that is no failure."""
    photo = reporter.attach(PICTURE)
    del door.objects[photo.id]
    reporter.send_text("a photo", photo)
    tool.unlocked("sync")

    ended = tool.unlocked("open", reporter.tip)
    assert ended.code == 0
    assert "not on this machine" in ended.out


def test_files_go_where_they_are_told_and_are_written_once(
    tool: Tool, reporter: Reporter, tmp_path: Path
) -> None:
    """A second opening finds the very file there."""
    photo = reporter.attach(PICTURE)
    reporter.send_text("a photo", photo)
    tool.unlocked("sync")
    folder = tmp_path / "out"
    where = ("--attachments", str(folder))

    first = tool.unlocked("open", reporter.tip, *where, "--json").data
    written = Path(first["messages"][0]["files"][0]["path"])
    inode = written.stat().st_ino
    tool.unlocked("open", reporter.tip, *where)

    assert written.parent == folder
    assert hashlib.sha256(written.read_bytes()).hexdigest() == photo.sha256
    assert written.stat().st_ino == inode


def test_a_wrong_passphrase_ends_with_four(tool: Tool, reporter: Reporter) -> None:
    """One line, and nothing opened."""
    reporter.send_text("one")
    tool.unlocked("sync")
    (tool.folder / "passphrase").write_text("another passphrase altogether")

    ended = tool.unlocked("open", reporter.tip)
    assert ended.code == 4
    assert (
        ended.err == "The key file does not open: wrong passphrase, or the file was changed.\n"
    )
    assert ended.out == ""


@pytest.mark.parametrize(
    ("damage", "code"),
    [
        (lambda octets: octets[:30], 1),
        (lambda octets: octets[:-1], 4),
        (lambda octets: octets[:30] + b"\x00" * 8 + octets[38:], 4),
        (lambda octets: b"MSK2" + octets[4:], 1),
        (lambda _: b"", 1),
    ],
    ids=["cut-header", "cut", "edited-kid", "other-format", "empty"],
)
def test_a_damaged_key_file_ends_in_one_line(tool: Tool, damage: object, code: int) -> None:
    """Truncated, edited or something else."""
    file = tool.home / "officer.msk"
    assert callable(damage)
    file.write_bytes(damage(file.read_bytes()))
    tool.offline("connect", "https://127.0.0.1:1", "--roots", tool.path("roots"))

    ended = tool.unlocked("sync")
    assert ended.code == code
    assert ended.err.count("\n") == 1


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o644, 0o660])
def test_a_key_file_that_others_can_read_is_refused(tool: Tool, mode: int) -> None:
    """With what to do about it, and before the passphrase is asked for."""
    file = tool.home / "officer.msk"
    file.chmod(mode)
    tool.offline("connect", "https://127.0.0.1:1", "--roots", tool.path("roots"))

    ended = tool.unlocked("sync")
    assert ended.code == 1
    assert ended.err.endswith(f"Run: chmod 600 {file}\n")


def test_a_passphrase_file_that_others_can_read_is_refused(tool: Tool) -> None:
    """It is as good as the key."""
    (tool.folder / "passphrase").chmod(0o644)
    tool.offline("connect", "https://127.0.0.1:1", "--roots", tool.path("roots"))

    ended = tool.unlocked("sync")
    assert ended.code == 1
    assert "chmod 600" in ended.err


def test_a_door_that_is_not_there_ends_with_three(tool: Tool) -> None:
    """One line about the network."""
    tool.offline("connect", "https://127.0.0.1:1", "--roots", tool.path("roots"))

    ended = tool.unlocked("sync")
    assert ended.code == 3
    assert ended.err.count("\n") == 1


def test_a_door_with_another_authority_ends_with_three(tool: Tool, door: FakeDoor) -> None:
    """Its certificate is not vouched for by the file that was given."""
    tool.offline("connect", door.url)

    ended = tool.unlocked("sync")
    assert ended.code == 3
    assert "TLS" in ended.err
    assert door.requests_seen == []


def test_a_file_that_is_no_certificate_is_refused(tool: Tool, door: FakeDoor) -> None:
    """Found on first use, in one line."""
    (tool.folder / "ca.pem").write_text("nonsense")
    tool.offline("connect", door.url, "--ca", tool.path("ca.pem"))

    ended = tool.unlocked("sync")
    assert ended.code == 1
    assert ended.err.count("\n") == 1


def test_a_door_that_refuses_the_signature_is_reported(tool: Tool, door: FakeDoor) -> None:
    """With the door's code and nothing else of its words."""
    door.signing_keys.clear()

    ended = tool.unlocked("sync")
    assert ended.code == 1
    assert ended.err == (
        "The service does not know your key. See that the directory in force lists it.\n"
    )


@pytest.mark.parametrize(
    ("path", "answer"),
    [
        ("/v1/tips", b"{}"),
        ("/v1/tips", b"\xff"),
        ("/v1/tips", b'{"tips": [{"tip_id": "../../etc"}]}'),
        ("/v1/index", b'{"objects": [], "next": 7}'),
        ("/v1/index", b"[]"),
    ],
)
def test_an_answer_that_makes_no_sense_ends_in_one_line(
    tool: Tool, door: FakeDoor, path: str, answer: bytes
) -> None:
    """Read strictly: ids become file names here."""
    door.refuse["GET", path] = (200, answer)

    ended = tool.unlocked("sync")
    assert ended.code == 1
    assert ended.err.count("\n") == 1


def test_a_refusal_has_its_code_for_machines(tool: Tool, door: FakeDoor) -> None:
    """On standard error, so that standard output holds results alone."""
    door.signing_keys.clear()

    ended = tool.unlocked("sync", "--json")
    assert ended.out == ""
    assert json.loads(ended.err)["code"] == "signature.unknown_key"


def test_an_endless_answer_is_not_read(tool: Tool, door: FakeDoor) -> None:
    """A door cannot fill this machine's memory."""
    door.refuse["GET", "/v1/directory"] = (200, bytes((1 << 24) + 1))

    assert tool.unlocked("sync").code == 1


def test_an_object_that_went_meanwhile_is_no_failure(
    tool: Tool, door: FakeDoor, reporter: Reporter
) -> None:
    """Withdrawn between the index and the fetching."""
    object_id = reporter.send_text("one")
    door.refuse["GET", f"/v1/objects/{object_id}"] = (404, b'{"code": "not_found"}')

    ended = tool.unlocked("sync", "--json")
    assert ended.code == 0
    assert ended.data["fetched"] == 0
    assert tool.unlocked("open", reporter.tip).code == 1


def test_a_reporters_key_of_no_known_length_is_nonsense(
    tool: Tool, door: FakeDoor, reporter: Reporter
) -> None:
    """Nothing is deleted on the strength of it."""
    reporter.send_text("one")
    tool.unlocked("sync")
    door.add_tip(reporter.tip_id, b"short")

    assert tool.unlocked("sync").code == 1
    assert tool.unlocked("open", reporter.tip).code == 0


def test_an_object_under_another_reporters_key_is_not_kept(
    tool: Tool, door: FakeDoor, reporter: Reporter
) -> None:
    """A body grafted onto somebody else's tip, to read the answer."""
    reporter.send_text("one")
    tool.unlocked("sync")
    reporter.keys = keys_of(b"g" * 32)
    grafted = reporter.follow_up("grafted")
    door.add_tip(reporter.tip_id, None)
    door.tips[reporter.tip]["bundle"] = json.loads((tool.home / "tips.json").read_text())[0][
        "bundle"
    ]

    assert tool.unlocked("sync", "--json").data["refused"] == [grafted]


@pytest.mark.parametrize("octets", [b"no envelope" * 1000, b"MSO1" + bytes(9000)])
def test_octets_that_are_no_object_are_not_kept(
    tool: Tool, door: FakeDoor, reporter: Reporter, octets: bytes
) -> None:
    """Whatever the index says of them."""
    object_id = reporter.send_text("one")
    listed = door.index()[0] | {"octets": len(octets)}
    page = json.dumps({"objects": [listed], "next": None}).encode()
    door.refuse["GET", "/v1/index"] = (200, page)
    door.refuse["GET", f"/v1/objects/{object_id}"] = (200, octets)

    assert tool.unlocked("sync", "--json").data["refused"] == [object_id]


def test_a_damaged_local_object_is_fetched_again(tool: Tool, reporter: Reporter) -> None:
    """A disk that forgot; the same length, and no head."""
    object_id = reporter.send_text("one")
    tool.unlocked("sync")
    file = tool.home / "objects" / object_id
    file.write_bytes(bytes(file.stat().st_size))

    assert tool.unlocked("sync", "--json").data["fetched"] == 1


def test_a_disk_that_cannot_be_written_ends_in_one_line(tool: Tool, reporter: Reporter) -> None:
    """Full, read-only, or a file where a folder should be."""
    reporter.send_text("one")
    (tool.home / "objects").write_text("in the way")

    ended = tool.unlocked("sync")
    assert ended.code == 1
    assert ended.err.startswith("Cannot write")


def test_an_empty_machine_lists_nothing(tool: Tool) -> None:
    """And a door that was never set is asked for nothing."""
    assert tool.offline("list").out == "No tips.\n"
    assert "mustshare-key connect" in tool.unlocked("sync").err
    (tool.home / "officer.msk").unlink()
    tool.offline("connect", "https://127.0.0.1:1", "--roots", tool.path("roots"))
    assert "mustshare-key init" in tool.unlocked("sync").err


def test_a_file_of_the_other_direction_is_not_the_named_one(
    tool: Tool, reporter: Reporter
) -> None:
    """A reporter cannot name what staff sent, nor staff what the reporter did."""
    photo = reporter.attach(PICTURE, Kind.ATTACHMENT_FROM_STAFF)
    reporter.send_text("my photo", photo)
    tool.unlocked("sync")

    ended = tool.unlocked("open", reporter.tip)
    assert ended.code == 4
    assert "named by no signed message" in ended.out


def test_a_door_cannot_make_the_tool_go_round(tool: Tool, door: FakeDoor) -> None:
    """A page that points back at itself is refused."""
    door.refuse["GET", "/v1/index"] = (200, b'{"objects": [], "next": "' + b"0" * 32 + b'"}')

    assert tool.unlocked("sync").code == 1
    assert door.requests_seen.count(("GET", "/v1/index")) == 2


@pytest.mark.parametrize("answer", [b"", b'{"code": "\x1b[31m"}', b'{"code": "busy"}'])
def test_a_refusal_shows_no_words_of_the_doors(
    tool: Tool, door: FakeDoor, answer: bytes
) -> None:
    """A hacked server does not get to write on the screen."""
    door.refuse["GET", "/v1/index"] = (503, answer)

    ended = tool.unlocked("sync")
    assert ended.code == 1
    assert "\x1b" not in ended.err


def test_an_older_directory_is_not_taken(tool: Tool, door: FakeDoor) -> None:
    """Tips are fetched all the same, and the newer one stays."""
    tool.propose("next", 8, tool.deployment())
    tool.sign("next", "anan", "chai")
    old, door.directory = door.directory, (tool.folder / "next").read_bytes()
    tool.unlocked("sync")
    newer, door.directory = door.directory, old

    ended = tool.unlocked("sync")
    assert ended.code == 1
    assert "older" in ended.err
    assert (tool.home / "directory.note").read_bytes() == newer


def test_another_directory_of_the_same_serial_is_not_taken(tool: Tool, door: FakeDoor) -> None:
    """Both signed by the roots; one of them is being shown to somebody else."""
    tool.unlocked("sync")
    tool.propose("twin", 7, tool.deployment(), days="20")
    tool.sign("twin", "anan", "chai")
    door.directory = (tool.folder / "twin").read_bytes()

    ended = tool.unlocked("sync")
    assert ended.code == 1
    assert "swapped" in ended.err


def test_the_directory_of_another_deployment_is_not_taken(tool: Tool, door: FakeDoor) -> None:
    """The same roots may serve two."""
    tool.unlocked("sync")
    tool.propose("other", 9)
    tool.sign("other", "anan", "chai")
    door.directory = (tool.folder / "other").read_bytes()

    assert "another deployment" in tool.unlocked("sync").err


def test_an_expired_directory_keeps_no_tip_from_being_read(
    tool: Tool, reporter: Reporter
) -> None:
    """Roots who are on holiday do not close the office; answering waits for them."""
    reporter.send_text("one")
    tool.unlocked("sync")
    tool.clock.advance(days=29)
    reporter.follow_up("two")

    synced = tool.unlocked("sync")
    opened = tool.unlocked("open", reporter.tip)
    answered = tool.unlocked("answer", reporter.tip, "--text", "hello")

    assert synced.code == 1
    assert "expired" in synced.err
    assert opened.code == 0
    assert "│ two" in opened.out
    assert answered.code == 1
    assert "expired" in answered.err


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


@pytest.mark.parametrize("name", ["tips.json", "index.json", "server.json", "opened.json"])
def test_a_damaged_state_file_ends_in_one_line(
    tool: Tool, reporter: Reporter, name: str
) -> None:
    """Which file, and what to do."""
    reporter.send_text("one")
    tool.unlocked("sync")
    tool.unlocked("open", reporter.tip)
    (tool.home / name).write_text("{")

    ended = tool.unlocked("sync") if name == "server.json" else tool.offline("list")
    assert ended.code == 1
    assert name in ended.err


@pytest.mark.usefixtures("door")
def test_two_commands_do_not_write_at_once(tool: Tool) -> None:
    """The second one is told to wait."""
    with Home(tool.home).locked():
        ended = tool.unlocked("sync")
    assert ended.code == 1
    assert "Another command" in ended.err


def test_a_folder_without_a_key_is_told_how_to_get_one(tool: Tool, tmp_path: Path) -> None:
    """Nothing is made by looking."""
    ended = tool.run("list", "--home", str(tmp_path / "none"))
    assert ended.code == 1
    assert "mustshare-key init" in ended.err
    assert not (tmp_path / "none").exists()


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
