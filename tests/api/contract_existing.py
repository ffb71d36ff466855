"""What a schema cannot say: places that there are, months that have been, cursors, pictures."""

import io
import secrets
from datetime import date
from typing import Any

from PIL import Image

from mustshare_api.domain import about
from mustshare_api.errors import Malformed
from mustshare_api.flows.changes import Cursor


def existing(operation: str, body: Any) -> Any:
    """The same body; a tip's is about a place that exists, purchases that may, and no page.

    A webhook goes to an address that one may go to, as no pattern says what that is.
    """
    if operation == "setOwnWebhook" and isinstance(body, dict) and "url" in body:
        return {**body, "url": f"https://hooks.example.org/{secrets.token_hex(4)}"}
    if operation != "sendTip" or not isinstance(body, dict):
        return body
    made = {**body, "place": "100101"} if isinstance(body.get("place"), str) else dict(body)
    for page in ("campaign", "case", "answers", "link_in_clear"):
        made.pop(page, None)
    refs = body.get("procurement_refs")
    if isinstance(refs, list):
        made["procurement_refs"] = [_purchase(ref) for ref in refs]
    return made


def _purchase(ref: dict[str, str]) -> dict[str, str]:
    return {**ref, "id": f"6601{ref['id'][4:]}"} if ref["scheme"] == "TH-EGP" else ref


def leave_out(operation: str, case: Any) -> None:
    """Takes away a cursor that nobody gave, and a page's name that is none by its own pattern.

    A cursor ends with a checksum. Of the name's pattern schemathesis makes a lone `0`.
    """
    asked = case.query or {}
    try:
        if operation == "readChanges" and "after" in asked:
            Cursor.parse(asked["after"], date.fromisoformat(asked.get("since", "1970-01-01")))
    except Malformed:
        del asked["after"]
    try:
        if operation == "sendTip" and "Tip-About" in case.headers:
            about.parse(case.headers["Tip-About"])
    except Malformed:
        del case.headers["Tip-About"]


def drawn_as(media_type: str) -> bytes:
    """A small picture of a colour."""
    made = io.BytesIO()
    colour = secrets.randbelow(1 << 24)
    Image.new("RGB", (8, 8), colour).save(made, media_type.removeprefix("image/"))
    return made.getvalue()
