"""Two officers publish a case with the key tool, against the real doors."""

import io
from urllib.error import HTTPError

import pytest

from tests.keytool.cases.conftest import CASE, Officers

SLUG = "/v1/cases/kinnari-lamp-posts"


def test_a_case_goes_from_a_folder_to_the_public(officers: Officers) -> None:
    """One drafts and proposes, the other sees exactly what will be public, and publishes."""
    page_id = officers.write(picture=True)
    proposed = officers.run("case", "propose", str(officers.folder))
    assert proposed.code == 0, proposed.err
    with pytest.raises(HTTPError, match="404"):
        officers.public(SLUG)

    looked = officers.run("case", "show", page_id, by=1)
    assert looked.code == 0, looked.err
    for part in ("Kinnari lamp posts", "642000000", "## ราคา", "<https://example.org/a>"):
        assert part in looked.out
    assert "somsri" in looked.out

    published = officers.run("case", "publish", page_id, "--yes", by=1)
    assert published.code == 0, published.err
    shown = officers.public(SLUG)
    assert shown["title"]["th"] == "เสาไฟกินรี"
    assert "<script" not in shown["body_html"]["en"]
    assert len(shown["pictures"]) == 1
    assert shown["right_of_reply"][0]["from"]["en"] == "mayor"


def test_whoever_proposed_cannot_publish(officers: Officers) -> None:
    """And neither can somebody who does not say yes."""
    page_id = officers.write()
    officers.run("case", "propose", str(officers.folder))
    alone = officers.run("case", "publish", page_id, "--yes")

    assert (alone.code, "another officer" in alone.err) == (1, True)
    with pytest.raises(HTTPError, match="404"):
        officers.public(SLUG)


