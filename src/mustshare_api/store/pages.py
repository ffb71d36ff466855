"""Pages as staff change them: published, corrected, taken down, erased, and their pictures.

    publish     1. second officer   2. the version that was seen   3. one row more of history
    picture     only one that the newest version names, by the digest that was signed for
    show        once all of them are there: tags, state, and one more generation of the plane
    take_down   a version without content; the older ones stay for staff
    erase       contents and pictures are deleted; slug, versions, days and reasons stay

Everything about one page happens under a lock on its row. A page's first version has none yet;
there the unique slug decides between two.

This store and the plane's know nothing of tips, and an import contract holds that.
"""

from dataclasses import dataclass
from datetime import date
from enum import Enum, auto

from mustshare_api.errors import NotFound, WrongMoment
from mustshare_api.store import showing
from mustshare_api.store.audit import NewLeaf, append
from mustshare_api.store.database import AlreadyThere, Connection, Database, Row, retried
from mustshare_api.store.done import was_done
from mustshare_api.store.outcome import Outcome
from mustshare_api.store.seconding import Proposal, Seconded, second
from mustshare_api.store.showing import NewVersion

TAKEN_DOWN = "taken_down"
"""The state of a page that the public is shown no more."""


class Published(Enum):
    """What became of a page that was sent for publication."""

    PROPOSED = auto()
    """Another officer has to send it as well. Nothing of it was kept but a digest."""

    PUBLISHED = auto()
    SAME = auto()
    """It is so already: a retry."""


@dataclass(frozen=True, slots=True)
class NewPicture:
    """A picture that came out of the stripper, and the digest of what went in."""

    page_id: bytes
    kind: str
    picture_id: bytes
    sent_sha256: bytes
    media_type: str
    octets: bytes


@dataclass(frozen=True, slots=True)
class TakingDown:
    """A page that is to be hidden; `seen` is its version, `told` the public reason as JSON."""

    page_id: bytes
    kind: str
    seen: int
    today: date
    told: bytes


class PageStore:
    """The tables of published pages, for staff."""

    def __init__(self, database: Database) -> None:
        self._database = database

    @retried(idempotent=False)
    async def propose(self, proposal: Proposal, leaf: NewLeaf | None) -> Published:
        """Keep the digest of what is to be published; `SAME` where it was published since.

        Raises:
            WrongMoment: `page.content_missing`, another officer has proposed the very same,
                and the page itself is wanted now; or as `second` does.
        """
        async with self._database.transaction() as connection:
            if await was_done(connection, proposal.mark):
                return Published.SAME
            seconded = await second(connection, proposal)
            if seconded is Seconded.CONFIRMED:
                raise WrongMoment("page.content_missing")
            if seconded is Seconded.PROPOSED:
                await _remember(connection, leaf)
        return Published.PROPOSED

    @retried(idempotent=False)
    async def publish(
        self, new: NewVersion, proposal: Proposal, leaf: NewLeaf | None
    ) -> Published:
        """Publish a version, if another officer proposed it; else propose it.

        Raises:
            WrongMoment: `page.stale`, `page.slug_taken`, `page.slug_changed`,
                `page.picture_changed`, `second.same_person`, or as `second` does.
        """
        try:
            async with self._database.transaction() as connection:
                row = await _locked(connection, new.page_id)
                if await was_done(connection, proposal.mark):
                    return Published.SAME
                if await _is_done(connection, new, row):
                    return Published.SAME
                seconded = await second(connection, proposal)
                if seconded is Seconded.AGAIN:
                    raise WrongMoment("second.same_person")
                await _remember(connection, leaf)
                if seconded is not Seconded.CONFIRMED:
                    return Published.PROPOSED
                await showing.insert(connection, new)
                await showing.show_if_whole(connection, new.page_id)
        except AlreadyThere:
            raise WrongMoment("page.slug_taken") from None
        return Published.PUBLISHED

    @retried(idempotent=True)
    async def picture_is_wanted(self, page_id: bytes, kind: str, name: bytes) -> bool | None:
        """Whether the newest version names a picture that is not there yet; None if never."""
        async with self._database.connection() as connection:
            row = await connection.fetchrow(
                """
                SELECT p.picture_id IS NULL AS missing
                FROM pages JOIN page_versions AS v USING (page_id, version)
                LEFT JOIN page_pictures AS p
                    ON p.page_id = pages.page_id AND p.picture_id = substring($3::bytea FOR 16)
                WHERE pages.page_id = $1 AND pages.kind = $2 AND $3::bytea = ANY (v.pictures)
                """,
                *(page_id, kind, name),
            )
        return None if row is None else bool(row["missing"])

    @retried(idempotent=True)
    async def add_picture(self, new: NewPicture, leaf: NewLeaf | None) -> Outcome:
        """Keep a picture, and show the page if it was the last one.

        Returns:
            `RECORDED`, `SAME`, `GONE` (the newest version does not name it any more).
        """
        async with self._database.transaction() as connection:
            named = await connection.fetchval(
                """
                SELECT $3::bytea = ANY (v.pictures) FROM pages
                JOIN page_versions AS v USING (page_id, version)
                WHERE pages.page_id = $1 AND pages.kind = $2 FOR UPDATE OF pages
                """,
                *(new.page_id, new.kind, new.picture_id + new.sent_sha256),
            )
            if not named:
                return Outcome.GONE
            inserted = await connection.fetchval(
                """
                INSERT INTO page_pictures
                    (page_id, picture_id, sent_sha256, media_type, octets)
                VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING RETURNING true
                """,
                *(new.page_id, new.picture_id, new.sent_sha256, new.media_type, new.octets),
            )
            if not inserted:
                return Outcome.SAME
            await _remember(connection, leaf)
            await showing.show_if_whole(connection, new.page_id)
        return Outcome.RECORDED

    @retried(idempotent=False)
    async def take_down(self, taking: TakingDown, leaf: NewLeaf | None) -> None:
        """Take a page from the public at once; the same again, for the same reason, is done.

        Raises:
            NotFound: `page.not_found`.
            WrongMoment: `page.stale`, `page.hidden_already`.
        """
        async with self._database.transaction() as connection:
            row = await _locked(connection, taking.page_id)
            if row is None or row["kind"] != taking.kind:
                raise NotFound("page.not_found")
            if await _was_hidden(connection, taking):
                return
            if row["version"] != taking.seen:
                raise WrongMoment("page.stale")
            if row["state"] == TAKEN_DOWN:
                raise WrongMoment("page.hidden_already")
            await showing.hide(
                connection, taking.page_id, "taken_down", taking.today, taking.told
            )
            await _remember(connection, leaf)

    @retried(idempotent=True)
    async def erase_due(self, today: date, told: bytes) -> int:
        """Erase every page whose day has come; how many there were."""
        async with self._database.transaction() as connection:
            rows = await connection.fetch(
                "SELECT page_id FROM pages WHERE retain_until <= $1 FOR UPDATE", today
            )
            for row in rows:
                await showing.hide(connection, row["page_id"], "erased", today, told)
                await showing.empty(connection, row["page_id"])
        return len(rows)


