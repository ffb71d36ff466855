"""Thai or English, by `Accept-Language`; Thai first."""

import re
from collections.abc import Iterable
from typing import Literal

Language = Literal["th", "en"]

_WEIGHT = re.compile(r"0(\.[0-9]{0,3})?|1(\.0{0,3})?")


def preferred(accept_language: str | None) -> Language:
    """The better liked of the two (RFC 9110, 12.5.4); Thai when neither or both alike."""
    liked = {"th": 0.0, "en": 0.0}
    for part in (accept_language or "")[:500].split(","):
        tag, _, parameter = part.strip().partition(";")
        primary = tag.split("-")[0].lower()
        if primary in liked:
            liked[primary] = max(liked[primary], _weight(parameter))
    return "en" if liked["en"] > liked["th"] else "th"


def asked_for(headers: Iterable[tuple[bytes, bytes]]) -> Language:
    """The same of a request that no framework has read: its headers, names in small letters."""
    wanted = next((value for name, value in headers if name == b"accept-language"), b"")
    return preferred(wanted.decode("latin-1"))


def _weight(parameter: str) -> float:
    name, _, value = parameter.strip().partition("=")
    if name != "q":
        return 1.0
    return float(value) if _WEIGHT.fullmatch(value) else 0.0
