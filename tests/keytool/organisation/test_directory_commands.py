"""Proposing, signing, checking and publishing directories with the tool."""

from datetime import timedelta

import pytest

from mustshare_api.crypto import directory as notes
from mustshare_api.crypto.directory import Entry
from mustshare_api.crypto.suite import verify_key_of
from tests.keytool.conftest import START, Tool
from tests.keytool.fake_door import FakeDoor


def secret(tool: Tool) -> tuple[str, str]:
    return ("--passphrase-file", tool.path("passphrase"))


def one_line(text: str) -> bool:
    return text.count("\n") == 1 and "Traceback" not in text


def check(tool: Tool, *more: str) -> str:
    ended = tool.run(
        "directory", "check", tool.path("directory"), "--roots", tool.path("roots"), *more
    )
    assert ended.code == 1
    assert one_line(ended.err)
    return ended.err


def test_a_proposal_lists_the_officers_of_its_cards(tool: Tool) -> None:
    """Unsigned, and said to be."""
    ended = tool.propose("draft", 8, tool.deployment(), days="21")
    read = notes.parse((tool.folder / "draft").read_bytes())

    assert ended.code == 0
    assert "have not been checked" in ended.out
    assert read.serial == 8
    assert (read.expires_on - read.issued_on).days == 21
    assert set(read.entries) == set(tool.officer().entries())


def test_weeks_that_are_over_are_left_out_of_a_proposal(tool: Tool) -> None:
    """A key of a past week is of no use to anyone but a thief."""
    tool.clock.advance(weeks=5)
    tool.propose("draft", 8)

    read = notes.parse((tool.folder / "draft").read_bytes())
    assert min(e.epoch for e in read.entries if e.epoch) == START.date() + timedelta(weeks=5)


@pytest.mark.parametrize(
    ("serial", "deployment", "days"),
    [
        ("0", "new", "28"),
        ("8", "xyz", "28"),
        ("8", "00ff", "28"),
        ("8", "new", "31"),
        ("8", "new", "999999999"),
    ],
)
def test_a_proposal_that_clients_would_refuse_is_not_written(
    tool: Tool, serial: str, deployment: str, days: str
) -> None:
    """Nobody is asked to sign it."""
    ended = tool.propose("draft", int(serial), deployment, days=days)

    assert ended.code == 1
    assert one_line(ended.err)
    assert not (tool.folder / "draft").exists()


def test_an_edited_card_is_refused(tool: Tool) -> None:
    """A key swapped on the way to whoever proposes."""
    card = tool.home / "somsri.card"
    strange = Entry.of("signing", "somsri", None, verify_key_of(b"x" * 32)).encode()
    lines = card.read_text().split("\n")
    lines[1] = strange
    card.write_text("\n".join(lines))

    ended = tool.propose("draft", 8)

    assert ended.code == 1
    assert "key card" in ended.err


def test_a_directory_signed_by_enough_roots_checks(tool: Tool) -> None:
    """As every client will check it."""
    ended = tool.run(
        "directory", "check", tool.path("directory"), "--roots", tool.path("roots"), "--json"
    )

    assert ended.code == 0
    assert ended.data["verified"] is True
    assert ended.data["serial"] == 7
    assert {entry["role"] for entry in ended.data["entries"]} == {
        "intake",
        "signing",
        "case",
    }


def test_a_directory_that_was_edited_does_not_check(tool: Tool) -> None:
    """One letter of one name."""
    note = tool.folder / "directory"
    note.write_bytes(note.read_bytes().replace(b"serial 7", b"serial 8"))

    assert "Too few" in check(tool)


def test_a_directory_that_was_cut_short_does_not_check(tool: Tool) -> None:
    """Half a download."""
    note = tool.folder / "directory"
    note.write_bytes(note.read_bytes()[:-40])

    assert "cannot be read" in check(tool)


def test_a_directory_with_one_signature_does_not_check(tool: Tool) -> None:
    """Two of three are asked for."""
    note = tool.folder / "directory"
    note.write_bytes(note.read_bytes().rsplit("— ".encode(), 1)[0])

    assert "Too few" in check(tool)


