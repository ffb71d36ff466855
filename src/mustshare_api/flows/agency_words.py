"""Takes in what agencies say of referrals, and what officers answer.

    say       a question or an outcome, sealed to officers before anything is stored
    answer    an officer's short age file to a question

What an agency says goes into the envelope with the agency's own signature, so officers need
not believe this server. It is sealed to the keys that officers keep their work under, since the
keys of a week are destroyed once it is over.
"""

import hashlib
from typing import Final

from mustshare_api.clock import bangkok_day
from mustshare_api.crypto import agency_words, drafts, sealing
from mustshare_api.crypto.agency_words import Said
from mustshare_api.domain.agency_word import Outcome as SaidOutcome
from mustshare_api.domain.agency_word import Question
from mustshare_api.domain.days import is_buddhist
from mustshare_api.domain.limits import KIBIBYTE
from mustshare_api.domain.referral import Step
from mustshare_api.errors import FieldError, Malformed, NotFound, TooLarge, WrongMoment
from mustshare_api.flows.referrals import act_of, change_of, check_sealed, deed_of, found
from mustshare_api.flows.staff import Admitted
from mustshare_api.flows.workbench import Workbench
from mustshare_api.store.agency_words import NewWord
from mustshare_api.store.outcome import Outcome

ANSWER_LIMIT_BYTES: Final = 128 * KIBIBYTE
"""Words, and no files: what hands a tip's files over takes two officers."""


async def say(
    bench: Workbench,
    by: Admitted,
    referral_id: bytes,
    version: int,
    said: tuple[Question | SaidOutcome, bytes],
) -> Outcome:
    """Seals what an agency said, and records it. `said`: as read, and the very octets.

    Raises:
        Malformed: an outcome of a day that has not come.
        NotFound, WrongMoment, TooLarge: see `store.agency_words`.
    """
    word, body = said
    today = bangkok_day(bench.clock.now())
    if isinstance(word, SaidOutcome) and word.on > today:
        code = "field.buddhist_year" if is_buddhist(word.on) else "field.out_of_range"
        wrong = FieldError("/on", code)
        raise Malformed("request.invalid_fields", errors=(wrong,))
    word_id = bytes.fromhex(word.id)
    prefix = agency_words.prefix_of(referral_id, word_id)
    content = Said(deed_of(by), body).encode()
    octets = sealing.seal_agency_word(prefix, _readers(bench), content)
    is_question = isinstance(word, Question)
    new = NewWord(
        word_id,
        "question" if is_question else "outcome",
        octets,
        hashlib.sha256(body).digest(),
    )
    change = change_of(bench, by, referral_id, version)
    made = Step.ASK if isinstance(word, Question) else word.kind.step
    return _recorded(await bench.agency_words.say(change, made, new))


async def answer(
    bench: Workbench,
    by: Admitted,
    ids: tuple[bytes, bytes],
    version: int,
    octets: bytes,
) -> Outcome:
    """Records what an officer answers. `ids`: of the referral, and of the answer.

    Raises:
        Malformed: `referral.not_sealed`.
        NotFound, WrongMoment, TooLarge: see `store.agency_words`.
    """
    check_sealed(octets)
    referral_id, answer_id = ids
    act = act_of(by, b"answer", answer_id, hashlib.sha256(octets).digest())
    change = change_of(bench, by, referral_id, version, act)
    return _recorded(await bench.agency_words.answer(change, answer_id, octets))


async def word(bench: Workbench, by: Admitted, ids: tuple[bytes, bytes]) -> bytes:
    """A word of the agency's, sealed. `ids`: of the referral, and of the word.

    Raises:
        NotFound: `referral.not_found`.
    """
    await found(bench, by, ids[0])
    return _there(await bench.agency_words.word(*ids))


async def answered(bench: Workbench, by: Admitted, ids: tuple[bytes, bytes]) -> bytes:
    """An answer, sealed to the agency. `ids`: of the referral, and of the answer.

    Raises:
        NotFound: `referral.not_found`.
    """
    await found(bench, by, ids[0])
    return _there(await bench.agency_words.answered(*ids))


def _readers(bench: Workbench) -> list[bytes]:
    """The keys to which an agency's word is sealed: each officer's, and escrow."""
    directory = bench.directory.current()
    officers = drafts.recipients(directory, bangkok_day(bench.clock.now()))
    escrow = tuple(entry for entry in directory.entries if entry.role == "escrow")
    return [entry.public_key for entry in (*officers, *escrow)]


def _there(octets: bytes | None) -> bytes:
    if octets is None:
        raise NotFound("referral.not_found")
    return octets


def _recorded(outcome: Outcome) -> Outcome:
    if outcome is Outcome.DIFFERENT:
        raise WrongMoment("id.in_use")
    if outcome is Outcome.FULL:
        raise TooLarge("referral.full")
    return outcome
