"""Reads what filters are given, on a command line or in the view."""

import argparse
import re
from datetime import date
from typing import Final

from mustshare_api.domain.days import YEARS
from mustshare_api.keytool.inbox.folding import folded

_BUDDHIST_AHEAD: Final = 543

_SLUG: Final = re.compile(r"[a-z0-9][a-z0-9_-]{0,63}")


def slug(text: str) -> str:
    """A short name of small letters.

    Raises:
        argparse.ArgumentTypeError: it is none.
    """
    if _SLUG.fullmatch(text) is None:
        raise argparse.ArgumentTypeError("small letters, digits, - and _")
    return text


def day(text: str) -> date:
    """A day, in Thai digits or others.

    Raises:
        argparse.ArgumentTypeError: it is none, or of a Buddhist year: it would filter by a
            day in five hundred years, and list nothing without a word.
    """
    try:
        found = date.fromisoformat(folded(text))
    except ValueError:
        raise argparse.ArgumentTypeError("a day, as 2026-11-23") from None
    if found.year >= YEARS.start:
        meant = found.year - _BUDDHIST_AHEAD
        raise argparse.ArgumentTypeError(f"a day, as 2026-11-23; {meant} for that year")
    return found
