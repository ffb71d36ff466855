"""References to public purchases, and the links that are made from them.

    TH-EGP  65037123456          the project number of the e-GP system
    OCID    ocds-abc123-…        an Open Contracting id

Links are made from these templates and from nothing that anybody types, so a reference can
lead to no other host. A number is put into a link only once it has the shape that its scheme
gives it.
"""

import re
from collections.abc import Mapping
from types import MappingProxyType
from typing import Annotated, Final, Literal

import msgspec
from msgspec import Meta

_SHAPES: Final = {
    "TH-EGP": re.compile(r"[0-9]{2}(0[1-9]|1[0-2])[0-9]{7}"),
    "OCID": re.compile(r"ocds-[a-z0-9]{6}-[A-Za-z0-9._-]{1,100}"),
}

TEMPLATES: Final[Mapping[str, Mapping[str, str]]] = MappingProxyType(
    {
        "TH-EGP": {
            "act_ai": "https://actai.co/Project/{id}",
            "e_gp": "https://process3.gprocurement.go.th/egp2procmainWeb/jsp/procsearch.sch"
            "?proc_id=ShowHTMLFile&projectId={id}",
        },
        "OCID": {
            "ocds": "https://data.open-contracting.org/en/search/?q={id}",
        },
    }
)
"""Scheme -> name of a site -> where that site shows the purchase."""


class Purchase(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One purchase."""

    scheme: Literal["TH-EGP", "OCID"]
    id: Annotated[str, Meta(min_length=1, max_length=112)]

    def __post_init__(self) -> None:
        """Each scheme has its own shape."""
        if _SHAPES[self.scheme].fullmatch(self.id) is None:
            raise ValueError("Invalid reference")


class PurchaseLink(msgspec.Struct, frozen=True):
    """A purchase as the public is told of it."""

    scheme: str
    id: str
    links: dict[str, str]


def links_of(purchase: Purchase) -> PurchaseLink:
    """A purchase with where to look it up."""
    made = {
        site: template.format(id=purchase.id)
        for site, template in TEMPLATES[purchase.scheme].items()
    }
    return PurchaseLink(purchase.scheme, purchase.id, made)
