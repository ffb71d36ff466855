"""Handing over: what the agency gets, what it does not get, and what it is told of both."""

import io
import tarfile
from pathlib import Path

import msgspec
import pytest

from mustshare_api.crypto.envelope import Kind
from mustshare_api.domain.message import AttachmentName, AttachmentNotice, Coordinates
from tests.age_oracle import oracle
from tests.keytool.conftest import Reporter, Tool
from tests.keytool.fake_door import FakeDoor
from tests.keytool.hand_over.agencies import NAME, Agency, exported, received
from tests.pictures import jpegs
from tests.vectors import age_reader

TEXT = "ถนนพังหลังส่งงาน ผู้รับเหมาคือ นาย สมชาย ใจดี โทร 0812345678"
NAMED = TEXT.index("นาย สมชาย ใจดี")
PHOTO = b"\xff\xd8 a stripped photo " * 9000


@pytest.fixture
def agency(tmp_path: Path) -> Agency:
    return Agency(tmp_path)


@pytest.fixture
def told(tool: Tool, reporter: Reporter) -> dict[str, str]:
    """Two messages and a photo on the officer's machine, by what they are."""
    photo = reporter.attach(PHOTO)
    spot = Coordinates(13.72, 100.54, 1000)
    first = reporter.send_text(TEXT, photo, coordinates=spot, category="road")
    second = reporter.follow_up("มีใบเสร็จเพิ่ม")
    assert tool.unlocked("sync").code == 0
    return {"tip": reporter.tip, "first": first, "second": second, "photo": photo.id}


def files_of(folder: Path) -> dict[str, bytes]:
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }


def test_the_agency_gets_what_was_chosen(
    tool: Tool, agency: Agency, told: dict[str, str]
) -> None:
    """The text, the picture, and papers that say what this is."""
    folder = received(
        tool, agency, told["tip"], "--messages", told["first"], "--attachments", told["photo"]
    )
    found = files_of(folder)

    assert set(found) == {
        "readme.txt", "report.txt", "files/1.jpg", "directory.txt", "manifest.txt",
    }  # fmt: skip
    assert f"  │ {TEXT}" in found["report.txt"].decode()
    assert found["files/1.jpg"] == PHOTO
    assert NAME in found["report.txt"].decode()


def test_somebody_elses_age_opens_it(tool: Tool, told: dict[str, str], tmp_path: Path) -> None:
    """Stock age and stock tar are all that an agency needs, with a key of any age's making."""
    made = tool.run("agency", "init", "trial", "--out", tool.path("agency"), "--json").data
    out = tool.path("out.age")
    ended = tool.unlocked(
        "export", told["tip"], "--to", made["public"], "--agency", NAME, "--out", out,
        "--messages", told["first"],
    )  # fmt: skip
    assert ended.code == 0, ended.err

    comment, identity = Path(made["key_file"]).read_text().strip().split("\n")
    recipient = oracle.opened(Path(out), identity, tmp_path / "clear.tar")

    assert comment == f"# public key: {recipient}"
    assert Path(made["key_file"]).stat().st_mode & 0o077 == 0
    assert tool.run("agency", "init", "trial", "--out", tool.path("agency")).code == 1
    assert tool.run("agency", "init", "../x", "--out", tool.path("agency")).code == 1
    with tarfile.open(tmp_path / "clear.tar") as archive:
        assert "report.txt" in archive.getnames()


def test_what_was_not_chosen_is_counted_and_not_there(
    tool: Tool, agency: Agency, told: dict[str, str]
) -> None:
    """Neither the other message, nor the picture, nor fields that were not asked for."""
    folder = received(tool, agency, told["tip"], "--messages", told["first"])
    everything = b"".join(files_of(folder).values()).decode()

    assert "มีใบเสร็จเพิ่ม" not in everything
    assert "13.72" not in everything
    assert "2026-11-23T" not in everything
    withheld = ["message 1", "attachment 1", "field 3"]
    manifest = (folder / "manifest.txt").read_text()
    assert [
        line[9:] for line in manifest.split("\n") if line.startswith("withheld")
    ] == withheld


