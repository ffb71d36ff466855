"""An officer's folder that is connected to the real staff door, over TLS and PostgreSQL.

The organisation is three weeks old, so that there are weeks whose keys may be retired. What was
sealed then is put into the store as it would lie there now; everything else goes by the doors.
"""

import secrets
import ssl
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Final

from mustshare_api.clock import bangkok_day, week_of
from mustshare_api.crypto import keys, sealing, xwing
from mustshare_api.crypto.envelope import Kind, Prefix, parse_envelope
from mustshare_api.crypto.keyring import Officer
from mustshare_api.crypto.local_ca import make_authority, make_server_certificate
from mustshare_api.crypto.receipts import ReceiptKeys, bundle_hash, keys_of
from mustshare_api.crypto.suite import kid_of
from mustshare_api.domain.message import TipBody, encode_message
from mustshare_api.keytool.desk.home import Home, write_bytes
from mustshare_api.keytool.staff_door.wire import Server
from mustshare_api.media.strip import Stripper
from mustshare_api.store.rows import NewEnvelope
from mustshare_api.store.tips import NewTip
from tests.api.served import Served, served_doors
from tests.keytool.conftest import CHEAP_KIB, PASSPHRASE, write_private
from tests.organisation import Officer as OrgOfficer
from tests.organisation import Organisation, organisation

WEEKS_AGO: Final = 3
_AT_ONCE: Final = 250


@dataclass(frozen=True)
class Sealed:
    """A tip as it lies in the store, and whose it is."""

    tip_id: bytes
    object_id: bytes
    keys: ReceiptKeys
    octets: bytes


@dataclass
class RealDoor:
    """The served doors and the folder of the organisation's first officer."""

    served: Served
    folder: Path
    first_week: date

    @property
    def org(self) -> Organisation:
        return self.served.org

    @property
    def home(self) -> Path:
        return self.folder / "home"

    @property
    def before(self) -> str:
        """The Monday before which the first week, and it alone, lies."""
        return (self.first_week + timedelta(weeks=1)).isoformat()

    def argv(self, *argv: str) -> list[str]:
        """A command in the officer's folder."""
        secret = ["--passphrase-file", str(self.folder / "passphrase")]
        return [*argv, "--home", str(self.home), *secret]

    def officer(self) -> Officer:
        """The officer as the key file has them now."""
        return Officer.parse(
            keys.open_key_file(Home(self.home).officer.read_bytes(), PASSPHRASE)
        )

    def heir(self) -> bytes:
        """The id of the officer's case key."""
        return kid_of(xwing.public_key_of(self.org.officers[0].case_seed))

    def fill(self, count: int, text: str = "ถนนพัง") -> list[Sealed]:
        """So many tips that were sealed in the first week."""
        made = [self._sealed(f"{text} {n}") for n in range(count)]
        for at in range(0, count, _AT_ONCE):
            self.served.run(self._record(made[at : at + _AT_ONCE]))
        return made

    def _sealed(self, text: str) -> Sealed:
        reporter = keys_of(secrets.token_bytes(32))
        tip_id, object_id = secrets.token_bytes(16), secrets.token_bytes(16)
        prefix = Prefix(Kind.TIP, 0, tip_id, object_id, bundle_hash(reporter.bundle))
        recipients = [
            xwing.public_key_of(each.epochs[self.first_week]) for each in self.org.officers
        ]
        body = encode_message(TipBody("2026-01-01T00:00:00Z", text))
        octets = sealing.seal_message(prefix, recipients, body, reporter.sign)
        return Sealed(tip_id, object_id, reporter, octets)

    async def _record(self, tips: list[Sealed]) -> None:
        for tip in tips:
            envelope = parse_envelope(tip.octets)
            row = NewEnvelope(
                object_id=tip.object_id,
                tip_id=tip.tip_id,
                kind=int(Kind.TIP),
                received_on=self.first_week,
                prefix=envelope.head.prefix_octets,
                stanzas=envelope.head.stanza_octets,
                payload=envelope.payload,
                fingerprint=secrets.token_bytes(32),
            )
            await self.served.bench.tips.record(_row(tip, self.first_week), row)


def _row(tip: Sealed, day: date) -> NewTip:
    return NewTip(
        tip_id=tip.tip_id,
        access_hash=secrets.token_bytes(32),
        bundle=tip.keys.bundle,
        bundle_hash=bundle_hash(tip.keys.bundle),
        fingerprint=secrets.token_bytes(32),
        received_on=day,
    )


@contextmanager
def real_door(dsn: str, stripper: Stripper, folder: Path) -> Generator[RealDoor]:
    """Serves on loopback until the block ends."""
    now = datetime.now(UTC)
    org = organisation(now - timedelta(weeks=WEEKS_AGO))
    authority = make_authority(now)
    issued = make_server_certificate(authority, now)
    pair = folder / "door.pem"
    pair.write_bytes(issued.key_pem + issued.certificate_pem)
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    tls.load_cert_chain(pair)
    with served_doors(dsn, org, stripper, tls=tls) as served:
        door = RealDoor(served, folder, week_of(bangkok_day(now)) - timedelta(weeks=WEEKS_AGO))
        _connect(door, authority.certificate_pem)
        yield door


def _connect(door: RealDoor, ca_pem: bytes) -> None:
    """Makes the officer's folder as `init` and `connect` leave it."""
    connect(door, door.org.officers[0], door.home, ca_pem)
    write_private(door.folder / "passphrase", PASSPHRASE)


def connect(door: RealDoor, whose: OrgOfficer, folder: Path, ca_pem: bytes) -> None:
    """The same for any officer, in a folder of their own."""
    officer = Officer(whose.name, whose.sign_seed, (whose.case_seed,), dict(whose.epochs))
    home = Home(folder)
    octets = keys.seal_key_file(
        officer.encode(), PASSPHRASE, officer.signing_kid, memory_kib=CHEAP_KIB
    )
    write_bytes(home.officer, octets)
    write_bytes(home.roots, door.org.roots.encode())
    write_bytes(home.path / "ca.pem", ca_pem)
    home.save(home.server, Server(f"https://127.0.0.1:{door.served.port['staff']}", "ca.pem"))