def test_an_expired_directory_does_not_check(tool: Tool) -> None:
    """Nor one from the future, nor one older than asked for."""
    assert "older" in check(tool, "--newer-than", "8")
    tool.clock.advance(days=29)
    assert "expired" in check(tool)
    tool.clock.advance(days=-40)
    assert "future" in check(tool)


def test_signing_twice_changes_nothing(tool: Tool) -> None:
    """A root who is not sure whether they signed signs again."""
    before = (tool.folder / "directory").read_bytes()
    tool.sign("directory", "anan")

    assert (tool.folder / "directory").read_bytes() == before


def test_only_a_directory_is_signed(tool: Tool) -> None:
    """Whatever a root holder is handed under a pretence."""
    (tool.folder / "contract").write_text("I owe you\n\n")

    ended = tool.run(
        "directory", "sign", tool.path("contract"), "--key", tool.path("anan.root.msk"),
        *secret(tool),
    )  # fmt: skip

    assert ended.code == 1
    assert (tool.folder / "contract").read_text() == "I owe you\n\n"


def test_a_note_is_shown_without_being_believed(tool: Tool) -> None:
    """And the one believed here is shown as such."""
    shown = tool.offline("directory", "show", tool.path("directory"), "--json")
    none_yet = tool.offline("directory", "show")

    assert shown.data["verified"] is False
    assert none_yet.code == 1
    assert one_line(none_yet.err)


def test_an_evaluation_directory_says_so_loudly(tool: Tool) -> None:
    """Nobody takes it for a real one."""
    ended = tool.run(
        "directory", "propose", "--cards", str(tool.home / "somsri.card"), "--serial", "1",
        "--deployment", "new", "--evaluation", "--out", tool.path("draft"),
    )  # fmt: skip

    assert "EVALUATION ONLY" in ended.out


def test_a_directory_is_published_once_believed(tool: Tool, door: FakeDoor) -> None:
    """The door gets the very octets, and this machine keeps them."""
    tool.propose("next", 8, tool.deployment())
    tool.sign("next", "chai", "anan")

    ended = tool.unlocked("directory", "publish", tool.path("next"))

    assert ended.code == 0, ended.err
    assert door.directory == (tool.folder / "next").read_bytes()
    assert (tool.home / "directory.note").read_bytes() == door.directory


def test_a_directory_that_clients_would_refuse_is_not_published(
    tool: Tool, door: FakeDoor
) -> None:
    """Found before the passphrase is asked for."""
    tool.propose("next", 8, tool.deployment())
    tool.sign("next", "chai")
    before = door.directory

    ended = tool.unlocked("directory", "publish", tool.path("next"))

    assert ended.code == 1
    assert door.directory == before
    assert ("PUT", "/v1/directory") not in door.requests_seen


def test_a_rolled_back_directory_is_not_published(tool: Tool, door: FakeDoor) -> None:
    """Nor one of another deployment: both are found before the door hears of them."""
    tool.propose("next", 8, tool.deployment())
    tool.sign("next", "chai", "anan")
    tool.unlocked("directory", "publish", tool.path("next"))
    published = door.directory

    ended = tool.unlocked("directory", "publish", tool.path("directory"))

    assert ended.code == 1
    assert "older" in ended.err
    assert door.directory == published


def test_new_roots_are_believed_once_a_person_removed_the_old_pin(
    tool: Tool, door: FakeDoor
) -> None:
    """The note that the old roots signed is no reason to refuse theirs."""
    tool.unlocked("sync")
    (tool.home / "roots").unlink()
    tool.run(
        "roots", "make", tool.path("chai.root.pub"), "--k", "1", "--out", tool.path("newer")
    )
    tool.offline(
        "connect", door.url, "--ca", tool.path("ca.pem"), "--roots", tool.path("newer")
    )
    tool.propose("next", 1, tool.deployment())
    tool.sign("next", "chai")

    assert tool.unlocked("directory", "publish", tool.path("next")).code == 0
