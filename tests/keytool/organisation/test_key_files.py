"""Key files of every role: made, told apart, given another passphrase, and refused."""

import shutil
from collections.abc import Callable
from typing import Any

import argon2.low_level
import pytest

from mustshare_api.crypto.cards import parse_card
from mustshare_api.crypto.keys import open_key_file
from mustshare_api.crypto.signatory import Signatory
from tests.keytool.conftest import CHEAP_KIB, PASSPHRASE, Ended, Tool, write_private

NEW = "oyster bamboo kettle anthem walnut prairie"
ROLES = ("auditor", "recovery")


def changed(tool: Tool, *options: str, old: str = "passphrase") -> Ended:
    return tool.run(
        "passphrase", "--home", str(tool.home), "--passphrase-file", tool.path(old),
        "--new-passphrase-file", tool.path("new"), *options,
    )  # fmt: skip


def test_a_changed_passphrase_opens_the_same_keys(tool: Tool) -> None:
    """And the old one opens nothing any more."""
    before = tool.officer()
    write_private(tool.folder / "new", NEW)
    ended = changed(tool)
    octets = (tool.home / "officer.msk").read_bytes()

    assert ended.code == 0, ended.err
    assert open_key_file(octets, NEW) == before.encode()
    assert changed(tool).code == 4


def test_a_root_changes_a_passphrase_too(tool: Tool) -> None:
    """By the file's name; the officer's own stays as it is."""
    write_private(tool.folder / "new", NEW)
    before = (tool.home / "officer.msk").read_bytes()
    root = tool.folder / "anan.root.msk"
    plain = open_key_file(root.read_bytes(), PASSPHRASE)

    assert changed(tool, "--key", str(root)).code == 0
    assert open_key_file(root.read_bytes(), NEW) == plain
    assert (tool.home / "officer.msk").read_bytes() == before


def test_a_passphrase_that_is_wrong_or_weak_changes_nothing(tool: Tool) -> None:
    """The key file is the one that it was, and no unfinished one lies beside it."""
    write_private(tool.folder / "new", "short")
    write_private(tool.folder / "wrong", "another passphrase altogether")
    before = {each.name: each.read_bytes() for each in tool.home.iterdir()}
    weak = changed(tool)
    (tool.folder / "new").write_text(NEW)
    wrong = changed(tool, old="wrong")

    assert (weak.code, wrong.code) == (1, 4)
    assert wrong.err.startswith(f"{tool.home / 'officer.msk'}: ")
    assert {each.name: each.read_bytes() for each in tool.home.iterdir()} == before


