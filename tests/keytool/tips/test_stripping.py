"""What a reporter sealed themselves is stripped when staff open it: nobody could before."""

import json
import sys
from pathlib import Path

import msgspec
import pytest

from mustshare_api.crypto.envelope import Kind, parse_head
from tests.documents import film_plants, pdfs
from tests.keytool.conftest import Reporter, Tool
from tests.keytool.fake_door import FakeDoor
from tests.keytool.tips.test_answer import read_answer
from tests.pictures import drawn, exif, heif_plants, jpegs, marks

DAMAGED = jpegs.phone()[:900]
PICTURES = {
    "jpeg": jpegs.phone(),
    "heic": heif_plants.phone(),
    "png": drawn.encoded(drawn.scene(), "PNG", exif=exif.full()),
}


def opened(
    tool: Tool, reporter: Reporter, content: bytes, *extra: str
) -> tuple[list[Path], str]:
    """What opening a tip with this client-sealed file wrote and said."""
    name = reporter.attach(content, server_sealed=False)
    reporter.send_text("a photo", msgspec.structs.replace(name, removed=[]))
    tool.unlocked("sync")
    ended = tool.unlocked("open", reporter.tip, *extra)
    assert ended.code == 0, ended.err
    return sorted((tool.home / "opened" / reporter.tip).glob("*")), ended.out


@pytest.mark.parametrize("form", PICTURES)
def test_a_sealed_picture_is_written_stripped(
    tool: Tool, reporter: Reporter, form: str
) -> None:
    """By the service's own stripper; its kinds are named as they are to a reporter."""
    assert marks.found_in(PICTURES[form])

    files, said = opened(tool, reporter, PICTURES[form])

    (file,) = files
    assert file.suffix == {"png": ".png"}.get(form, ".jpg")
    assert not marks.found_in(file.read_bytes())
    assert drawn.apart(drawn.opened(file.read_bytes()), drawn.scene()) < 4
    assert "stripped: location, camera" in said


@pytest.mark.parametrize("content", [DAMAGED, b"%PDF-1.7\n" + marks.MARK, marks.MARK])
def test_what_cannot_be_stripped_is_not_written(
    tool: Tool, reporter: Reporter, content: bytes
) -> None:
    """And it is said, with what can be done about it."""
    files, said = opened(tool, reporter, content)

    assert files == []
    assert "cannot be stripped here; not written without --unsafe-original" in said


OTHERS = {
    ".pdf": pdfs.planted()["info"][0],
    ".mp4": film_plants.planted()["apple's position"][0],
    ".m4a": film_plants.planted()["ogg comments"][0],
    ".mp3": film_plants.planted()["mp3 id3"][0],
}


@pytest.mark.parametrize("suffix", OTHERS)
def test_a_sealed_document_or_film_is_written_stripped(
    tool: Tool, reporter: Reporter, suffix: str
) -> None:
    """As a picture is, under the name of what came out."""
    assert marks.found_in(OTHERS[suffix])

    files, said = opened(tool, reporter, OTHERS[suffix])

    (file,) = files
    assert file.suffix == suffix
    assert not marks.found_in(file.read_bytes())
    assert "stripped: " in said


def test_what_cannot_be_stripped_is_written_when_asked(tool: Tool, reporter: Reporter) -> None:
    """Untouched, under a name that says so, with a warning."""
    files, said = opened(tool, reporter, DAMAGED, "--unsafe-original")

    (file,) = files
    assert file.name.endswith(".original.jpg")
    assert file.read_bytes() == DAMAGED
    assert "do not pass it on" in said


def test_what_can_be_stripped_is_stripped_even_then(tool: Tool, reporter: Reporter) -> None:
    """The switch is for what cannot be had otherwise."""
    files, _ = opened(tool, reporter, jpegs.phone(), "--unsafe-original")

    assert [marks.found_in(file.read_bytes()) for file in files] == [False]


