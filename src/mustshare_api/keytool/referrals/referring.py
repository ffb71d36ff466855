"""`refer`: one officer puts tips together in one file, and proposes it.

1. sync      each tip is looked at as it stands now; one that cannot be referred refuses all
2. choose    export as `export` makes it, one part a tip
3. seal      to the agency and to officers' case keys, so that another can look
4. hand in   with a commitment to the tips, whom nothing at the door names
5. note      on each tip's desk, which referral it is in, and the version that was seen
"""

import secrets
from argparse import Namespace
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from mustshare_api.crypto import drafts
from mustshare_api.crypto.certificates import Certificate
from mustshare_api.crypto.directory import Directory
from mustshare_api.crypto.referred import NONCE_BYTES
from mustshare_api.domain.lifecycle import Step
from mustshare_api.domain.referral import TIPS_LIMIT
from mustshare_api.errors import WrongMoment
from mustshare_api.keytool.desk.directories import current_directory
from mustshare_api.keytool.desk.session import Session
from mustshare_api.keytool.hand_over.choosing import Wanted
from mustshare_api.keytool.hand_over.commands import fitting
from mustshare_api.keytool.hand_over.exporting import Export, Part, voucher, write_export
from mustshare_api.keytool.hand_over.sorting import choose_each
from mustshare_api.keytool.inbox.stepping import check_step
from mustshare_api.keytool.referrals.book import Booked, BookedTip, remember
from mustshare_api.keytool.referrals.office import Office, office
from mustshare_api.keytool.refusal import Exit, Refusal
from mustshare_api.keytool.staff_door.wire import TipEntry
from mustshare_api.keytool.tips.reading import find_tips, open_messages

_ID_BYTES: Final = 16


def refer(args: Namespace, session: Session) -> Exit:
    """Proposes a referral of tips to an agency."""
    with office(args, session, synced=True) as desk_of:
        directory = current_directory(desk_of.home, session.today)
        recipients = _recipients(directory, args.agency, session)
        tips = _fit(desk_of, args.tip, args.certificate)
        made = _export(args, desk_of, tips)
        seen = [BookedTip(tip.tip_id, tip.steps) for tip in tips]
        booked = Booked(args.agency, secrets.token_hex(NONCE_BYTES), seen)
        referral_id = secrets.token_hex(_ID_BYTES)
        _hand_in(desk_of, referral_id, booked, made, recipients)
        notes = [booked.note(referral_id, place) for place in range(len(tips))]
        desk_of.note(tips, notes)
        remember(desk_of.home, desk_of.officer, referral_id, booked)
    session.console.data(
        {
            "referral": referral_id,
            "agency": args.agency,
            "tips": [tip.tip_id for tip in tips],
            "withheld": dict(made.withheld),
        }
    )
    session.console.say("referral.proposed", referral=referral_id, agency=args.agency)
    return Exit.DONE


def _fit(desk_of: Office, typed: Sequence[str], certificates: Sequence[Path]) -> list[TipEntry]:
    """The tips, each of which can take the step as far as is known here.

    Raises:
        Refusal: `referral.too_many_tips`, `referral.certificates`, `referral.tip_named` with
            the tip's id, and as `find_tips`.
    """
    tips = find_tips(desk_of.home, typed)
    if len(tips) > TIPS_LIMIT:
        raise Refusal("referral.too_many_tips", count=TIPS_LIMIT)
    if len(certificates) not in {0, len(tips)}:
        raise Refusal("referral.certificates")
    for tip in tips:
        try:
            check_step(tip, Step.REFER)
        except (WrongMoment, Refusal) as refused:
            why = desk_of.session.console.sentence(refused.code)
            raise Refusal("referral.tip_named", tip=tip.tip_id, why=why) from None
    return tips


def _export(args: Namespace, desk_of: Office, tips: Sequence[TipEntry]) -> Export:
    home, session = desk_of.home, desk_of.session
    directory = current_directory(home, session.today)
    head = voucher(desk_of.officer, directory, args.title or args.agency, session.today)
    certificates: Sequence[Certificate | None] = [
        fitting(file, head) for file in args.certificate
    ] or [None] * len(tips)
    opened = [open_messages(home, tip, desk_of.officer, directory) for tip in tips]
    wanted = Wanted(args.messages, args.cut, args.attachments, args.include)
    chosen = choose_each(opened, wanted)
    parts = [Part(*each) for each in zip(opened, chosen, certificates, strict=True)]
    return Export(home, desk_of.officer, directory, head, parts, args.unsafe_original)


def _hand_in(
    desk_of: Office, referral_id: str, booked: Booked, made: Export, recipients: list[bytes]
) -> None:
    file = desk_of.home.path / "referrals" / f"{referral_id}.age"
    try:
        write_export(made, recipients, file, desk_of.session.console)
        desk_of.referrals.propose(referral_id, booked, file)
    finally:
        file.unlink(missing_ok=True)


def _recipients(directory: Directory, agency: str, session: Session) -> list[bytes]:
    """The agency's key and each officer's, so that a second one can look.

    Raises:
        Refusal: `referral.unknown_agency`.
    """
    entry = directory.agency(agency)
    if entry is None:
        raise Refusal("referral.unknown_agency")
    officers = drafts.recipients(directory, session.today)
    return [entry.public_key, *(one.public_key for one in officers)]
