"""`mustshare partner webhook`: where a partner is told what was published, or sent to it.

    add      keeps an address, and shows the secret that it is signed with, once
    list     partner, address, types, whether anything waits or it was given up; never a secret
    rotate   a new secret; the one before signs as well for two days
    test     one attempt now, and what was answered
    start    sends to an address again that was given up
    replay   has events of the last 30 days told once more, under the ids that they had
    remove   forgets an address
    key      the service's public key, which anyone may have

An address is looked over when it is added and again at every attempt (`domain.outward`): https,
a name, a port that is allowed, and nothing but hosts of the Internet behind it.
"""

import argparse
import asyncio
import re
import secrets
import sys
from collections.abc import Awaitable, Callable, Collection
from datetime import date
from typing import Final, TypeVar

from mustshare_api import settings
from mustshare_api.app import commands
from mustshare_api.app.delivering.sending import Result, Sender
from mustshare_api.clock import SystemClock, bangkok_day
from mustshare_api.crypto import events
from mustshare_api.crypto import webhooks as signing
from mustshare_api.domain import outward
from mustshare_api.domain.outward import Destination
from mustshare_api.domain.webhooks import PUBLIC, TEST, TYPES, payload
from mustshare_api.errors import Malformed, Misconfigured, NotFound, WrongMoment
from mustshare_api.flows import deeds
from mustshare_api.settings import Settings
from mustshare_api.store.database import Database, Tuning
from mustshare_api.store.migrations import migrate
from mustshare_api.store.webhook_endpoints import Endpoint, EndpointStore
from mustshare_api.store.webhooks import ID_BYTES, Outbox

T = TypeVar("T")

_EVENT: Final = re.compile(r"msg_([0-9a-f]{32})")
_ANY_PORT: Final = range(1, 1 << 16)
_PARTNER: Final = re.compile(r"[a-z0-9-]{1,63}")

