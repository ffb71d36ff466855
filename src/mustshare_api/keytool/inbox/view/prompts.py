"""What the view asks: one line, or a note of several."""

from typing import ClassVar

from rich.text import Text
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.widgets import Input, Static, TextArea
from typing_extensions import override


class Line(ModalScreen[str | None]):
    """Asks for one line; Escape takes the question back."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "take_back", show=False)]

    def __init__(self, question: str, filled_in: str = "") -> None:
        super().__init__()
        self._question = question
        self._filled_in = filled_in

    @override
    def compose(self) -> ComposeResult:
        with Vertical(classes="asked"):
            yield Static(Text(self._question))
            yield Input(self._filled_in)

    def on_mount(self) -> None:
        """Waits for what is typed."""
        self.query_one(Input).focus()

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """What was typed is the answer."""
        self.dismiss(event.value)

    def action_take_back(self) -> None:
        """Nothing is to be done."""
        self.dismiss(None)


class Passage(ModalScreen[str | None]):
    """Asks for a text of several lines; Ctrl+S keeps it, Escape takes the question back."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+s", "keep", show=False, priority=True),
        Binding("escape", "take_back", show=False, priority=True),
    ]

    def __init__(self, question: str) -> None:
        super().__init__()
        self._question = question

    @override
    def compose(self) -> ComposeResult:
        with Vertical(classes="asked tall"):
            yield Static(Text(self._question))
            yield TextArea()

    def on_mount(self) -> None:
        """Waits for what is typed."""
        self.query_one(TextArea).focus()

    def action_keep(self) -> None:
        """The text is the answer."""
        self.dismiss(self.query_one(TextArea).text)

    def action_take_back(self) -> None:
        """Nothing is to be done."""
        self.dismiss(None)


class Leaflet(ModalScreen[None]):
    """Shows a text until any key is pressed."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self._text = text

    @override
    def compose(self) -> ComposeResult:
        with Vertical(classes="asked tall"):
            yield Static(Text(self._text))

    def on_key(self) -> None:
        """Enough was read."""
        self.dismiss(None)
