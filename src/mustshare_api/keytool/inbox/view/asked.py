"""Reads the filters that are typed into the view: `state=received label=ถนน unread`."""

import argparse
from collections.abc import Callable
from dataclasses import replace
from typing import Any, Final

from mustshare_api.keytool.inbox.labels import label_word
from mustshare_api.keytool.inbox.listing import Filters
from mustshare_api.keytool.inbox.reading_filters import day, province, slug
from mustshare_api.keytool.refusal import Refusal

_FLAGS: Final = frozenset({"unread", "overdue"})
_SEVERAL: Final = frozenset({"states", "labels"})
_READ: Final[dict[str, tuple[str, Callable[[str], Any]]]] = {
    "state": ("states", slug),
    "label": ("labels", label_word),
    "campaign": ("campaign", slug),
    "category": ("category", slug),
    "province": ("province", province),
    "from": ("first_on", day),
    "to": ("last_on", day),
    "officer": ("officer", str),
}
"""By the word that is typed: the filter, and what reads its value."""


def filters_of(typed: str) -> Filters:
    """The filters; nothing typed lets everything through.

    Raises:
        Refusal: `view.bad_filter`.
    """
    filters = Filters()
    for word in typed.split():
        try:
            filters = _with(filters, *word.partition("=")[::2])
        except argparse.ArgumentTypeError:
            raise Refusal("view.bad_filter") from None
    return filters


def _with(filters: Filters, name: str, value: str) -> Filters:
    if name in _FLAGS and not value:
        return replace(filters, **{name: True})
    if name not in _READ or not value:
        raise Refusal("view.bad_filter")
    field, read = _READ[name]
    given = read(value)
    if field in _SEVERAL:
        given = (*getattr(filters, field), given)
    return replace(filters, **{field: given})
