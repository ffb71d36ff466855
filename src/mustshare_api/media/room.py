"""Makes room for a large picture's pixels in huge pages, before a decoder fills them.

A fresh process has no memory yet: each page is given on first touch, at one to two microseconds
a fault. In pages of 2 MB a picture of 12 MP is a few dozen faults, not 12,000, which are a
fifth of the decoding. A small picture would have more zeroed for it than it fills, so it gets
none.

The room is a piece of the heap that is taken, marked and given back: what is allocated next
lies in it. Nothing is touched here, and a child's heap is never trimmed (see `worker`).
"""

import ctypes

_HUGE = 14
_HUGE_BYTES = 2 << 20
_LARGE_BYTES = 8 << 20
_COPIES = 5
"""An animated WebP's decoder holds four pictures beside the one that it hands over."""

_MOST_BYTES = 256 << 20
"""A third of what a child may have: the rest is for what is too large for the room."""

_libc = ctypes.CDLL(None)
_libc.malloc.restype = ctypes.c_void_p
_libc.malloc.argtypes = [ctypes.c_size_t]
_libc.free.argtypes = [ctypes.c_void_p]
_libc.madvise.argtypes = [ctypes.c_void_p, ctypes.c_size_t, ctypes.c_int]


def make(picture_bytes: int) -> None:
    """Has the next allocations lie in huge pages; where the kernel has none, in small ones."""
    if picture_bytes < _LARGE_BYTES:
        return
    size = min(_COPIES * picture_bytes, _MOST_BYTES)
    start = _libc.malloc(size)
    if start:
        first = -(-start // _HUGE_BYTES) * _HUGE_BYTES
        _libc.madvise(first, start + size - first, _HUGE)
        _libc.free(start)
