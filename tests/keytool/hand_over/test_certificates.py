"""Certificates: two halves that fit, checked by anyone with the pinned roots."""

from dataclasses import replace
from pathlib import Path

import pytest

from mustshare_api.crypto import certificates, proofs
from mustshare_api.crypto import directory as notes
from mustshare_api.crypto.certificates import ReporterCopy
from mustshare_api.crypto.receipts import keys_of
from mustshare_api.crypto.roots import parse as parse_roots
from tests.keytool.conftest import Ended, Reporter, Tool
from tests.keytool.fake_door import FakeDoor
from tests.keytool.hand_over.agencies import NAME, Agency, exported, received
from tests.keytool.tips.test_answer import read_answer
from tests.vectors.hand_over import ROOT, made_copy

PURPOSE = "ศาลอาญา คดีหมายเลขดำที่ 1/2570"


def issued(tool: Tool, tip: str, *more: str, name: str = NAME) -> Ended:
    return tool.unlocked(
        "certificate", "issue", tip, "--agency", name, "--out", tool.path("c.txt"), *more
    )


def verified(tool: Tool, file: str, *more: str) -> Ended:
    return tool.offline("certificate", "verify", tool.path(file), *more)


def copy_of(tool: Tool, door: FakeDoor, reporter: Reporter) -> ReporterCopy:
    """What the reporter finds in the answer."""
    (octets,) = door.follow_ups[reporter.tip]
    return certificates.parse_copy(read_answer(tool, reporter, octets).text)


def proof_of_nobody() -> bytes:
    """A proof where a certificate belongs."""
    return proofs.prove(made_copy(), keys_of(ROOT), PURPOSE).encode()


@pytest.fixture
def synced(tool: Tool, reporter: Reporter) -> Reporter:
    reporter.send_text("ถนนพัง")
    assert tool.unlocked("sync").code == 0
    return reporter


def test_both_halves_are_made_and_the_reporters_is_sent(
    tool: Tool, door: FakeDoor, synced: Reporter
) -> None:
    """The same certificate; the salt in the reporter's answer alone, in words and no file."""
    ended = issued(tool, synced.tip)

    assert ended.code == 0, ended.err
    agencys = Path(tool.path("c.txt")).read_bytes()
    copy = copy_of(tool, door, synced)
    assert copy.certificate.octets == agencys
    assert copy.salt.hex().encode() not in agencys
    assert door.attachments == []
    assert not list((tool.home / "outbox").iterdir())


def test_the_reporter_proves_and_anyone_checks(
    tool: Tool, door: FakeDoor, synced: Reporter
) -> None:
    """With the receipt's keys, the copy and a purpose: no server takes part."""
    issued(tool, synced.tip)
    proof = proofs.prove(copy_of(tool, door, synced), synced.keys, PURPOSE)
    Path(tool.path("proof.txt")).write_bytes(proof.encode())

    told = verified(tool, "proof.txt")
    assert told.code == 0, told.err
    assert f"made this proof for: {PURPOSE}" in told.out
    assert f"Certificate by somsri for {NAME}, on 2026-11-23, directory 7" in told.out
    data = verified(tool, "c.txt", "--json").data
    assert (data["agency"], data["proof_for"], data["directory_serial"]) == (NAME, None, 7)


def test_a_copy_can_be_held_for_another_day(
    tool: Tool, door: FakeDoor, synced: Reporter
) -> None:
    """An answer on the certificate's very day is what somebody might look for."""
    assert issued(tool, synced.tip, "--hold").code == 0
    assert door.follow_ups == {}

    tool.clock.advance(days=2)
    assert tool.unlocked("resend").code == 0
    assert copy_of(tool, door, synced).certificate.head.day.isoformat() == "2026-11-23"


def test_what_cannot_be_sent_waits(tool: Tool, door: FakeDoor, synced: Reporter) -> None:
    """The agency's half is there; the reporter's goes with the next resend."""
    path = f"/v1/tips/{synced.tip}/follow-ups"
    door.refuse["POST", path] = (503, b'{"code": "busy", "title": "x"}')
    ended = issued(tool, synced.tip)
    assert ended.code == 1
    assert "resend" in ended.err

    del door.refuse["POST", path]
    assert tool.unlocked("resend").code == 0
    assert copy_of(tool, door, synced).certificate.text == Path(tool.path("c.txt")).read_text()


def test_a_certificate_goes_with_its_export(
    tool: Tool, synced: Reporter, tmp_path: Path
) -> None:
    """To the agency that it names, and to no other."""
    agency = Agency(tmp_path)
    message = tool.unlocked("export", synced.tip, "--preview", "--json").data["messages"][0]
    issued(tool, synced.tip, "--hold")
    more = ("--messages", message["object_id"], "--certificate", tool.path("c.txt"))

    folder = received(tool, agency, synced.tip, *more)
    assert (folder / "certificate.txt").read_bytes() == Path(tool.path("c.txt")).read_bytes()

    Path(tool.path("c.txt")).unlink()
    issued(tool, synced.tip, "--hold", name="NACC")
    ended = exported(tool, agency, synced.tip, *more, out="other.age")
    assert (ended.code, "another agency" in ended.err) == (1, True)
    Path(tool.path("c.txt")).write_bytes(proof_of_nobody())
    ended = exported(tool, agency, synced.tip, *more, out="other.age")
    assert (ended.code, "no hand-over certificate" in ended.err) == (1, True)


