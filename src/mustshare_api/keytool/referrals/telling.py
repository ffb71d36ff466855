"""The commands by which officers carry words between an agency and a reporter.

show     what the agency asked and reported, opened and checked
ask-on   a question goes to the reporter as an answer of staff, as the officer words it
answer   words go to the agency, sealed and signed
tell     the docket of the tip says how far the referral has come, and what was reported
"""

import secrets
from argparse import Namespace
from collections.abc import Mapping
from contextlib import suppress
from typing import Any, Final

import msgspec

from mustshare_api.crypto import manifests
from mustshare_api.crypto.age import AgeSealer
from mustshare_api.domain.agency_word import Outcome, Question
from mustshare_api.domain.docket import DocketOutcome, DocketReferral
from mustshare_api.errors import CannotOpen, Malformed
from mustshare_api.keytool.desk.directories import current_directory
from mustshare_api.keytool.desk.session import Session
from mustshare_api.keytool.desk.terminal import quoted
from mustshare_api.keytool.hand_over.exporting import DIRECTORY, MANIFEST, voucher
from mustshare_api.keytool.hand_over.tarring import Tar
from mustshare_api.keytool.referrals.dockets import with_outcome, with_referral
from mustshare_api.keytool.referrals.office import Office, office, say_referral
from mustshare_api.keytool.referrals.said import Believers, open_word, text_of
from mustshare_api.keytool.referrals.wire import ReferralShown
from mustshare_api.keytool.refusal import Exit, Refusal
from mustshare_api.keytool.tips import answering
from mustshare_api.keytool.tips import commands as tip_commands
from mustshare_api.keytool.tips.answering import Answer
from mustshare_api.keytool.tips.resealing import Resealer

Words = dict[str, Question | Outcome]
_ID_BYTES: Final = 16


def _opened(desk_of: Office, shown: ReferralShown) -> tuple[Words, dict[str, str]]:
    """What the agency said, by id, and why some of it is not believed."""
    believers = Believers.of(desk_of.home)
    words: Words = {}
    refused: dict[str, str] = {}
    for entry in shown.said:
        if entry.sort == "answer":
            continue
        try:
            words[entry.id] = open_word(
                desk_of.referrals, shown.referral, entry, desk_of.officer, believers
            )
        except (CannotOpen, Malformed) as failed:
            refused[entry.id] = failed.code
    return words, refused


def show(args: Namespace, session: Session) -> Exit:
    """Shows a referral and all that the agency said."""
    with office(args, session) as desk_of:
        shown = desk_of.referrals.find(args.referral)
        words, refused = _opened(desk_of, shown)
    data: dict[str, Any] = msgspec.to_builtins(shown)
    session.console.data(
        data | {"words": {i: msgspec.to_builtins(w) for i, w in words.items()}}
        | {"refused": refused}
    )  # fmt: skip
    say_referral(session, shown.referral)
    for word_id, word in words.items():
        _say_word(session, word_id, word)
    for word_id, code in refused.items():
        session.console.say(
            "open.part_failed", object=word_id, why=session.console.sentence(code)
        )
    return Exit.CANNOT_OPEN if refused else Exit.DONE


def _say_word(session: Session, word_id: str, word: Question | Outcome) -> None:
    if isinstance(word, Outcome):
        on, kind = word.on.isoformat(), word.kind.value
        session.console.say("referral.outcome", word=word_id, kind=kind, day=on)
    else:
        session.console.say("referral.question", word=word_id)
    if text := text_of(word):
        session.console.show(quoted(text))


def _found(words: Words, typed: str) -> tuple[str, Question | Outcome]:
    found = [(i, word) for i, word in words.items() if i.startswith(typed.lower())]
    if len(found) != 1:
        raise Refusal("referral.unknown_word")
    return found[0]


def ask_on(args: Namespace, session: Session) -> Exit:
    """Passes a question on to the reporter."""
    with office(args, session, synced=True) as desk_of:
        shown = desk_of.referrals.find(args.referral)
        _, word = _found(_opened(desk_of, shown)[0], args.word)
        tip = desk_of.tip_of(shown.referral.id, args.tip)
        given = args.text is not None or args.file is not None
        text = tip_commands.text_of(args) if given else text_of(word)
        waiting = answering.compose(
            desk_of.home, tip, desk_of.officer, Answer(text, []), session
        )
        again = Resealer(desk_of.home, desk_of.door, desk_of.officer, session.clock.now())
        answering.send(desk_of.home, desk_of.door, waiting, session.console, again)
    session.console.data({"object_id": waiting.object_id, "tip": tip.tip_id})
    session.console.say("done.sent", object=waiting.object_id)
    return Exit.DONE


