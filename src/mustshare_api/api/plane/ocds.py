"""The public's route for a case as an OCDS release package; docs/places.md has the mapping."""

from typing import Any, Final

import msgspec
from litestar import get
from litestar.params import FromPath

from mustshare_api.api.bodies import AnyRequest
from mustshare_api.api.operation import Answer as Told
from mustshare_api.api.operation import Octets, Operation
from mustshare_api.api.plane.shared import IF_NONE_MATCH, SLUG, by_path, checked_slug, plane_of
from mustshare_api.api.ready import Answer
from mustshare_api.domain.case import CaseShown
from mustshare_api.domain.ocds import release_package
from mustshare_api.domain.pages import CASE
from mustshare_api.errors import NotFound

_CASES: Final = msgspec.json.Decoder(CaseShown)
_JSON: Final = "application/json"


@get(
    "/v1/cases/{slug:str}/ocds.json",
    operation=Operation(
        "exportCaseAsOcds",
        "A case for readers of open contracting data",
        "An OCDS 1.1 release package, with one release for each public purchase that it names.",
        {200: Told("The package.", Octets("OCDS JSON.", (_JSON,)))},
        parameters=(SLUG, IF_NONE_MATCH),
        problems=("page.not_found", "page.taken_down", "page.no_purchase"),
        public=True,
    ),
)
async def show_ocds(request: AnyRequest, slug: FromPath[str]) -> Answer:
    """A case as an OCDS release package."""

    async def made() -> Answer:
        plane = plane_of(request)
        case = _CASES.decode(await plane.page(CASE, checked_slug(slug)))
        package = release_package(case, plane.base)
        if package is None:
            raise NotFound("page.no_purchase")
        return Answer.public(msgspec.json.encode(package), _JSON)

    return await by_path(request, made())


ROUTES: list[Any] = [show_ocds]
