"""Settings, read once from the environment and from `.env`; `.env.example` mirrors this file.

Every setting works when absent: a service with none at all is an evaluation on loopback.
An unknown `MUSTSHARE_` name is refused, because a misspelt safety setting is one that is off.
"""

import difflib
import ipaddress
import os
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any, Final

from dotenv import dotenv_values
from typing_extensions import override

from mustshare_api.errors import Misconfigured

PREFIX: Final = "MUSTSHARE_"


@dataclass(frozen=True, slots=True)
class Address:
    """Where a door listens: a host and a TCP port."""

    host: str
    port: int

    @property
    def loopback(self) -> bool:
        """Whether only this machine can reach it."""
        return self.host == "localhost" or ipaddress.ip_address(self.host).is_loopback

    @override
    def __str__(self) -> str:
        return f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"


def _address(text: str) -> Address:
    host, colon, port = text.rpartition(":")
    host = host.removeprefix("[").removesuffix("]")
    if not colon or not (port.isascii() and port.isdecimal()) or not 0 < int(port) < 1 << 16:
        raise ValueError
    if host != "localhost":
        ipaddress.ip_address(host)
    return Address(host, int(port))


def _whole(low: int, high: int) -> Callable[[str], int]:
    def parse(text: str) -> int:
        if not (text.isascii() and text.isdecimal()) or not low <= int(text) <= high:
            raise ValueError
        return int(text)

    return parse


def _ports(text: str) -> tuple[int, ...]:
    """TCP ports, each once."""
    port = _whole(1, 65_535)
    return tuple(sorted({port(part.strip()) for part in text.split(",") if part.strip()}))


def _one_of(*choices: str) -> Callable[[str], str]:
    def parse(text: str) -> str:
        if text not in choices:
            raise ValueError
        return text

    return parse


def origins_of(text: str) -> tuple[str, ...]:
    """Exact origins, with commas between, each spelled as a browser sends it.

    A browser writes small letters, a name in Thai as it goes over the wire, and no port where
    it is the usual one; what is compared octet by octet would never be met otherwise.

    Raises:
        ValueError: one of them is none.
    """
    return tuple(_origin(part.strip()) for part in text.split(",") if part.strip())


def _origin(text: str) -> str:
    scheme, parted, rest = text.partition("://")
    scheme = scheme.lower()
    if scheme not in _USUAL_PORTS or not parted:
        raise ValueError
    return f"{scheme}://{_host(rest.lower()).removesuffix(_USUAL_PORTS[scheme])}"


_USUAL_PORTS: Final = {"https": ":443", "http": ":80"}
_NAME = re.compile(
    r"([a-z0-9_-]{1,63}(?:\.[a-z0-9_-]{1,63})*|\[[0-9a-f:.]{2,45}\])(?::([1-9][0-9]{0,4}))?"
)


def _hosts(text: str) -> tuple[str, ...]:
    """Names in small ASCII letters: one in Thai, say, as it goes over the wire."""
    return tuple(_host(part.strip().lower()) for part in text.split(",") if part.strip())


def _host(text: str) -> str:
    name = text if text.isascii() else _over_the_wire(text)
    found = _NAME.fullmatch(name)
    if found is None or int(found[2] or 0) >= 1 << 16:
        raise ValueError
    if name.startswith("["):
        ipaddress.IPv6Address(found[1][1:-1])
    return name


def _over_the_wire(text: str) -> str:
    """A name in a language of its own; its port apart, which would become a part of it."""
    name, colon, port = text.partition(":")
    # UnicodeError, for what no such name can be, is a ValueError.
    return name.encode("idna").decode("ascii") + colon + port


def _setting(default: Any, parse: Callable[[str], Any], form: str) -> Any:  # noqa: ANN401 - as dataclasses.field does
    return field(default=default, metadata={"parse": parse, "form": form})


_ADDRESS_FORM = "an address such as 127.0.0.1:8443"
_DAYS_FORM = "a number of days, 30 to 3650"


