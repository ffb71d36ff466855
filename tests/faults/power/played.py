"""Reporters who send to a deployment, and what they may rely on from what they were told.

    a tip, words and a file on it, some withdrawn; each with the instant of its answer

After a cut at an instant: all that was acknowledged before it is there, once, as it was sent;
what was withdrawn before it is gone; what was in between may be either. Then everything that
was not withdrawn is sent once more, as a front end does that has lost its answers, and all of
it is there, once.
"""

import asyncio
import hashlib
import secrets
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import asyncpg

from mustshare_api.app import composition
from mustshare_api.crypto import receipts
from mustshare_api.crypto.envelope import parse_head
from mustshare_api.crypto.receipts import BUNDLE_BYTES
from mustshare_api.media.strip import Stripper
from mustshare_api.settings import Settings
from tests.doors import STARTED_AT, Doors, MovedClock, doors_of, made_up_receipt
from tests.organisation import Organisation
from tests.simulation import senders
from tests.simulation.model import Request, Tip
from tests.simulation.stored import Reader, StoredTip

FILE_BYTES = 150_000
HEAD_BYTES = 32 + BUNDLE_BYTES
"""What comes before the object in a sealed tip: the access hash and the bundle."""


@dataclass
class Sent:
    """A request, when it left, and when its answer came; `object_id` of all but tips."""

    request: Request
    what: str
    said: str
    object_id: str = ""
    left_at: float = 0.0
    answered_at: float = float("inf")


@dataclass
class Story:
    """A tip and all that was sent for it, in order; its withdrawal last, where there is one."""

    tip: Tip
    sent: list[Sent] = field(default_factory=list)

    @property
    def withdrawal(self) -> Sent | None:
        """Of the whole tip."""
        last = self.sent[-1] if self.sent else None
        return last if last is not None and last.what == "withdrawal" else None


@dataclass
class Scene:
    """Who is served, and by what; the same before and after a cut."""

    org: Organisation
    stripper: Stripper
    stories: list[Story] = field(default_factory=list)

    @asynccontextmanager
    async def doors(self, dsn: str) -> AsyncIterator[Doors]:
        """The real flows over a database."""
        clock = MovedClock(STARTED_AT)
        async with composition.workbench(
            Settings(), dsn, self.org.roots, self.stripper, clock
        ) as bench:
            await bench.directory.accept(self.org.note())
            async with doors_of(bench, self.org, clock) as opened:
                yield opened

    async def play(self, dsn: str, reporters: int, tips: int) -> None:
        """Several reporters at once, and a checkpoint now and then."""
        aside = await asyncpg.connect(dsn)
        async with self.doors(dsn) as doors, asyncio.TaskGroup() as group:
            for number in range(reporters):
                group.create_task(self._report(doors, number, tips))
            for _ in range(2):
                await asyncio.sleep(0.15)
                await aside.execute("CHECKPOINT")
        await aside.close()

    async def _report(self, doors: Doors, number: int, tips: int) -> None:
        for count in range(tips):
            story = Story(self._new_tip(f"{number}.{count}"))
            self.stories.append(story)
            await send(doors, story, Sent(story.tip.request, "tip", story.tip.text))
            for sent in self._more(story.tip):
                await send(doors, story, sent)
            if count % 3 == 2:
                ending = senders.ask(story.tip, "DELETE", "/v1/tip")
                await send(doors, story, Sent(ending, "withdrawal", ""))

    def _new_tip(self, text: str) -> Tip:
        digits = made_up_receipt()
        keys = receipts.derive(digits, self.org.deployment_id)
        request = senders.sealed_tip(text, keys, self.org.recipients())
        return Tip(text, request, STARTED_AT.date(), digits, keys)

    def _more(self, tip: Tip) -> list[Sent]:
        tip_id = parse_head(tip.request.body[HEAD_BYTES:]).prefix.tip_id
        keys, said = self.org.recipients(), f"more of {tip.text}"
        words_id, words = senders.follow_up(tip, tip_id, said, keys)
        octets = secrets.token_bytes(FILE_BYTES)
        file_id, file = senders.file(tip, tip_id, octets, keys)
        digest = hashlib.sha256(octets).hexdigest()
        return [Sent(words, "follow-up", said, words_id), Sent(file, "file", digest, file_id)]


async def send(doors: Doors, story: Story, sent: Sent) -> None:
    """Once; its answer is a promise from the instant it comes."""
    story.sent.append(sent)
    sent.left_at = time.time()
    request = sent.request
    answer = await doors.reporter.request(
        request.method, request.target, content=request.body, headers=dict(request.headers)
    )
    assert answer.is_success, answer.text
    sent.answered_at = time.time()


async def check(scene: Scene, dsn: str, cut_at: float) -> None:
    """Holds a restored database against what was promised, then tries all of it again."""
    reader, aside = Reader(scene.org), await asyncpg.connect(dsn)
    begun = [story for story in scene.stories if story.sent[0].left_at <= cut_at]
    try:
        found = by_text(await reader.read(aside))
        for story in begun:
            check_story(story, found.get(story.tip.text), cut_at)
        async with scene.doors(dsn) as doors:
            staying = [story for story in begun if story.withdrawal is None]
            for story in staying:
                await try_again(doors, story, cut_at)
        found = by_text(await reader.read(aside))
        for story in staying:
            check_story(story, found.get(story.tip.text), float("inf"), before=cut_at)
    finally:
        await aside.close()


async def try_again(doors: Doors, story: Story, cut_at: float) -> None:
    """All that had left before the cut, in the order in which it had."""
    for sent in story.sent:
        if sent.left_at <= cut_at:
            request = sent.request
            answer = await doors.reporter.request(
                *(request.method, request.target),
                content=request.body,
                headers=dict(request.headers),
            )
            assert answer.is_success, f"a retry was refused: {answer.text}"


def by_text(stored: dict[bytes, StoredTip]) -> dict[str, StoredTip]:
    """What is stored, by what it says; each once."""
    found: dict[str, StoredTip] = {}
    for tip in stored.values():
        (text,) = tip.texts
        assert text not in found, "a tip is there twice"
        found[text] = tip
    return found


def check_story(
    story: Story, found: StoredTip | None, at: float, *, before: float = float("inf")
) -> None:
    """That all that was answered by `at` is there, of what had left `before`."""
    due = [sent for sent in story.sent if sent.answered_at <= at and sent.left_at <= before]
    ending = story.withdrawal
    if ending is not None and ending.left_at <= at:
        assert found is None or ending.answered_at > at, "a withdrawn tip is back"
        return
    if not due:
        return
    assert found is not None, "an acknowledged tip is lost"
    check_things(due[1:], found)


def check_things(due: Sequence[Sent], found: StoredTip) -> None:
    """That they are there, as they were sent."""
    for sent in due:
        kept = found.things.get(sent.object_id)
        assert kept is not None, f"an acknowledged {sent.what} is lost"
        assert kept[1] == sent.said, f"a {sent.what} is not what was sent"
