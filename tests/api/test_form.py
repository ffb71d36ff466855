"""The form for browsers without scripts: what it holds, takes, keeps and refuses."""

import re
from typing import Any

import pytest

from mustshare_api.api.catalogue.table import CATALOGUE
from mustshare_api.api.form.page import STYLE
from mustshare_api.crypto.envelope import Kind
from mustshare_api.domain import receipt
from mustshare_api.domain.limits import Limits
from mustshare_api.domain.message import TipBody
from mustshare_api.errors import Busy
from tests.api.files import contents, located, names, shows_the_scene
from tests.api.forms import HTML, NAMED, X, photo, raw, sent
from tests.doors import Doors, made_up_receipt
from tests.pictures import jpegs, marks, others


async def test_the_page_runs_nothing_and_loads_nothing(doors: Doors) -> None:
    """No script, no address but our own, one style, and a form that goes nowhere else."""
    page = await doors.reporter.get("/v1/form", headers=HTML)
    policy = page.headers["content-security-policy"]

    assert page.status_code == 200
    assert "<script" not in page.text
    assert re.findall(r"(?:src|href|action)=\"([^\"]*)\"", page.text) == ["/v1/form"]
    assert "style=" not in page.text.replace(f"<style>{STYLE}", "")
    assert policy.startswith("default-src 'none'; style-src 'sha256-")
    assert "form-action 'self'" in policy
    assert page.headers["cache-control"] == "no-store"
    assert "set-cookie" not in page.headers


async def test_each_page_holds_a_receipt_of_its_own(doors: Doors) -> None:
    """Minted for this page, right by its check digits."""
    pages = [(await doors.reporter.get("/v1/form")).text for _ in range(2)]
    held = [re.findall(r'name="receipt" value="([0-9]{30})"', page) for page in pages]

    (one,), (other,) = held
    assert receipt.normalise(one) == one
    assert one != other


async def test_words_and_photos_arrive_and_the_receipt_is_shown(doors: Doors) -> None:
    """The tip to the letter, each photo stripped, and what was removed said twice."""
    digits = made_up_receipt()
    page = await sent(
        doors, photo(jpegs.phone()), photo(jpegs.plain()), receipt=digits, category="road"
    )

    assert page.status_code == 201, page.text
    assert receipt.grouped(digits) in page.text
    assert "ตำแหน่งที่ถ่าย" in page.text
    assert "where it was taken" in page.text
    assert "IMG_4711" not in page.text
    (tip,) = await doors.opened(Kind.TIP)
    assert isinstance(tip, TipBody)
    assert (tip.text, tip.category) == ("ถนนพัง", "road")
    stored = list((await contents(doors)).values())
    assert len(stored) == 2
    assert not any(marks.found_in(octets) for octets in stored)
    assert all(shows_the_scene(octets) for octets in stored)
    view = await doors.reporter.get("/v1/tip", headers={"authorization": f"Receipt {digits}"})
    assert view.status_code == 200


async def test_a_double_click_is_one_tip_with_one_photo(doors: Doors) -> None:
    """The same page sent twice is answered twice and stored once."""
    digits, octets = made_up_receipt(), located()
    first = await sent(doors, photo(octets), receipt=digits)
    again = await sent(doors, photo(octets), receipt=digits)

    assert (first.status_code, first.text) == (again.status_code, again.text)
    assert len(await doors.stored(Kind.TIP)) == 1
    assert len(await names(doors)) == 1


async def test_a_tip_without_a_photo_is_a_tip(doors: Doors) -> None:
    """The empty part that a browser sends for no file is no refused photo."""
    page = await sent(doors)

    assert page.status_code == 201
    assert "<li" not in page.text


async def test_a_refused_photo_does_not_cost_the_tip(doors: Doors) -> None:
    """Words and the good photo are kept; the page says which photo is missing, and why."""
    page = await sent(
        doors,
        photo(b"\xff\xd8\xff no picture"),
        photo(jpegs.plain()),
        photo(b"MZ\x90\0", "a.exe"),
        photo(b"", "empty.jpg"),
    )

    assert page.status_code == 201
    assert page.text.count("This photo was not taken") == 3
    assert "This picture cannot be read" in page.text
    assert "This kind of file is not taken" in page.text
    assert "The file is empty" in page.text
    assert len(await doors.stored(Kind.TIP)) == 1
    assert len(await names(doors)) == 1


