"""A campaign's form without a script: its fields, what is typed into them, what comes back."""

import re
from html import unescape
from typing import Any

import httpx
import pytest

from mustshare_api.api.form.asked_page import Filled
from mustshare_api.crypto.envelope import Kind
from mustshare_api.domain.message import TipBody
from mustshare_api.errors import FieldError
from mustshare_api.flows.admission import MESSAGE_LIMIT
from tests.api.files import names
from tests.api.forms import HTML, LEAD, Part, encoded, photo
from tests.campaigns import SLUG, published, roads
from tests.doors import Doors, made_up_receipt
from tests.pictures import jpegs

PATH = f"/v1/form/campaigns/{SLUG}"
FILLED = {
    "q.defect": ["hole", "crack"], "q.holes": "๓", "q.sign": "true",
    "q.finished_on": "2026-03-31",
    "q.budget_baht": "4,000,000.50", "q.project": "๖๘๐๑๙๑๒๓๔๕๖", "q.road": "ทล. 11",
    "q.district": "500101", "q.since": "", "q.harm": "", "point": "18.788312, 98.985371",
    "precision_m": "1000",
}  # fmt: skip


async def sent(
    doors: Doors, *parts: Part, accept: bool = True, **changes: Any
) -> httpx.Response:
    """The form as a browser sends it, `__` for the dot of a question's name."""
    fields = {"receipt": made_up_receipt(), "text": "ถนนพัง", **FILLED}
    fields |= {name.replace("__", "."): value for name, value in changes.items()}
    nothing = ("photos", ("", b"", "application/octet-stream"))
    kind = {"content-type": f"multipart/form-data; boundary={LEAD[2:].decode()}"}
    headers = kind | (HTML if accept else {"accept": "*/*"})
    body = encoded(fields, [*parts] or [nothing])
    return await doors.reporter.post(PATH, content=body, headers=headers)


async def test_every_question_has_a_field_of_its_type(doors: Doors) -> None:
    """No script; those that depend on another say on what."""
    await published(doors)
    page = await doors.reporter.get(PATH, headers=HTML)
    words = unescape(page.text)

    assert page.status_code == 200
    assert "<script" not in page.text
    for question in roads()["questions"]:
        assert f'name="q.{question["id"]}"' in page.text
    assert len(re.findall('type="checkbox" name="q.defect"', page.text)) == 4
    assert 'type="date" id="q.finished_on"' in page.text
    assert "Only if “What is wrong with the road?” is: Holes" in words
    assert "Only if “Since when?” is: Months or Years" in words
    assert 'name="precision_m" value="10000" checked' in page.text


async def test_what_is_typed_is_sealed_as_the_answers_that_it_means(doors: Doors) -> None:
    """Thai digits, commas between thousands and a number copied from a sign."""
    await published(doors)
    page = await sent(doors, photo(jpegs.phone()))

    assert page.status_code == 201, page.text
    (tip,) = await doors.opened(Kind.TIP)
    assert isinstance(tip, TipBody)
    assert tip.answers["holes"] == 3
    assert tip.answers["budget_baht"] == 4_000_000.5
    assert (tip.answers["sign"], tip.answers["defect"]) == (True, ["hole", "crack"])
    assert getattr(tip.answers["project"], "id", None) == "68019123456"
    assert tip.coordinates is not None
    assert (tip.coordinates.latitude, tip.coordinates.precision_m) == (18.785, 1000)
    assert len(await names(doors)) == 1


async def test_what_does_not_fit_comes_back_beside_its_field(doors: Doors) -> None:
    """With everything that was typed, and nothing stored."""
    await published(doors)
    receipt = made_up_receipt()
    page = await sent(
        doors,
        receipt=receipt,
        q__holes="many <b>",
        q__road="",
        q__since="months",
        q__harm="ทุกคน & เด็ก",
        q__finished_on="2569-03-31",
        point="here",
    )
    words = unescape(page.text)

    assert page.status_code == 400
    assert words.count("of the wrong type") == 1
    assert words.count("a Buddhist year") == 1
    assert words.count("has to be answered") > 4
    assert "many <b>" not in page.text
    assert 'value="many &lt;b&gt;"' in page.text
    assert ">ทุกคน &amp; เด็ก</textarea>" in page.text
    assert 'value="months" checked' in page.text
    assert receipt in page.text
    assert await doors.stored(Kind.TIP) == []
    again = await sent(doors, receipt=receipt)
    assert again.status_code == 201


