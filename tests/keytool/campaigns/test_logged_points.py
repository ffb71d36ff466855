"""What the audit log tells of a point's approval, to whoever has the database as well."""

import hashlib

import msgspec

from tests.campaigns import SLUG
from tests.keytool.campaigns.test_campaign import BASE, publish, send, synced
from tests.keytool.cases.conftest import Officers


def test_who_has_the_database_cannot_say_from_the_log_who_approved_a_point(
    officers: Officers,
) -> None:
    """The log keeps a digest of what was asked; all of that but the nonce stands in the row."""
    publish(officers)
    send(officers, place="500101")
    (tip,) = synced(officers)
    assert officers.run("point", "approve", tip).code == 0
    served = officers.door.served
    (row,) = served.run(served.bench.points.listed(SLUG, b"", 9))
    latitude, longitude = row.cell.middle
    said = {
        "id": row.point_id.hex(),
        "latitude": latitude,
        "longitude": longitude,
        "precision_m": row.cell.size_m,
        "province": row.province,
    }
    told = b"".join(one.event or b"" for one in served.run(served.bench.audit.entries(0, 99)))

    assert f"did POST {BASE}/points".encode() in told
    assert hashlib.sha256(msgspec.json.encode(said)).hexdigest().encode() not in told
