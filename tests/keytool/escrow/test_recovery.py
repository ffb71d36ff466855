"""Tips brought back from escrow, and moved to another escrow key: whole, cut off, refused."""

from pathlib import Path
from typing import Any

import pytest

from mustshare_api.clock import bangkok_day
from mustshare_api.crypto import directory as notes
from mustshare_api.crypto.cards import parse_card
from mustshare_api.crypto.entries import Entry
from mustshare_api.crypto.keyring import Officer
from mustshare_api.keytool.staff_door.door import Door
from tests.keytool.colleagues import case_kid, kids, opens_for
from tests.keytool.conftest import Ended, Reporter, Tool
from tests.keytool.escrow.custodians import begin, listed, made_once, make_set, release, vault
from tests.keytool.fake_door import FakeDoor

__all__ = ["made_once", "vault"]


@pytest.fixture
def heir(tool: Tool) -> Officer:
    """The officer who is to have everything again."""
    return Officer.new("nok", bangkok_day(tool.clock.now()))


@pytest.fixture
def objects(vault: Tool, door: FakeDoor, reporter: Reporter, heir: Officer) -> list[str]:
    """Six objects in escrow, one of before, and a recovery that the directory lists."""
    reporter.send_text("before there was an escrow")
    made = vault.unlocked("init", "rescuer", "--role", "recovery", home="rescuer")
    assert made.code == 0, made.err
    card = parse_card((vault.folder / "rescuer" / "rescuer.card").read_bytes())
    door.directory = listed(vault, "vault", 8, *card, *parse_card(heir.card()))
    for entry in card:
        door.signing_keys[entry.kid.hex()] = entry.public_key
    reporter.recipients = recipients(vault, door.directory)
    sent = [reporter.follow_up(f"payment {n}") for n in range(6)]
    begin(vault)
    release(vault, "dao")
    release(vault, "fon")
    connect(vault, door)
    return sent


def recipients(tool: Tool, note: bytes) -> list[bytes]:
    roots = notes.parse_roots((tool.folder / "roots").read_bytes())
    read = notes.believe(note, roots)
    return [entry.public_key for entry in read.recipients(read.issued_on)]


def connect(tool: Tool, door: FakeDoor) -> None:
    ended = tool.run(
        "connect", door.url, "--ca", tool.path("ca.pem"), "--roots", tool.path("roots"),
        "--home", tool.path("rescuer"),
    )  # fmt: skip
    assert ended.code == 0, ended.err


def restore(tool: Tool, *, escrow_set: str = "vault", to: str = "nok") -> Ended:
    files = [tool.path(f"{name}.release") for name in ("dao", "fon")]
    return tool.unlocked(
        "escrow", "restore", tool.path(f"{escrow_set}.escrow"), "--released", *files,
        "--key", tool.path("flood.box.msk"), "--to", to, "--json", home="rescuer",
    )  # fmt: skip


def cut_after(monkeypatch: pytest.MonkeyPatch, count: int) -> None:
    """Whoever types presses Ctrl-C once so many objects were changed."""
    put, left = Door.replace_recipients, [count]

    def putting(*args: Any) -> None:
        if not left[0]:
            raise KeyboardInterrupt
        left[0] -= 1
        put(*args)

    monkeypatch.setattr(Door, "replace_recipients", putting)


def test_everything_in_escrow_comes_back_to_an_officer(
    vault: Tool, door: FakeDoor, reporter: Reporter, heir: Officer, objects: list[str]
) -> None:
    """And what is not in it is counted, so that nobody takes it for saved."""
    ended = restore(vault)

    assert (ended.code, ended.err) == (0, "")
    assert (ended.data["done"], ended.data["not_in_escrow"]) == (6, 1)
    assert all(opens_for(heir, door.objects[each], reporter) for each in objects)
    before = [each for each in door.objects if each not in objects]
    assert not any(opens_for(heir, door.objects[each], reporter) for each in before)


