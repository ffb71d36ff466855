"""A published case as an OCDS release package (Open Contracting Data Standard, 1.1.5).

    a case                 one package; one release for each public purchase that it names,
                           once, however often it names it
    purchase               `ocid`, `tender.id`; the other purchases as `relatedProcesses`
    title, summary         `tender.title`, `tender.description`; English beside, as `..._en`
    agency                 the buyer, as a party of the process
    budget                 `planning.budget`: as an amount where there is one figure and one
                           purchase, else in words: nobody said whose part is how much
    timeline               `planning.milestones`, each with the day on which it was met
    page, links            `tender.documents`
    places, reply, body    not exported: the core of the standard has no place for them; the
                           page that the first document leads to has them all

We buy nothing and are no party: these are releases *about* processes that others publish. An
e-GP number has no OCID of its own until somebody publishes Thai purchases as OCDS, so one is
made under a prefix that nobody holds. An OCID that a case names is kept as it is.
"""

from collections.abc import Sequence
from datetime import date
from typing import Any, Final

from mustshare_api.domain.case import CaseShown, ShownPurchase
from mustshare_api.domain.pages import Both, BothParagraphs

UNREGISTERED: Final = "ocds-000000"
"""The prefix of what has no OCID. The registry hands out prefixes of six random signs."""

PUBLISHER: Final = "ต้องแฉ / Must Share"

Json = dict[str, Any]


def release_package(case: CaseShown, base: str) -> Json | None:
    """The package; None of a case that names no public purchase.

    Args:
        case: as the public is shown it.
        base: `https://` and a name, or nothing where the service knows none.
    """
    purchases = list({ocid_of(one): one for one in case.procurement}.values())
    if not purchases:
        return None
    path = f"/v1/cases/{case.slug}"
    return {
        "uri": f"{base}{path}/ocds.json" if base else f"urn:mustshare:case:{case.slug}",
        "version": "1.1",
        "publishedDate": _instant(case.changed_on),
        "publisher": {"name": PUBLISHER},
        "releases": [
            _release(case, purchases, index, f"{base}{path}" if base else "")
            for index in range(len(purchases))
        ],
    }


def ocid_of(purchase: ShownPurchase) -> str:
    """The OCID of a purchase; one under our own prefix where it has none."""
    return purchase.id if purchase.scheme == "OCID" else f"{UNREGISTERED}-{purchase.id}"


def _release(
    case: CaseShown, purchases: Sequence[ShownPurchase], index: int, page: str
) -> Json:
    purchase = purchases[index]
    parties = _buyer(case)
    return {
        "ocid": ocid_of(purchase),
        "id": f"{case.slug}-{case.version}-{index + 1}",
        "date": _instant(case.changed_on),
        "tag": ["tender" if case.version == 1 else "tenderUpdate"],
        "initiationType": "tender",
        "language": "th",
        **({"parties": [parties], "buyer": _reference(parties)} if parties else {}),
        **_planning(case, is_only=len(purchases) == 1),
        "tender": {
            "id": purchase.id,
            **_said("title", case.title),
            **_said("description", case.summary),
            **_documents(case, purchase, page),
        },
        **_related(purchases, index),
    }


def _buyer(case: CaseShown) -> Json | None:
    """The agency concerned. It has no number that we know: its id holds in this case alone."""
    if case.agency is None:
        return None
    return {"id": f"{case.slug}-agency", **_said("name", case.agency), "roles": ["buyer"]}


def _reference(party: Json) -> Json:
    return {"id": party["id"], "name": party["name"]}


def _planning(case: CaseShown, *, is_only: bool) -> Json:
    budget = {"budget": _budget(case, is_only=is_only)} if case.budget else {}
    milestones = [
        {
            "id": str(number),
            **_said("title", moment.text),
            "type": "x_reported",
            "dateMet": _instant(moment.on),
            "status": "met",
        }
        for number, moment in enumerate(case.timeline, start=1)
    ]
    planning = {**budget, **({"milestones": milestones} if milestones else {})}
    return {"planning": planning} if planning else {}


def _budget(case: CaseShown, *, is_only: bool) -> Json:
    if is_only and len(case.budget) == 1:
        (figure,) = case.budget
        amount = {"amount": {"amount": figure.baht, "currency": "THB"}}
        return {**_said("description", figure.label), **amount}
    th = "; ".join(f"{figure.label.th}: {figure.baht} บาท" for figure in case.budget)
    en = "; ".join(f"{figure.label.en}: {figure.baht} baht" for figure in case.budget)
    return {"description": th, "description_en": en}


def _documents(case: CaseShown, purchase: ShownPurchase, page: str) -> Json:
    found = [("case", case.title.th, page)] if page else []
    found += [(link.name, link.name, link.url) for link in purchase.links]
    documents = [{"id": name, "title": title, "url": url} for name, title, url in found]
    return {"documents": documents} if documents else {}


def _related(purchases: Sequence[ShownPurchase], index: int) -> Json:
    others = [ocid_of(one) for at, one in enumerate(purchases) if at != index]
    related = [
        {
            "id": str(number),
            "relationship": ["x_sameCase"],
            "scheme": "ocid",
            "identifier": ocid,
        }
        for number, ocid in enumerate(others, start=1)
    ]
    return {"relatedProcesses": related} if related else {}


def _said(name: str, text: Both | BothParagraphs) -> Json:
    return {name: text.th, f"{name}_en": text.en}


def _instant(day: date) -> str:
    """The beginning of a Bangkok day: the standard asks for an instant, and we know none."""
    return f"{day.isoformat()}T00:00:00+07:00"
