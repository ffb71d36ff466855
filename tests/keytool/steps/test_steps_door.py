"""What the staff door tells of steps, as the tool reads it."""

import json
from typing import cast

from mustshare_api.keytool.staff_door.door import Door
from mustshare_api.keytool.staff_door.steps_door import StepsDoor

PROPOSED = {
    "act": "tip.publish",
    "subject": "ab" * 16,
    "officer": "Somsri.K",
    "expires_on": "2026-11-30",
    "yours": False,
}


class OneWaits:
    """A door where an officer of that name proposed something."""

    def ask(self, path: str) -> bytes:
        return json.dumps({"seconds": [PROPOSED] if path == "/v1/seconds" else []}).encode()


def test_whatever_name_the_directory_may_have_is_read() -> None:
    """Capitals as well: one officer's name must not hide from all what waits for a second."""
    (waiting,) = StepsDoor(cast("Door", OneWaits())).waiting()

    assert waiting.officer == "Somsri.K"