async def test_a_busy_moment_costs_a_photo_and_not_the_tip(
    doors: Doors, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The page can be sent again as it is, and then lacks nothing and doubles nothing."""
    digits, octets = made_up_receipt(), located()

    async def busy(*_: object, **__: object) -> None:
        raise Busy("media.busy")

    with monkeypatch.context() as patched:
        patched.setattr(type(doors.bench.stripper), "strip", busy)
        first = await sent(doors, photo(octets), receipt=digits)
    again = await sent(doors, photo(octets), receipt=digits)

    assert (first.status_code, again.status_code) == (201, 201)
    assert "reload this page" in first.text
    assert "reload this page" not in again.text
    assert (len(await doors.stored(Kind.TIP)), len(await names(doors))) == (1, 1)


async def test_what_is_ticked_is_kept_and_nothing_else(doors: Doors) -> None:
    """The same choice as for a photo sent alone."""
    page = await sent(doors, photo(located()), location="coarse", keep=["time", "original"])

    assert (
        "Kept for staff: where it was taken, when it was taken, the original file" in page.text
    )
    picture, original = await names(doors)
    assert (picture.latitude, picture.location_precision_m) == (13.76, 1000)
    assert picture.taken_at == "2026-11-23T05:48:22"
    assert original.original


async def test_the_first_of_several_pictures_can_be_asked_for(doors: Doors) -> None:
    """As everywhere."""
    page = await sent(doors, photo(others.several("GIF")), first_frame="true")

    assert "This photo was not taken" not in page.text


async def test_photos_beyond_the_bounds_are_refused_one_by_one(doors: Doors) -> None:
    """Too large, or too many: the others are taken."""
    object.__setattr__(doors.bench, "limits", Limits(attachment_bytes=5000, form_photos=2))
    large = photo(jpegs.plain() + bytes(6000))
    page = await sent(doors, large, photo(jpegs.plain()), photo(jpegs.plain()))

    assert page.status_code == 201
    assert "The file is too large" in page.text
    assert CATALOGUE["form.too_many_photos"].title_en in page.text
    assert len(await names(doors)) == 1


@pytest.mark.parametrize(
    ("fields", "status", "said"),
    [
        ({"text": ""}, 400, "Some fields are not right"),
        ({"text": "   "}, 400, "Some fields are not right"),
        ({"text": "ก" * 13_334}, 400, "Some fields are not right"),
        ({"text": "x" * 140_000}, 413, "The body is too large"),
        ({"receipt": ""}, 400, "This is not a receipt"),
        ({"receipt": "1" * 30}, 400, "This is not a receipt"),
        ({"category": "everything"}, 400, "Some fields are not right"),
        ({"location": "near"}, 400, "The choice of what to keep"),
        ({"keep": ["all"]}, 400, "The choice of what to keep"),
        ({"keep": ["time", "time"]}, 400, "The choice of what to keep"),
        ({"first_frame": "1"}, 400, "The choice of what to keep"),
        ({"name": "Somchai"}, 400, "The form cannot be read"),
        ({"category": ["road", "other"]}, 400, "The form cannot be read"),
    ],
)
async def test_a_form_that_makes_no_sense_is_refused_as_a_page(
    doors: Doors, fields: dict[str, Any], status: int, said: str
) -> None:
    """In Thai and English, with the right status, and without a word of what was sent."""
    page = await sent(doors, **fields)

    assert (page.status_code, page.headers["content-type"]) == (
        status,
        "text/html; charset=utf-8",
    )
    assert said in page.text
    assert "ยังไม่ได้รับเบาะแส" in page.text
    assert "Somchai" not in page.text
    assert await doors.stored(Kind.TIP) == []


@pytest.mark.parametrize(
    ("body", "kind", "status"),
    [
        (b"", X, 400),
        (b"text=a", "application/x-www-form-urlencoded", 415),
        (b"--x--\r\n", "multipart/form-data", 415),
        (b"--x--\r\n", "multipart/form-data; boundary=" + "b" * 71, 415),
        (b"no boundary at all", X, 400),
        (NAMED + b"text\r\n\r\ncut", X, 400),
        (NAMED + b"text\r\n\r\n\xff\r\n--x--", X, 400),
        (b"--x\r\nContent-Disposition: form-data\r\n\r\na\r\n--x--", X, 400),
        (NAMED + b"text; filename=a\r\n\r\na\r\n--x--", X, 400),
        (b"--x\r\n" + b"A: b\r\n" * 9, X, 413),
        (b"--x\r\nA: " + b"b" * 5000, X, 413),
        ((NAMED + b"keep\r\n\r\ntime\r\n") * 65 + b"--x--", X, 413),
    ],
)  # fmt: skip
async def test_a_body_that_is_no_form_is_refused(
    doors: Doors, body: bytes, kind: str, status: int
) -> None:
    """Broken, cut, or stuffed: nothing is guessed and nothing stored."""
    page = await raw(doors, body, kind)

    assert page.status_code == status
    assert await doors.stored(Kind.TIP) == []


@pytest.mark.parametrize(
    "origin", ["https://elsewhere.example", "null", "https://reporter.test:1"]
)
async def test_a_form_sent_from_another_page_is_refused(doors: Doors, origin: str) -> None:
    """No page on the web can make its visitors send tips."""
    page = await sent(doors, headers={"origin": origin})

    assert page.status_code == 403
    assert await doors.stored(Kind.TIP) == []


async def test_an_origin_that_is_no_address_is_another_page(doors: Doors) -> None:
    """Half an IPv6 address is one that the standard library will not take apart."""
    page = await sent(doors, headers={"origin": "http://["})

    assert page.status_code == 403
    assert await doors.stored(Kind.TIP) == []


async def test_a_form_sent_from_its_own_page_is_taken(doors: Doors) -> None:
    """A browser names the page's own host, as the page's policy lets it."""
    page = await sent(doors, headers={"origin": "https://reporter.test"})
    form = await doors.reporter.get("/v1/form")

    assert page.status_code == 201
    assert form.headers["referrer-policy"] == "same-origin"


async def test_whoever_does_not_read_html_gets_a_problem(doors: Doors) -> None:
    """The contract's problems hold here too."""
    answer = await sent(doors, headers={"accept": "*/*"}, receipt="")

    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["code"] == "receipt.malformed"


async def test_without_a_directory_the_form_says_so(doors: Doors) -> None:
    """Nobody types a tip that cannot be sealed."""
    doors.clock.advance(days=400)
    page = await doors.reporter.get("/v1/form", headers=HTML)

    assert (page.status_code, "The key directory has expired" in page.text) == (503, True)
    assert "<form" not in page.text


async def test_memory_is_given_back_after_every_form(doors: Doors) -> None:
    """Taken, refused or broken, no form leaves bytes behind in the budget."""
    await sent(doors, photo(located()))
    await sent(doors, photo(b"\xff\xd8\xff no"), receipt="")
    await raw(
        doors,
        NAMED + b"text\r\n\r\ncut",
        X,
    )

    assert doors.bench.parking.taken_bytes == 0
