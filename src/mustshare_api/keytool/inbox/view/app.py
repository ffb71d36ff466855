"""The full-screen view: tips on the left, the one under the cursor on the right, keys below.

Everything that a tip holds is drawn as text that was made visible before: it is no markup and
holds no character that a terminal obeys. Columns stand by cells, of which a Thai vowel above
its consonant takes none.
"""

from collections.abc import Callable
from typing import ClassVar, Final

from rich.text import Text
from textual.app import App, ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, VerticalScroll
from textual.widgets import Static
from typing_extensions import override

from mustshare_api.errors import MustShareError
from mustshare_api.keytool.inbox.listing import Filters, Listing
from mustshare_api.keytool.inbox.searching import tips_with
from mustshare_api.keytool.inbox.showing import SHORT_ID, fitted, one_line, state_word
from mustshare_api.keytool.inbox.view.asked import filters_of
from mustshare_api.keytool.inbox.view.deeds import Deeds
from mustshare_api.keytool.inbox.view.prompts import Leaflet, Line, Passage
from mustshare_api.keytool.inbox.view.tips_list import TipsList
from mustshare_api.keytool.inbox.viewing import files_of
from mustshare_api.keytool.refusal import Refusal
from mustshare_api.keytool.staff_door.wire import TipEntry

_LEFT_CELLS: Final = 58
_WIDTHS: Final = (2, SHORT_ID, 5, 11, 10, 24)
_APART: Final = "  "
_LINE_CELLS: Final = 1 + sum(_WIDTHS) + len(_APART) * (len(_WIDTHS) - 1)