@pytest.mark.parametrize(
    ("changes", "pointer"),
    [
        ({"q__sign": "false"}, "/answers/project"),
        ({"q__sign": "perhaps"}, "/answers/sign"),
        ({"q__defect": ["hole", "hole"]}, "/answers/defect"),
        ({"point": "18.78", "precision_m": "1000"}, "/coordinates"),
        ({"precision_m": "7"}, "/coordinates"),
        ({"precision_m": "10"}, "/coordinates/precision_m"),
        ({"text": " "}, "/text"),
    ],
)
async def test_whoever_reads_no_page_gets_a_problem(
    doors: Doors, changes: dict[str, Any], pointer: str
) -> None:
    """The same pointers as at POST /v1/tips."""
    await published(doors)
    told = (await sent(doors, accept=False, **changes)).json()

    assert told["code"] == "request.invalid_fields"
    assert pointer in {one["pointer"] for one in told["errors"]}


async def test_a_field_that_no_question_has_is_no_form_of_ours(doors: Doors) -> None:
    """Nor the plain form's category."""
    await published(doors)

    assert (await sent(doors, q__who="me")).status_code == 400
    assert (await sent(doors, category="road")).status_code == 400


async def test_a_form_from_another_page_is_refused(doors: Doors) -> None:
    """As the plain form is."""
    await published(doors)
    told = await doors.reporter.post(
        PATH, content=b"", headers={"origin": "https://elsewhere.example"}
    )

    assert (told.status_code, told.json()["code"]) == (403, "form.foreign_page")


async def test_a_campaign_that_is_closed_says_so_instead_of_a_form(doors: Doors) -> None:
    """And one that is not published is not found."""
    await published(doors, closes_on="2026-11-20")
    page = await doors.reporter.get(PATH, headers=HTML)

    assert "takes no tips today" in page.text
    assert "<form" not in page.text
    gone = await doors.reporter.get("/v1/form/campaigns/of-nobody", headers=HTML)
    assert (gone.status_code, "<h1>" in gone.text) == (404, True)


def test_a_fault_stands_beside_its_own_question_alone() -> None:
    """Also where another question's id begins with it."""
    told = Filled("", errors=[FieldError("/answers/hole_depth", "field.missing")])

    assert told.wrong("/answers/hole") == ""
    assert told.wrong("/answers/hole_depth")
    assert told.wrong("/answers")


async def test_a_form_takes_no_more_words_than_officers_can_sync(doors: Doors) -> None:
    """Forty answers, each of them in order, are together longer than a message may be."""
    label = {"th": "อะไร", "en": "What?"}
    asked = [
        {"type": "paragraph", "id": f"a{n}", "label": label, "max_length": 4000}
        for n in range(40)
    ]
    await published(doors, questions=asked)
    much = {f"q.a{n}": "ก" * 4000 for n in range(40)}
    told = await posted(doors, much)
    assert (told.status_code, told.json()["code"]) == (413, "request.too_large")

    taken = await posted(doors, dict(list(much.items())[:21]))
    assert taken.status_code == 201
    (sealed,) = await doors.stored(Kind.TIP)
    assert len(sealed) <= MESSAGE_LIMIT


async def posted(doors: Doors, answers: dict[str, str]) -> httpx.Response:
    """A form with these answers alone, from whoever reads no page."""
    told = {"receipt": made_up_receipt(), "text": "ถนนพัง", **answers}
    kind = {"content-type": f"multipart/form-data; boundary={LEAD[2:].decode()}"}
    return await doors.reporter.post(PATH, content=encoded(told, []), headers=kind)
