"""Making keys and pins with the tool, and every way that goes wrong in one line."""

import stat
from datetime import timedelta
from pathlib import Path

import pytest

from mustshare_api.crypto import directory as notes
from mustshare_api.crypto import xwing
from mustshare_api.crypto.keyring import Officer
from mustshare_api.crypto.keys import open_key_file
from mustshare_api.crypto.roots import parse as parse_roots
from tests.keytool.conftest import PASSPHRASE, START, Tool, write_private


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


def test_a_further_quarter_of_keys_is_made_and_the_old_ones_stay(tool: Tool) -> None:
    """Under the same signing key, ready for the next proposal."""
    before = tool.officer()
    tool.clock.advance(weeks=10)

    ended = tool.unlocked("epochs", "extend")
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

    assert tool.unlocked("epochs", "extend").code == 4
    assert (tool.home / "officer.msk").read_bytes() == before


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
