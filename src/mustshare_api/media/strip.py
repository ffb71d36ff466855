"""Strips a file: everything but what is seen and heard is taken away, and that is checked.

1. bound    refuse what is empty or too large before any work is done for it
2. sniff    by magic alone; what is not taken is refused here, with no process started
3. queue    a slot, or a short wait for one's turn, or Busy
4. seal     the sender's file, where it can be, so that no child can change it
5. draw     in a child of its own, which gets the file and an empty memory file
6. freeze   the result is sealed before it is looked at: what was checked is what is kept
7. gate     its grammar, byte by byte; a result that could hold anything else is dropped
8. answer   the sealed descriptor, its size, and which kinds of thing were removed
"""

import asyncio
import contextlib
import fcntl
import mmap
import os
from concurrent.futures import Future
from dataclasses import dataclass, replace
from typing import Self

from mustshare_api.clock import Clock, SystemClock
from mustshare_api.errors import Busy, TooLarge, Unavailable, Unstrippable
from mustshare_api.media import extras, gates, kinds
from mustshare_api.media.bounds import USUAL, Limits
from mustshare_api.media.channel import DRAW, DRAW_EXTRAS, Setting
from mustshare_api.media.facts import KEEP_NOTHING, NO_FACTS, Facts, Keep
from mustshare_api.media.keeper import Keeper
from mustshare_api.media.report import Order, Outcome, Report, parse_report, problem
from mustshare_api.media.sniff import MEDIA_TYPES, SNIFF_BYTES, Format, sniff
from mustshare_api.media.turned_away import broken, refusal
from mustshare_api.media.turns import Turns
from mustshare_api.media.worker import Ending, Told, ZygoteLost

_SEALS = fcntl.F_SEAL_SEAL | fcntl.F_SEAL_SHRINK | fcntl.F_SEAL_GROW | fcntl.F_SEAL_WRITE
_OUT_OF_CPU = -24  # SIGXCPU


@dataclass(frozen=True, slots=True)
class Stripped:
    """What is seen or heard and nothing else. Whoever gets it closes `fd`."""

    fd: int
    size_bytes: int
    media_type: str
    width: int
    height: int
    removed: tuple[str, ...]
    facts: Facts = NO_FACTS
    pages: int | None = None
    """Of a document."""

    duration_s: int | None = None
    """Of a film or a recording, rounded up."""