async def _remember(connection: Connection, leaf: NewLeaf | None) -> None:
    if leaf is not None:
        await append(connection, leaf)


async def _locked(connection: Connection, page_id: bytes) -> Row | None:
    return await connection.fetchrow(
        "SELECT kind, slug, version, state FROM pages WHERE page_id = $1 FOR UPDATE", page_id
    )


async def _was_hidden(connection: Connection, taking: TakingDown) -> bool:
    """Whether this very taking down is what came of the version that was seen."""
    found: bool = await connection.fetchval(
        """
        SELECT EXISTS (SELECT FROM page_versions
                       WHERE page_id = $1 AND version = $2 AND act = 'taken_down' AND told = $3)
        """,
        *(taking.page_id, taking.seen + 1, taking.told),
    )
    return found


async def _is_done(connection: Connection, new: NewVersion, row: Row | None) -> bool:
    """Whether this very version is there already.

    Raises:
        WrongMoment: it can't be the next one of this page.
    """
    if row is not None and (row["kind"], row["slug"]) != (new.kind, new.slug):
        raise WrongMoment("page.slug_changed")
    version = row["version"] if row else 0
    if row is not None and version == new.version:
        digest = await connection.fetchval(
            "SELECT digest FROM page_versions WHERE page_id = $1 AND version = $2",
            *(new.page_id, version),
        )
        if digest == new.digest:
            return True
    if version + 1 != new.version:
        raise WrongMoment("page.stale")
    await _check_free(connection, new, is_first=row is None)
    return False


async def _check_free(connection: Connection, new: NewVersion, *, is_first: bool) -> None:
    """That neither slug nor picture ids have a meaning already: both are addresses for good."""
    if is_first and await connection.fetchval(
        "SELECT true FROM pages WHERE kind = $1 AND slug = $2", new.kind, new.slug
    ):
        raise WrongMoment("page.slug_taken")
    rows = await connection.fetch(
        "SELECT picture_id, sent_sha256 FROM page_pictures WHERE page_id = $1", new.page_id
    )
    kept = {row["picture_id"]: row["sent_sha256"] for row in rows}
    if any(kept.get(picture_id, sha256) != sha256 for picture_id, sha256 in new.names.items()):
        raise WrongMoment("page.picture_changed")
