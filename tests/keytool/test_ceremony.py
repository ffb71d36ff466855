"""Making keys and directories with the tool, and every way that goes wrong in one line."""

import stat
from datetime import timedelta
from pathlib import Path

import pytest

from mustshare_api.crypto import directory as notes
from mustshare_api.crypto import xwing
from mustshare_api.crypto.directory import Entry
from mustshare_api.crypto.keyring import Officer
from mustshare_api.crypto.keys import open_key_file
from mustshare_api.crypto.roots import parse as parse_roots
from mustshare_api.crypto.suite import verify_key_of
from tests.keytool.conftest import PASSPHRASE, START, Tool, write_private
from tests.keytool.fake_door import FakeDoor


def secret(tool: Tool) -> tuple[str, str]:
    return ("--passphrase-file", tool.path("passphrase"))


def one_line(text: str) -> bool:
    return text.count("\n") == 1 and "Traceback" not in text


def test_an_officer_gets_a_signing_key_and_thirteen_weeks(tool: Tool) -> None:
    """From this Bangkok week on, each under a seed of its own."""
    officer = tool.officer()

    weeks = sorted(officer.epochs)
    assert officer.name == "somsri"
    assert weeks == [START.date() + timedelta(weeks=n) for n in range(13)]


def test_secrets_are_for_their_owner_alone(tool: Tool) -> None:
    """Files 0600, folders 0700, whatever the umask."""
    assert stat.S_IMODE((tool.home / "officer.msk").stat().st_mode) == 0o600
    assert stat.S_IMODE((tool.folder / "anan.root.msk").stat().st_mode) == 0o600
    assert stat.S_IMODE(tool.home.stat().st_mode) == 0o700


def test_a_key_is_never_written_over(tool: Tool) -> None:
    """Neither an officer's nor a root's: what they opened would be lost."""
    before = (tool.home / "officer.msk").read_bytes()

    officer = tool.unlocked("init", "somsri")
    root = tool.run("root", "init", "anan", "--out", str(tool.folder), *secret(tool))

    assert (officer.code, root.code) == (1, 1)
    assert one_line(officer.err)
    assert "is there already" in root.err
    assert (tool.home / "officer.msk").read_bytes() == before


def test_the_roots_have_one_fingerprint_of_thirty_digits(tool: Tool) -> None:
    """In groups of five, to be read out over a telephone."""
    shown = tool.run("roots", "show", tool.path("roots"))
    data = tool.run("roots", "show", tool.path("roots"), "--json").data

    assert len(data["fingerprint"]) == 30
    assert data["names"] == ["anan", "busaba", "chai"]
    assert data["k"] == 2
    assert shown.out.rstrip().replace(" ", "").endswith(data["fingerprint"])


@pytest.mark.parametrize("k", ["0", "4", "-1"])
def test_roots_need_a_k_that_protects(tool: Tool, k: str) -> None:
    """More signatures than roots, or none, is a slip."""
    public = [tool.path(f"{name}.root.pub") for name in ("anan", "busaba", "chai")]

    ended = tool.run("roots", "make", *public, f"--k={k}", "--out", tool.path("other"))

    assert ended.code == 1
    assert one_line(ended.err)


def test_one_root_given_twice_is_refused(tool: Tool) -> None:
    """Two of two would then be one person."""
    public = [tool.path("anan.root.pub")] * 2

    ended = tool.run("roots", "make", *public, "--k", "2", "--out", tool.path("other"))

    assert ended.code == 1
    assert not (tool.folder / "other").exists()


@pytest.mark.parametrize("octets", [b"", b"\xff\xff", b"anan+00000000+AAAA\n", b"x" * 5000])
def test_a_broken_public_line_is_refused(tool: Tool, octets: bytes) -> None:
    """Truncated, edited, or something else."""
    (tool.folder / "bad.pub").write_bytes(octets)

    ended = tool.run("roots", "make", tool.path("bad.pub"), "--k", "1", "--out", tool.path("o"))

    assert ended.code == 1
    assert one_line(ended.err)


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
    assert {entry["role"] for entry in ended.data["entries"]} == {"intake", "signing"}


def check(tool: Tool, *more: str) -> str:
    ended = tool.run(
        "directory", "check", tool.path("directory"), "--roots", tool.path("roots"), *more
    )
    assert ended.code == 1
    assert one_line(ended.err)
    return ended.err


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


def test_a_swapped_key_file_is_refused(tool: Tool) -> None:
    """An officer's in a root's place, and a root's in an officer's."""
    as_root = tool.run(
        "directory", "sign", tool.path("directory"), "--key", str(tool.home / "officer.msk"),
        *secret(tool),
    )  # fmt: skip
    (tool.home / "officer.msk").write_bytes((tool.folder / "anan.root.msk").read_bytes())
    tool.offline("connect", "https://127.0.0.1:1", "--roots", tool.path("roots"))
    as_officer = tool.unlocked("sync")

    assert (as_root.code, as_officer.code) == (1, 1)
    assert "another kind" in as_root.err
    assert "another kind" in as_officer.err


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


