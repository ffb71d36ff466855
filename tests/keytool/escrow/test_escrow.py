"""An escrow key from custodians to a drill that works, and every way that goes wrong."""

import re
from collections.abc import Callable

import pytest

from mustshare_api.crypto import directory as notes
from mustshare_api.crypto import escrow
from tests.keytool.conftest import Reporter, Tool
from tests.keytool.escrow.custodians import (
    CUSTODIANS,
    begin,
    drill,
    listed,
    made_once,
    make_set,
    release,
    vault,
)
from tests.keytool.fake_door import FakeDoor

__all__ = ["made_once", "vault"]


@pytest.fixture
def synced(vault: Tool, door: FakeDoor, reporter: Reporter) -> Tool:
    """Two tips here: one sealed to the escrow key as well, one from before there was any."""
    reporter.send_text("before")
    door.directory = listed(vault, "vault", 8)
    roots = notes.parse_roots((vault.folder / "roots").read_bytes())
    believed = notes.believe(door.directory, roots)
    today = believed.issued_on
    recipients = [entry.public_key for entry in believed.recipients(today)]
    later = Reporter(door, recipients, vault.clock)
    later.send_text("after", later.attach(b"picture" * 20_000))
    assert vault.unlocked("sync").code == 0
    return vault


def test_two_of_three_custodians_open_what_is_in_escrow(synced: Tool) -> None:
    """And the drill says what is not in it, writing nothing."""
    begin(synced)
    release(synced, "dao")
    release(synced, "fon")
    before = {file: file.stat().st_mtime_ns for file in synced.folder.rglob("*")}

    ended = drill(synced, "dao", "fon")

    assert ended.code == 0, ended.err
    assert ended.data == {"opened": 2, "not_in_escrow": 1, "refused": {}}
    assert {file: file.stat().st_mtime_ns for file in synced.folder.rglob("*")} == before


def test_an_object_changed_on_the_disk_fails_the_drill(synced: Tool) -> None:
    """By its id, and the rest is tried all the same."""
    begin(synced)
    release(synced, "dao")
    release(synced, "ek")
    largest = max((synced.home / "objects").iterdir(), key=lambda file: file.stat().st_size)
    octets = bytearray(largest.read_bytes())
    octets[-1] ^= 1
    largest.write_bytes(octets)

    ended = drill(synced, "dao", "ek")

    assert ended.code == 4
    assert ended.data["refused"] == {largest.name: "open.tampered"}
    assert ended.data["opened"] == 1


def test_one_custodian_is_too_few(synced: Tool) -> None:
    """Though they bring the same file twice."""
    begin(synced)
    release(synced, "dao")

    ended = drill(synced, "dao", "dao")

    assert ended.code == 4
    assert "escrow.too_few" in ended.err


def test_custodians_see_whose_box_it_is_before_they_release(vault: Tool) -> None:
    """The digits that the other side reads out."""
    made = begin(vault)
    given = release(vault, "dao")

    line = next(line for line in given.out.splitlines() if "Fingerprint of flood" in line)
    assert line in made.out.splitlines()


def test_shares_cannot_be_replayed_after_rotation(synced: Tool, door: FakeDoor) -> None:
    """The old set is refused once the directory that is believed lists another key."""
    begin(synced)
    release(synced, "dao")
    release(synced, "ek")
    assert make_set(synced, "vault2").code == 0
    door.directory = listed(synced, "vault2", 9)
    assert synced.unlocked("sync").code == 0

    old = drill(synced, "dao", "ek")
    mixed = drill(synced, "dao", "ek", escrow_set="vault2")

    assert (old.code, mixed.code) == (1, 4)
    assert "superseded" in old.err
    assert "dao.release: " in mixed.err
    assert "another escrow set" in mixed.err


@pytest.mark.parametrize("m", [1, 4])
def test_an_m_that_protects_nobody_is_refused(vault: Tool, m: int) -> None:
    """And no half a set is written."""
    before = sorted(vault.folder.iterdir())

    ended = make_set(vault, "other", m)

    assert ended.code == 1
    assert ended.err.count("\n") == 1
    assert sorted(vault.folder.iterdir()) == before


def test_a_set_is_never_written_over(vault: Tool) -> None:
    """What was sealed to the old key would be lost."""
    before = (vault.folder / "vault.escrow").read_bytes()

    assert make_set(vault).code == 1
    assert (vault.folder / "vault.escrow").read_bytes() == before


def test_a_set_says_who_holds_it(vault: Tool) -> None:
    """Without any secret."""
    shown = vault.run("escrow", "show", vault.path("vault.escrow"), "--json").data
    parted = escrow.parse((vault.folder / "vault.escrow").read_bytes())

    assert shown == {"m": 2, "custodians": list(CUSTODIANS), "kid": parted.kid.hex()}


def cut(octets: bytes) -> bytes:
    return octets[: len(octets) // 2]


def edit(octets: bytes) -> bytes:
    return octets[:-1] + bytes([octets[-1] ^ 1])


def nothing(_: bytes) -> bytes:
    return b""


SPOILT: dict[str, tuple[str, Callable[[bytes], bytes]]] = {
    f"{how.__name__} {name}": (name, how)
    for name in ("vault.escrow", "flood.box", "dao.custodian.msk")
    for how in (cut, edit, nothing)
}


@pytest.mark.parametrize(("name", "how"), SPOILT.values(), ids=SPOILT)
def test_a_spoilt_file_is_named_and_nothing_is_written(
    vault: Tool, name: str, how: Callable[[bytes], bytes]
) -> None:
    """One line with the file and what is wrong with it."""
    begin(vault)
    file = vault.folder / name
    file.write_bytes(how(file.read_bytes()))

    who = "fon" if name == "vault.escrow" else "dao"
    ended = release(vault, who)

    assert ended.code in (1, 4)
    assert ended.err.count("\n") == 1
    assert name in ended.err
    assert not list(vault.folder.glob("*.release"))


def edit_first_share(octets: bytes) -> bytes:
    return octets[:100] + bytes([octets[100] ^ 1]) + octets[101:]


@pytest.mark.parametrize("how", [cut, edit_first_share, nothing])
def test_a_spoilt_release_is_named(synced: Tool, how: Callable[[bytes], bytes]) -> None:
    """By its file, or by its custodian where it shows only when shares are put together."""
    begin(synced)
    release(synced, "dao")
    release(synced, "ek")
    file = synced.folder / "ek.release"
    file.write_bytes(how(file.read_bytes()))

    ended = drill(synced, "dao", "ek")

    assert ended.code in (1, 4)
    assert ended.err.count("\n") == 1
    assert re.search(r"\bek(\.release)?: ", ended.err)


def test_a_custodians_key_is_no_box(vault: Tool) -> None:
    """Shares would come to lie with one person for good."""
    begin(vault)
    (vault.folder / "flood.box").write_bytes((vault.folder / "ek.custodian").read_bytes())

    ended = release(vault, "dao")

    assert ended.code == 1
    assert "flood.box" in ended.err
