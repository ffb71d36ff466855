"""A page as an officer writes it: a folder of plain files, which any editor opens.

    case.toml     title, summary, state, places, references, sums, timeline, pictures ...
    body.th.md    the body in Markdown
    body.en.md
    pictures/     files that case.toml names; stripped before they go anywhere

The folder holds no version: which one it becomes is asked of the door when it is proposed.
What is read is held to the same rules as at the door, and refused by the field that is wrong.
"""

import json
import re
import tomllib
from collections.abc import Iterable, Mapping
from datetime import date
from pathlib import Path
from typing import Any, Final, cast

import msgspec

from mustshare_api.domain.days import buddhist_days
from mustshare_api.domain.page_kinds import READERS
from mustshare_api.domain.pages import ARTICLE, CAMPAIGN, CASE, CONTENT_LIMIT_BYTES, PageContent
from mustshare_api.domain.procurement import Scheme, fault
from mustshare_api.keytool.desk.home import make_folder, read_bytes, write_bytes
from mustshare_api.keytool.refusal import Refusal

PICTURES: Final = "pictures"
_LIMIT_BYTES: Final = 1 << 20
_KEY: Final = re.compile(r"[a-z_]+")
_BOTH: Final = {"th": "...", "en": "..."}
TEMPLATES: Final[Mapping[str, dict[str, Any]]] = {
    CASE: {
        "slug": "a-name-for-the-address",
        "state": "open",
        "title": _BOTH,
        "summary": _BOTH,
        "agency": _BOTH,
        "places": [],
        "procurement": [],
        "budget": [],
        "timeline": [],
        "outcomes": [],
        "pictures": [],
        "call_for_evidence": _BOTH,
        "right_of_reply": [],
    },
    CAMPAIGN: {
        "slug": "a-name-for-the-address",
        "title": _BOTH,
        "summary": _BOTH,
        "opens_on": date(2026, 1, 1),
        "photo": "welcome",
        "point": {"precisions_m": [100, 1000, 10_000]},
        "map": {"grid_m": 1000, "coarsest_m": 100_000, "k": 5},
        "questions": [
            {"id": "what", "type": "text", "label": _BOTH, "required": True},
        ],
        "pictures": [],
    },
    ARTICLE: {
        "slug": "a-name-for-the-address",
        "form": "knowledge",
        "title": _BOTH,
        "summary": _BOTH,
        "pictures": [],
    },
}
"""What a new folder begins with."""


def table_of(folder: Path, kind: str) -> Path:
    """The file with everything but the bodies."""
    return folder / f"{kind}.toml"


def write_folder(folder: Path, kind: str, page_id: str, page: Mapping[str, Any]) -> None:
    """Makes a folder for a page; never writes over one.

    Raises:
        Refusal: `case.folder_there`, or it can't be written.
    """
    if table_of(folder, kind).exists():
        raise Refusal("case.folder_there", path=str(folder))
    make_folder(folder)
    make_folder(folder / PICTURES)
    body = page.get("body", {"th": "...\n", "en": "...\n"})
    for language in ("th", "en"):
        write_bytes(folder / f"body.{language}.md", body[language].encode())
    table = {"id": page_id, **page}
    told = {key: value for key, value in table.items() if key != "body" and value is not None}
    lines = [f"{key} = {_toml(value)}\n" for key, value in told.items()]
    write_bytes(table_of(folder, kind), "".join(lines).encode())


def write_change(folder: Path, kind: str, change: Mapping[str, Any]) -> None:
    """Adds what a correction says of itself."""
    file = table_of(folder, kind)
    written = read_bytes(file, _LIMIT_BYTES)
    write_bytes(file, written + f"change = {_toml(change)}\n".encode())


