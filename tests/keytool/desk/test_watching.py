"""The key tool and the audit log: every sync looks, and what was once seen stays."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from mustshare_api.crypto import checkpoints, events, notes
from mustshare_api.crypto.cards import parse_card
from mustshare_api.crypto.checkpoints import Witness
from mustshare_api.crypto.entries import Entry
from mustshare_api.crypto.keys import open_key_file
from mustshare_api.crypto.notes import Verifier
from mustshare_api.crypto.suite import verify_key_of
from mustshare_api.crypto.witnessing import WitnessSecret
from tests.keytool.conftest import PASSPHRASE, Ended, Tool
from tests.keytool.fake_door import FakeDoor
from tests.keytool.fake_log import DAY

REWRITTEN = 5


@pytest.fixture
def kept(tool: Tool, door: FakeDoor) -> Path:
    """A checkpoint of a log with some leaves, believed by an earlier sync."""
    for name in ("operator-migrated 1", "operator-migrated 2", "operator-migrated 3"):
        door.log.append(events.of_server(DAY, name).encode())
    assert tool.unlocked("sync").code == 0
    return tool.home / "checkpoint.note"


def evidence(tool: Tool) -> list[str]:
    return sorted(path.name for path in tool.home.glob("evidence/*/*"))


def fork(door: FakeDoor) -> None:
    door.log.leaves[1] = (b"n" * 32, events.of_server(DAY, "operator-nothing").encode())


def shrink(door: FakeDoor) -> None:
    del door.log.leaves[2:]
    door.log.directories.clear()
    door.log.in_force(door.directory)


def shrink_whole(door: FakeDoor) -> None:
    del door.log.leaves[0]


def fork_and_grow(door: FakeDoor) -> None:
    fork(door)
    door.log.append(events.of_server(DAY, "operator-more").encode())


def grow_without_proof(door: FakeDoor) -> None:
    door.log.append(events.of_server(DAY, "operator-more").encode())
    door.refuse["GET", "/v1/audit/consistency"] = (500, b'{"code": "audit.damaged"}')


def prove_nothing(door: FakeDoor) -> None:
    door.log.append(events.of_server(DAY, "operator-more").encode())
    door.refuse["GET", "/v1/audit/consistency"] = (200, b'{"proof": []}')


@pytest.mark.parametrize(
    "how", [fork, shrink, shrink_whole, fork_and_grow, grow_without_proof, prove_nothing]
)
def test_a_rewritten_log_stops_the_sync(
    tool: Tool, door: FakeDoor, kept: Path, how: Callable[[FakeDoor], None]
) -> None:
    """Loudly, with its own exit code, both checkpoints aside, and the kept one in place."""
    before = kept.read_bytes()
    how(door)
    ended = tool.unlocked("sync")

    assert ended.code == REWRITTEN
    assert "*** THE AUDIT LOG WAS REWRITTEN ***" in ended.err
    assert kept.read_bytes() == before
    assert evidence(tool) == ["kept.note", "told.note", "why.json"]


def test_the_evidence_convicts_by_itself(tool: Tool, door: FakeDoor, kept: Path) -> None:
    """Two checkpoints of one size, both signed by the log's key, with other roots."""
    fork(door)
    tool.unlocked("sync")

    (folder,) = (tool.home / "evidence").iterdir()
    log = notes.parse_verifier((tool.home / "log.key").read_text().strip())
    told, was = (
        checkpoints.verify((folder / n).read_bytes(), log) for n in ("told.note", "kept.note")
    )
    assert (told.size, told.root != was.root) == (was.size, True)
    assert json.loads((folder / "why.json").read_text())["code"] == "audit.rewritten"


def test_every_shout_keeps_its_own_evidence(tool: Tool, door: FakeDoor, kept: Path) -> None:
    """A second time overwrites nothing."""
    fork(door)
    tool.unlocked("sync")
    tool.unlocked("sync")

    assert len(list((tool.home / "evidence").iterdir())) == 2


def test_a_log_that_only_grew_is_believed(tool: Tool, door: FakeDoor, kept: Path) -> None:
    """The new checkpoint takes the place of the old one."""
    before = kept.read_bytes()
    door.log.append(events.of_server(DAY, "operator-more").encode())

    assert tool.unlocked("sync").code == 0
    assert kept.read_bytes() != before


def test_another_key_than_the_pinned_one_is_refused(
    tool: Tool, door: FakeDoor, kept: Path
) -> None:
    """It was pinned when it was first seen."""
    door.log.seed = b"o" * 32
    ended = tool.unlocked("sync", "--full")

    assert (ended.code, "*** ANOTHER KEY" in ended.err) == (REWRITTEN, True)


def test_the_directory_goes_before_the_pinned_key(
    tool: Tool, door: FakeDoor, kept: Path
) -> None:
    """What the roots signed counts from the first look, and after a change of the key."""
    origin = checkpoints.parse(kept.read_bytes())[0].origin
    listed = Verifier(origin, verify_key_of(b"o" * 32))
    entry = tool.folder / "log.entry"
    entry.write_text(Entry.of("log", origin, None, listed.public_key).encode() + "\n")
    ended = tool.run(
        "directory", "propose", "--from", tool.path("directory"), "--roots", tool.path("roots"),
        "--entry", str(entry), "--out", tool.path("next"),
    )  # fmt: skip
    assert ended.code == 0, ended.err
    tool.sign("next", "anan", "busaba")
    door.directory = (tool.folder / "next").read_bytes()

    assert tool.unlocked("sync").code == REWRITTEN
    door.log.seed = b"o" * 32
    assert tool.unlocked("sync").code == 0


