"""The commands by which officers carry words between an agency and a reporter.

show     what the agency asked and reported, opened and checked
ask-on   a question goes to the reporter as an answer of staff, as the officer words it
answer   words go to the agency, sealed and signed
tell     the docket of the tip says how far the referral has come, and what was reported
"""

from argparse import Namespace
from functools import partial
from typing import Any

import msgspec

from mustshare_api.crypto import manifests
from mustshare_api.crypto.age import AgeSealer
from mustshare_api.domain.agency_word import Outcome, Question
from mustshare_api.domain.docket import (
    WORDS_LIMIT,
    DocketBody,
    DocketOutcome,
    DocketReferral,
)
from mustshare_api.errors import CannotOpen, Malformed, MustShareError, Unavailable
from mustshare_api.keytool.desk.directories import current_directory
from mustshare_api.keytool.desk.listed import load_objects_of
from mustshare_api.keytool.desk.session import Session
from mustshare_api.keytool.desk.terminal import quoted
from mustshare_api.keytool.hand_over.exporting import DIRECTORY, MANIFEST, voucher
from mustshare_api.keytool.hand_over.tarring import Tar
from mustshare_api.keytool.referrals.asked import Asked
from mustshare_api.keytool.referrals.dockets import with_outcome, with_referral
from mustshare_api.keytool.referrals.listing import say_referral
from mustshare_api.keytool.referrals.office import Office, office
from mustshare_api.keytool.referrals.said import Believers, open_word, text_of
from mustshare_api.keytool.referrals.unsaid import Unsaid
from mustshare_api.keytool.referrals.wire import ReferralShown
from mustshare_api.keytool.refusal import Exit, Refusal, Unreachable
from mustshare_api.keytool.staff_door.wire import TipEntry
from mustshare_api.keytool.tips import answering
from mustshare_api.keytool.tips import commands as tip_commands
from mustshare_api.keytool.tips.answering import Answer
from mustshare_api.keytool.tips.resealing import Resealer

Words = dict[str, Question | Outcome]


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
        word_id, word = _found(_opened(desk_of, shown)[0], args.word)
        tips = args.tip or _asked_of(desk_of, shown, word)
        given = args.text is not None or args.file is not None
        text = tip_commands.text_of(args) if given else text_of(word)
        asked = Asked(desk_of.home, desk_of.officer, shown.referral.id)
        sent, refused = dict[str, str](), dict[str, str]()
        for tip in desk_of.tips_of(shown.referral.id, tips):
            try:
                sent[tip.tip_id] = _ask(desk_of, asked, word_id, tip, text)
            except (Unreachable, Unavailable):
                raise
            except MustShareError as failed:
                # One reporter who is gone keeps no other from being asked.
                refused[tip.tip_id] = failed.code
    session.console.data({"sent": sent, "refused": refused})
    for object_id in sent.values():
        session.console.say("done.sent", object=object_id)
    for tip_id, code in refused.items():
        session.console.warn(
            "open.part_failed", object=tip_id, why=session.console.sentence(code)
        )
    return Exit.REFUSED if refused else Exit.DONE


def _asked_of(
    desk_of: Office, shown: ReferralShown, word: Question | Outcome
) -> list[str] | None:
    """The tips that an agency's question is about; None for all of them.

    Raises:
        Refusal: `referral.unknown_part`, a number that the report does not have.
    """
    if not isinstance(word, Question) or word.about is None:
        return None
    booked = desk_of.booked(shown.referral.id)
    tips = booked.tips if booked is not None else []
    if max(word.about) > len(tips):
        raise Refusal("referral.unknown_part")
    return [tips[place - 1].tip_id for place in word.about]


def _ask(desk_of: Office, asked: Asked, word_id: str, tip: TipEntry, text: str) -> str:
    """Sends a question to a reporter, unless that was done before; the id of what went."""
    hashed, ask = asked.begin(word_id, tip.tip_id, text)
    if not ask.sent and ask.object_id not in _listed(desk_of, tip):
        _send(desk_of, tip, text, ask.object_id)
    asked.went(hashed, ask)
    return ask.object_id


def _listed(desk_of: Office, tip: TipEntry) -> set[str]:
    return {entry.object_id for entry in load_objects_of(desk_of.home, tip.tip_id)}


def _send(desk_of: Office, tip: TipEntry, text: str, object_id: str) -> None:
    """Sends what waits under this id, or seals it and does."""
    home, session, officer = desk_of.home, desk_of.session, desk_of.officer
    left = (one for one in answering.waiting_answers(home) if one.object_id == object_id)
    waiting = next(left, None) or answering.compose(
        home, tip, officer, Answer(text, []), session, object_id
    )
    again = Resealer(home, desk_of.door, officer, session.clock.now())
    answering.send(home, desk_of.door, waiting, session.console, again)


