"""A directory carried on from month to month: who stays, comes, is suspended or revoked."""

from collections.abc import Sequence
from datetime import timedelta

import pytest

from mustshare_api.crypto import directory as notes
from mustshare_api.crypto import xwing
from mustshare_api.crypto.directory import Directory, Entry
from mustshare_api.crypto.keyring import Officer
from mustshare_api.crypto.signatory import Signatory
from mustshare_api.crypto.suite import verify_key_of
from tests.keytool.conftest import START, Ended, Tool

TODAY = START.date()
ARTHIT = Officer.new("arthit", TODAY, weeks=3)
AUDITOR = Signatory.new("auditor", "daeng")
ESCROW = Entry.of("escrow", "vault", None, xwing.public_key_of(b"e" * 32))


def card_of(tool: Tool, who: Officer | Signatory, name: str = "new.card") -> str:
    (tool.folder / name).write_bytes(who.card())
    return tool.path(name)


def lines(tool: Tool, *entries: Entry) -> str:
    text = "".join(f"{entry.encode()}\n" for entry in entries)
    (tool.folder / "lines").write_text(text)
    return tool.path("lines")


def follow(tool: Tool, *options: str, old: str = "directory", out: str = "next") -> Ended:
    return tool.run(
        "directory", "propose", "--from", tool.path(old), *options, "--out", tool.path(out)
    )


def read(tool: Tool, note: str = "next") -> Directory:
    return notes.parse((tool.folder / note).read_bytes())


def names(found: Directory, role: str) -> Sequence[str]:
    return [entry.name for entry in found.entries if entry.role == role]


def test_what_nobody_names_is_carried_on(tool: Tool) -> None:
    """The same people, under the next serial, from today, without the weeks that are over."""
    tool.clock.advance(weeks=2)
    ended = follow(tool)
    old, new = read(tool, "directory"), read(tool)

    assert ended.code == 0, ended.err
    assert (new.serial, new.deployment_id) == (8, old.deployment_id)
    assert new.issued_on == TODAY + timedelta(weeks=2)
    assert set(old.entries) - set(new.entries) == {
        e for e in old.entries if e.epoch and e.epoch < new.issued_on
    }
    assert set(new.entries) <= set(old.entries)


def test_a_card_adds_a_person_beside_the_others(tool: Tool) -> None:
    """An officer, or one who only signs."""
    follow(tool, "--cards", card_of(tool, ARTHIT), card_of(tool, AUDITOR, "auditor.card"))
    new = read(tool)

    assert set(names(new, "signing")) == {"somsri", "arthit"}
    assert names(new, "auditor") == ["daeng"]


def test_a_card_replaces_the_lines_of_its_person(tool: Tool) -> None:
    """A new laptop: every key of that person is another one, and nobody else's."""
    follow(tool, "--cards", card_of(tool, ARTHIT), out="both")
    replaced = Officer.new("somsri", TODAY, weeks=2)
    follow(tool, "--cards", card_of(tool, replaced, "somsri.card"), old="both")
    new = read(tool)

    assert set(new.entries) == {*replaced.entries(), *ARTHIT.entries()}
    assert new.revoked() == frozenset()


def test_who_is_suspended_is_not_listed_and_can_come_back(tool: Tool) -> None:
    """With the very same card."""
    follow(tool, "--cards", card_of(tool, ARTHIT), out="both")
    follow(tool, "--suspend", "arthit", old="both", out="without")
    follow(tool, "--cards", card_of(tool, ARTHIT), old="without")

    assert names(read(tool, "without"), "signing") == ["somsri"]
    assert set(read(tool).entries) == set(read(tool, "both").entries)


def test_who_is_revoked_is_listed_as_that_for_good(tool: Tool) -> None:
    """All lines are gone but the one that says so, and it is carried on."""
    follow(tool, "--cards", card_of(tool, ARTHIT), out="both")
    follow(tool, "--revoke", "arthit", old="both", out="revoked")
    follow(tool, "--cards", card_of(tool, AUDITOR), old="revoked")
    new = read(tool)

    assert [e.role for e in new.entries if e.name == "arthit"] == ["revoked"]
    assert new.revoked() == {ARTHIT.signing_kid}


def test_a_stolen_laptop_is_one_command(tool: Tool) -> None:
    """The old key is revoked and the person listed with new ones, in one directory."""
    stolen = tool.officer()
    replaced = Officer.new("somsri", TODAY)
    follow(tool, "--revoke", "somsri", "--cards", card_of(tool, replaced))
    new = read(tool)

    assert new.revoked() == {stolen.signing_kid}
    assert set(replaced.entries()) < set(new.entries)
    assert not {entry.kid for entry in stolen.entries()[1:]} & {e.kid for e in new.entries}