def test_nothing_by_which_the_tip_could_be_found_goes_along(
    tool: Tool, agency: Agency, told: dict[str, str], reporter: Reporter
) -> None:
    """No id, no key of the reporter's: an agency's files beside a seized server say nothing."""
    more = ("--messages", told["first"], "--attachments", told["photo"])
    everything = b"".join(files_of(received(tool, agency, told["tip"], *more)).values())

    for secret in told.values():
        assert secret.encode() not in everything
    assert reporter.keys.bundle[-32:].hex().encode() not in everything


def test_fields_go_only_when_named(tool: Tool, agency: Agency, told: dict[str, str]) -> None:
    """Each kind by name."""
    folder = received(
        tool,
        agency,
        told["tip"],
        "--messages",
        told["first"],
        "--include",
        "coordinates",
        "time",
    )
    report = (folder / "report.txt").read_text()

    assert "13.72, 100.54 ± 1000 m" in report
    assert "2026-11-23T03:00:00Z" in report
    assert "road" not in report


def test_a_passage_is_cut_and_marked(tool: Tool, agency: Agency, told: dict[str, str]) -> None:
    """The words are gone, and a reader sees that some were there."""
    cut = f"{told['first'][:6]}:{NAMED}-{NAMED + len('นาย สมชาย ใจดี')}"
    folder = received(tool, agency, told["tip"], "--messages", told["first"], "--cut", cut)
    report = (folder / "report.txt").read_text()

    assert "ผู้รับเหมาคือ ⟦ตัดออก · cut⟧ โทร 0812345678" in report
    assert "สมชาย" not in report
    assert "withheld cut 1" in (folder / "manifest.txt").read_text()


def test_the_preview_shows_what_would_go_and_writes_nothing(
    tool: Tool, told: dict[str, str], tmp_path: Path
) -> None:
    """With the numbers that a cut takes, and what is left out."""
    before = {path for path in tmp_path.rglob("*") if path.is_file()}
    cut = f"{told['first']}:{NAMED}-{NAMED + 14}"
    ended = tool.unlocked(
        "export", told["tip"], "--preview", "--messages", told["first"], "--cut", cut
    )

    assert ended.code == 0, ended.err
    assert f"     0 │ {TEXT[:40]}" in ended.out
    assert f"    40 │ {TEXT[40:]}" in ended.out
    assert "⟦ตัดออก · cut⟧" in ended.out
    assert "[does not go]" in ended.out
    assert "withheld: message 1" in ended.out
    assert {path for path in tmp_path.rglob("*") if path.is_file()} == before


def test_a_preview_of_nothing_chosen_lists_what_there_is(
    tool: Tool, told: dict[str, str]
) -> None:
    """That is where the ids come from."""
    shown = tool.unlocked("export", told["tip"], "--preview", "--json").data

    assert [m["object_id"] for m in shown["messages"]] == [told["first"], told["second"]]
    assert [m["goes_as"] for m in shown["messages"]] == [None, None]
    assert [a["id"] for a in shown["attachments"]] == [told["photo"]]


def test_nothing_is_on_the_disk_in_clear(
    tool: Tool, agency: Agency, told: dict[str, str], tmp_path: Path
) -> None:
    """Of the text and the picture, only sealed octets."""
    exported(
        tool, agency, told["tip"], "--messages", told["first"], "--attachments", told["photo"]
    )
    for path in tmp_path.rglob("*"):
        if path.is_file():
            octets = path.read_bytes()
            assert TEXT.encode() not in octets, path
            assert PHOTO[:100] not in octets, path


def test_the_same_choice_gives_the_same_archive(
    tool: Tool, agency: Agency, told: dict[str, str]
) -> None:
    """No clock, owner or order of a disk is in it; only the sealing takes chance."""
    opened = []
    for name in ("a.age", "b.age"):
        exported(tool, agency, told["tip"], "--messages", told["first"], out=name)
        opened.append(age_reader.read(Path(tool.path(name)).read_bytes(), agency.seed))
        tool.clock.advance(hours=1)

    assert opened[0] == opened[1]
    with tarfile.open(fileobj=io.BytesIO(opened[0])) as archive:
        owners = {(m.uid, m.gid, m.uname, m.gname, m.mtime, m.mode) for m in archive}
    assert owners == {(0, 0, "", "", 0, 0o644)}


