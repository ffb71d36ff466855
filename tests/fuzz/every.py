"""All targets, by name."""

from typing import Final

from tests.fuzz.harness import Target
from tests.fuzz.targets import (
    arriving,
    asked,
    door_answers,
    doors,
    gates,
    handed,
    key_files,
    notes,
    papers,
    pictures,
    receipts,
    sealed,
    signatures,
    written,
)  # fmt: skip

_MODULES: Final = (
    *(sealed, receipts, notes, papers, key_files, signatures),
    *(pictures, gates, doors, door_answers, written, asked, arriving, handed),
)

TARGETS: Final[dict[str, Target]] = {
    target.name: target for module in _MODULES for target in module.TARGETS
}