def answer(args: Namespace, session: Session) -> Exit:
    """Answers an agency: words, signed by a manifest, sealed to the agency alone."""
    text = tip_commands.text_of(args)
    answer_id = secrets.token_hex(_ID_BYTES)
    with office(args, session) as desk_of:
        shown = desk_of.referrals.find(args.referral)
        octets = _sealed_answer(desk_of, shown, text, args.title)
        desk_of.referrals.answer(shown.referral, answer_id, octets)
    session.console.data({"referral": shown.referral.id, "answer": answer_id})
    session.console.say("done.sent", object=answer_id)
    return Exit.DONE


def _sealed_answer(
    desk_of: Office, shown: ReferralShown, text: str, title: str | None
) -> bytes:
    directory = current_directory(desk_of.home, desk_of.session.today)
    entry = directory.agency(shown.referral.agency)
    if entry is None:
        raise Refusal("referral.unknown_agency")
    sealer = AgeSealer([entry.public_key])
    pieces = [sealer.head]
    tar = Tar(lambda octets: pieces.append(sealer.update(octets)))
    tar.add("answer.txt", text.encode())
    tar.add(DIRECTORY, directory.octets)
    head = voucher(
        desk_of.officer, directory, title or shown.referral.agency, desk_of.session.today
    )
    tar.add(MANIFEST, manifests.compose(head, desk_of.officer.signing_seed, tar.files, {}))
    tar.close()
    return b"".join([*pieces, sealer.finalize()])


def tell(args: Namespace, session: Session) -> Exit:
    """Brings the docket of the referral's tip up to what the agency said."""
    with office(args, session, synced=True) as desk_of:
        shown = desk_of.referrals.find(args.referral)
        words, refused = _opened(desk_of, shown)
        tip = desk_of.tip_of(shown.referral.id, args.tip)
        referral, dockets = shown.referral, desk_of.dockets
        last, entry = dockets.last(tip)
        now = session.clock.now()
        docket = with_referral(
            dockets.begun(last, now),
            DocketReferral(referral.id, referral.agency, referral.state, referral.changed_on),
        )
        outcomes = {i: word for i, word in words.items() if isinstance(word, Outcome)}
        edited = _edited(args, outcomes)
        before = {one.id for one in docket.outcomes}
        for word in sorted(outcomes.values(), key=lambda one: (one.on, one.id)):
            # What was told stays as it was told: it may be in an officer's words.
            if word.id not in before or word.id == edited:
                docket = with_outcome(docket, _told(args, word, edited, referral.id))
        if args.note is not None:
            docket = msgspec.structs.replace(docket, note=args.note or None)
        dockets.put(desk_of.door, tip, docket, entry, now)
    session.console.data({"tip": tip.tip_id, "docket": msgspec.to_builtins(docket)})
    session.console.say("docket.told", tip=tip.tip_id[:8], count=len(docket.outcomes))
    for word_id, code in refused.items():
        session.console.warn(
            "open.part_failed", object=word_id, why=session.console.sentence(code)
        )
    return Exit.CANNOT_OPEN if refused else Exit.DONE


def _edited(args: Namespace, outcomes: Mapping[str, Outcome]) -> str | None:
    """The outcome that the officer names, to tell it in other words than the agency's.

    Raises:
        Refusal: `referral.unknown_word`, none or several are named so; `referral.which_word`,
            there are words and no outcome that they are for.
    """
    if args.word is not None:
        return _found(dict(outcomes), args.word)[0]
    if args.text_th is not None or args.text_en is not None:
        raise Refusal("referral.which_word")
    return None


def _told(
    args: Namespace, word: Outcome, edited: str | None, referral_id: str
) -> DocketOutcome:
    """An outcome as the reporter is told of it: in the agency's words, or the officer's."""
    th, en = word.text_th, word.text_en
    if word.id == edited:
        th, en = args.text_th or th, args.text_en or en
    with suppress(Malformed):
        return DocketOutcome(word.id, referral_id, word.kind, word.on, th, en)
    raise Refusal("docket.too_large")