class Stripper:
    """Strips files, a few at a time, each in a process of its own."""

    def __init__(
        self, setting: Setting, pictures: Keeper, others: Keeper, *, slots: int, queue: int
    ) -> None:
        self._setting = setting
        self._turns = Turns[Stripped](slots, queue)
        self._takes = extras.taken()
        self._pictures = pictures
        self._extras = others
        self._closed = False

    @classmethod
    def start(  # noqa: PLR0913 - what a process is given to work with; all have defaults
        cls,
        *,
        limits: Limits = USUAL,
        slots: int = 2,
        queue: int = 8,
        best_effort: bool = False,
        clock: Clock | None = None,
        draw: str | None = None,
    ) -> Self:
        """Starts the zygote of pictures and learns what its sandbox has in force.

        Blocks for about 0.3 s. A machine that can't run one is not an error here: `strip`
        says so to each sender, and `sandbox` to the operator.

        Args:
            limits: What one picture may cost.
            slots: Pictures in work at a time, each up to `limits.memory_bytes`.
            queue: Pictures that may wait; beyond that senders are asked to come back.
            best_effort: Strip even where the system-call filter can't be installed.
            clock: For deadlines.
            draw: What children do with any file, as `module:function`, in place of ours.
        """
        setting = Setting(limits, best_effort, draw or DRAW)
        with_extras = replace(setting, draw=draw or DRAW_EXTRAS)
        keepers = (Keeper(one, clock or SystemClock()) for one in (setting, with_extras))
        stripper = cls(setting, *keepers, slots=slots, queue=queue)
        with contextlib.suppress(Unavailable):
            stripper._pictures.alive()
        return stripper

    @property
    def sandbox(self) -> dict[str, str]:
        """Each measure and whether it is in force; empty while no zygote runs."""
        zygote = self._pictures.zygote
        return dict(zygote.sandbox) if zygote else {}

    @property
    def takes(self) -> list[str]:
        """The media types that this installation takes, as forms name them."""
        return [name for kind, name in MEDIA_TYPES.items() if kind in self._takes]

    async def strip(
        self,
        source_fd: int,
        source_bytes: int,
        *,
        keep: Keep = KEEP_NOTHING,
        first_frame: bool = False,
        sender: bytes = b"",
    ) -> Stripped:
        """Strips one picture.

        Args:
            source_fd: A memory file with the sender's bytes from offset 0; stays the caller's.
            source_bytes: How many they are.
            keep: What the reporter chose to have read out and kept.
            first_frame: Take the first picture of several instead of refusing them.
            sender: Whose it is, for turns: nobody's many pictures keep another's out.

        Raises:
            Unstrippable: It can't be made safe; the code says why.
            Unsupported: It is no kind of picture that is taken.
            TooLarge: More bytes than a picture may have.
            Busy: All slots and the queue are taken, or another's turn took the place.
            Unavailable: This machine can't do it safely.
        """
        order = self._order(source_fd, source_bytes, keep, first_frame=first_frame)
        future = self._submit(order, source_fd, sender)
        try:
            return await asyncio.wrap_future(future)
        except asyncio.CancelledError:
            future.add_done_callback(_discard)
            raise

    def strip_now(
        self, source_fd: int, source_bytes: int, told: Told | None = None
    ) -> Stripped:
        """The same where no event loop runs; keeps nothing and takes no part of several.

        Args:
            source_fd: As for `strip`.
            source_bytes: Likewise.
            told: Called, in another thread, with the pages done and the pages in all.

        Raises:
            Unstrippable, Unsupported, TooLarge, Busy, Unavailable: As `strip`.
        """
        order = self._order(source_fd, source_bytes, KEEP_NOTHING, first_frame=False)
        order = replace(order, progress=told is not None)
        return self._submit(order, source_fd, b"", told).result()

    def close(self) -> None:
        """Ends the zygotes. Files in work are finished first."""
        self._closed = True
        self._turns.close()
        self._pictures.stop()
        self._extras.stop()

    def _order(
        self, source_fd: int, source_bytes: int, keep: Keep, *, first_frame: bool
    ) -> Order:
        """Steps 1 and 2."""
        kind = self._kind(source_fd, source_bytes)
        if self._closed:
            raise Unavailable("media.sandbox_unavailable")
        return Order(kind, source_bytes, first_frame, keep)

    def _submit(
        self, order: Order, source_fd: int, sender: bytes, told: Told | None = None
    ) -> Future[Stripped]:
        """Step 3. The thread gets its own descriptor: the caller may close theirs."""
        source = os.dup(source_fd)
        try:
            future = self._turns.submit(sender, lambda: self._strip(order, source, told))
        except Busy:
            os.close(source)
            raise
        future.add_done_callback(lambda _: os.close(source))
        return future

    def _kind(self, source_fd: int, source_bytes: int) -> Format:
        if source_bytes > self._setting.limits.source_bytes:
            raise TooLarge("media.too_large")
        if source_bytes <= 0:
            raise Unstrippable
        head = os.pread(source_fd, min(SNIFF_BYTES, source_bytes), 0)
        kind = sniff(head)
        if kind is None or kind not in self._takes:
            raise refusal(head, kind)
        return kind

    def _strip(self, order: Order, source: int, told: Told | None) -> Stripped:
        """Steps 4 to 8, in a thread."""
        with contextlib.suppress(OSError):
            fcntl.fcntl(source, fcntl.F_ADD_SEALS, _SEALS)
        result = os.memfd_create("picture", os.MFD_CLOEXEC | os.MFD_ALLOW_SEALING)
        try:
            report = self._report(self._draw(order, source, result, told), order.keep)
            size, measured = self._check(result, report)
        except BaseException as error:
            os.close(result)
            if isinstance(error, Unstrippable):
                raise broken(error, order.kind) from None
            raise
        return Stripped(
            result,
            size,
            gates.MEDIA_TYPES[report.media],
            report.width,
            report.height,
            kinds.from_bits(report.removed),
            report.facts,
            measured.pages,
            measured.duration_s,
        )

    def _draw(self, order: Order, source: int, result: int, told: Told | None) -> Ending:
        """Step 5, once more under a new zygote if the old one turns out to be gone."""
        keeper = self._pictures if extras.needed(order.kind) is None else self._extras
        for _ in range(2):
            zygote = keeper.alive()
            try:
                return zygote.draw(order, source, result, told)
            except ZygoteLost:
                os.ftruncate(result, 0)
                os.lseek(result, 0, os.SEEK_SET)
                keeper.lose(zygote)
        raise Unavailable("media.sandbox_unavailable")

    def _report(self, ending: Ending, keep: Keep) -> Report:
        if ending.timed_out or ending.exit_code == _OUT_OF_CPU:
            raise Unstrippable("media.timeout")
        if ending.report is None or ending.exit_code != 0:
            raise Unstrippable
        report = parse_report(ending.report, keep)
        if report.outcome is not Outcome.DRAWN:
            raise problem(report.outcome)
        return report

    def _check(self, result: int, report: Report) -> tuple[int, gates.Measured]:
        """Steps 6 and 7."""
        try:
            fcntl.fcntl(result, fcntl.F_ADD_SEALS, _SEALS)
        except OSError:
            raise Unstrippable from None
        size = os.fstat(result).st_size
        if not 0 < size <= self._setting.limits.result_bytes:
            raise Unstrippable
        # Looked at where it lies: sealed, it can neither change nor shrink meanwhile.
        with mmap.mmap(result, size, prot=mmap.PROT_READ) as octets:
            measured = gates.check(octets, report)
        os.lseek(result, 0, os.SEEK_SET)
        return size, measured


def _discard(future: Future[Stripped]) -> None:
    """Closes a result that nobody waits for any more."""
    if not future.cancelled() and future.exception() is None:
        os.close(future.result().fd)
