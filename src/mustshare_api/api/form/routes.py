"""A form for browsers that run no script: one page to fill in, one page that answers.

The receipt stands in the page, in a hidden field, and in the answer: never in an address or a
cookie. So sending twice is one tip. Because a form may be sent from any page on the web, a
browser that says it comes from another one is refused; all others send JSON or octets, for
which a browser asks first.
"""

from typing import Any
from urllib.parse import urlsplit

from litestar import Response, get, post

from mustshare_api.api.answers import state_of
from mustshare_api.api.bodies import AnyRequest, stream
from mustshare_api.api.catalogue.flood import IN_LINE
from mustshare_api.api.catalogue.sets import ATTACHED
from mustshare_api.api.challenges import STANDING
from mustshare_api.api.checked import check_text
from mustshare_api.api.form.multipart import Bounds, Form
from mustshare_api.api.form.page import HEADERS, form_page, refused_page, taken_page
from mustshare_api.api.operation import Answer, Octets, Operation
from mustshare_api.api.problems import handle
from mustshare_api.domain import receipt
from mustshare_api.domain.category import Category
from mustshare_api.domain.evidence import Choice, Closeness, Part, choose
from mustshare_api.domain.limits import Limits
from mustshare_api.domain.message import TipBody
from mustshare_api.errors import FieldError, Malformed, MustShareError, WrongMoment
from mustshare_api.flows.form import take_form
from mustshare_api.flows.recording import instant
from mustshare_api.flows.standing import visitor

HTML = "text/html"

FORM_PATIENCE_S = 45.0
"""Within what browsers and the shipped proxies wait for an answer."""

PAGE = Octets("HTML.", ("text/html",))


@get(
    "/v1/form",
    operation=Operation(
        "showForm",
        "A form without a script",
        "HTML, in Thai and English, with a freshly minted receipt in a hidden field.",
        {200: Answer("The page.", PAGE)},
        problems=("directory.missing", "directory.expired", "directory.no_recipients"),
    ),
)
async def show_form(request: AnyRequest) -> Response[Any]:
    """The empty form."""
    bench = state_of(request).bench
    directory = bench.directory
    try:
        directory.recipients()
        evaluation = directory.current().evaluation
        return html(form_page(bench.stripper.takes, evaluation=evaluation), 200)
    except MustShareError as error:
        return refusal(request, error)


@post(
    "/v1/form",
    operation=Operation(
        "sendForm",
        "Send the form",
        "Fields: `receipt`, `text`, `category`, `photos` (files), `location` (coarse, exact), "
        "`keep` (time, original), `first_frame` (true). A photo that is refused is told of on "
        "the page; the tip is kept. Problems come as a page to whoever accepts text/html.",
        {201: Answer("Stored: a page with the receipt, and what became of each photo.", PAGE)},
        takes=(Octets("The form.", ("multipart/form-data",)),),
        parameters=STANDING,
        problems=(
            *ATTACHED,
            "form.malformed",
            "form.foreign_page",
            "choice.malformed",
            "request.invalid_fields",
            "receipt.malformed",
            "receipt.in_use",
            *IN_LINE,
            "directory.missing",
        ),
    ),
)
async def send_form(request: AnyRequest) -> Response[Any]:
    """Takes a tip and its photos."""
    try:
        return await _sent(request)
    except MustShareError as error:
        return refusal(request, error)


async def _sent(request: AnyRequest) -> Response[Any]:
    check_origin(request)
    door = state_of(request)
    limits = door.bench.limits
    wait_for_them()
    with Form(_bounds(limits), door.bench.parking) as form:
        body = stream(request, limits.form_bytes, door.patience)
        await form.read(request.headers.get("content-type", ""), body)
        digits = receipt.normalise(form.one("receipt"))
        check_text(form.one("text"), limits.text_bytes)
        tip = TipBody(
            sent_at=instant(door.bench.clock.now()),
            text=form.one("text"),
            category=_category(form.one("category")),
        )
        taken, photos = await take_form(door.bench, tip, digits, form.photos, choice_of(form))
    return html(taken_page(taken, digits, photos), 201)


def wait_for_them() -> None:
    """Has whoever runs no script wait in line here: they cannot send again by themselves."""
    guest = visitor()
    guest.is_persistent, guest.patience_s = True, FORM_PATIENCE_S


def _bounds(limits: Limits) -> Bounds:
    return Bounds(
        once=("receipt", "text", "category", "location", "first_frame"),
        repeated=("keep",),
        files="photos",
        field_bytes=limits.json_bytes,
        photo_bytes=limits.attachment_bytes,
        photos=limits.form_photos,
    )


def _category(value: str) -> str | None:
    try:
        return Category(value).value if value else None
    except ValueError:
        wrong = FieldError("/category", "field.wrong_form")
        raise Malformed("request.invalid_fields", errors=(wrong,)) from None


def choice_of(form: Form) -> Choice:
    """What is kept of its photos.

    Raises:
        Malformed: `choice.malformed`.
    """
    try:
        closeness = Closeness(form.one("location")) if form.one("location") else None
        parts = [Part(value) for value in form.fields.get("keep", [])]
        first_frame = {"": False, "true": True}[form.one("first_frame")]
    except (ValueError, KeyError):
        raise Malformed("choice.malformed") from None
    parts += [Part.LOCATION] if closeness and Part.LOCATION not in parts else []
    return choose(parts, closeness, first_frame=first_frame)


def check_origin(request: AnyRequest) -> None:
    """That a browser, if it says where the form came from, names this host."""
    origin = request.headers.get("origin")
    if origin is not None and _host_of(origin) != request.headers.get("host"):
        raise WrongMoment("form.foreign_page")


def _host_of(origin: str) -> str | None:
    """Host and port; None where it is no address, such as `http://[`."""
    try:
        return urlsplit(origin).netloc
    except ValueError:
        return None


def refusal(request: AnyRequest, error: MustShareError) -> Response[Any]:
    """A page to a browser, a problem to everyone else; the same status and headers to both."""
    problem = handle(request, error)
    if "text/html" not in request.headers.get("accept", ""):
        return problem
    kept = {name: value for name, value in problem.headers.items() if name == "retry-after"}
    return html(refused_page(error), problem.status_code or 500, kept)


def html(page: str, status: int, more: dict[str, str] | None = None) -> Response[bytes]:
    """A page as it is answered."""
    headers = HEADERS | (more or {})
    return Response(page.encode(), status_code=status, media_type=HTML, headers=headers)


ROUTES: list[Any] = [show_form, send_form]