class DeskApp(App[int]):
    """One officer's desk."""

    ENABLE_COMMAND_PALETTE = False
    CSS = """
    #tips { width: 58; border-right: solid $accent; }
    #tip { padding: 0 1; }
    #line { dock: bottom; height: 1; background: $boost; }
    .asked { width: 76; height: auto; padding: 1; border: solid $accent; background: $surface; }
    .tall { height: 22; }
    Line, Passage, Leaflet { align: center middle; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("j", "move(1)", show=False),
        Binding("k", "move(-1)", show=False),
        *(
            Binding(key, name, show=False)
            for key, name in (
                ("o", "open_file"), ("a", "assign"), ("l", "label"), ("n", "note"),
                ("c", "check"), ("v", "verify"), ("s", "set_aside"), ("m", "merge"),
                ("t", "tie"), ("f", "narrow"), ("y", "send"), ("r", "reload"),
                ("slash", "search"), ("question_mark", "explain"), ("q", "leave"),
            )
        ),
    ]  # fmt: skip

    def __init__(self, deeds: Deeds) -> None:
        super().__init__()
        self._deeds = deeds
        self._narrowed = Filters()
        self._found: set[str] | None = None
        self._listing = Listing.of(deeds.desk, self._narrowed)

    @override
    def compose(self) -> ComposeResult:
        with Horizontal():
            yield TipsList(self._line, _LINE_CELLS, "tips")
            with VerticalScroll():
                yield Static(id="tip")
        yield Static(id="line")

    def on_mount(self) -> None:
        """Draws what there is."""
        self._table.focus()
        self._draw()
        self._tell(self._said("view.keys"))

    @property
    def _table(self) -> TipsList:
        return self.query_one("#tips", TipsList)

    @property
    def chosen(self) -> TipEntry | None:
        """The tip under the cursor."""
        at, tips = self._table.cursor_row, self._listing.tips
        return tips[at] if 0 <= at < len(tips) else None

    def on_tips_list_moved(self) -> None:
        """Shows the tip on which the cursor has come to stand."""
        self._show()

    def on_tips_list_chosen(self) -> None:
        """Enter says that the tip was read."""
        tip = self.chosen
        if tip is not None and self._tried(lambda: self._deeds.mark_read(tip)):
            self._draw()

    def action_move(self, by: int) -> None:
        """Down or up the list."""
        self._table.action_by(by)

    def action_assign(self) -> None:
        """Asks whose the tip is to be."""
        self._ask("view.ask_officer", self._deeds.assign)

    def action_label(self) -> None:
        """Asks which words to put on and take off."""
        self._ask("view.ask_labels", self._deeds.label)

    def action_check(self) -> None:
        """Asks which line of the checklist to turn over."""
        self._ask("view.ask_check", self._deeds.check)

    def action_merge(self) -> None:
        """Asks into what to merge the tip."""
        self._ask("view.ask_merge", self._deeds.merge)

    def action_tie(self) -> None:
        """Asks to which case to tie the tip."""
        self._ask("view.ask_case", self._deeds.tie)

    def action_verify(self) -> None:
        """Begins to verify the tip."""
        tip = self.chosen
        if tip is not None:
            self._do(self._deeds.verify, tip, "")

    def action_set_aside(self) -> None:
        """Asks why the tip is set aside."""
        self._ask("view.ask_why", self._deeds.set_aside)

    def action_note(self) -> None:
        """Asks for a note."""
        tip = self.chosen
        if tip is not None:
            ask = Passage(self._said("view.ask_note"))
            self.push_screen(ask, lambda text: self._do(self._deeds.note, tip, text))

    def action_open_file(self) -> None:
        """Opens the tip's file, or asks which."""
        tip = self.chosen
        if tip is None:
            return
        if len(files_of(self._deeds.desk, tip)) < 2:  # noqa: PLR2004 - nothing to choose from
            self._do(self._shown, tip, "1")
        else:
            self._ask("view.ask_file", self._shown)

    def action_narrow(self) -> None:
        """Asks for filters."""
        self.push_screen(Line(self._said("view.ask_filters")), self._narrow)

    def action_search(self) -> None:
        """Asks for words to look for."""
        self.push_screen(Line(self._said("view.ask_words")), self._look_for)

    def action_send(self) -> None:
        """Sends what waits, beside the drawing."""
        self._tell(self._said("view.sending"))
        self.run_worker(self._send, thread=True, exclusive=True)

    def action_reload(self) -> None:
        """Opens the desk anew: another command may have synced."""
        self._guarded(self._deeds.reload)
        self._draw()

    def action_explain(self) -> None:
        """Says what each key does."""
        self.push_screen(Leaflet(self._said("view.help")))

    def action_leave(self) -> None:
        """Ends, and says how much waits."""
        self.exit(self._deeds.waiting())

    def _ask(self, question: str, deed: Callable[[TipEntry, str], None]) -> None:
        tip = self.chosen
        if tip is not None:
            ask = Line(self._said(question))
            self.push_screen(ask, lambda typed: self._do(deed, tip, typed))

    def _do(
        self, deed: Callable[[TipEntry, str], None], tip: TipEntry, typed: str | None
    ) -> None:
        """Does what was asked for, and draws what came of it."""
        if typed is not None and self._tried(lambda: deed(tip, typed)):
            self._draw()
            self._tell(self._said("view.done", count=self._deeds.waiting()))

    def _tried(self, deed: Callable[[], None]) -> bool:
        """Whether it was done. The desk may be another one by now also where it was not."""
        done = self._guarded(deed)
        if not done and self._listing.desk is not self._deeds.desk:
            self._draw()
        return done

    def _shown(self, tip: TipEntry, typed: str) -> None:
        self._deeds.open_file(tip, int(typed) if typed.isascii() and typed.isdigit() else 0)

    def _send(self) -> None:
        waiting = -1

        def send() -> None:
            nonlocal waiting
            waiting = self._deeds.send()

        if self._guarded(send, tell=lambda text: self.call_from_thread(self._tell, text)):
            self.call_from_thread(self._draw)
            said = self._said("view.sent" if not waiting else "view.waiting", count=waiting)
            self.call_from_thread(self._tell, said)

    def _narrow(self, typed: str | None) -> None:
        if typed is None:
            return
        language = self._deeds.session.console.language

        def narrow() -> None:
            wanted = filters_of(typed, language)
            Listing.of(self._deeds.desk, wanted)  # a case that is none is refused here
            self._narrowed = wanted

        if self._guarded(narrow):
            self._draw()
            self._tell(self._said("view.count", count=self._table.row_count))

    def _look_for(self, typed: str | None) -> None:
        if typed is not None:
            words = typed.split()
            self._found = tips_with(self._deeds.desk, words) if words else None
            self._draw()
            self._tell(self._said("view.count", count=self._table.row_count))

    def _guarded(
        self, deed: Callable[[], None], tell: Callable[[str], None] | None = None
    ) -> bool:
        """Whether it was done; what was refused is said in one line."""
        try:
            deed()
        except MustShareError as refused:
            values = refused.values if isinstance(refused, Refusal) else {}
            (tell or self._tell)(self._said(refused.code, **values))
            return False
        return True

    def _draw(self) -> None:
        """The list anew, the cursor on the tip it was on."""
        before, at = self.chosen, self._table.cursor_row
        self._listing = Listing.of(self._deeds.desk, self._narrowed, self._found)
        if before is not None:
            at = self._listing.place_of(before.tip_id, at)
        self._table.fill(len(self._listing.tips), at)
        self._show()

    def _line(self, at: int) -> str:
        """A tip's line, when it comes into sight."""
        row = self._listing.row(at)
        marks = ("*" if row.unread else " ") + ("!" if row.is_overdue else " ")
        merged = f"-> {row.desk.merged_into[:SHORT_ID]} " if row.desk.merged_into else ""
        labels = " ".join(f"#{each}" for each in sorted(row.desk.labels))
        cases = " ".join(f"@{each.name}" for each in row.cases)
        texts = (
            marks,
            row.tip_id[:SHORT_ID],
            f"{row.tip.received_on:%d/%m}",
            state_word(self._deeds.session.console, row.tip.state),
            row.desk.officer or "-",
            one_line(f"{merged}{cases} {labels} {row.about.headline}".strip()),
        )
        pairs = zip(texts, _WIDTHS, strict=True)
        cells = _APART.join(fitted(text, width) for text, width in pairs)
        return f" {cells}"

    def _show(self) -> None:
        tip = self.chosen
        shown = self.query_one("#tip", Static)
        if tip is None:
            shown.update(Text(self._said("view.empty")))
            return
        self._guarded(lambda: shown.update(Text(self._deeds.text_of(tip))))

    @override
    def _fatal_error(self) -> None:
        """Ends in one line. Textual's own way quotes every local: keys, and what was opened."""
        self.panic(Text(self._said("internal")))

    def _tell(self, text: str) -> None:
        self.query_one("#line", Static).update(Text(one_line(text), no_wrap=True))

    def _said(self, code: str, **values: str | int) -> str:
        return self._deeds.session.console.sentence(code, **values)
