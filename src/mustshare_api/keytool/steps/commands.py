"""Moves a tip, shows what waits for a second officer, counts, and checks an erasure.

What a step takes two for is proposed by whoever asks first and done by whoever asks second; the
door tells which it was. What it says of a tip is kept, so that the next step needs no sync.
"""

from argparse import Namespace
from collections.abc import Callable
from contextlib import closing
from datetime import date, timedelta
from pathlib import Path
from typing import Final, TypeAlias

import msgspec

from mustshare_api.crypto.keyring import Officer
from mustshare_api.crypto.merkle import leaf_hash
from mustshare_api.domain.deadlines import JITTER_DAYS, TOMBSTONE_DAYS
from mustshare_api.domain.lifecycle import TOMBSTONES, Step
from mustshare_api.keytool.desk.compared import is_long_ago, load_compared_on
from mustshare_api.keytool.desk.home import Home, write_bytes
from mustshare_api.keytool.desk.listed import load_synced_on, load_tip, load_tips, save_tip
from mustshare_api.keytool.desk.seen import seen_of
from mustshare_api.keytool.desk.session import Session, load_server, unlock_officer
from mustshare_api.keytool.desk.terminal import Console
from mustshare_api.keytool.refusal import Exit, Refusal
from mustshare_api.keytool.staff_door.door import Door
from mustshare_api.keytool.staff_door.steps_door import StepMade, StepsDoor, Waiting
from mustshare_api.keytool.staff_door.wire import TipEntry
from mustshare_api.keytool.steps import lapsing
from mustshare_api.keytool.steps.counting import Digest, counted
from mustshare_api.keytool.tips.reading import find_tip

DIGEST_BYTES: Final = 4096
"""Of every digest that is written, whatever it says; several times the longest."""


Erased: TypeAlias = Callable[[Home, Door, Officer, Session, str], None]
"""What is to be done once a tip is erased, with its id: referrals are a floor above."""


def step(args: Namespace, session: Session, *, erased: Erased) -> Exit:
    """Makes a step, proposes it, or takes a proposal back."""
    home = Home(args.home)
    tip, asked = find_tip(home, args.tip), Step(args.step)
    if tip.bundle is None:
        raise Refusal("tip.gone")
    server = load_server(home)
    officer = unlock_officer(home, args, session)
    with home.locked(), closing(Door(server, officer, session.clock)) as door:
        if args.take_back:
            StepsDoor(door).take_back(f"tip.{asked}", tip.tip_id)
            session.console.data({"taken_back": True})
            session.console.say("step.taken_back")
            return Exit.DONE
        made = StepsDoor(door).make(tip, asked, seen_of(home, tip.tip_id))
        _keep(home, made)
        if made.state == "expired":
            erased(home, door, officer, session, made.tip_id)
    _show_made(made, session.console)
    return Exit.DONE


def _keep(home: Home, made: StepMade) -> None:
    """What the door said of the tip, for the next step. What is erased, a sync clears away."""
    tip = load_tip(home, made.tip_id)
    if tip is not None and made.state not in TOMBSTONES:
        tip.state, tip.steps, tip.expires_on = made.state, made.steps, made.expires_on
        save_tip(home, tip)


def _show_made(made: StepMade, console: Console) -> None:
    expires_on = made.expires_on.isoformat() if made.expires_on else None
    console.data(
        {
            "tip_id": made.tip_id,
            "state": made.state,
            "steps": made.steps,
            "proposed": made.proposed,
            "expires_on": expires_on,
        }
    )
    if made.proposed:
        console.say("step.proposed")
        return
    console.say("step.done", state=console.sentence(f"state.{made.state}"))
    if made.state in TOMBSTONES:
        console.say("step.erased")
    elif expires_on:
        console.say("step.kept_until", day=expires_on)
    else:
        console.say("step.unread_waits")


def pending(args: Namespace, session: Session) -> Exit:
    """Shows what waits for a second officer; keeps it, and referrals, for the digest."""
    home = Home(args.home)
    server = load_server(home)
    officer = unlock_officer(home, args, session)
    with home.locked(), closing(Door(server, officer, session.clock)) as door:
        waiting = StepsDoor(door).waiting()
        home.save(_seconds(home), waiting)
        lapsing.look(home, door)
    session.console.data([_waiting_data(one) for one in waiting])
    for one in waiting:
        session.console.say(
            "pending.yours" if one.yours else "pending.line",
            act=one.act,
            subject=one.subject,
            officer=one.officer,
            day=one.expires_on.isoformat(),
        )
    if not waiting:
        session.console.say("pending.empty")
    return Exit.DONE


