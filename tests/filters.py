"""Runs a filter on system calls as the kernel would, for any architecture."""

import struct


def answer(
    octets: bytes,
    arch: int,
    number: int,
    prot: int = 0,
    flags: int = 0,
    first: int = 0,
    second: int = 0,
) -> int:
    """Runs a filter over one call's `struct seccomp_data`; `prot` is the third argument."""
    data = struct.pack("=IIQ6Q", number, arch, 0, first, second, prot, flags, 0, 0)
    at = 0
    loaded = 0
    while True:
        code, yes, no, value = struct.unpack_from("=HBBI", octets, at * 8)
        at += 1
        if code == 0x20:
            loaded = struct.unpack_from("=I", data, value)[0]
        elif code == 0x54:
            loaded &= value
        elif code == 0x06:
            return int(value)
        else:
            holds = {0x15: loaded == value, 0x35: loaded >= value, 0x45: bool(loaded & value)}
            at += yes if holds[code] else no
