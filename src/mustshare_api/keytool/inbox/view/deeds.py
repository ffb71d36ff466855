"""What the view does to a desk, without a terminal: each deed locks the folder for itself.

The folder is free between two deeds, so that `sync` and every other command can run beside an
open view. Before each deed the desk is opened anew, with whatever they brought; where no file
of the folder has changed since the last deed it is as it was, which with a hundred thousand
tips saves seconds at each key.
"""

import contextlib
import io
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from mustshare_api.domain.desk import CheckEntry, Entry, NoteEntry
from mustshare_api.domain.lifecycle import Step
from mustshare_api.keytool.desk.home import Home
from mustshare_api.keytool.desk.session import Session
from mustshare_api.keytool.desk.terminal import Console
from mustshare_api.keytool.inbox import viewing
from mustshare_api.keytool.inbox.desk import Desk
from mustshare_api.keytool.inbox.filling import open_desk
from mustshare_api.keytool.inbox.labels import split_labels
from mustshare_api.keytool.inbox.outbox import folder_of
from mustshare_api.keytool.inbox.register import file_of
from mustshare_api.keytool.inbox.showing import opened_tip, show_desk
from mustshare_api.keytool.inbox.tied import find_case
from mustshare_api.keytool.inbox.tying import tied
from mustshare_api.keytool.inbox.writing import (
    assigned,
    count_all,
    deliver,
    labelled,
    merged,
    taken_up,
    written,
)
from mustshare_api.keytool.refusal import Refusal
from mustshare_api.keytool.staff_door.wire import TipEntry
from mustshare_api.keytool.tips.opened import OpenedTip
from mustshare_api.keytool.tips.reading import find_tip, mark_opened
from mustshare_api.keytool.tips.showing import show_tip


