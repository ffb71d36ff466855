"""What reporters are told of the case that their tips became."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from mustshare_api.keytool.referrals.dockets import Dockets
from mustshare_api.media.strip import Stripper
from tests.keytool.real_door import real_door
from tests.keytool.referrals.people import People, officers_at
from tests.keytool.referrals.test_several import failing, tips_of
from tests.shape.tree import ROOT

SLUG = "kinnari-lamp-posts"


@pytest.fixture
def people(
    dsn: str, stripper: Stripper, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> Iterator[People]:
    with real_door(dsn, stripper, tmp_path) as door:
        yield officers_at(door, capsys)


def proposed(people: People) -> str:
    """The example of the documents without its picture, before its second signature."""
    folder = people.folder / "lamp-posts"
    folder.mkdir()
    for file in (ROOT / "docs" / "examples" / "lamp-posts").iterdir():
        text = file.read_text(encoding="utf-8").partition("[[pictures]]")[0]
        (folder / file.name).write_text(text, encoding="utf-8")
    return str(people.done("home", "case", "propose", str(folder))["id"])


def cases_of(people: People, digits: str) -> list[tuple[str, str]]:
    docket: dict[str, Any] = people.reporter("GET", "/v1/tip", digits).json()["docket"] or {}
    return [(one["slug"], one["state"]) for one in docket.get("cases", ())]


def test_reporters_are_told_of_the_case_that_their_tips_are_tied_to(
    people: People, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Once it is public, as it stands, once; no more when untied; what failed is named."""
    (first, one, _), (second, other, _) = tips_of(people, "เสาไฟราคาแพง", "ถนนพัง")
    page_id = proposed(people)
    people.done("home", "tie", one, other, page_id)
    early = people.run("home", "case", "tell", page_id)
    people.done("second", "case", "publish", page_id, "--yes")
    with monkeypatch.context() as patched:
        patched.setattr(Dockets, "put", failing)
        failed = people.run("home", "case", "tell", SLUG)
    told = people.done("home", "case", "tell", SLUG)
    again = people.done("second", "case", "tell", SLUG)

    assert (early.code, "case.not_published" in early.err) == (1, True)
    assert (failed.code, failed.err.count("case.untold")) == (1, 2)
    assert (sorted(told["told"]), again["told"]) == (sorted([one, other]), [])
    assert cases_of(people, first) == cases_of(people, second) == [(SLUG, "open")]

    people.done("second", "untie", other, SLUG)
    why = ("--reason-th", "ผิดพลาด", "--reason-en", "A mistake")
    people.done("home", "case", "take-down", page_id, *why)
    people.done("home", "case", "tell", SLUG)
    assert cases_of(people, first) == [(SLUG, "taken_down")]
    assert cases_of(people, second) == []
