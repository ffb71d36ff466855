"""A campaign's map in the formats that others read: GeoJSON (RFC 7946) and CSV.

What is written here has been decided before (`domain.points`): cells, bands, weeks. So nothing
in one format can be finer than in another.
"""

import csv
import io
from typing import Any

import msgspec

from mustshare_api.domain import points
from mustshare_api.domain.points import Band
from mustshare_api.flows.public_campaigns import MapShown
from mustshare_api.store.points import ShownCell

COLUMNS = (
    *("cell", "cell_m", "south", "west", "north", "east"),
    *("at_least", "at_most", "updated_on"),
)


def geojson(slug: str, shown: MapShown) -> bytes:
    """A FeatureCollection; what no cell shows is told in the member `suppressed`."""
    return msgspec.json.encode(
        {
            "type": "FeatureCollection",
            "campaign": slug,
            "k": shown.rules.k,
            "grid_m": shown.rules.grid_m,
            "as_of": shown.monday.isoformat(),
            "features": [_feature(cell, shown.rules.k) for cell in shown.cells],
            "suppressed": {
                "by_province": {code: _told(b) for code, b in shown.by_province.items()},
                "elsewhere": _told(shown.elsewhere) if shown.elsewhere else None,
            },
        }
    )


def table(shown: MapShown) -> bytes:
    """The same cells as CSV with a heading, RFC 4180."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    for cell in shown.cells:
        told = _told(band_of(cell, shown.rules.k))
        box = [f"{edge:.4f}" for edge in cell.cell.box]
        most = "" if told["at_most"] is None else told["at_most"]
        row = (cell.cell.name, cell.cell.size_m, *box, told["at_least"], most, cell.shown_on)
        writer.writerow(row)
    return out.getvalue().encode()


def band_of(cell: ShownCell, k: int) -> Band:
    """About how many points a shown cell has: it has at least k."""
    return points.band(cell.points, k) or Band(k, 2 * k - 1)


def _feature(shown: ShownCell, k: int) -> dict[str, Any]:
    south, west, north, east = shown.cell.box
    # Counter-clockwise, closed, longitude first, as the RFC has it.
    ring = [[west, south], [east, south], [east, north], [west, north], [west, south]]
    return {
        "type": "Feature",
        "id": shown.cell.name,
        "geometry": {"type": "Polygon", "coordinates": [ring]},
        "properties": {
            "cell_m": shown.cell.size_m,
            **_told(band_of(shown, k)),
            "updated_on": shown.shown_on.isoformat(),
        },
    }


def _told(band: Band) -> dict[str, Any]:
    return {"at_least": band.at_least, "at_most": band.at_most}
