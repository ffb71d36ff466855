"""Makes a colour profile where a file names one instead of holding it.

    nclx | primaries | transfer curve | matrix | range       AVIF, HEIF
    cICP | primaries | transfer curve | matrix | range       PNG
    EXIF's interoperability index R03                        Adobe RGB, from cameras

Decoders use matrix and range and leave the other two to whoever shows the picture. A picture
in Display P3 taken for sRGB looks faded; one with the curve of HDR films looks grey. Numbers
are those of ITU-T H.273; what is not listed is shown as sRGB, as browsers do.
"""

import struct

_WHITE = (0.3127, 0.3290)
_PRIMARIES = {
    1: ((0.640, 0.330), (0.300, 0.600), (0.150, 0.060)),
    9: ((0.708, 0.292), (0.170, 0.797), (0.131, 0.046)),
    12: ((0.680, 0.320), (0.265, 0.690), (0.150, 0.060)),
}
"""BT.709 (which is sRGB's), BT.2020, Display P3: the three that pictures are made in."""

_ADOBE = ((0.640, 0.330), (0.210, 0.710), (0.150, 0.060))
_ADOBE_GAMMA = 563 / 256

_BT709 = 1
_PQ = 16
_GAMMAS = {4: 2.2, 5: 2.8, 8: 1.0}
_CURVES = frozenset({1, 6, 13, 14, 15, _PQ, *_GAMMAS})
_TO_D50 = (
    (1.0479298, 0.0229468, -0.0501922),
    (0.0296278, 0.9904345, -0.0170738),
    (-0.0092430, 0.0150552, 0.7518743),
)
"""Bradford's adaptation from D65, as in ICC.1 annex E."""

_SRGB_CURVE = (2.4, 1 / 1.055, 0.055 / 1.055, 1 / 12.92, 0.04045)
_PQ_STEPS = 1024
_PQ_WHITE = 203 / 10_000
"""Diffuse white of HDR, by BT.2408; what is brighter is shown as white."""

Matrix = tuple[tuple[float, ...], ...]


def profile(primaries: int, transfer: int) -> bytes | None:
    """An ICC profile for these numbers; None where they mean sRGB or nothing known."""
    if primaries not in _PRIMARIES:
        primaries = _BT709
    if primaries == _BT709 and transfer != _PQ and transfer not in _GAMMAS:
        return None
    return _profile(_PRIMARIES[primaries], _curve(transfer))


def is_known(primaries: int, transfer: int) -> bool:
    """Whether these numbers say something that is understood here."""
    return primaries in _PRIMARIES and transfer in _CURVES


def adobe_rgb() -> bytes:
    """The colours of a camera that was set to Adobe RGB (DCF 2.0's optional space)."""
    return _profile(_ADOBE, _gamma(_ADOBE_GAMMA))


def _profile(primaries: tuple[tuple[float, float], ...], curve: bytes) -> bytes:
    columns = list(zip(*_colorants(primaries), strict=True))
    tags = {
        name + b"XYZ": b"XYZ \0\0\0\0" + b"".join(map(_fixed, column))
        for name, column in zip((b"r", b"g", b"b"), columns, strict=True)
    } | {name + b"TRC": curve for name in (b"r", b"g", b"b")}
    return _file(tags)


def _file(tags: dict[bytes, bytes]) -> bytes:
    """Header, table, bodies."""
    at = 128 + 4 + 12 * len(tags)
    table, bodies = struct.pack(">L", len(tags)), b""
    for name, body in tags.items():
        padded = body + bytes(-len(body) % 4)
        table += name + struct.pack(">2L", at + len(bodies), len(body))
        bodies += padded
    head = struct.pack(
        ">8xL4s4s4s12x4s28x3L",
        0x04300000, b"mntr", b"RGB ", b"XYZ ", b"acsp", 0xF6D6, 0x10000, 0xD32D,
    )  # fmt: skip
    whole = head.ljust(128, b"\0") + table + bodies
    return struct.pack(">L", len(whole)) + whole[4:]


def _curve(transfer: int) -> bytes:
    if transfer == _PQ:
        steps = (_pq(step / (_PQ_STEPS - 1)) for step in range(_PQ_STEPS))
        values = [round(65535 * min(1.0, step / _PQ_WHITE)) for step in steps]
        return b"curv\0\0\0\0" + struct.pack(f">L{_PQ_STEPS}H", _PQ_STEPS, *values)
    if transfer in _GAMMAS:
        return _gamma(_GAMMAS[transfer])
    return b"para\0\0\0\0\0\x03\0\0" + b"".join(map(_fixed, _SRGB_CURVE))


def _gamma(power: float) -> bytes:
    return b"para\0\0\0\0\0\0\0\0" + _fixed(power)


def _pq(signal: float) -> float:
    """Light of 10,000 cd/m2 for a signal of 1 (SMPTE ST 2084)."""
    root = signal ** (32 / 2523)
    return float(
        (max(root - 107 / 128, 0.0) / (2413 / 128 - 2392 / 128 * root)) ** (16384 / 2610)
    )


def _colorants(primaries: tuple[tuple[float, float], ...]) -> Matrix:
    """Primaries as XYZ under D50, one column each, that add up to white."""
    columns = [_xyz(*point) for point in primaries]
    plain: Matrix = tuple(zip(*columns, strict=True))
    shares = _solved(plain, _xyz(*_WHITE))
    scaled = tuple(
        tuple(value * share for value, share in zip(row, shares, strict=True)) for row in plain
    )
    return tuple(
        tuple(sum(_TO_D50[row][k] * scaled[k][column] for k in range(3)) for column in range(3))
        for row in range(3)
    )


def _xyz(x: float, y: float) -> tuple[float, float, float]:
    return x / y, 1.0, (1 - x - y) / y


def _solved(matrix: Matrix, right: tuple[float, ...]) -> tuple[float, ...]:
    """Cramer's rule for three unknowns."""
    whole = _determinant(matrix)
    return tuple(
        _determinant(
            tuple(
                tuple(right[row] if k == column else matrix[row][k] for k in range(3))
                for row in range(3)
            )
        )
        / whole
        for column in range(3)
    )


def _determinant(m: Matrix) -> float:
    return (
        m[0][0] * (m[1][1] * m[2][2] - m[1][2] * m[2][1])
        - m[0][1] * (m[1][0] * m[2][2] - m[1][2] * m[2][0])
        + m[0][2] * (m[1][0] * m[2][1] - m[1][1] * m[2][0])
    )


def _fixed(value: float) -> bytes:
    """ICC's s15Fixed16Number."""
    return struct.pack(">l", round(value * 65536))