def _seconds(home: Home) -> Path:
    return home.path / "seconds.json"


def _waiting_data(one: Waiting) -> dict[str, object]:
    return {
        "act": one.act,
        "subject": one.subject,
        "officer": one.officer,
        "expires_on": one.expires_on.isoformat(),
        "yours": one.yours,
    }


def digest(args: Namespace, session: Session) -> Exit:
    """Counts how the tips of this folder stand, all lines always."""
    home = Home(args.home)
    if not home.path.is_dir():
        raise Refusal("home.missing", path=str(home.path))
    tips = load_tips(home).values()
    seconds = home.load(_seconds(home), list[Waiting], [])
    days = load_synced_on(home), load_compared_on(home)
    found = counted(tips, seconds, session.today, *days)
    found.referrals = lapsing.lapsing(home, session.today)
    lines = _digest_lines(found, session.console)
    if args.out is not None:
        text = "".join(f"{line}\n" for line in lines).encode()
        write_bytes(args.out, text.ljust(DIGEST_BYTES - 1) + b"\n")
    session.console.data(found.data())
    for line in lines:
        session.console.show(line)
    return Exit.DONE


def _digest_lines(found: Digest, console: Console) -> list[str]:
    synced_on = found.synced_on.isoformat() if found.synced_on else "-"
    heading = console.sentence("digest.heading", day=found.day.isoformat(), synced=synced_on)
    compared_on = found.compared_on.isoformat() if found.compared_on else "-"
    is_old = is_long_ago(found.compared_on, found.day)
    code = "digest.uncompared" if is_old else "digest.compared"
    compared = console.sentence(code, day=compared_on)
    stand = [
        console.sentence(
            "digest.state", state=console.sentence(f"state.{state}"), count=f"{count:6}"
        )
        for state, count in found.states.items()
    ]
    due = {
        "digest.to_acknowledge": found.to_acknowledge,
        "digest.to_answer": found.to_answer,
        "digest.to_read": found.to_read,
        "digest.expiring": found.expiring,
        "digest.seconds": found.seconds,
        "digest.referrals": found.referrals,
    }
    return [
        heading,
        compared,
        *stand,
        *(console.sentence(code, count=f"{n:6}") for code, n in due.items()),
    ]


def totals(args: Namespace, session: Session) -> Exit:
    """Shows how many tips there ever were, those that are gone included."""
    home = Home(args.home)
    server = load_server(home)
    officer = unlock_officer(home, args, session)
    with closing(Door(server, officer, session.clock)) as door:
        found = StepsDoor(door).totals()
    session.console.data([msgspec.to_builtins(one) for one in found])
    for one in found:
        state = session.console.sentence(f"state.{one.state}")
        count = f"{one.tips:6}"
        session.console.say("totals.line", month=one.month, state=state, count=count)
    if not found:
        session.console.say("list.empty")
    return Exit.DONE


def erased(args: Namespace, session: Session) -> Exit:
    """Checks that a tip which expired is among the month's erasures.

    Raises:
        Refusal: `erased.lives`, `erased.withdrawn`, `erased.not_counted`.
    """
    home = Home(args.home)
    tip = find_tip(home, args.tip)
    if tip.bundle is not None:
        raise Refusal("erased.lives")
    if tip.erasure_nonce is None or tip.expires_on is None:
        raise Refusal("erased.withdrawn")
    hashed = leaf_hash(bytes.fromhex(tip.erasure_nonce) + bytes.fromhex(tip.tip_id))
    server = load_server(home)
    officer = unlock_officer(home, args, session)
    with closing(Door(server, officer, session.clock)) as door:
        for month in _months(tip, tip.expires_on):
            told = StepsDoor(door).erasures(month)
            if hashed in told:
                session.console.data({"month": month, "erasures": len(told)})
                session.console.say("erased.counted", month=month, count=len(told))
                return Exit.DONE
    raise Refusal("erased.not_counted")


def _months(tip: TipEntry, ends_on: date) -> list[str]:
    """The months in which a tombstone that goes on a day may have been made, the last first.

    One more: what is erased while a month is being closed counts to the next.
    """
    last = ends_on - timedelta(days=TOMBSTONE_DAYS - 31)
    days = (last - timedelta(days=n) for n in range(JITTER_DAYS + 32))
    found = (f"{day:%Y-%m}" for day in days if day >= tip.received_on.replace(day=1))
    return list(dict.fromkeys(found))