def test_a_new_passphrase_is_on_the_disk_before_the_old_file_goes(
    tool: Tool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A power cut at the worst moment leaves the old file or the new one."""
    write_private(tool.folder / "new", NEW)
    file = tool.home / "officer.msk"
    seen: list[bytes] = []

    def cut(part: Any, target: Any) -> None:
        seen.extend((part.read_bytes(), target.read_bytes()))
        raise OSError(5, "power cut")

    monkeypatch.setattr("pathlib.Path.replace", cut)
    before = file.read_bytes()
    ended = changed(tool)

    assert ended.code == 1
    assert file.read_bytes() == before == seen[1]
    assert open_key_file(seen[0], NEW) == open_key_file(before, PASSPHRASE)


@pytest.mark.parametrize("role", ROLES)
def test_who_only_signs_gets_a_key_file_of_that_role(tool: Tool, role: str) -> None:
    """With a card of one line."""
    ended = tool.unlocked("init", "daeng", "--role", role, home="daeng")
    folder = tool.folder / "daeng"
    plain = open_key_file((folder / f"{role}.msk").read_bytes(), PASSPHRASE)
    (entry,) = parse_card((folder / "daeng.card").read_bytes())

    assert ended.code == 0, ended.err
    assert Signatory.parse(plain).role == role == entry.role
    assert {each.name for each in folder.iterdir()} == {"daeng.card", f"{role}.msk"}


def test_a_folder_holds_one_key_file(tool: Tool) -> None:
    """An auditor is no officer by the way: neither is made beside the other."""
    ended = tool.unlocked("init", "somsri", "--role", "auditor")

    assert ended.code == 1
    assert "officer.msk is there already" in ended.err
    assert not (tool.home / "auditor.msk").exists()


def test_an_auditor_opens_no_tip(tool: Tool) -> None:
    """There is nothing in the key file that would."""
    tool.unlocked("init", "daeng", "--role", "auditor", home="daeng")
    shutil.copy(tool.folder / "daeng" / "auditor.msk", tool.home / "officer.msk")
    ended = tool.unlocked("epochs", "show")

    assert ended.code == 1
    assert ended.err.endswith("officer.msk: This key file holds another kind of key.\n")


def test_a_card_is_shown_with_its_keys(tool: Tool) -> None:
    """By id, so that they can be read out, and with its weeks."""
    officer = tool.officer()
    card = str(tool.home / "somsri.card")
    shown = tool.run("cards", "show", card)
    data = tool.run("cards", "show", card, "--json").data

    assert f"signing {officer.signing_kid.hex()}" in shown.out
    assert "13 weekly keys, 2026-11-23 to 2027-02-15" in shown.out
    assert (data["name"], data["role"], len(data["keys"])) == ("somsri", "signing", 15)


def test_a_card_that_was_edited_is_not_shown(tool: Tool) -> None:
    """One line, with its name."""
    card = tool.home / "somsri.card"
    card.write_bytes(card.read_bytes().replace(b"2026-11-30", b"2026-12-07", 1))
    ended = tool.run("cards", "show", str(card))

    assert (ended.code, ended.out) == (1, "")
    assert ended.err.startswith(f"{card}: This is no key card")


def swapped_body(octets: bytes, other: bytes) -> bytes:
    return octets[:44] + other[44:]


DAMAGE: dict[str, tuple[Callable[[bytes, bytes], bytes], int]] = {
    "empty": (lambda _one, _other: b"", 1),
    "header cut": (lambda one, _: one[:30], 1),
    "last octet cut": (lambda one, _: one[:-1], 4),
    "another format": (lambda one, _: b"MSK2" + one[4:], 1),
    "another kdf": (lambda one, _: one[:4] + b"\0" + one[5:], 1),
    "passes lowered to none": (lambda one, _: one[:5] + b"\0" + one[6:], 1),
    "passes past all bounds": (lambda one, _: one[:5] + b"\xff" + one[6:], 1),
    "passes lowered": (lambda one, _: one[:5] + b"\1" + one[6:], 4),
    "memory below the floor": (lambda one, _: one[:8] + b"\0\0\4\0" + one[12:], 1),
    "memory past all bounds": (lambda one, _: one[:8] + b"\xff" * 4 + one[12:], 1),
    "edited salt": (lambda one, _: one[:12] + bytes(16) + one[28:], 4),
    "edited kid": (lambda one, _: one[:28] + bytes(16) + one[44:], 4),
    "another file's secrets": (swapped_body, 4),
    "a root's file": (lambda _, other: other, 1),
    "a card": (lambda one, _: b"mustshare/v1 card\n" + one, 1),
}


@pytest.mark.parametrize(("damage", "code"), DAMAGE.values(), ids=DAMAGE)
def test_a_key_file_that_is_not_right_is_named_and_left_alone(
    tool: Tool, damage: Callable[[bytes, bytes], bytes], code: int
) -> None:
    """Truncated, edited, swapped, downgraded or foreign: one line, nothing written over."""
    file, root = tool.home / "officer.msk", tool.folder / "anan.root.msk"
    file.write_bytes(damage(file.read_bytes(), root.read_bytes()))
    before = {each.name: each.read_bytes() for each in tool.home.iterdir()}

    ended = tool.unlocked("epochs", "extend")
    assert (ended.code, ended.out) == (code, "")
    assert ended.err.startswith(f"{file}: ")
    assert ended.err.count("\n") == 1
    assert {each.name: each.read_bytes() for each in tool.home.iterdir()} == before


def test_a_wrong_passphrase_costs_and_tells_what_an_edited_file_does(
    tool: Tool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One stretch of the same cost, however wrong; and the same words."""
    spent: list[int] = []
    stretch = argon2.low_level.hash_secret_raw

    def counted(*args: Any, **options: Any) -> bytes:
        spent.append(options["memory_cost"])
        return stretch(*args, **options)

    monkeypatch.setattr(argon2.low_level, "hash_secret_raw", counted)
    file = tool.home / "officer.msk"
    said = []
    for typed in ("x", PASSPHRASE[:-1], PASSPHRASE * 40):
        (tool.folder / "passphrase").write_text(typed)
        said.append(tool.unlocked("epochs", "show").err)
    (tool.folder / "passphrase").write_text(PASSPHRASE)
    octets = file.read_bytes()
    for edited in (octets[:-1], octets[:60] + b"\0\0" + octets[62:]):
        file.write_bytes(edited)
        said.append(tool.unlocked("epochs", "show").err)

    assert spent == [CHEAP_KIB] * 5
    assert len(set(said)) == 1
