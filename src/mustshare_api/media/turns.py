"""Who is next: pictures wait by sender, and senders take turns.

    sender A   [3] [2] [1]  --+
    sender B   [1]          --+-- round by round -->  two threads  --> a child each
    sender C   [2] [1]      --+

With one line for all, whoever sends forty pictures keeps everyone else out for as long as they
take. Here the forty wait for one another. When all room is taken, a newcomer gets the place of
the last picture of whoever has most waiting, if that leaves them no worse off than the
newcomer; who lost the place is told to come back, as they are when nobody can be displaced.
"""

import threading
from collections import deque
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from mustshare_api.errors import Busy

T = TypeVar("T")


@dataclass(frozen=True, slots=True, eq=False)
class _Job(Generic[T]):
    sender: bytes
    work: Callable[[], T]
    future: Future[T] = field(default_factory=Future[T])


class Turns(Generic[T]):
    """A few threads, bounded room to wait, and turns by sender."""

    def __init__(self, slots: int, queue: int) -> None:
        self._threads = ThreadPoolExecutor(slots, "strip")
        self._room = slots + queue
        self._running = 0
        self._lock = threading.Lock()
        self._waiting: dict[bytes, deque[_Job[T]]] = {}

    def submit(self, sender: bytes, work: Callable[[], T]) -> Future[T]:
        """Has the work done when its sender's turn comes.

        Raises:
            Busy: All room is taken, and by no sender more than by this one.
        """
        job = _Job(sender, work)
        with self._lock:
            displaced = self._displaced(sender) if self._is_full() else None
            self._waiting.setdefault(sender, deque()).append(job)
        job.future.add_done_callback(lambda _: self._forget(job))
        if displaced is None:
            self._threads.submit(self._work)
        else:
            self._tell(displaced)
        return job.future

    def close(self) -> None:
        """Ends the threads; what is in work is finished, what waits is cancelled."""
        with self._lock:
            left = [job for jobs in self._waiting.values() for job in jobs]
        for job in left:
            job.future.cancel()
        self._threads.shutdown()

    def _is_full(self) -> bool:
        return self._running + sum(map(len, self._waiting.values())) >= self._room

    def _displaced(self, newcomer: bytes) -> _Job[T]:
        own = len(self._waiting.get(newcomer, ()))
        most = max(self._waiting.values(), key=len, default=deque[_Job[T]]())
        if len(most) <= own + 1:
            raise Busy("media.busy")
        return most.pop()

    @staticmethod
    def _tell(displaced: _Job[T]) -> None:
        if displaced.future.set_running_or_notify_cancel():
            displaced.future.set_exception(Busy("media.busy"))

    def _forget(self, job: _Job[T]) -> None:
        """Gives the place of a sender who left to others."""
        with self._lock:
            jobs = self._waiting.get(job.sender)
            if jobs and job in jobs:
                jobs.remove(job)
            if not jobs:
                self._waiting.pop(job.sender, None)

    def _take(self) -> _Job[T] | None:
        """The first picture of the sender whose turn it is; they then go to the end."""
        with self._lock:
            for sender in list(self._waiting):
                jobs = self._waiting.pop(sender)
                if not jobs:
                    continue
                job = jobs.popleft()
                if jobs:
                    self._waiting[sender] = jobs
                self._running += 1
                return job
        return None

    def _work(self) -> None:
        job = self._take()
        if job is None:
            return
        try:
            if job.future.set_running_or_notify_cancel():
                _finish(job)
        finally:
            with self._lock:
                self._running -= 1


def _finish(job: _Job[T]) -> None:
    try:
        result = job.work()
    except BaseException as error:  # noqa: BLE001 - it is whoever waits that it is for
        job.future.set_exception(error)
    else:
        job.future.set_result(result)