@dataclass(slots=True)
class Deeds:
    """One officer's deeds at one desk. `desk` is as it was after the last of them."""

    desk: Desk
    session: Session
    pictures: Path | None
    """A folder in memory; None where there is none to be had."""
    viewer: tuple[str, ...] = ()
    viewers: list[viewing.Viewer] = field(default_factory=list[viewing.Viewer])
    retired: list[Desk] = field(default_factory=list[Desk])
    """Desks of before, from which something may still be drawn."""
    seen: tuple[object, ...] | None = None
    """How the folder stood when `desk` was what it holds."""
    shown: OpenedTip | None = None
    """What stands on the screen."""

    @property
    def home(self) -> Home:
        """The officer's folder."""
        return self.desk.home

    def close(self) -> None:
        """Ends the viewers that were started here, and gives the last desk's memory back."""
        for viewer in self.viewers:
            viewing.end(viewer)
        for each in (*self.retired, self.desk):
            each.close()

    def leave(self) -> None:
        """Keeps for the next list what this desk has come to, unless another command runs."""
        with contextlib.suppress(Refusal), self.home.locked():
            self.desk.keep_overview()

    def reload(self) -> None:
        """Opens the desk anew."""
        with self.home.locked():
            self.seen = None
            self._reopen()

    def text_of(self, tip: TipEntry) -> str:
        """A tip whole, as `show` says it."""
        shown = io.StringIO()
        console = Console(self.session.console.language, False, shown, io.StringIO())  # noqa: FBT003
        self.shown = opened_tip(self.desk, tip)
        show_tip(console, self.shown)
        show_desk(console, self.desk, tip)
        return shown.getvalue()

    def mark_read(self, tip: TipEntry) -> None:
        """Remembers that a tip was read here, as it stands on the screen.

        What another command brought since then was not: it is drawn anew, and still unread.
        """
        told = self.shown
        with self.home.locked():
            self._reopen()
            if told is None or told.tip.tip_id != tip.tip_id:
                return
            mark_opened(self.home, [told])
            self.desk.read_ids |= told.told
            self.seen = self._stands()

    def assign(self, tip: TipEntry, typed: str) -> None:
        """To an officer, to `me`, or with `-` to nobody."""
        if not typed.strip():
            raise Refusal("desk.nothing_changes")
        name = None if typed.strip() == "-" else typed.strip()
        self._write(tip, lambda desk, at: assigned(desk, tip, at, name))

    def label(self, tip: TipEntry, typed: str) -> None:
        """`+word -word`, as the command has them; a word alone is put on."""
        add, remove = split_labels(typed)
        self._write(tip, lambda desk, at: labelled(desk, tip, at, add, remove))

    def note(self, tip: TipEntry, text: str) -> None:
        """A note."""
        self._write(
            tip, lambda desk, at: NoteEntry(sent_at=at, signed_by=desk.signed_by, text=text)
        )

    def check(self, tip: TipEntry, typed: str) -> None:
        """A line of the checklist, turned over."""
        item = typed.strip()

        def turned(desk: Desk, at: str) -> Entry:
            there = desk.state_of(tip.tip_id).checklist.get(item)
            done = not (there and there.done)
            return CheckEntry(sent_at=at, signed_by=desk.signed_by, item=item, done=done)

        self._write(tip, turned)

    def merge(self, tip: TipEntry, typed: str) -> None:
        """`<tip> duplicate`, `<tip> copycat`, or `-` to part it again."""
        words = typed.split()
        if not words:
            raise Refusal("desk.nothing_changes")
        into = None if words == ["-"] else find_tip(self.home, words[0])
        how = words[1] if len(words) > 1 else None
        relation = next(
            (r for r in ("duplicate", "copycat") if how and r.startswith(how)), None
        )
        self._write(tip, lambda desk, at: merged(desk, tip, at, into, relation))

    def tie(self, tip: TipEntry, typed: str) -> None:
        """A case by its slug or id, or with `-` before it to untie the tip from it."""
        name, add = typed.strip(), not typed.strip().startswith("-")
        with self.home.locked():
            self._reopen()
            case = find_case(self.desk, name.removeprefix("-"))
            tied(self.desk, [find_tip(self.home, tip.tip_id)], case, self.session, add=add)
            self.seen = self._stands()

    def verify(self, tip: TipEntry, _: str) -> None:
        """Begins to verify the tip."""
        self._write(tip, lambda desk, at: taken_up(desk, tip, at), Step.VERIFY)

    def set_aside(self, tip: TipEntry, why: str) -> None:
        """Sets the tip aside, and notes why if that is said."""

        def reason(desk: Desk, at: str) -> Entry | None:
            text = why.strip()
            return NoteEntry(sent_at=at, signed_by=desk.signed_by, text=text) if text else None

        self._write(tip, reason, Step.SET_ASIDE)

    def open_file(self, tip: TipEntry, number: int) -> None:
        """Shows a tip's file, counted from one, in the system's viewer.

        Raises:
            Refusal: `picture.no_memory`, `picture.none`, and as `viewing`.
        """
        files = viewing.files_of(self.desk, tip)
        if not 1 <= number <= len(files):
            raise Refusal("picture.none")
        if self.pictures is None:
            raise Refusal("picture.no_memory")
        file = viewing.open_file(self.desk, tip, files[number - 1], self.pictures)
        self.viewers.append(viewing.show_file(file, self.viewer))

    def send(self) -> int:
        """Sends what waits; how many entries wait on.

        Raises:
            MustShareError: the directory here is not to be believed.
        """
        with self.home.locked():
            # The list goes on drawing from the old one until this is done, on another thread.
            self.retired.append(self.desk)
            self.desk = open_desk(self.home, self.desk.officer, self.session.today)
            self.seen = None
            done = deliver(self.desk, self.session)
        if count := len(done.refused) + len(done.unmoved):
            raise Refusal("desk.some_refused", count=count)
        return done.waiting

    def waiting(self) -> int:
        """How many entries were not sent."""
        return count_all(self.home)

    def _write(
        self,
        tip: TipEntry,
        make: Callable[[Desk, str], Entry | None],
        step: Step | None = None,
    ) -> None:
        with self.home.locked():
            self._reopen()
            now = self.session.clock.now()
            fresh = find_tip(self.home, tip.tip_id)
            at = self.desk.dated(tip.tip_id, now)
            written(self.desk, fresh, step, lambda: make(self.desk, at))
            self.seen = self._stands()

    def _stands(self) -> tuple[object, ...]:
        """By which every change that another command makes here is noticed."""
        home = self.home
        places = (
            home.listed, file_of(home), home.opened_ids, home.directory, home.directories,
            home.sealed("x").parent, folder_of(home),
        )  # fmt: skip
        found = (each.stat() if each.exists() else None for each in places)
        sizes = tuple((each.st_mtime_ns, each.st_size) if each else None for each in found)
        return (self.session.today, *sizes)

    def _reopen(self) -> None:
        if self.seen == self._stands():
            return
        fresh = open_desk(self.home, self.desk.officer, self.session.today)
        for each in (*self.retired, self.desk):
            each.close()
        self.retired.clear()
        self.desk = fresh
        self.seen = self._stands()