def _toml(value: Any) -> str:  # noqa: ANN401 - what JSON can hold, and days
    """A value on one line. A JSON string is a TOML string too."""
    if isinstance(value, dict):
        pairs = cast("dict[str, Any]", value).items()
        # TOML has no word for nothing: what is not there is left out, at any depth.
        said = (f"{key} = {_toml(one)}" for key, one in pairs if one is not None)
        return "{" + ", ".join(said) + "}"
    if isinstance(value, list):
        inner = "".join(f"\n  {_toml(one)}," for one in cast("Iterable[object]", value))
        return f"[{inner}\n]" if value else "[]"
    if isinstance(value, date):
        return value.isoformat()
    return json.dumps(value, ensure_ascii=False)


def read_folder(folder: Path, kind: str) -> tuple[str, dict[str, Any]]:
    """The page's id, and everything that the folder says of it.

    Raises:
        Refusal: `case.bad_toml`, `case.bad_field`, or a file that can't be read.
    """
    file = table_of(folder, kind)
    try:
        table = tomllib.loads(read_bytes(file, _LIMIT_BYTES).decode("utf-8-sig"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError):
        raise Refusal("case.bad_toml", path=str(file)) from None
    page_id = table.pop("id", None)
    if not isinstance(page_id, str) or re.fullmatch("[0-9a-f]{32}", page_id) is None:
        raise Refusal("case.bad_field", path=str(file), field="id")
    table["body"] = {language: _body(folder, language) for language in ("th", "en")}
    return page_id, table


def _body(folder: Path, language: str) -> str:
    file = folder / f"body.{language}.md"
    try:
        # As editors leave it: a mark in front, their own line ends, tabs, which Markdown counts
        # as spaces up to the next fourth column.
        text = read_bytes(file, CONTENT_LIMIT_BYTES).decode("utf-8-sig")
    except UnicodeDecodeError:
        raise Refusal("file.cannot_read", path=str(file), reason="UTF-8") from None
    return text.replace("\r\n", "\n").expandtabs(4)


def octets_of(kind: str, table: Mapping[str, Any], path: str, today: date) -> bytes:
    """The page as it is to be signed: JSON of what the folder says, one spelling.

    Raises:
        Refusal: `case.bad_field`, with the field that is wrong; `case.buddhist_year` likewise.
    """
    _check_purchases(table, path, today)
    try:
        content = msgspec.convert(table, READERS[kind].type, strict=True)
    except msgspec.ValidationError as refused:
        raise Refusal("case.bad_field", path=path, field=field_of(str(refused))) from None
    if buddhist := buddhist_days(content):
        field = buddhist[0].lstrip("/").replace("/", ".")
        raise Refusal("case.buddhist_year", path=path, field=field)
    octets = msgspec.json.encode(content)
    if len(octets) > CONTENT_LIMIT_BYTES:
        raise Refusal("case.too_large", path=path)
    return octets


class _Typed(msgspec.Struct):
    """As much of a purchase as says whether its number can be right."""

    scheme: Scheme
    id: str


def _check_purchases(table: Mapping[str, Any], path: str, today: date) -> None:
    """That each number can be one; what is no purchase at all, its field tells.

    Raises:
        Refusal: the code of the part that is wrong.
    """
    typed = table.get("procurement")
    for number, one in enumerate(
        cast("list[object]", typed) if isinstance(typed, list) else ()
    ):
        try:
            purchase = msgspec.convert(one, _Typed, strict=True)
        except msgspec.ValidationError:
            continue
        if wrong := fault(purchase.scheme, purchase.id, today):
            raise Refusal(wrong, path=path, field=f"procurement[{number}]")


def parse(kind: str, octets: bytes) -> PageContent:
    """A page that somebody else wrote, held to the same rules.

    Raises:
        Refusal: `case.malformed`.
    """
    try:
        content: PageContent = READERS[kind].decode(octets)
    except (msgspec.MsgspecError, UnicodeDecodeError):
        raise Refusal("case.malformed") from None
    return content


def field_of(message: str) -> str:
    """Which field msgspec's sentence is about; its own words may quote what was written."""
    named = re.search(r"field `([a-z_]{1,40})`", message)
    found = re.search(r"at `\$((?:\.[a-z_]+|\[[0-9.]+\])+)`", message)
    path = found[1].lstrip(".") if found else ""
    return ".".join(part for part in (path, named[1] if named else "") if part) or "?"
