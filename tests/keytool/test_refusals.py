"""Damaged files, wrong passphrases and absent doors: one line each, and the right exit code."""

import json
from pathlib import Path

import pytest

from mustshare_api.keytool.desk.home import Home
from tests.keytool.conftest import Reporter, Tool
from tests.keytool.fake_door import FakeDoor


def test_a_wrong_passphrase_ends_with_four(tool: Tool, reporter: Reporter) -> None:
    """One line, and nothing opened."""
    reporter.send_text("one")
    tool.unlocked("sync")
    (tool.folder / "passphrase").write_text("another passphrase altogether")

    ended = tool.unlocked("open", reporter.tip)
    assert ended.code == 4
    why = "The key file does not open: wrong passphrase, or the file was changed."
    assert ended.err == f"{tool.home / 'officer.msk'}: {why}\n"
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


@pytest.mark.parametrize("name", ["listed.db", "server.json", "opened.json"])
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