@dataclass(frozen=True, slots=True)
class Settings:
    """What an operator may choose. Names in the environment: `MUSTSHARE_` + upper case."""

    database_url: str | None = _setting(None, str, "a postgresql:// address")
    statement_cache: int = _setting(100, _whole(0, 10_000), "a number, 0 behind pgbouncer")
    data_dir: Path = _setting(Path("var"), Path, "a directory")
    roots_file: Path | None = _setting(None, Path, "a file made by `mustshare-key roots`")
    reporter_address: Address = _setting(Address("127.0.0.1", 8443), _address, _ADDRESS_FORM)
    staff_address: Address = _setting(Address("127.0.0.1", 8444), _address, _ADDRESS_FORM)
    operator_address: Address = _setting(Address("127.0.0.1", 8445), _address, _ADDRESS_FORM)
    tls: str = _setting("on", _one_of("on", "behind-proxy"), "`on` or `behind-proxy`")
    tls_cert: Path | None = _setting(None, Path, "a PEM file")
    tls_key: Path | None = _setting(None, Path, "a PEM file")
    cors_origins: tuple[str, ...] = _setting(
        (), origins_of, "origins such as https://tip.example, with commas between"
    )
    hosts: tuple[str, ...] = _setting(
        (), _hosts, "names such as tips.example.org, with commas between"
    )
    retention_days: int = _setting(365, _whole(90, 3650), "a number of days, 90 to 3650")
    retention_received_days: int | None = _setting(None, _whole(30, 3650), _DAYS_FORM)
    retention_verifying_days: int | None = _setting(None, _whole(30, 3650), _DAYS_FORM)
    retention_published_days: int | None = _setting(None, _whole(30, 3650), _DAYS_FORM)
    retention_referred_days: int = _setting(730, _whole(30, 3650), _DAYS_FORM)
    retention_set_aside_days: int = _setting(90, _whole(30, 3650), _DAYS_FORM)
    retention_closed_days: int = _setting(180, _whole(30, 3650), _DAYS_FORM)
    referral_days: int = _setting(400, _whole(30, 3650), _DAYS_FORM)
    receipt_slots: int = _setting(2, _whole(1, 64), "a number, 1 to 64")
    receipt_queue: int = _setting(256, _whole(0, 1024), "a number, 0 to 1024")
    challenges: str = _setting("on", _one_of("on", "off"), "`on` or `off`")
    edge_buckets: str = _setting("off", _one_of("off", "header"), "`off` or `header`")
    media_slots: int = _setting(2, _whole(1, 64), "a number, 1 to 64")
    media_sandbox: str = _setting(
        "strict", _one_of("strict", "best-effort"), "`strict` or `best-effort`"
    )
    confinement: str = _setting(
        "best-effort",
        _one_of("strict", "best-effort", "off"),
        "`strict`, `best-effort` or `off`",
    )
    attachment_mib: int = _setting(30, _whole(1, 256), "a number of MiB, 1 to 256")
    upload_memory_mib: int = _setting(512, _whole(64, 65_536), "a number of MiB, 64 to 65536")
    body_idle_s: int = _setting(20, _whole(1, 600), "seconds, 1 to 600")
    body_total_s: int = _setting(900, _whole(10, 86_400), "seconds, 10 to 86400")
    header_s: int = _setting(20, _whole(1, 600), "seconds, 1 to 600")
    stride_s: int = _setting(30, _whole(1, 600), "seconds, 1 to 600")
    header_kib: int = _setting(16, _whole(4, 64), "a number of KiB, 4 to 64")
    webhook_ports: tuple[int, ...] = _setting(
        (443,), _ports, "ports such as 443,8443, with commas between"
    )
    connections: int = _setting(4096, _whole(64, 65_536), "a number, 64 to 65536")


NAMES: Final = {PREFIX + field.name.upper(): field for field in fields(Settings)}


def load(
    environment: Mapping[str, str] | None = None, env_file: Path = Path(".env")
) -> Settings:
    """Reads the settings; the environment goes before the file.

    Raises:
        Misconfigured: an unknown name, or a value not of its form.
    """
    written = given(environment, env_file)
    for name in written:
        _check_known(name)
    chosen: dict[str, Any] = {NAMES[n].name: _parsed(n, text) for n, text in written.items()}
    return Settings(**chosen)


def given(
    environment: Mapping[str, str] | None = None, env_file: Path = Path(".env")
) -> dict[str, str]:
    """What was chosen, as it was written: full names, the environment before the file."""
    written = {k: v for k, v in dotenv_values(env_file).items() if v is not None}
    merged = {**written, **(os.environ if environment is None else environment)}
    return {k: v.strip() for k, v in merged.items() if k.startswith(PREFIX) and v.strip()}


def _check_known(name: str) -> None:
    if name not in NAMES:
        near = difflib.get_close_matches(name, NAMES, n=1)
        hint = f"did you mean {near[0]}?" if near else "see .env.example for those there are."
        raise Misconfigured(f"{name} is not a setting; {hint}")


def _parsed(name: str, text: str) -> object:
    chosen = NAMES[name]
    try:
        return chosen.metadata["parse"](text)
    except ValueError:
        raise Misconfigured(
            f"{name} is not {chosen.metadata['form']}; see .env.example."
        ) from None
