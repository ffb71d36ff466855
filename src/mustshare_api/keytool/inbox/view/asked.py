"""Reads the filters that are typed into the view: `state=received place=น่าน unread`."""

import argparse
import shlex
from collections.abc import Callable
from dataclasses import replace
from typing import Any, Final

from mustshare_api.domain.places import Language
from mustshare_api.keytool.inbox.labels import label_word
from mustshare_api.keytool.inbox.listing import Filters
from mustshare_api.keytool.inbox.place_names import code_of
from mustshare_api.keytool.inbox.reading_filters import day, slug
from mustshare_api.keytool.refusal import Refusal

_SEVERAL: Final = frozenset({"states", "labels"})
_READ: Final[dict[str, tuple[str, Callable[[str], Any]]]] = {
    "state": ("states", slug),
    "label": ("labels", label_word),
    "campaign": ("campaign", slug),
    "category": ("category", slug),
    "province": ("place", str),
    "place": ("place", str),
    "case": ("case", str),
    "from": ("first_on", day),
    "to": ("last_on", day),
    "officer": ("officer", str),
}
"""By the word that is typed: the filter, and what reads its value."""


def filters_of(typed: str, language: Language) -> Filters:
    """The filters; nothing typed lets everything through. Quotes hold a name together.

    Raises:
        Refusal: `view.bad_filter`, or a place that is none or several.
    """
    filters = Filters()
    try:
        for word in shlex.split(typed):
            filters = _with(filters, *word.partition("=")[::2])
    except (argparse.ArgumentTypeError, ValueError):  # no such form; a quote without its end
        raise Refusal("view.bad_filter") from None
    if filters.place is None:
        return filters
    return replace(filters, place=code_of(filters.place, language))


def _with(filters: Filters, name: str, value: str) -> Filters:
    if name == "unread" and not value:
        return replace(filters, unread=True)
    if name == "overdue" and not value:
        return replace(filters, overdue=True)
    if name not in _READ or not value:
        raise Refusal("view.bad_filter")
    field, read = _READ[name]
    given = read(value)
    if field in _SEVERAL:
        given = (*getattr(filters, field), given)
    return replace(filters, **{field: given})
