"""`mustshare partner`: who may call with a key, how often, and from whose pages.

    add      makes a key and shows it, once
    list     name, state, quota, what was used today, origins; never a key
    stop     the kill switch: from the next call on, in every process
    start    undoes it; the key is the same
    remove   forgets the partner and its key for good
    webhook  where it is told what was published, or sent to it (`webhooks`)

Each but `list` is remembered by the audit log, with the partner's name and the day.
"""

import argparse
import asyncio
import re
import sys
from collections.abc import Awaitable, Callable
from typing import Final, TypeVar

from mustshare_api import settings
from mustshare_api.app import commands, webhooks
from mustshare_api.clock import SystemClock, bangkok_day
from mustshare_api.crypto import events
from mustshare_api.errors import Misconfigured
from mustshare_api.flows import deeds
from mustshare_api.flows.partners import new_key
from mustshare_api.flows.standing import hash_of_key
from mustshare_api.settings import origins_of
from mustshare_api.store.audit import NewLeaf
from mustshare_api.store.database import Database, Tuning
from mustshare_api.store.migrations import migrate
from mustshare_api.store.partners import Partner, PartnerStore, Usage

T = TypeVar("T")

_NAME: Final = re.compile(r"[a-z0-9][a-z0-9-]{0,62}")
_QUOTA_AT_MOST: Final = 10_000_000
_MINUTE_AT_LEAST: Final = 10
_HOURS: Final = 24


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What can be said after `mustshare partner`."""
    about = parser.add_subparsers(required=True, metavar="command", dest="deed")
    adding = about.add_parser("add", help="make a key for a partner and show it, once")
    adding.add_argument("name", help="small letters, digits and dashes")
    adding.add_argument("--quota", required=True, help="calls that go ahead on a day")
    adding.add_argument("--per-minute", help="of them within a minute; 1/24 of the day's")
    adding.add_argument("--origins", default="", help="of its pages, with commas between")
    about.add_parser("list", help="all partners and what they used today")
    for deed, what in (
        ("stop", "refuse its key and its pages from now on"),
        ("start", "take its key again"),
        ("remove", "forget it and its key"),
    ):
        about.add_parser(deed, help=what).add_argument("name")
    webhooks.add_arguments(about.add_parser("webhook", help="where a partner is told things"))


def run(read: argparse.Namespace) -> int:
    """Does what was asked for."""
    if read.deed == "add":
        return add(read.name, read.quota, read.per_minute, read.origins)
    if read.deed == "list":
        return show()
    if read.deed == "webhook":
        return webhooks.run(read)
    return change(read.deed, read.name)


def add(name: str, quota: str, per_minute: str | None, origins: str) -> int:
    """Keeps a new partner; prints its key on standard output, alone."""
    a_day = _quota(quota)
    a_minute = _quota(per_minute) if per_minute else max(_MINUTE_AT_LEAST, a_day // _HOURS)
    partner = Partner(_named(name), _origins(origins), a_day, a_minute, stopped=False)
    key, today = new_key(), bangkok_day(SystemClock().now())
    leaf = _leaf(events.PARTNER_ADDED, name)
    if not _in_store(lambda store: store.add(partner, hash_of_key(key), today, leaf)):
        raise Misconfigured(f"there is a partner {name} already; `partner remove` it first.")
    print(key)
    print(
        f"{name} may make {a_day} calls a day, {a_minute} a minute. This is its key, for the "
        "header Partner-Key of its servers. It is shown this once and kept nowhere.",
        file=sys.stderr,
    )
    return 0


def show() -> int:
    """Prints a line a partner."""
    for usage in _in_store(lambda store: store.all(SystemClock().now())):
        print(_line(usage))
    return 0


def change(deed: str, name: str) -> int:
    """Stops, starts or removes a partner."""
    _named(name)
    done = _in_store(lambda store: _changed(store, deed, name))
    if not done:
        raise Misconfigured(f"there is no partner {name}; see `mustshare partner list`.")
    said = {"stop": "stopped", "start": "started", "remove": "removed"}[deed]
    print(f"{name} is {said}, from the next call on.", file=sys.stderr)
    return 0


async def _changed(store: PartnerStore, deed: str, name: str) -> bool:
    if deed == "remove":
        return await store.remove(name, _leaf(events.PARTNER_REMOVED, name))
    stopped = deed == "stop"
    act = events.PARTNER_STOPPED if stopped else events.PARTNER_STARTED
    return await store.stop(name, _leaf(act, name), stopped=stopped)


def _leaf(act: str, name: str) -> NewLeaf:
    return deeds.of_operator(act, bangkok_day(SystemClock().now()), name)


def _line(usage: Usage) -> str:
    partner = usage.partner
    used = partner.quota_per_day - usage.left_today
    state = "stopped" if partner.stopped else "in use"
    pages = " ".join(partner.origins) or "no pages"
    return (
        f"{partner.name:<20} {state:<8} {used} of {partner.quota_per_day} today, "
        f"{partner.quota_per_minute} a minute; {pages}"
    )


def _named(name: str) -> str:
    if not _NAME.fullmatch(name):
        raise Misconfigured(
            "a partner's name is 1 to 63 small letters, digits and dashes, such as river-watch."
        )
    return name


def _quota(text: str) -> int:
    if not (text.isascii() and text.isdecimal() and len(text) <= len(str(_QUOTA_AT_MOST))):
        raise Misconfigured("a quota is a number of calls, 1 to 10000000.")
    if not 1 <= int(text) <= _QUOTA_AT_MOST:
        raise Misconfigured("a quota is a number of calls, 1 to 10000000.")
    return int(text)


def _origins(text: str) -> tuple[str, ...]:
    try:
        return origins_of(text)
    except ValueError:
        raise Misconfigured(
            "--origins takes origins such as https://tip.example, with commas between."
        ) from None


def _in_store(work: Callable[[PartnerStore], Awaitable[T]]) -> T:
    chosen = settings.load()
    with commands.reached(chosen) as dsn:
        return asyncio.run(_done(dsn, work))


async def _done(dsn: str, work: Callable[[PartnerStore], Awaitable[T]]) -> T:
    await migrate(dsn)
    database = await Database.connect(dsn, Tuning(connections=2, statement_cache_size=0))
    try:
        return await work(PartnerStore(database))
    finally:
        await database.close()
