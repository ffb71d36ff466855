"""Reads what filters are given, on a command line or in the view."""

import argparse
import re
from datetime import date
from typing import Final

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
    """A day.

    Raises:
        argparse.ArgumentTypeError: it is none.
    """
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError("a day, as 2026-11-23") from None
