"""Where a database address leads: what a process that is locked in must still reach.

    postgresql:///tips?host=/run/postgresql    a socket: no port at all
    postgresql://10.0.0.7:6432/tips            a port, at an address
    postgresql://db.example/tips               a port, and a name that has to be asked for

Read as the driver reads it, environment variables of PostgreSQL included. A form that the
driver would refuse comes out as the widest of these: it is refused when it is connected to.
"""

import ipaddress
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from urllib.parse import parse_qs, unquote, urlsplit

_PORT: Final = 5432
_USUAL_SOCKETS: Final = ("/run/postgresql", "/var/run/postgresql", "/tmp")  # noqa: S108 - where the driver looks
_FILES: Final = ("sslcert", "sslkey", "sslrootcert", "sslcrl", "passfile")
_FILES_BY_ENVIRONMENT: Final = ("PGPASSFILE", *(f"PG{name.upper()}" for name in _FILES[:4]))
_FILES_AT_HOME: Final = (".pgpass", ".postgresql")


@dataclass(frozen=True, slots=True)
class Whereabouts:
    """What it takes to connect.

    Attributes:
        ports: of TCP; none where there are only sockets.
        names: hosts that are neither addresses nor this machine.
        files: certificates and passwords that the driver reads at each connection.
    """

    ports: frozenset[int]
    names: frozenset[str]
    files: frozenset[Path]


def whereabouts(dsn: str) -> Whereabouts:
    """What it takes to connect to `dsn`."""
    places = urlsplit(dsn)
    asked = {name: values[-1] for name, values in parse_qs(places.query).items()}
    written = places.netloc.rpartition("@")[2]
    port = asked.get("port") or os.environ.get("PGPORT") or str(_PORT)  # noqa: TID251 - as the driver does
    hosts = list(_hosts(asked.get("host") or unquote(written), port))
    if not hosts:
        hosts = list(_hosts(os.environ.get("PGHOST", ""), port)) or _usual(port)  # noqa: TID251
    by_tcp = [(host, at) for host, at in hosts if not host.startswith("/")]
    return Whereabouts(
        frozenset(at for _, at in by_tcp),
        frozenset(host for host, _ in by_tcp if not _is_address(host)),
        frozenset(_files(asked)),
    )


def _hosts(written: str, ports: str) -> Iterator[tuple[str, int]]:
    """Hosts with commas between; ports among them, or in a list of their own."""
    given = [int(one) for one in ports.split(",") if one.isdecimal()] or [_PORT]
    for number, one in enumerate(filter(None, written.split(","))):
        default = given[number] if number < len(given) else given[-1]
        if one.startswith("/"):
            yield one, default
            continue
        host, colon, port = one.rpartition(":")
        if colon and port.isdecimal() and (not host.startswith("[") or host.endswith("]")):
            yield host.strip("[]"), int(port)
        else:
            yield one.strip("[]"), default


def _usual(port: str) -> list[tuple[str, int]]:
    """Where the driver looks when nothing is said: sockets first, then this machine's port."""
    first = port.partition(",")[0]
    for place in _USUAL_SOCKETS:
        if Path(place, f".s.PGSQL.{first}").exists():
            return [(place, _PORT)]
    return list(_hosts("localhost", first))


def _is_address(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        ipaddress.ip_address(host.partition("%")[0])
    except ValueError:
        return False
    return True


def _files(asked: dict[str, str]) -> Iterator[Path]:
    yield from (Path(asked[name]) for name in _FILES if name in asked)
    named = (os.environ.get(name) for name in _FILES_BY_ENVIRONMENT)  # noqa: TID251
    yield from (Path(name) for name in named if name)
    home = os.environ.get("HOME")  # noqa: TID251
    if home:
        yield from (Path(home, name) for name in _FILES_AT_HOME)
