"""The list of the view: as long as there are tips, and drawn only where somebody looks.

A line is asked for when it comes into sight, by its number, and is kept nowhere. So a hundred
thousand tips take no longer to begin with than fifty, and none is left out of the list.
"""

from collections.abc import Callable
from typing import ClassVar

from rich.segment import Segment
from rich.style import Style
from textual.binding import Binding, BindingType
from textual.events import Click
from textual.geometry import Region, Size
from textual.message import Message
from textual.scroll_view import ScrollView
from textual.strip import Strip
from typing_extensions import override

_CURSOR = Style(reverse=True)


class TipsList(ScrollView, can_focus=True):
    """Lines of one height, one of them under the cursor."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up", "by(-1)", show=False),
        Binding("down", "by(1)", show=False),
        Binding("pageup", "by_page(-1)", show=False),
        Binding("pagedown", "by_page(1)", show=False),
        Binding("home", "first", show=False),
        Binding("end", "last", show=False),
        Binding("enter", "choose", show=False),
    ]

    class Moved(Message):
        """The cursor stands on another line."""

    class Chosen(Message):
        """Enter was pressed on the line under the cursor."""

    def __init__(self, line: Callable[[int], str], width: int, name: str) -> None:
        """A list that is empty until `fill`.

        Args:
            line: says a line by its number, from nought; it is no markup.
            width: of every line, in cells.
            name: the widget's own id.
        """
        super().__init__(id=name)
        self._line = line
        self._width = width
        self.row_count = 0
        self.cursor_row = 0

    def fill(self, count: int, cursor_row: int) -> None:
        """There are so many lines from now on, and the cursor stands on that one."""
        self.row_count = count
        self.cursor_row = max(0, min(cursor_row, count - 1))
        self.virtual_size = Size(self._width, count)
        self._bring_into_sight()
        self.refresh()

    def move_cursor(self, row: int) -> None:
        """Puts the cursor on a line, or on the nearest that there is."""
        row = max(0, min(row, self.row_count - 1))
        if row != self.cursor_row:
            self.cursor_row = row
            self._bring_into_sight()
            self.refresh()
            self.post_message(self.Moved())

    def action_by(self, lines: int) -> None:
        """Up or down."""
        self.move_cursor(self.cursor_row + lines)

    def action_by_page(self, pages: int) -> None:
        """A page up or down."""
        self.move_cursor(self.cursor_row + pages * max(1, self.size.height - 1))

    def action_first(self) -> None:
        """To the newest."""
        self.move_cursor(0)

    def action_last(self) -> None:
        """To the oldest."""
        self.move_cursor(self.row_count - 1)

    def action_choose(self) -> None:
        """Enter."""
        if self.row_count:
            self.post_message(self.Chosen())

    def on_click(self, event: Click) -> None:
        """A line that is pointed at gets the cursor."""
        self.move_cursor(int(self.scroll_offset.y) + event.y)

    @override
    def render_line(self, y: int) -> Strip:
        """The line that stands at a height of the screen."""
        left, top = self.scroll_offset
        row, width = int(top) + y, self.size.width
        if not 0 <= row < self.row_count:
            return Strip.blank(width, self.rich_style)
        strip = (
            Strip([Segment(self._line(row))]).adjust_cell_length(self._width).crop(int(left))
        )
        strip = strip.adjust_cell_length(width).apply_style(self.rich_style)
        return strip.apply_style(_CURSOR) if row == self.cursor_row else strip

    def _bring_into_sight(self) -> None:
        line = Region(0, self.cursor_row, 1, 1)
        self.scroll_to_region(line, animate=False, x_axis=False, force=True)