def test_a_second_officer_who_does_not_say_yes_publishes_nothing(
    officers: Officers, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is asked is answered with a word; anything else is no."""
    page_id = officers.write()
    officers.run("case", "propose", str(officers.folder))
    monkeypatch.setattr("sys.stdin", io.StringIO("y\n"))
    refused = officers.run("case", "publish", page_id, by=1)

    assert (refused.code, refused.err.strip().endswith("Not published.")) == (1, True)


def test_nobody_agrees_to_what_was_not_shown(
    officers: Officers, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With `--json` nothing is; `show` gives all of the page to machines."""
    page_id = officers.write()
    officers.run("case", "propose", str(officers.folder))
    monkeypatch.setattr("sys.stdin", io.StringIO("yes\n"))
    refused = officers.run("case", "publish", page_id, "--json", by=1)
    shown = officers.run("case", "show", page_id, "--json", by=1)
    folder = officers.run("case", "show", str(officers.folder), "--json")

    assert (refused.code, refused.out) == (1, "")
    assert shown.data["by"] == "somsri"
    assert shown.data["page"]["slug"] == folder.data["page"]["slug"] == "kinnari-lamp-posts"


def test_proposing_again_is_no_harm(officers: Officers) -> None:
    """After a lost answer, or after a change: the newest draft is the one that counts."""
    page_id = officers.write()
    assert officers.run("case", "propose", str(officers.folder)).code == 0
    assert officers.run("case", "propose", str(officers.folder)).code == 0
    (officers.folder / "body.en.md").write_text("changed\n")
    assert officers.run("case", "propose", str(officers.folder)).code == 0
    assert officers.run("case", "publish", page_id, "--yes", by=1).code == 0

    assert officers.public(SLUG)["body"]["en"] == "changed\n"


def test_a_correction_says_what_changed_and_keeps_its_pictures(officers: Officers) -> None:
    """Fetched by the other officer into a folder, changed, proposed, published."""
    page_id = officers.write(picture=True)
    officers.run("case", "propose", str(officers.folder))
    officers.run("case", "publish", page_id, "--yes", by=1)
    silent = officers.run("case", "propose", str(officers.folder))
    assert (silent.code, "what changes and why" in silent.err) == (1, True)

    other = officers.door.folder / "correction"
    words = [
        "--what-th",
        "ราคา",
        "--what-en",
        "the price",
        "--why-th",
        "ผิด",
        "--why-en",
        "wrong",
    ]
    fetched = officers.run("case", "correct", page_id, str(other), *words, by=1)
    assert fetched.code == 0, fetched.err
    (other / "body.en.md").write_text("corrected\n")
    before = officers.public(SLUG)["pictures"]
    proposed = officers.run("case", "propose", str(other), by=1)
    assert proposed.code == 0, proposed.err
    published = officers.run("case", "publish", page_id, "--yes")
    assert published.code == 0, published.err

    after = officers.public(SLUG)
    assert (after["version"], after["body"]["en"]) == (2, "corrected\n")
    assert after["pictures"] == before
    lines = officers.public(f"{SLUG}/history")["versions"]
    assert lines[1]["change"]["why"]["en"] == "wrong"


def test_one_officer_takes_a_case_down(officers: Officers) -> None:
    """With a reason that everybody reads; it stands on the list as taken down."""
    page_id = officers.write()
    officers.run("case", "propose", str(officers.folder))
    officers.run("case", "publish", page_id, "--yes", by=1)
    reason = ["--reason-th", "ผิดคน", "--reason-en", "the wrong person"]
    down = officers.run("case", "take-down", page_id, *reason)

    assert down.code == 0, down.err
    with pytest.raises(HTTPError, match="410"):
        officers.public(SLUG)
    listed = officers.run("case", "list", "--json").data
    assert [one["state"] for one in listed["published"]] == ["taken_down"]
    assert [one["slug"] for one in listed["drafts"]] == ["kinnari-lamp-posts"]
    assert officers.run("case", "drop-draft", page_id).code == 0
    assert officers.run("case", "list", "--json").data["drafts"] == []


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ("slug = [", "no valid TOML"),
        (CASE.replace('"110303"', '"990000"'), "not right"),
        (CASE.replace("63017000001", "63137000001"), "procurement"),
        (CASE.replace("63017000001", "63137000001"), "third and fourth digit are a month"),
        (CASE.replace("63017000001", "2563017000001"), "the year has two digits"),
        (CASE.replace("63017000001", "20017000001"), "procurement[0]: the first two digits"),
        (CASE.replace("63017000001", "630170000012"), "a contract's or plan's"),
        (CASE.replace("642000000", "-1"), "baht"),
        (CASE.replace('state = "open"', 'state = "shut"'), "state"),
        (CASE.replace("2021-06-01", "1"), "timeline"),
        (CASE + 'extra = "x"\n', "extra"),
        (CASE + 'pictures = [{file = "../a.jpg", alt = {th = "ก", en = "a"}}]\n', "picture"),
        (CASE.replace('slug = "kinnari-lamp-posts"\n', ""), "slug"),
    ],
)
def test_a_folder_that_is_no_case_is_refused_by_the_field(
    officers_offline: Officers, wrong: str, said: str
) -> None:
    """In one line, before anything is sealed or sent."""
    officers_offline.write(wrong)
    refused = officers_offline.run("case", "show", str(officers_offline.folder))

    assert refused.code == 1
    assert said in refused.err
    assert len(refused.err.strip().split("\n")) == 1


def test_a_folder_is_read_as_any_editor_leaves_it(officers_offline: Officers) -> None:
    """A mark in front, as old Notepads put it, line ends of Windows, and a table's tabs."""
    officers_offline.write()
    folder = officers_offline.folder
    typed = (folder / "case.toml").read_text()
    (folder / "case.toml").write_bytes(b"\xef\xbb\xbf" + typed.replace("\n", "\r\n").encode())
    (folder / "body.th.md").write_bytes(b"\xef\xbb\xbf" + "# เสา\r\n\r\nก\tข\r\n".encode())

    shown = officers_offline.run("case", "show", str(folder), "--json")

    assert shown.code == 0, shown.err
    assert shown.data["page"]["body"]["th"] == "# เสา\n\nก   ข\n"


def test_a_folder_that_holds_a_case_is_not_written_over(officers_offline: Officers) -> None:
    """Neither by `new` nor by `edit`."""
    officers_offline.write()
    before = (officers_offline.folder / "case.toml").read_bytes()
    again = officers_offline.run("case", "new", str(officers_offline.folder), own=False)

    assert again.code == 1
    assert (officers_offline.folder / "case.toml").read_bytes() == before