def test_somebody_can_lose_two_laptops(tool: Tool) -> None:
    """Each lost key has a line of its own."""
    first, second = (Officer.new("somsri", TODAY, weeks=1) for _ in range(2))
    follow(tool, "--revoke", "somsri", "--cards", card_of(tool, first), out="once")
    follow(tool, "--revoke", "somsri", "--cards", card_of(tool, second), old="once")

    assert read(tool).revoked() == {tool.officer().signing_kid, first.signing_kid}


def test_further_lines_stand_in_for_those_in_their_place(tool: Tool) -> None:
    """An escrow key, then the next one under the same name."""
    follow(tool, "--entry", lines(tool, ESCROW), out="first")
    newer = Entry.of("escrow", "vault", None, xwing.public_key_of(b"f" * 32))
    follow(tool, "--entry", lines(tool, newer), old="first")

    assert [e for e in read(tool).entries if e.role == "escrow"] == [newer]


def refused(tool: Tool, ended: Ended, says: str) -> None:
    """One line, nothing written, exit code 1."""
    assert (ended.code, ended.out) == (1, "")
    assert ended.err.count("\n") == 1
    assert says in ended.err
    assert not (tool.folder / "next").exists()


def test_a_revoked_key_cannot_be_handed_in_again(tool: Tool) -> None:
    """Neither on the card that it signed, nor as a line, nor by whoever held it."""
    card = card_of(tool, ARTHIT)
    follow(tool, "--cards", card, out="both")
    follow(tool, "--revoke", "arthit", old="both", out="revoked")
    as_auditor = Entry.of("auditor", "arthit", None, ARTHIT.verify_key)

    refused(tool, follow(tool, "--cards", card, old="revoked"), f"{card}: A key on it was rev")
    line = lines(tool, as_auditor)
    refused(tool, follow(tool, "--entry", line, old="revoked"), f"{line}: A key on it was rev")


def test_a_revoked_persons_other_keys_do_not_come_back_with_a_new_one(tool: Tool) -> None:
    """The thief has the weekly keys as well; a card that keeps them is refused."""
    stolen = tool.officer()
    mixed = Officer("somsri", b"n" * 32, stolen.case_seeds, stolen.epochs)
    card = card_of(tool, mixed)

    refused(tool, follow(tool, "--revoke", "somsri", "--cards", card), f"{card}: A key on it")


@pytest.mark.parametrize("option", ["--suspend", "--revoke"])
def test_a_name_that_is_not_listed_is_a_slip(tool: Tool, option: str) -> None:
    """Somebody who was to be struck off would stay."""
    refused(tool, follow(tool, option, "somsrii"), "nobody named somsrii")


@pytest.mark.parametrize(
    "octets",
    [b"", b"escrow vault\n", b"\xff", ESCROW.encode().replace("escrow", "admin").encode()],
    ids=["empty", "cut", "no-text", "role"],
)
def test_lines_that_are_none_are_refused_by_file(tool: Tool, octets: bytes) -> None:
    """Which file, and what it should have been."""
    (tool.folder / "lines").write_bytes(octets)

    refused(tool, follow(tool, "--entry", tool.path("lines")), f"{tool.path('lines')}: These")


def test_an_edited_card_is_refused_by_file(tool: Tool) -> None:
    """A key swapped on the way."""
    card = card_of(tool, ARTHIT)
    strange = Entry.of("signing", "arthit", None, verify_key_of(b"x" * 32)).encode()
    text = (tool.folder / "new.card").read_text().split("\n")
    (tool.folder / "new.card").write_text("\n".join([text[0], strange, *text[2:]]))

    refused(tool, follow(tool, "--cards", card), f"{card}: This is no key card")


def test_a_note_that_the_roots_did_not_sign_is_carried_on_by_nobody(tool: Tool) -> None:
    """Where a pin file is given, the note before has to hold."""
    tool.run(
        "directory", "propose", "--from", tool.path("directory"), "--out", tool.path("draft")
    )
    forged = follow(tool, "--roots", tool.path("roots"), old="draft")
    genuine = follow(tool, "--roots", tool.path("roots"), out="fine")

    refused(tool, forged, f"{tool.path('draft')}: Too few")
    assert genuine.code == 0


@pytest.mark.parametrize(
    "options",
    [
        ("--from", "directory", "--serial", "9"),
        ("--from", "directory", "--deployment", "new"),
        ("--serial", "9"),
        (),
    ],
)
def test_a_draft_is_the_first_or_follows_another(tool: Tool, options: Sequence[str]) -> None:
    """A serial out of the row would shut out the next honest one."""
    typed = [tool.path(each) if each == "directory" else each for each in options]
    ended = tool.run("directory", "propose", *typed, "--out", tool.path("next"))

    refused(tool, ended, "Give --from")


def test_a_draft_is_not_written_over(tool: Tool) -> None:
    """It may be half signed."""
    follow(tool)
    before = (tool.folder / "next").read_bytes()

    assert follow(tool, "--days", "7").code == 1
    assert (tool.folder / "next").read_bytes() == before
