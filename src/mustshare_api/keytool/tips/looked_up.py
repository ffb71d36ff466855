"""What is publicly known of codes and numbers in a tip: names of places, links to purchases.

From lists that are part of the program: nobody is asked anything, so nobody learns which tip an
officer reads. A link is for the officer to follow, or not.
"""

from datetime import date

from mustshare_api.domain.message import TipBody
from mustshare_api.domain.places import find_place, whereabouts
from mustshare_api.domain.procurement import fault, links, suggestion
from mustshare_api.keytool.desk.terminal import Console, visible


def show_place(console: Console, code: str) -> None:
    """A code with its name, and what came of it where it was abolished."""
    place = find_place(code)
    if place is None:
        console.say("open.place_unknown", place=visible(code))
        return
    console.say("open.place", place=code, name=whereabouts(code, console.language) or "")
    if place.abolished_on is None:
        return
    console.say("open.place_abolished", on=place.abolished_on.isoformat())
    for successor in place.successors:
        name = whereabouts(successor, console.language) or ""
        console.say("open.place_successor", place=successor, name=name)


def show_purchases(console: Console, tip: TipBody) -> None:
    """Each number, where to look it up, and what is odd about its year."""
    today = date.fromisoformat(tip.sent_at[:10])
    for ref in tip.procurement_refs:
        console.say("open.field", name=ref.scheme, value=visible(ref.id))
        wrong = fault(ref.scheme, ref.id, today)
        if wrong is not None:
            meant = suggestion(ref.id, today)
            code = "open.purchase_odd" if meant is None else "open.purchase_meant"
            console.say(code, meant=meant or "")
        for link in links(ref.scheme, ref.id):
            console.say("open.link", name=link.name, url=visible(link.url))
