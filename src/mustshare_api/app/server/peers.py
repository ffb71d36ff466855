"""All that is told of who is on the other side of a connection: whether it is this machine.

A proxy on this machine is believed what it says of a network (`api.visitors`). Any address
beyond that would be one that somebody could pass on.
"""

import ipaddress
import socket
from typing import Final

HERE: Final = ("127.0.0.1", 0)
ELSEWHERE: Final = ("elsewhere", 0)


def told_of(one: socket.socket) -> tuple[str, int]:
    """In the form in which uvicorn takes an address."""
    try:
        is_here = ipaddress.ip_address(one.getpeername()[0]).is_loopback
    except (OSError, ValueError, IndexError):  # gone, or no address at all
        is_here = False
    return HERE if is_here else ELSEWHERE