def test_a_further_quarter_of_keys_is_made_and_the_old_ones_stay(tool: Tool) -> None:
    """Under the same signing key, ready for the next proposal."""
    before = tool.officer()
    tool.clock.advance(weeks=10)

    ended = tool.unlocked("renew")
    after = tool.officer()

    assert ended.code == 0, ended.err
    assert after.signing_seed == before.signing_seed
    assert before.epochs.items() <= after.epochs.items()
    assert max(after.epochs) == START.date() + timedelta(weeks=10 + 12)
    assert tool.propose("draft", 8).code == 0


def test_a_renewal_under_a_wrong_passphrase_changes_nothing(tool: Tool) -> None:
    """The key file is replaced whole or not at all."""
    before = (tool.home / "officer.msk").read_bytes()
    (tool.folder / "passphrase").write_text("another passphrase altogether")

    assert tool.unlocked("renew").code == 4
    assert (tool.home / "officer.msk").read_bytes() == before


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


def test_other_roots_are_not_pinned_over_the_first(tool: Tool) -> None:
    """A changed pin is for a person to settle, with an announcement in hand."""
    tool.offline("connect", "https://staff.example.org", "--roots", tool.path("roots"))
    pinned = (tool.home / "roots").read_bytes()
    tool.run(
        "roots", "make", tool.path("anan.root.pub"), "--k", "1", "--out", tool.path("others")
    )

    ended = tool.offline("connect", "https://staff.example.org", "--roots", tool.path("others"))

    assert ended.code == 1
    assert (tool.home / "roots").read_bytes() == pinned


@pytest.mark.parametrize(
    "url",
    [
        "http://staff.example.org",
        "https://",
        "https://u:p@staff.example.org",
        "https://staff.example.org/path",
        "https://staff.example.org?x",
        "https://staff.example.org:port",
        "https://[::1",
        "staff.example.org",
        "https://a b",
    ],
)
def test_an_address_is_https_and_nothing_more(tool: Tool, url: str) -> None:
    """No path, no password, no plain HTTP."""
    ended = tool.offline("connect", url, "--roots", tool.path("roots"))

    assert ended.code == 1
    assert "https://" in ended.err


def test_connecting_without_roots_is_refused(tool: Tool) -> None:
    """Otherwise the first directory seen would be believed."""
    ended = tool.offline("connect", "https://staff.example.org")

    assert ended.code == 1
    assert "roots" in ended.err


@pytest.mark.parametrize("octets", [b"", b"garbage", b"\xff" * 100])
def test_a_broken_pin_file_is_refused(tool: Tool, octets: bytes) -> None:
    """Truncated or edited."""
    (tool.folder / "bad").write_bytes(octets)

    ended = tool.offline("connect", "https://staff.example.org", "--roots", tool.path("bad"))

    assert ended.code == 1
    assert one_line(ended.err)


@pytest.mark.parametrize("name", ["สมศรี", "som sri", "../x", ""])
def test_a_name_that_is_no_name_is_refused(tool: Tool, name: str) -> None:
    """It will stand in a signed list, and in a file name."""
    ended = tool.run("root", "init", name, "--out", str(tool.folder), *secret(tool))

    assert ended.code == 1
    assert "A name has letters" in ended.err


def test_a_weak_passphrase_is_refused(tool: Tool) -> None:
    """Before anything is written."""
    write_private(tool.folder / "weak", "short")

    ended = tool.run(
        "init", "arthit", "--home", tool.path("arthit"), "--passphrase-file", tool.path("weak")
    )

    assert ended.code == 1
    assert "12 characters" in ended.err
    assert not (tool.folder / "arthit" / "officer.msk").exists()


def test_the_tool_speaks_thai(tool: Tool) -> None:
    """Results and refusals alike."""
    assert "กุญแจราก" in tool.run("roots", "show", tool.path("roots"), lang="th").out
    assert "อ่านไฟล์" in tool.run("roots", "show", tool.path("missing"), lang="th").err


@pytest.mark.parametrize(
    "argv",
    [
        [],
        ["unknown"],
        ["open"],
        ["roots", "make", "x", "--k", "two", "--out", "y"],
        ["answer", "ab", "--text", "a", "--file", "b"],
        ["list", "--lang", "fr"],
        ["sync", "--passphrase", "secret"],
    ],
)
def test_a_command_line_that_is_not_understood_ends_with_two(
    tool: Tool, argv: list[str]
) -> None:
    """A passphrase as an argument is not understood either."""
    ended = tool.run(*argv)

    assert ended.code == 2
    assert "usage:" in ended.err


def test_the_help_names_every_exit_code(tool: Tool) -> None:
    """So that a script can be written from it."""
    ended = tool.run("--help")

    assert ended.code == 0
    assert [line.split()[0] for line in ended.out.split("exit codes:")[1].split("\n")[1:6]] == [
        "0", "1", "2", "3", "4",
    ]  # fmt: skip


def test_what_the_tool_made_opens_with_what_the_server_knows(tool: Tool) -> None:
    """The card, the directory and the pin file are of the formats that everyone else reads."""
    roots = parse_roots((tool.folder / "roots").read_bytes())
    octets = Path(tool.path("directory")).read_bytes()
    read = notes.verify(octets, roots, today=START.date(), newer_than=None)
    officer = Officer.parse(open_key_file((tool.home / "officer.msk").read_bytes(), PASSPHRASE))

    (recipient,) = read.recipients(START.date())
    seed = officer.seeds()[recipient.kid]
    assert xwing.public_key_of(seed) == recipient.public_key