def answer(args: Namespace, session: Session) -> Exit:
    """Answers an agency: words, signed by a manifest, sealed to the agency alone."""
    text = tip_commands.text_of(args)
    content = f"answer\n{args.title or ''}\n{text}".encode()
    with office(args, session) as desk_of:
        shown = desk_of.referrals.find(args.referral)
        unsaid = Unsaid(desk_of.home, desk_of.officer.signing_seed)
        seal = partial(_sealed_answer, desk_of, shown, text, args.title)
        word = unsaid.begin(shown.referral.id, content, seal)
        desk_of.referrals.answer(shown.referral, word.id, word.octets)
        unsaid.arrived(shown.referral.id, content)
    session.console.data({"referral": shown.referral.id, "answer": word.id})
    session.console.say("done.sent", object=word.id)
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
    """Brings the docket of each of the referral's tips up to what the agency said."""
    with office(args, session, synced=True) as desk_of:
        shown = desk_of.referrals.find(args.referral)
        words, refused = _opened(desk_of, shown)
        dockets = {
            tip.tip_id: desk_of.put_docket(tip, partial(_with_all, args, shown, words))
            for tip in desk_of.tips_of(shown.referral.id, args.tip)
        }
    session.console.data({"dockets": msgspec.to_builtins(dockets)})
    for tip_id, docket in dockets.items():
        session.console.say("docket.told", tip=tip_id[:8], count=len(docket.outcomes))
    for word_id, code in refused.items():
        session.console.warn(
            "open.part_failed", object=word_id, why=session.console.sentence(code)
        )
    return Exit.CANNOT_OPEN if refused else Exit.DONE


def _with_all(
    args: Namespace, shown: ReferralShown, words: Words, docket: DocketBody
) -> DocketBody:
    """A docket with how far the referral has come, what was reported, and a note."""
    referral = shown.referral
    docket = with_referral(
        docket,
        DocketReferral(referral.id, referral.agency, referral.state, referral.changed_on),
    )
    for word in _to_tell(args, words, docket):
        docket = with_outcome(docket, _told(args, word, referral.id, docket))
    if args.note is not None:
        docket = msgspec.structs.replace(docket, note=args.note or None)
    return docket


def _to_tell(args: Namespace, words: Words, docket: DocketBody) -> list[Outcome]:
    """The outcomes to put into a docket, in order; with `--word` that one alone is new.

    Raises:
        Refusal: `referral.unknown_word`, no outcome is named so; `referral.which_word`, there
            are texts, and no outcome that they are for.
    """
    outcomes = {i: word for i, word in words.items() if isinstance(word, Outcome)}
    if args.word is not None:
        wanted, _ = _found(dict(outcomes), args.word)
        known = {wanted, *(one.id for one in docket.outcomes)}
        outcomes = {i: word for i, word in outcomes.items() if i in known}
    elif args.text_th is not None or args.text_en is not None:
        raise Refusal("referral.which_word")
    return sorted(outcomes.values(), key=lambda one: (one.on, one.id))


def _told(
    args: Namespace, word: Outcome, referral_id: str, docket: DocketBody
) -> DocketOutcome:
    """An outcome as the reporter is told of it: in the agency's words, or the officer's.

    What was told before stays as it was worded: an officer may have left something out.
    """
    before = next((one for one in docket.outcomes if one.id == word.id), None)
    th, en = (before or word).text_th, (before or word).text_en
    if args.word is not None and word.id.startswith(args.word.lower()):
        th, en = _worded(args, th, en)
    if any(text is not None and len(text) > WORDS_LIMIT for text in (th, en)):
        raise Refusal("docket.too_large")
    return DocketOutcome(word.id, referral_id, word.kind, word.on, th, en)


def _worded(args: Namespace, th: str | None, en: str | None) -> tuple[str | None, str | None]:
    """Both texts as the officer words them; an empty one takes that language away.

    Raises:
        Refusal: `docket.other_language`, one is reworded and the other would stay as it was.
    """
    given = (args.text_th, args.text_en)
    if given == (None, None):
        return th, en
    if (args.text_en is None and en is not None) or (args.text_th is None and th is not None):
        raise Refusal("docket.other_language")
    return (
        th if args.text_th is None else args.text_th or None,
        en if args.text_en is None else args.text_en or None,
    )