def test_a_restore_that_was_cut_off_goes_on_where_it_was(
    vault: Tool,
    door: FakeDoor,
    heir: Officer,
    objects: list[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """What was done stays done, and is done once."""
    with monkeypatch.context() as patched:
        cut_after(patched, 2)
        assert restore(vault).code == 1
    half = sum(case_kid(heir) in kids(door.objects[each]) for each in objects)
    ended = restore(vault)

    assert (half, ended.data["done"], ended.data["already"]) == (2, 4, 2)
    assert all(kids(door.objects[each]).count(case_kid(heir)) == 1 for each in objects)
    assert restore(vault).data["done"] == 0


def test_a_superseded_set_restores_nothing(
    vault: Tool, door: FakeDoor, objects: list[str]
) -> None:
    """The first sync of the recovery's own folder tells, before any object is changed."""
    assert make_set(vault, "vault2").code == 0
    rescuer = parse_card((vault.folder / "rescuer" / "rescuer.card").read_bytes())
    door.directory = listed(vault, "vault2", 9, *rescuer)
    before = dict(door.objects)
    ended = restore(vault)

    assert ended.code == 1
    assert "vault.escrow: Directory 9 does not list this set" in ended.err
    assert door.objects == before


def test_a_restore_to_nobody_in_the_directory_changes_nothing(
    vault: Tool, door: FakeDoor, objects: list[str]
) -> None:
    """By name, and in one line."""
    before = dict(door.objects)
    ended = restore(vault, to="nobody")

    assert ended.code == 1
    assert "No officer of that name" in ended.err
    assert door.objects == before


@pytest.mark.parametrize(
    "command",
    [
        ("open", "3f"),
        ("answer", "3f", "--text", "x"),
        ("grant", "--all", "nok"),
        ("drop", "--all", "nok"),
        ("epochs", "show"),
        ("epochs", "extend"),
        ("escrow", "move"),
    ],
    ids=" ".join,
)
def test_a_recovery_key_does_nothing_else(
    vault: Tool, door: FakeDoor, objects: list[str], command: tuple[str, ...]
) -> None:
    """Its folder has no officer's key, and no other command takes it for one."""
    before = dict(door.objects)
    ended = vault.unlocked(*command, home="rescuer")

    assert ended.code == 1
    assert ended.err.count("\n") == 1
    assert (door.objects, door.follow_ups) == (before, {})


def escrow_kid(tool: Tool, name: str) -> bytes:
    return Entry.parse((tool.folder / f"{name}.escrow.entry").read_text().strip()).kid


def test_moving_puts_all_under_the_escrow_key_in_force(
    vault: Tool,
    door: FakeDoor,
    reporter: Reporter,
    objects: list[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """What lay there before any escrow too; cut off and run again, and nothing opens less."""
    assert vault.unlocked("sync").code == 0
    assert make_set(vault, "vault2").code == 0
    door.directory = listed(vault, "vault2", 9)
    with monkeypatch.context() as patched:
        cut_after(patched, 3)
        assert vault.unlocked("escrow", "move").code == 1
    ended = vault.unlocked("escrow", "move", "--json")

    assert (ended.code, ended.data["done"], ended.data["already"]) == (0, 4, 3)
    for octets in door.objects.values():
        assert escrow_kid(vault, "vault2") in kids(octets)
        assert escrow_kid(vault, "vault") not in kids(octets)
        assert opens_for(vault.officer(), octets, reporter)


def test_an_object_that_is_not_as_listed_fails_a_restore(
    vault: Tool, door: FakeDoor, objects: list[str]
) -> None:
    """The others are restored; the exit code says that it was not all."""
    door.index_overrides[objects[0]] = {"digest": "0" * 64}
    ended = restore(vault)

    assert ended.code == 1
    assert objects[0] in ended.err
    assert ended.data["done"] == 5


def test_a_recoverys_folder_holds_sealed_octets_alone(
    vault: Tool, objects: list[str], tmp_path: Path
) -> None:
    """Nothing of what passed through is written in clear."""
    assert restore(vault).code == 0
    folder = vault.folder / "rescuer"

    assert not (folder / "opened").exists()
    assert not any(
        b"payment" in file.read_bytes() for file in folder.rglob("*") if file.is_file()
    )
