"""What a connection asks of us, in units: one is the work of the smallest request.

    a request            1
    64 KiB of an answer  1
    8 chunks of a body   1, less one chunk for each 4 KiB that they bring
    a tiny piece of one  1/16, tiny or not there is as much to do for it
    a TLS handshake      3, which newcomers are not charged for: all have to make one

What comes in large pieces costs nothing here: memory bounds it, and who brings a photo is not
to wait behind who asks for pages.
"""

from typing import Final

GREETING_UNITS: Final = 3.0
"""A signature and a key exchange: 0.5 ms."""

UNIT_BYTES: Final = 64 * 1024
"""Of an answer: sealing and copying them takes as long as a small request."""

MOST_CHUNKS: Final = 16
"""Taken in one turn: each is read by us, by llhttp, and passed on, 10 microseconds in all."""

_UNIT_CHUNKS: Final = 8
_HONEST_BYTES: Final = 4096
"""Of a chunk, at least: curl sends 64 KiB, nginx, HAProxy and Caddy 4 to 32."""

_TINY_BYTES: Final = 1024
_TINY_UNITS: Final = 1 / 16


def price_of(octets: int, chunks: int) -> float:
    """Of a piece of a body.

    Args:
        octets: how long it is, with its framing.
        chunks: how many begin in it.
    """
    beyond = max(0.0, chunks - 1 - octets / _HONEST_BYTES)
    return beyond / _UNIT_CHUNKS + (_TINY_UNITS if octets < _TINY_BYTES else 0.0)
