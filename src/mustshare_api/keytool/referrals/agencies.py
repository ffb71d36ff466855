"""The commands by which staff keep the records of agencies: `agencies add`, `list` and so on.

    add       the agency's card goes into a draft of the next directory
    retire    its two keys go out of one; with `--revoke` they are never believed again
    list      who is in the directory in force, with which keys, and what they are called
    rename    what an agency is called; the well-known ones have titles already

Keys are root holders' business: `add` and `retire` write a draft, which goes the way of every
change of the directory (`directory sign`, `directory publish`). What an agency is called is any
officer's, and takes effect at once.
"""

from argparse import Namespace
from contextlib import closing
from typing import Annotated, Final
from urllib.parse import quote

import msgspec
from msgspec import Meta

from mustshare_api.crypto import directory as notes
from mustshare_api.keytool.desk.directories import current_directory
from mustshare_api.keytool.desk.home import Home, write_bytes
from mustshare_api.keytool.desk.session import Session, load_server, unlock_officer
from mustshare_api.keytool.desk.terminal import visible
from mustshare_api.keytool.organisation import proposing
from mustshare_api.keytool.organisation.proposing import Changes, Proposal
from mustshare_api.keytool.organisation.showing_keys import changes_data, show_changes
from mustshare_api.keytool.referrals.known import KNOWN, Record
from mustshare_api.keytool.referrals.wire import Name
from mustshare_api.keytool.refusal import Exit, Refusal, about
from mustshare_api.keytool.staff_door.answered import read_as
from mustshare_api.keytool.staff_door.door import Door

_ROLES: Final = ("agency-signing", "agency")
_JSON: Final = {"Content-Type": "application/json"}
_TAIL: Final = 20
"""How much of an age key is compared over a telephone."""


class _Record(msgspec.Struct, frozen=True):
    title_th: Annotated[str, Meta(max_length=200)]
    title_en: Annotated[str, Meta(max_length=200)]
    kind: Annotated[str, Meta(pattern=r"^[a-z_]{1,32}$(?!\n)")]


class ListedAgency(msgspec.Struct, frozen=True):
    """An agency as the door lists it."""

    name: Name
    recipient: Annotated[str, Meta(max_length=4096)]
    version: Annotated[int, Meta(ge=0, le=2**31)]
    record: _Record | None


class _Agencies(msgspec.Struct, frozen=True):
    agencies: Annotated[list[ListedAgency], Meta(max_length=10_000)]


def add(args: Namespace, session: Session) -> Exit:
    """Drafts the directory in which an agency is listed, by its card.

    Raises:
        Refusal: `agency.no_card`, it is somebody else's.
    """
    with about(args.card):
        entries = proposing.read_card(args.card)
        if sorted(entry.role for entry in entries) != sorted(_ROLES):
            raise Refusal("agency.no_card", path=str(args.card))
    ended = _draft(args, session, Changes(cards=[args.card]))
    for entry in entries:
        session.console.say("card.key", role=entry.role, kid=entry.kid.hex())
    session.console.say("agency.compare", name=entries[0].name)
    return ended


def retire(args: Namespace, session: Session) -> Exit:
    """Drafts the directory in which an agency is listed no more.

    Raises:
        Refusal: `referral.unknown_agency`.
    """
    listed = current_directory(Home(args.home), session.today)
    # By its name alone an officer's lines would go as well.
    theirs = {entry.role for entry in listed.entries if entry.name == args.name}
    if not theirs or not theirs <= {*_ROLES, "revoked"} or theirs == {"revoked"}:
        raise Refusal("referral.unknown_agency")
    dropped = [args.name]
    changes = Changes(revoke=dropped) if args.revoke else Changes(suspend=dropped)
    return _draft(args, session, changes)


def _draft(args: Namespace, session: Session, changes: Changes) -> Exit:
    old = current_directory(Home(args.home), session.today)
    proposal = Proposal(old.deployment_id, old.serial + 1, args.days, old.evaluation)
    octets = proposing.propose(old, proposal, changes, session.today)
    write_bytes(args.out, octets, replace=False)
    draft = notes.parse(octets)
    session.console.data(
        {"path": str(args.out), "serial": draft.serial, "changes": changes_data(old, draft)}
    )
    show_changes(session.console, old, draft)
    session.console.say("done.written", path=visible(str(args.out)))
    session.console.say("agency.to_sign", path=visible(str(args.out)))
    return Exit.DONE


def list_agencies(args: Namespace, session: Session) -> Exit:
    """Shows every agency of the directory in force."""
    home = Home(args.home)
    server = load_server(home)
    officer = unlock_officer(home, args, session)
    with closing(Door(server, officer, session.clock)) as door:
        found = _listed(door)
    session.console.data([msgspec.to_builtins(one) for one in found])
    for one in found:
        _say_agency(session, one)
    if not found:
        session.console.say("agency.none")
    return Exit.DONE


def _say_agency(session: Session, one: ListedAgency) -> None:
    tail = one.recipient[-_TAIL:]
    if one.record is None:
        session.console.say("agency.untitled", name=one.name, key=tail)
        return
    session.console.say(
        "agency.line",
        name=one.name,
        key=tail,
        th=one.record.title_th,
        en=one.record.title_en,
        kind=one.record.kind,
    )


def rename(args: Namespace, session: Session) -> Exit:
    """Says what an agency is called.

    Raises:
        Refusal: `referral.unknown_agency`; `agency.which_titles`, it has none to go on from.
    """
    home = Home(args.home)
    server = load_server(home)
    officer = unlock_officer(home, args, session)
    with closing(Door(server, officer, session.clock)) as door:
        before = next((one for one in _listed(door) if one.name == args.name), None)
        if before is None:
            raise Refusal("referral.unknown_agency")
        record = _called(args, before)
        body = msgspec.json.encode(record._asdict())
        path = f"/v1/agencies/{quote(args.name, safe='')}"
        door.write("PUT", path, body, if_match=str(before.version), more=_JSON)
    session.console.data({"name": args.name, **record._asdict()})
    session.console.say(
        "agency.renamed", name=args.name, th=record.title_th, en=record.title_en
    )
    return Exit.DONE


def _called(args: Namespace, before: ListedAgency) -> Record:
    """What was said, over what it was called, over what the well-known ones are."""
    said = (args.title_th, args.title_en, args.kind)
    was = before.record
    known = (was.title_th, was.title_en, was.kind) if was else KNOWN.get(args.name)
    th, en, kind = (a or b for a, b in zip(said, known or (None, None, None), strict=True))
    if th is None or en is None or kind is None:
        raise Refusal("agency.which_titles")
    return Record(th, en, kind)


def _listed(door: Door) -> list[ListedAgency]:
    return read_as(door.ask("/v1/agencies"), _Agencies).agencies
