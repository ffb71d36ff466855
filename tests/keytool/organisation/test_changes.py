"""What a root holder sees of a directory before signing it, and what is refused instead."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from mustshare_api.crypto import directory as notes
from mustshare_api.crypto.directory import Directory
from mustshare_api.crypto.keyring import Officer
from tests.keytool.conftest import START, Ended, Tool
from tests.keytool.organisation.test_proposing import ARTHIT, TODAY, card_of, follow, read


def sign(tool: Tool, note: str, *options: str) -> Ended:
    return tool.run(
        "directory", "sign", tool.path(note), "--key", tool.path("anan.root.msk"),
        "--passphrase-file", tool.path("passphrase"), *options,
    )  # fmt: skip


def shown(ended: Ended) -> list[str]:
    """The lines that tell of changes."""
    return [line.strip() for line in ended.out.splitlines() if line[:4] in MARKS]


MARKS = {"  + ", "  - ", "  * ", "  > ", "  ! "}
LAST = (START.date() + timedelta(weeks=12)).isoformat()
LATER = (START.date() + timedelta(weeks=16)).isoformat()


def test_who_comes_is_shown_when_it_is_proposed_and_when_it_is_signed(tool: Tool) -> None:
    """With the week until which there are keys, in the same words."""
    proposed = follow(tool, "--cards", card_of(tool, ARTHIT))
    signed = sign(tool, "next", "--from", tool.path("directory"), "--roots", tool.path("roots"))
    until = max(ARTHIT.epochs).isoformat()

    assert (
        shown(proposed)
        == shown(signed)
        == [
            f"+ intake arthit, until the week of {until}",
            "+ signing arthit",
            "+ case arthit",
        ]
    )
    assert "from directory 7 to 8" in signed.out


def test_who_goes_is_shown_with_what_is_revoked(tool: Tool) -> None:
    """And nobody who stays."""
    follow(tool, "--cards", card_of(tool, ARTHIT), out="both")
    ended = follow(tool, "--revoke", "somsri", old="both")

    assert shown(ended) == [
        "+ revoked somsri",
        f"- intake somsri, who had keys until the week of {LAST}",
        "- signing somsri",
        "- case somsri",
    ]


def test_another_key_of_the_same_person_is_told_from_further_weeks(tool: Tool) -> None:
    """The first is a new laptop or a stranger, the second a quarter that has passed."""
    tool.clock.advance(weeks=4)
    tool.unlocked("epochs", "extend")
    further = follow(tool, "--cards", str(tool.home / "somsri.card"))
    other = Officer.new("somsri", TODAY, weeks=13)
    another = follow(tool, "--cards", card_of(tool, other), out="another")

    assert shown(further) == [f"> intake somsri: until the week of {LATER}, was {LAST}"]
    assert shown(another) == [
        f"* intake somsri: other keys, until the week of {LAST}, was {LAST}",
        "* signing somsri: another key",
        "* case somsri: another key",
    ]


def test_nothing_that_changes_is_said_too(tool: Tool) -> None:
    """A month later, the same people."""
    assert "Nobody comes or goes" in follow(tool).out


def test_an_evaluation_that_becomes_real_is_pointed_out(tool: Tool) -> None:
    """It can't be made so by carrying on; a draft from elsewhere can try."""
    ended = follow(tool, "--evaluation")

    assert shown(ended) == ["! From an evaluation to a real one, or back."]


def test_machines_get_the_changes_in_one_value(tool: Tool) -> None:
    """With the draft's own fields."""
    data = follow(tool, "--cards", card_of(tool, ARTHIT), "--json").data

    assert data["serial"] == 8
    assert data["path"] == tool.path("next")
    assert {"change": "added", "role": "signing", "name": "arthit"}.items() <= data["changes"][
        1
    ].items()


def test_two_notes_can_be_compared_at_any_time(tool: Tool) -> None:
    """Without a key."""
    follow(tool, "--cards", card_of(tool, ARTHIT))
    ended = tool.offline(
        "directory", "show", tool.path("next"), "--from", tool.path("directory")
    )

    assert "+ signing arthit" in shown(ended)


def recomposed(tool: Tool, edit: Callable[[Directory], dict[str, object]]) -> None:
    """A draft that no honest proposal would be."""
    old = read(tool, "next")
    fields = {
        "deployment_id": old.deployment_id,
        "serial": old.serial,
        "issued_on": old.issued_on,
        "expires_on": old.expires_on,
        "entries": old.entries,
    } | edit(old)
    (tool.folder / "next").write_bytes(notes.compose(**fields))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("edit", "says"),
    [
        (lambda _: {"deployment_id": bytes(16)}, "another deployment"),
        (lambda old: {"serial": old.serial - 1}, "older than one seen before"),
        (
            lambda old: {"entries": [e for e in old.entries if e.role != "revoked"]},
            "Do not sign",
        ),
    ],
    ids=["other-deployment", "same-serial", "revocation-left-out"],
)
def test_what_cannot_follow_is_not_signed(
    tool: Tool, edit: Callable[[Directory], dict[str, object]], says: str
) -> None:
    """Refused before the passphrase is asked for, with the file's name; it stays as it was."""
    follow(tool, "--cards", card_of(tool, ARTHIT), out="both")
    follow(tool, "--revoke", "arthit", old="both", out="revoked")
    follow(tool, old="revoked")
    recomposed(tool, edit)
    before = (tool.folder / "next").read_bytes()

    ended = sign(tool, "next", "--from", tool.path("revoked"))
    assert ended.code == 1
    assert ended.err.startswith(tool.path("next"))
    assert says in ended.err
    assert (tool.folder / "next").read_bytes() == before
