"""Denies a process every file and every connection, by Landlock.

A ruleset that handles all rights and grants none. What a kernel's version of Landlock does
not know is left out; `deny_all` says which version there was.
"""

import os
import struct

from mustshare_api.media import kernel

_CREATE_RULESET = 444
_RESTRICT_SELF = 446
_ASK_VERSION = 1

_FILES = {1: 13, 2: 14, 3: 15, 5: 16}
"""Version -> how many rights over files it handles."""

_TCP = 0b11
_TCP_SINCE = 4
_SCOPES = 0b11
"""Abstract unix sockets, signals to processes outside."""

_SCOPES_SINCE = 6


def deny_all() -> int:
    """Gives up every right that Landlock can take from this process and its children.

    Returns:
        The kernel's version of Landlock.

    Raises:
        OSError: The kernel has none.
    """
    version = kernel.syscall(_CREATE_RULESET, None, 0, _ASK_VERSION)
    rights = (1 << max(bits for since, bits in _FILES.items() if since <= version)) - 1
    attributes = struct.pack("=Q", rights)
    if version >= _TCP_SINCE:
        attributes += struct.pack("=Q", _TCP)
    if version >= _SCOPES_SINCE:
        attributes += struct.pack("=Q", _SCOPES)
    ruleset = kernel.syscall(_CREATE_RULESET, attributes, len(attributes), 0)
    try:
        kernel.syscall(_RESTRICT_SELF, ruleset, 0)
    finally:
        os.close(ruleset)
    return version
