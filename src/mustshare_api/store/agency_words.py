"""What an agency says of a referral and is answered: each word once, with the step that it is.

    held -> said before? -> version and state -> the word -> the step and its leaf

A word that came before is known by its id and by what was sent, whatever the referral has come
to since: all in one transaction. An agency that lost an answer asks again and is told the same.
"""

from dataclasses import dataclass
from datetime import date
from typing import Final

from mustshare_api.domain.referral import Step
from mustshare_api.domain.webhooks import REFERRAL_ANSWERED
from mustshare_api.store.database import AlreadyThere, Connection, Database, Row, retried
from mustshare_api.store.outcome import Outcome
from mustshare_api.store.referral_rows import Change, done_before, held, led_to, moved
from mustshare_api.store.webhooks import enqueue_for

WORDS_LIMIT: Final = 100
"""What an agency says of one referral, and what it is answered: more is a conversation that
belongs on a telephone."""


@dataclass(frozen=True, slots=True)
class NewWord:
    """Something that is said of a referral: sealed octets, and by what a retry is known."""

    word_id: bytes
    sort: str
    octets: bytes
    fingerprint: bytes


@dataclass(frozen=True, slots=True)
class WordRow:
    """That an agency said something, or was answered. `sort` says which."""

    word_id: bytes
    sort: str
    received_on: date


class AgencyWordStore:
    """The tables `agency_words` and `referral_answers`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    @retried(idempotent=True)
    async def say(self, change: Change, step: Step, word: NewWord) -> Outcome:
        """Record what an agency says, and make the step that it is.

        Returns:
            `RECORDED`; `SAME` when it was said before; `DIFFERENT` when its id is another
            word's; `FULL`.

        Raises:
            NotFound, WrongMoment: as `ReferralStore.move`.
        """
        try:
            return await self._say(change, step, word)
        except AlreadyThere:
            return Outcome.DIFFERENT  # of another referral, at this very moment

    async def _say(self, change: Change, step: Step, word: NewWord) -> Outcome:
        async with self._database.transaction() as connection:
            found = await held(connection, change)
            known = await _said_before(connection, change, word)
            if known is not None:
                return known
            state = led_to(found, change, step)
            await connection.execute(
                """
                INSERT INTO agency_words (word_id, referral_id, sort, octets, fingerprint,
                                          received_on)
                VALUES ($1, $2, $3, $4, $5, $6)
                """,
                *(word.word_id, change.referral_id, word.sort, word.octets),
                *(word.fingerprint, change.today),
            )
            await moved(connection, change, state)
        return Outcome.RECORDED

    @retried(idempotent=True)
    async def answer(self, change: Change, answer_id: bytes, octets: bytes) -> Outcome:
        """Record what an officer answers; results and errors as `say`."""
        try:
            return await self._answer(change, answer_id, octets)
        except AlreadyThere:
            return Outcome.DIFFERENT

    async def _answer(self, change: Change, answer_id: bytes, octets: bytes) -> Outcome:
        async with self._database.transaction() as connection:
            found = await held(connection, change)
            known = await _answered_before(connection, change, answer_id, octets)
            if known is not None:
                return known
            if await done_before(connection, change.referral_id, change.act):
                return Outcome.SAME  # and deleted since, with what was taken back
            state = led_to(found, change, Step.ANSWER)
            await connection.execute(
                """
                INSERT INTO referral_answers (answer_id, referral_id, octets, received_on)
                VALUES ($1, $2, $3, $4)
                """,
                *(answer_id, change.referral_id, octets, change.today),
            )
            about = change.referral_id.hex()
            await enqueue_for(connection, REFERRAL_ANSWERED, about, change.today, found.agency)
            await moved(connection, change, state)
        return Outcome.RECORDED

    @retried(idempotent=True)
    async def said(self, referral_id: bytes) -> list[WordRow]:
        """All that was said of a referral, without what was: words and answers, by id."""
        async with self._database.connection() as connection:
            rows = await connection.fetch(
                """
                SELECT word_id, sort, received_on FROM agency_words WHERE referral_id = $1
                UNION ALL
                SELECT answer_id, 'answer', received_on FROM referral_answers
                WHERE referral_id = $1
                ORDER BY word_id
                """,
                referral_id,
            )
        return [WordRow(**dict(row)) for row in rows]

    @retried(idempotent=True)
    async def word(self, referral_id: bytes, word_id: bytes) -> bytes | None:
        """The sealed octets of a word."""
        async with self._database.connection() as connection:
            octets: bytes | None = await connection.fetchval(
                "SELECT octets FROM agency_words WHERE referral_id = $1 AND word_id = $2",
                *(referral_id, word_id),
            )
        return octets

    @retried(idempotent=True)
    async def answered(self, referral_id: bytes, answer_id: bytes) -> bytes | None:
        """The octets of an answer."""
        async with self._database.connection() as connection:
            octets: bytes | None = await connection.fetchval(
                "SELECT octets FROM referral_answers WHERE referral_id = $1 AND answer_id = $2",
                *(referral_id, answer_id),
            )
        return octets


async def _said_before(connection: Connection, change: Change, word: NewWord) -> Outcome | None:
    row = await connection.fetchrow(
        """
        SELECT (SELECT referral_id = $2 AND sort = $3 AND fingerprint = $4
                FROM agency_words WHERE word_id = $1) AS same,
               (SELECT count(*) FROM agency_words WHERE referral_id = $2) AS words
        """,
        *(word.word_id, change.referral_id, word.sort, word.fingerprint),
    )
    return _known(row)


async def _answered_before(
    connection: Connection, change: Change, answer_id: bytes, octets: bytes
) -> Outcome | None:
    row = await connection.fetchrow(
        """
        SELECT (SELECT referral_id = $2 AND octets = $3
                FROM referral_answers WHERE answer_id = $1) AS same,
               (SELECT count(*) FROM referral_answers WHERE referral_id = $2) AS words
        """,
        *(answer_id, change.referral_id, octets),
    )
    return _known(row)


def _known(row: Row | None) -> Outcome | None:
    if row is not None and row["same"] is not None:
        return Outcome.SAME if row["same"] else Outcome.DIFFERENT
    return Outcome.FULL if row is not None and row["words"] >= WORDS_LIMIT else None