def test_where_there_is_no_sandbox_nothing_sealed_is_written(
    tool: Tool, reporter: Reporter, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An officer's laptop may be of another make."""
    monkeypatch.setattr(sys, "platform", "darwin")

    files, said = opened(tool, reporter, jpegs.phone())

    assert files == []
    assert "cannot be stripped here" in said


def test_what_staff_sent_is_written_as_it_is(tool: Tool, reporter: Reporter) -> None:
    """It is their own; a reporter's message cannot have it opened as theirs."""
    photo = reporter.attach(jpegs.phone(), Kind.ATTACHMENT_FROM_STAFF)
    reporter.send_text("not mine", photo)
    tool.unlocked("sync")

    assert tool.unlocked("open", reporter.tip).code == 4
    assert list((tool.home / "opened" / reporter.tip).glob("*")) == []


def test_a_changed_sealed_picture_reaches_no_decoder(tool: Tool, reporter: Reporter) -> None:
    """It is refused as changed, and not as a picture that can't be stripped."""
    name = reporter.attach(jpegs.phone(), server_sealed=False)
    reporter.send_text("a photo", msgspec.structs.replace(name, sha256="00" * 32))
    tool.unlocked("sync")

    ended = tool.unlocked("open", reporter.tip, "--unsafe-original")

    assert ended.code == 4
    assert "not what the signed message names" in ended.out
    assert list((tool.home / "opened" / reporter.tip).glob("*")) == []


def test_an_officers_own_photo_is_stripped_before_it_is_sealed(
    tool: Tool, door: FakeDoor, reporter: Reporter
) -> None:
    """The reporter gets the picture, and nothing of the phone that took it."""
    reporter.send_text("ถนนพัง")
    tool.unlocked("sync")
    photo = tool.folder / "IMG_20261123.HEIC"
    photo.write_bytes(heif_plants.phone())
    ended = tool.unlocked("answer", reporter.tip, "--text", "a", "--attach", str(photo))
    assert ended.code == 0, ended.err

    (octets,) = door.follow_ups[reporter.tip]
    (named,) = read_answer(tool, reporter, octets).attachments
    _, object_id, _, sealed = door.attachments[0]
    door.objects |= {parse_head(octets).prefix.object_id.hex(): octets, object_id: sealed}
    tool.unlocked("sync")
    tool.unlocked("open", reporter.tip)
    (file,) = (tool.home / "opened" / reporter.tip).glob("*")

    assert named.media_type == "image/jpeg"
    assert not marks.found_in(file.read_bytes())
    assert drawn.apart(drawn.opened(file.read_bytes()), drawn.scene()) < 4


@pytest.mark.parametrize("content", [DAMAGED, b"%PDF-1.7\n" + marks.MARK])
def test_what_cannot_be_stripped_goes_with_no_answer(
    tool: Tool, door: FakeDoor, reporter: Reporter, content: bytes
) -> None:
    """Unless the officer says so: then it goes untouched, with a warning."""
    reporter.send_text("ถนนพัง")
    tool.unlocked("sync")
    file = tool.folder / "file"
    file.write_bytes(content)
    asked = ("answer", reporter.tip, "--text", "a", "--attach", str(file))
    refused = tool.unlocked(*asked)
    assert refused.code == 1
    assert "--unsafe-original" in refused.err
    assert not any((tool.home / "outbox").glob("*"))
    assert not door.attachments

    sent = tool.unlocked(*asked, "--unsafe-original")
    assert sent.code == 0
    assert "goes untouched" in sent.err


def test_pictures_are_stripped_into_a_folder(tool: Tool) -> None:
    """Offline, without keys, and under names that tell nothing."""
    photo, text = tool.folder / "IMG_20261123.jpg", tool.folder / "notes.txt"
    original = jpegs.phone()
    photo.write_bytes(original)
    text.write_text("x")
    out = tool.folder / "page"

    ended = tool.run("strip", str(photo), str(text), "missing", "--out", str(out))

    assert ended.code == 1
    (file,) = out.iterdir()
    assert not marks.found_in(file.read_bytes())
    assert drawn.apart(drawn.opened(file.read_bytes()), drawn.scene()) < 4
    assert "2026" not in file.name
    assert "stripped: location, camera" in ended.out
    assert "notes.txt: not written. It is no kind of picture" in ended.err
    assert "Cannot read missing" in ended.err
    assert photo.read_bytes() == original


def test_stripping_tells_machines_what_became_of_what(tool: Tool) -> None:
    """One JSON value."""
    photo = tool.folder / "a.jpg"
    photo.write_bytes(jpegs.phone())

    ended = tool.run("strip", str(photo), "--out", str(tool.folder / "page"), "--json")

    (one,) = json.loads(ended.out)
    assert one["from"] == str(photo)
    assert Path(one["path"]).is_file()
    assert "location" in one["removed"]
