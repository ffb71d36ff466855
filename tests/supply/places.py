"""Writes `domain/places.txt`, Thailand's administrative codes, from the package `geothai`.

    python -m tests.supply.places

The package is needed here and in a test that compares, never at run time: it takes a good ten
times the memory and the start of what we read (docs/places.md has the figures).
"""

from collections.abc import Iterator

import geothai
from geothai.abolished import abolished_areas

from tests.shape.tree import SOURCE

PLACES = SOURCE / "domain" / "places.txt"

HEAD = """\
# Administrative codes of Thailand (TIS 1099 / DOPA), release {version}.
# From GeoThai/data, Copyright (c) 2026 Pongsakorn Thipayanate, CC BY 4.0, by way of geothai;
# GeoThai/data has codes, names and abolitions from the Department of Provincial Administration.
# Changed by us: postal codes and sources left out, put in this order. Do not edit.
# code, Thai, English; of an abolished code "-" in front, and: since when, successors, by what
"""


def lines() -> Iterator[str]:
    """The file's lines: provinces, districts, sub-districts, then what was abolished."""
    yield from HEAD.format(version=geothai.DATA_VERSION).splitlines()
    provinces = geothai.provinces()
    districts = [one for province in provinces for one in geothai.districts(province.code)]
    below = [one for district in districts for one in geothai.subdistricts(district.code)]
    yield from (f"{one.code}\t{one.name_th}\t{one.name_en}" for one in provinces)
    yield from (f"{one.code}\t{one.name_th}\t{one.name_en}" for one in districts)
    yield from (f"{one.code}\t{one.name_th}\t{one.name_en}" for one in below)
    for gone in abolished_areas():
        successors, basis = " ".join(gone.successors), gone.successors_basis or ""
        names = f"-{gone.code}\t{gone.name_th}\t{gone.name_en or ''}"
        yield f"{names}\t{gone.abolished_on}\t{successors}\t{basis}"


def octets() -> bytes:
    """The whole file."""
    return ("\n".join(lines()) + "\n").encode()


if __name__ == "__main__":
    PLACES.write_bytes(octets())
