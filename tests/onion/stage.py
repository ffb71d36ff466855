"""What a reporter by Tor meets, all of it real: network, client, onion, front and service.

    visitor -- client -- six relays -- the shipped torrc -- haproxy.cfg -- mustshare serve

Of the shipped files only places are exchanged: ports, folders, names.
"""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from mustshare_api.crypto import local_ca
from tests.deploy.fronts.conftest import PlainService
from tests.deploy.fronts.shipped import DEPLOY, NAME, Front, fitted, free_ports
from tests.onion.network import Network, network
from tests.onion.visitor import Visitor
from tests.service import installed

STAFF_NAME = "staff.example.org:9444"
FIRST_ANSWER_S = 90
_CLIENT = "SocksPort 127.0.0.1:{socks}\nControlSocket {control}\nCookieAuthentication 0\n"


@dataclass(frozen=True)
class Stage:
    """All of it, once the first request has come through."""

    network: Network
    service: PlainService
    front: Front
    socks: int
    host: str

    @property
    def control(self) -> Path:
        """By which the client is told to be slow, and to close circuits."""
        return self.network.folder / "control"

    def visitor(self, circuit: str) -> Visitor:
        """Somebody who comes by a circuit of that name."""
        return Visitor(self.socks, self.host, circuit)


@contextmanager
def stage(folder: Path) -> Iterator[Stage]:
    """Everything started, ended at the end. `folder` has to be short: a socket lies in it."""
    with network(folder) as tors:
        (socks,) = free_ports(1)
        client = _CLIENT.format(socks=socks, control=folder / "control")
        tors.run("client", client + "Log notice stdout\n")
        settings = {"MUSTSHARE_TLS": "behind-proxy"}
        service = PlainService(**vars(installed(_made(folder / "service"), settings)))
        front = Front("haproxy", _made(folder / "front"), service.ports[0], _pem(folder))
        front.onions = ".onion"
        try:
            front.start()
            host = _onion(tors, front.onion)
            own = ",".join(f"127.0.0.1:{port}" for port in service.ports)
            settings["MUSTSHARE_HOSTS"] = f"{NAME},{STAFF_NAME},{host},{own}"
            service.start()
            tors.wait("client", "Bootstrapped 100%")
            made = Stage(tors, service, front, socks, host)
            _until_reached(made.visitor("first"))
            yield made
        finally:
            service.stop()
            front.stop()


def _onion(tors: Network, port: int) -> str:
    """Starts the shipped file's service; its address."""
    home = tors.home("onion")
    places = {"/var/lib/tor": str(home), "127.0.0.1:8081": f"127.0.0.1:{port}"}
    tors.run("onion", fitted((DEPLOY / "tor" / "torrc").read_text(), places))
    name = home / "mustshare" / "hostname"
    until = time.monotonic() + FIRST_ANSWER_S
    while not name.exists():
        assert time.monotonic() < until, tors.said("onion")
        time.sleep(0.1)
    return name.read_text().strip()


def _until_reached(visitor: Visitor) -> None:
    """Descriptors take some seconds to be where clients look for them."""
    until = time.monotonic() + FIRST_ANSWER_S
    while True:
        try:
            assert visitor.ask("GET", "/v1/intake").status == 200
        except OSError:
            assert time.monotonic() < until, "the onion was never reached"
            time.sleep(1)
        else:
            return


def _made(folder: Path) -> Path:
    folder.mkdir(mode=0o700)
    return folder


def _pem(folder: Path) -> Path:
    """For the front's other port, which nobody comes by here."""
    now = datetime.now(UTC)
    issued = local_ca.make_server_certificate(local_ca.make_authority(now), now, [NAME])
    pem = folder / "tips.pem"
    pem.touch(mode=0o600)
    pem.write_bytes(issued.certificate_pem + issued.key_pem)
    return pem