def test_a_directory_that_is_not_in_the_log_stops_the_sync(
    tool: Tool, door: FakeDoor, kept: Path
) -> None:
    """Whoever shows it to one officer alone is found out."""
    door.refuse["GET", "/v1/audit/inclusion"] = (404, b'{"code": "audit.not_found"}')
    ended = tool.unlocked("sync", "--full")

    assert (ended.code, "*** THE DIRECTORY IS NOT" in ended.err) == (REWRITTEN, True)


@pytest.mark.parametrize("status", [503, 429])
def test_a_door_that_is_too_busy_has_rewritten_nothing(
    tool: Tool, door: FakeDoor, kept: Path, status: int
) -> None:
    """It is told as what it is, and the next look asks again."""
    door.log.append(events.of_server(DAY, "operator-more").encode())
    door.refuse["GET", "/v1/audit/consistency"] = (status, b'{"code": "busy"}')
    ended = tool.unlocked("sync")

    assert ended.code == 1
    assert evidence(tool) == []


def test_a_kept_checkpoint_that_was_changed_here_is_refused(
    tool: Tool, door: FakeDoor, kept: Path
) -> None:
    """By its file, and nothing is written in its place."""
    kept.write_bytes(b"half")
    ended = tool.unlocked("sync")

    assert (ended.code, str(kept) in ended.err) == (1, True)
    assert kept.read_bytes() == b"half"


def test_an_auditor_sees_the_whole_log_hold(tool: Tool, door: FakeDoor, kept: Path) -> None:
    """Its size, its root, and how much of it was shredded."""
    data = tool.unlocked("audit", "verify", "--json").data

    assert data["size"] == len(door.log.leaves)
    assert (data["shredded"], data["cosigned"]) == (0, {})


def test_what_was_done_is_shown_with_names(tool: Tool, door: FakeDoor, kept: Path) -> None:
    """Of staff by the directory of the time, else the server."""
    officer = tool.officer()
    deed = events.of_request(
        method="POST", path="/v1/tips/ab/follow-ups", query="", body_sha256=b"b" * 32,
        created=int(tool.clock.now().timestamp()), kid=officer.signing_kid,
    )  # fmt: skip
    door.log.append(deed.signed(officer.signing_seed).encode())

    last = tool.unlocked("audit", "show", "--since", "2026-11-23", "--json").data[-1]
    assert (last["by"], last["did"]) == ("somsri", "POST /v1/tips/ab/follow-ups")
    assert "somsri  POST" in tool.unlocked("audit", "show").out


def test_an_event_by_a_key_that_no_directory_lists_is_found(
    tool: Tool, door: FakeDoor, kept: Path
) -> None:
    """The server cannot make deeds up in an officer's name."""
    officer = tool.officer()
    deed = events.of_request(
        method="POST", path="/v1/tips/ab/follow-ups", query="", body_sha256=b"b" * 32,
        created=0, kid=officer.signing_kid,
    )  # fmt: skip
    door.log.append(deed.signed(b"x" * 32).encode())
    ended = tool.unlocked("audit", "verify")

    assert ended.code == REWRITTEN
    assert f"ENTRY {len(door.log.leaves) - 1} OF THE AUDIT LOG" in ended.err


def witness_init(tool: Tool) -> Ended:
    own = ("--out", str(tool.folder), "--passphrase-file", tool.path("passphrase"))
    return tool.run("witness", "init", "agency", *own)


def cosign(tool: Tool) -> Ended:
    return tool.unlocked("witness", "cosign", "--key", tool.path("agency.witness.msk"))


def test_a_witness_has_a_key_file_and_a_card(tool: Tool) -> None:
    """The card is for the directory; neither is ever written over."""
    assert witness_init(tool).code == 0
    (entry,) = parse_card((tool.folder / "agency.witness.card").read_bytes())
    plain = open_key_file((tool.folder / "agency.witness.msk").read_bytes(), PASSPHRASE)

    assert (entry.role, entry.name) == ("witness", "agency")
    assert verify_key_of(WitnessSecret.parse(plain).seed) == entry.public_key
    assert witness_init(tool).code == 1


def test_a_witness_cosigns_what_it_has_checked(tool: Tool, door: FakeDoor, kept: Path) -> None:
    """With the instant of its own clock, as C2SP has it."""
    witness_init(tool)
    ended = cosign(tool)
    assert ended.code == 0, ended.err

    (entry,) = parse_card((tool.folder / "agency.witness.card").read_bytes())
    _, note = checkpoints.parse(door.log.cosigned[-1])
    (signature,) = note.signatures
    at_s = checkpoints.cosigned_at(signature, Witness("agency", entry.public_key), note.text)
    assert at_s == int(tool.clock.now().timestamp())


def test_a_witness_remembers_by_itself(tool: Tool, door: FakeDoor, kept: Path) -> None:
    """An officer's folder that believes a fork does not make the witness sign it."""
    witness_init(tool)
    cosign(tool)
    fork(door)
    kept.unlink()
    assert tool.unlocked("sync").code == 0

    assert cosign(tool).code == REWRITTEN
    assert len(door.log.cosigned) == 1


def test_a_key_of_another_kind_cosigns_nothing(tool: Tool, door: FakeDoor, kept: Path) -> None:
    """An officer's key file is no witness's."""
    own = str(tool.home / "officer.msk")
    ended = tool.unlocked("witness", "cosign", "--key", own)

    assert (ended.code, door.log.cosigned) == (1, [])
