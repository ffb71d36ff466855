"""Tells systemd that the doors are open, as it asked to be told (`sd_notify(3)`).

Otherwise `systemctl restart` reports success for a service that refuses its settings a moment
later, and who looks at it right after a start is told that it does not answer.

It says one word, once, and nothing of what the service does. Who cannot be told is no reason
not to serve: systemd then ends the start by itself, and says so.
"""

import os
import socket
from contextlib import suppress
from typing import Final

_READY: Final = b"READY=1"


def tell() -> None:
    """Says it; to nobody outside systemd."""
    place = os.environ.get("NOTIFY_SOCKET", "")  # noqa: TID251 - systemd's, not a setting
    if place.startswith("/"):
        with suppress(OSError), socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as systemd:
            systemd.connect(place)
            systemd.send(_READY)