def test_nothing_is_issued_over_a_file_or_about_a_tip_that_does_not_open(
    tool: Tool, door: FakeDoor, synced: Reporter
) -> None:
    """And then nothing waits to be sent either."""
    Path(tool.path("c.txt")).write_text("precious")
    assert issued(tool, synced.tip).code == 1
    assert Path(tool.path("c.txt")).read_text() == "precious"

    Path(tool.path("c.txt")).unlink()
    Path(tool.path("blocked")).write_text("a file where a folder would be")
    more = ("--agency", NAME, "--out", tool.path("blocked/c.txt"))
    assert tool.unlocked("certificate", "issue", synced.tip, *more).code == 1
    assert not list((tool.home / "outbox").iterdir())
    (first,) = (tool.home / "objects").iterdir()
    first.write_bytes(first.read_bytes()[:-1] + b"x")
    ended = issued(tool, synced.tip)
    assert ended.code == 1
    assert "first message" in ended.err
    assert not Path(tool.path("c.txt")).exists()
    assert door.follow_ups == {}


BAD = {
    "truncated": lambda octets: octets[: len(octets) // 2],
    "edited agency": lambda octets: octets.replace("ป.ป.ช.".encode(), "ป.ป.ท.".encode()),
    "edited day": lambda octets: octets.replace(b"day 2026-11-23", b"day 2026-11-24"),
    "another serial": lambda octets: octets.replace(b"directory 7", b"directory 8"),
    "day outside": lambda octets: octets.replace(b"day 2026-11-23", b"day 2025-11-23"),
    "another officer": lambda octets: octets.replace(b"officer somsri", b"officer wichai"),
    "no signature": lambda octets: octets[: octets.index("— ".encode())],
    "two signatures": lambda octets: octets + octets[octets.index("— ".encode()) :],
    "a directory": lambda _: b"mustshare/v1 directory\n",
    "not UTF-8": lambda octets: b"\xff" + octets,
    "huge": lambda octets: octets + b" " * 9000,
    "empty": lambda _: b"",
}


def test_certificates_that_do_not_hold_are_refused(tool: Tool, synced: Reporter) -> None:
    """Each with one line and an exit code."""
    issued(tool, synced.tip, "--hold")
    good = Path(tool.path("c.txt")).read_bytes()
    for name, spoil in BAD.items():
        Path(tool.path("bad.txt")).write_bytes(spoil(good))
        ended = verified(tool, "bad.txt")
        assert (ended.code, ended.out) == (1, ""), name
        assert len(ended.err.strip().split("\n")) == 1, name


def test_what_a_mail_program_does_to_a_text_is_forgiven(tool: Tool, synced: Reporter) -> None:
    """Other line ends, a lost last newline, a mark at the beginning."""
    issued(tool, synced.tip, "--hold")
    good = Path(tool.path("c.txt")).read_bytes()
    sent = b"\xef\xbb\xbf" + good.replace(b"\n", b"\r\n").rstrip() + b"\r\n\r\n"
    Path(tool.path("mailed.txt")).write_bytes(sent)

    assert verified(tool, "mailed.txt").code == 0


def test_a_certificate_of_another_organisation_is_refused(tool: Tool, synced: Reporter) -> None:
    """Its roots are not the pinned ones, or its directory is another deployment's."""
    issued(tool, synced.tip, "--hold")
    for name in ("anan", "busaba", "chai"):
        tool.run(
            "root", "init", name, "--out", tool.path("foreign"),
            "--passphrase-file", tool.path("passphrase"),
        )  # fmt: skip
    publics = [tool.path(f"foreign/{name}.root.pub") for name in ("anan", "busaba", "chai")]
    tool.run("roots", "make", *publics, "--k", "2", "--out", tool.path("foreign/roots"))

    ended = verified(tool, "c.txt", "--roots", tool.path("foreign/roots"))
    assert (ended.code, "Too few" in ended.err) == (1, True)

    tool.propose("other", 7)
    tool.sign("other", "anan", "busaba")
    ended = verified(tool, "c.txt", "--directory", tool.path("other"))
    assert (ended.code, "another deployment" in ended.err) == (1, True)


def test_a_revoked_officers_certificate_is_told_of(tool: Tool, synced: Reporter) -> None:
    """By whoever has a later directory at hand."""
    issued(tool, synced.tip, "--hold")
    roots = parse_roots(Path(tool.path("roots")).read_bytes())
    good = notes.believe(Path(tool.path("directory")).read_bytes(), roots)
    (officer,) = (entry for entry in good.entries if entry.role == "signing")
    others = [entry for entry in good.entries if entry.role == "intake"]
    later = notes.compose(
        deployment_id=good.deployment_id,
        serial=8,
        issued_on=good.issued_on,
        expires_on=good.expires_on,
        entries=[*others, replace(officer, role="revoked")],
    )
    Path(tool.path("later")).write_bytes(later)
    tool.sign("later", "anan", "busaba")

    both = ("--directory", tool.path("directory"), tool.path("later"))
    assert "was revoked since" in verified(tool, "c.txt", *both).out
    assert verified(tool, "c.txt", *both, "--json").data["revoked"] is True
    assert "revoked" not in verified(tool, "c.txt").out