ADVICE: Final = {
    "webhook.url_malformed": "a webhook's address is https://, a host, and no user, password, "
    "fragment or space.",
    "webhook.port_refused": "this port is not allowed; see MUSTSHARE_WEBHOOK_PORTS.",
    "webhook.host_refused": "a webhook goes to a host of the Internet by its name: no number, "
    "no localhost, no name of a network at home or at work.",
    "webhook.address_refused": "the host leads to an address that is not of the Internet, or "
    "nowhere: private, loopback, link-local and reserved ones are refused.",
    "webhook.no_name": "the host has no address at present; check its spelling.",
    "webhook.too_slow": "no answer within 15 seconds.",
    "webhook.tls_failed": "its certificate does not hold, or is for another name.",
    "webhook.no_answer": "no connection, or what came back is no HTTP.",
}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What can be said after `mustshare partner webhook`."""
    about = parser.add_subparsers(required=True, metavar="command", dest="webhook")
    about.add_parser("list", help="all addresses, and what waits for them")
    about.add_parser("key", help="print the public key that webhooks are signed with")
    for deed, what in (
        ("add", "tell a partner at this address; shows its secret, once"),
        ("rotate", "a new secret; the one before signs as well for two days"),
        ("test", "one attempt now, and what was answered"),
        ("start", "send again to an address that was given up"),
        ("replay", "tell events of the last 30 days once more"),
        ("remove", "forget this address"),
    ):
        one = about.add_parser(deed, help=what)
        one.add_argument("name", help="the partner's")
        one.add_argument("url", help="https://...")
        if deed == "add":
            one.add_argument("--types", default=",".join(PUBLIC), help="with commas between")
        if deed == "replay":
            which = one.add_mutually_exclusive_group(required=True)
            which.add_argument("--since", metavar="DAY", help="such as 2026-11-23")
            which.add_argument("--event", metavar="ID", help="a webhook-id, msg_...")


def run(read: argparse.Namespace, sender: Sender | None = None) -> int:
    """Does what was asked for. A test gives a sender of its own."""
    chosen = settings.load()
    if read.webhook == "list":
        return _list(chosen)
    if read.webhook == "key":
        print(signing.shown_key(_in_store(chosen, _public_key)))
        return 0
    if _PARTNER.fullmatch(read.name) is None:
        raise Misconfigured("there is no such partner; see `mustshare partner list`.")
    # What is allowed no longer can still be forgotten.
    ports = _ANY_PORT if read.webhook == "remove" else chosen.webhook_ports
    to = _destination(read.url, ports)
    deeds_: dict[str, Callable[[], int]] = {
        "add": lambda: _add(chosen, sender or Sender(), read.name, to, read.types),
        "rotate": lambda: _rotate(chosen, read.name, to),
        "test": lambda: _test(chosen, sender or Sender(), read.name, to),
        "start": lambda: _start(chosen, read.name, to),
        "replay": lambda: _replay(chosen, read.name, to, read.since, read.event),
        "remove": lambda: _remove(chosen, read.name, to),
    }
    return deeds_[read.webhook]()


def _list(chosen: Settings) -> int:
    for one in _in_store(chosen, lambda base: EndpointStore(base).all()):
        given_up = f"given up on {one.disabled_on} ({one.disabled_for})"
        untested = "" if one.proven else "not tested, "
        state = given_up if one.disabled_on else f"{untested}{one.waiting} waiting"
        print(f"{one.partner:<20} {one.url}  {state}; {' '.join(one.types)}")
    return 0


def _add(chosen: Settings, sender: Sender, name: str, to: Destination, types: str) -> int:
    endpoint = Endpoint(name, to.url, _types(types))
    _look_over(sender, to)
    secret, today = signing.new_secret(), _today()
    ids = (secrets.token_bytes(ID_BYTES), secret)
    leaf = deeds.of_operator(events.WEBHOOK_ADDED, today, name)
    try:
        added = _in_store(
            chosen, lambda base: EndpointStore(base).add(endpoint, ids, today, leaf)
        )
    except NotFound:
        raise Misconfigured(
            f"there is no partner {name}; see `mustshare partner list`."
        ) from None
    if not added:
        raise Misconfigured("the partner is told at this address already.")
    return _show(
        secret, "It is told from the next event on. This is its secret, shown this once."
    )


def _rotate(chosen: Settings, name: str, to: Destination) -> int:
    secret, today = signing.new_secret(), _today()
    leaf = deeds.of_operator(events.WEBHOOK_ROTATED, today, name)
    _required(
        _in_store(
            chosen, lambda base: EndpointStore(base).rotate(name, to.url, secret, today, leaf)
        )
    )
    return _show(secret, "This secret is in force; the one before signs as well for two days.")


def _show(secret: bytes, said: str) -> int:
    print(signing.shown_secret(secret))
    print(said, file=sys.stderr)
    return 0


def _remove(chosen: Settings, name: str, to: Destination) -> int:
    leaf = deeds.of_operator(events.WEBHOOK_REMOVED, _today(), name)
    _required(_in_store(chosen, lambda base: EndpointStore(base).remove(name, to.url, leaf)))
    return _said("It is forgotten, with all that waited for it.")


def _start(chosen: Settings, name: str, to: Destination) -> int:
    leaf = deeds.of_operator(events.WEBHOOK_STARTED, _today(), name)
    _required(_in_store(chosen, lambda base: EndpointStore(base).start(name, to.url, leaf)))
    return _said("It is told again. `replay --since` tells what it missed.")


def _replay(
    chosen: Settings, name: str, to: Destination, since: str | None, event: str | None
) -> int:
    day = None if since is None else _day(since)
    event_id = None if event is None else _event_id(event)
    try:
        told = _in_store(
            chosen,
            lambda base: EndpointStore(base).replay(name, to.url, _today(), day, event_id),
        )
    except NotFound:
        told = None
    except WrongMoment:
        raise Misconfigured("this address was given up; `start` it first.") from None
    _required(told is not None)
    return _said(f"{told} will be told once more.")


def _test(chosen: Settings, sender: Sender, name: str, to: Destination) -> int:
    result = _in_store(chosen, lambda base: _tried(base, sender, name, to))
    if result.taken:
        return _said(f"It answered {result.status}.")
    said = f"it answered {result.status}." if result.status else ADVICE[result.why]
    raise Misconfigured(said)


async def _tried(base: Database, sender: Sender, name: str, to: Destination) -> Result:
    now = SystemClock().now()
    found = await EndpointStore(base).signing(name, to.url, bangkok_day(now))
    _required(found is not None)
    shared = found.shared if found else ()
    body = payload(TEST, "test", bangkok_day(now))
    message_id, at = f"msg_{secrets.token_hex(ID_BYTES)}", int(now.timestamp())
    headers = signing.headers(message_id, at, body, shared, await _seed(base))
    return await sender.send(to, headers, body)


async def _seed(base: Database) -> bytes:
    return await Outbox(base).key(*signing.new_key())


async def _public_key(base: Database) -> bytes:
    return await Outbox(base).public_key(*signing.new_key())


def _said(text: str) -> int:
    print(text, file=sys.stderr)
    return 0


def _required(there: bool) -> None:  # noqa: FBT001 - an answer, not a switch
    if not there:
        raise Misconfigured("there is no such webhook; see `mustshare partner webhook list`.")


def _destination(url: str, ports: Collection[int]) -> Destination:
    try:
        return outward.destination(url, ports)
    except Malformed as refused:
        raise Misconfigured(ADVICE[refused.code]) from None


def _look_over(sender: Sender, to: Destination) -> None:
    """That every address behind a name is of the Internet, before anything is kept."""
    try:
        sender.judge(asyncio.run(_asked(sender, to)))
    except Malformed as refused:
        raise Misconfigured(ADVICE[refused.code]) from None
    except (OSError, UnicodeError):
        raise Misconfigured(ADVICE["webhook.no_name"]) from None


async def _asked(sender: Sender, to: Destination) -> list[str]:
    return list(await sender.resolve(to.host, to.port))


def _types(text: str) -> tuple[str, ...]:
    chosen = tuple(sorted({part.strip() for part in text.split(",") if part.strip()}))
    if not chosen or not set(chosen) <= set(TYPES):
        raise Misconfigured(f"--types takes some of {', '.join(TYPES)}.")
    return chosen


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise Misconfigured("--since takes a day such as 2026-11-23.") from None


def _event_id(text: str) -> bytes:
    found = _EVENT.fullmatch(text)
    if found is None:
        raise Misconfigured("--event takes a webhook-id: msg_ and 32 hexadecimal digits.")
    return bytes.fromhex(found[1])


def _today() -> date:
    return bangkok_day(SystemClock().now())


def _in_store(chosen: Settings, work: Callable[[Database], Awaitable[T]]) -> T:
    with commands.reached(chosen) as dsn:
        return asyncio.run(_done(dsn, work))


async def _done(dsn: str, work: Callable[[Database], Awaitable[T]]) -> T:
    await migrate(dsn)
    database = await Database.connect(dsn, Tuning(connections=2, statement_cache_size=0))
    try:
        return await work(database)
    finally:
        await database.close()
