"""What officers, and they alone, are answered on the routes of drafts and pages."""

from typing import Any

from mustshare_api.domain.page_kinds import READERS
from mustshare_api.domain.pages import PATHS

NO_DRAFT = (404, "draft.not_found")
NO_PAGE = (404, "page.not_found")
NOT_NAMED = (404, "page.picture_not_named")
NO_JSON = (400, "request.bad_json")
NO_DRAFT_AT_ALL = (400, "envelope.malformed")


def _of(plural: str) -> dict[tuple[str, str], Any]:
    page = f"/v1/{plural}/{{page_id}}/publication"
    return {
        ("GET", f"/v1/publications/{plural}"): 200,
        ("GET", page): NO_PAGE,
        ("GET", f"{page}/versions/{{version}}"): NO_PAGE,
        ("PUT", page): NO_JSON,
        ("PUT", f"{page}/pictures/{{picture_id}}"): NOT_NAMED,
        ("PUT", f"/v1/{plural}/{{page_id}}/taking-down"): NO_JSON,
    }


OFFICERS_ALONE: dict[tuple[str, str], Any] = {
    ("GET", "/v1/drafts"): 200,
    ("GET", "/v1/drafts/{draft_id}"): NO_DRAFT,
    ("PUT", "/v1/drafts/{draft_id}"): NO_DRAFT_AT_ALL,
    ("DELETE", "/v1/drafts/{draft_id}"): NO_DRAFT,
}
for _kind in READERS:
    OFFICERS_ALONE |= _of(PATHS[_kind])


async def of_page(
    _scene: object, method: str, path: str
) -> tuple[str, str, bytes, dict[str, str]]:
    """A request that an officer may make, and that is about nothing there is."""
    ids = dict.fromkeys(("draft_id", "page_id", "picture_id"), "ab" * 16)
    more = {} if method == "GET" or "/pictures/" in path else {"if-match": '"0"'}
    body = b"{" if method == "PUT" else b""
    return method, path.format(**ids, version="1"), body, more