def test_its_length_says_little(tool: Tool, agency: Agency, told: dict[str, str]) -> None:
    """A sentence more or less does not change the size of what goes through the post."""
    sizes = set()
    for name, message in (("a.age", "first"), ("b.age", "second")):
        exported(tool, agency, told["tip"], "--messages", told[message], out=name)
        sizes.add(Path(tool.path(name)).stat().st_size)

    assert len(sizes) == 1


def test_a_picture_that_nobody_stripped_is_stripped_on_the_way(
    tool: Tool, agency: Agency, reporter: Reporter
) -> None:
    """A front end that seals for itself may have left the camera's serial number in."""
    name = reporter.attach(jpegs.phone(), server_sealed=False)
    reporter.send_text("ภาพ", name)
    tool.unlocked("sync")

    folder = received(tool, agency, reporter.tip, "--attachments", name.id)

    picture = (folder / "files" / "1.jpg").read_bytes()
    assert picture.startswith(b"\xff\xd8")
    assert b"Exif" not in picture


def test_a_staff_answer_can_be_handed_over_under_its_officers_name(
    tool: Tool, agency: Agency, told: dict[str, str], door: FakeDoor
) -> None:
    """What was asked belongs to what was answered."""
    tool.clock.advance(seconds=5)
    tool.unlocked("answer", told["tip"], "--text", "โครงการไหน")
    (octets,) = door.follow_ups[told["tip"]]
    answer = octets[24:40].hex()
    door.objects[answer] = octets
    tool.unlocked("sync")

    shown = tool.unlocked("export", told["tip"], "--preview", "--messages", answer).out
    assert f"message {answer}, from staff (somsri)" in shown
    folder = received(tool, agency, told["tip"], "--messages", told["first"], answer)

    report = (folder / "report.txt").read_text()
    assert "staff: somsri" in report
    assert report.index(TEXT) < report.index("โครงการไหน")


def test_what_the_reporter_kept_of_a_picture_goes_only_when_named(
    tool: Tool, agency: Agency, reporter: Reporter
) -> None:
    """Where and when it was taken, each by name."""
    taken = {"latitude": 13.7, "longitude": 100.5, "location_precision_m": 1000}
    name = msgspec.structs.replace(
        reporter.attach(PHOTO), **taken, taken_at="2026-11-20T09:00:00", utc_offset="+07:00"
    )
    notice = AttachmentNotice(reporter.sent_at(), [name])
    reporter.send_text("ภาพ")
    reporter.send(notice, Kind.FOLLOW_UP_FROM_REPORTER, server_sealed=True)
    tool.unlocked("sync")
    shown = tool.unlocked("export", reporter.tip, "--preview", "--attachments", name.id)
    assert "[ ] photo-location: 13.7, 100.5" in shown.out
    assert "2. message" not in shown.out

    more = ("--attachments", name.id, "--include", "photo-time")
    report = (received(tool, agency, reporter.tip, *more) / "report.txt").read_text()

    assert "taken on, by the camera's clock: 2026-11-20T09:00:00 +07:00" in report
    assert "13.7" not in report


def original(reporter: Reporter) -> AttachmentName:
    """A photo whose hidden data the reporter chose to keep."""
    name = reporter.attach(PHOTO, Kind.ATTACHMENT_FROM_REPORTER)
    return msgspec.structs.replace(name, original=True)


def test_an_original_goes_only_when_told_so_unsafely(
    tool: Tool, agency: Agency, reporter: Reporter
) -> None:
    """And then it is called one."""
    name = original(reporter)
    reporter.send_text("ต้นฉบับ", name)
    tool.unlocked("sync")

    refused = exported(tool, agency, reporter.tip, "--attachments", name.id)
    assert refused.code == 1
    assert "--unsafe-original" in refused.err
    assert not Path(tool.path("out.age")).exists()

    folder = received(tool, agency, reporter.tip, "--attachments", name.id, "--unsafe-original")
    assert (folder / "files" / "1-original.jpg").read_bytes() == PHOTO
    assert "1-original.jpg  ต้นฉบับ" in (folder / "report.txt").read_text()
