"""Where a webhook may go: a host on the Internet, by name, and never anything of our own.

    address      https://hooks.example.org/new   no user, no fragment, a port that is allowed
    host         a name with a dot, in letters; no number in any spelling, none for home use
    what it is   every address that the name leads to, on the public Internet

Whoever may name an address would otherwise have our machines ask anything inside of our own
network. Numbers are refused as such: 127.1, 0x7f000001 and 2130706433 are all this machine, and
each library reads them in its own way. A name is judged by where it leads, and the connection
is then made to the very address that was judged: a name that leads elsewhere a moment later
(DNS rebinding) gains nothing.
"""

import ipaddress
import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Final

from mustshare_api.errors import Malformed

HTTPS: Final = 443
LONGEST_URL: Final = 512
LONGEST_HOST: Final = 253

_URL: Final = re.compile(
    r"https://([^\s/?#@:\[\]\\%]{1,253})(?::([1-9][0-9]{0,4}))?((?:/[!-~]*)?(?:\?[!-~]*)?)"
)
_TARGET: Final = re.compile(r"[^\s#\"<>\\^`{|}]*")
_LABEL: Final = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?")
_LAST: Final = re.compile(r"[a-z]{2,63}|xn--[a-z0-9-]{1,59}")
_AT_HOME: Final = frozenset(
    {"localhost", "local", "localdomain", "internal", "intranet", "private", "lan", "home"}
    | {"corp", "arpa", "onion", "test", "invalid"}
)
"""Last labels that the Internet's DNS does not have, and that somebody's own network may."""

_REFUSED_V4: Final = tuple(
    ipaddress.IPv4Network(network)
    for network in (
        *("0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16"),
        *("172.16.0.0/12", "192.0.0.0/24", "192.0.2.0/24", "192.88.99.0/24"),
        *("192.168.0.0/16", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24"),
        *("224.0.0.0/4", "240.0.0.0/4"),
        # Public by its number, and the machine's own host in one large cloud.
        "168.63.129.16/32",
    )
)
_GLOBAL_V6: Final = ipaddress.IPv6Network("2000::/3")
"""All that was ever handed out. Loopback, mapped and translated IPv4 (::, ::ffff:0:0/96,
64:ff9b::/96), unique local, link-local and multicast addresses are outside of it."""

_REFUSED_V6: Final = tuple(
    ipaddress.IPv6Network(network)
    # Teredo and other protocols' own; documentation; 6to4, which holds an IPv4 address.
    for network in ("2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20")
)


@dataclass(frozen=True, slots=True)
class Destination:
    """A checked address: `host` in ASCII, `target` as it stands in a request line."""

    host: str
    port: int
    target: str

    @property
    def authority(self) -> str:
        """What the header `Host` says."""
        return self.host if self.port == HTTPS else f"{self.host}:{self.port}"

    @property
    def url(self) -> str:
        """The address in its one spelling."""
        return f"https://{self.authority}{self.target}"


def destination(url: str, ports: Collection[int] = (HTTPS,)) -> Destination:
    """Reads an address to which webhooks may go, as far as its letters tell.

    Raises:
        Malformed: `webhook.url_malformed`, `webhook.port_refused` or `webhook.host_refused`.
    """
    found = _URL.fullmatch(url) if len(url) <= LONGEST_URL else None
    if found is None or _TARGET.fullmatch(found[3]) is None:
        raise Malformed("webhook.url_malformed")
    port = int(found[2] or HTTPS)
    if port not in ports:
        raise Malformed("webhook.port_refused")
    target = found[3] if found[3].startswith("/") else f"/{found[3]}"
    to = Destination(_host(found[1]), port, target)
    # Longer than it was written, where the host has letters of its own or no path came with it.
    if len(to.url) > LONGEST_URL:
        raise Malformed("webhook.url_malformed")
    return to


def _host(written: str) -> str:
    # Also turns full-width digits and dots into plain ones, so it comes before any judgement.
    try:
        name = written.lower().encode("idna").decode("ascii").lower()
    except UnicodeError:
        raise Malformed("webhook.host_refused") from None
    labels = name.split(".")
    sound = len(labels) > 1 and all(_LABEL.fullmatch(label) for label in labels)
    if len(name) > LONGEST_HOST or not sound or _LAST.fullmatch(labels[-1]) is None:
        raise Malformed("webhook.host_refused")
    if labels[-1] in _AT_HOME:
        raise Malformed("webhook.host_refused")
    return name


def judged(addresses: Iterable[str]) -> list[str]:
    """The same addresses, if a webhook may go to each of them.

    One bad address among good ones refuses all: which one a connection takes is chance.

    Raises:
        Malformed: `webhook.address_refused`, there is none, or one is not of the Internet.
    """
    found = list(addresses)
    if not found or not all(is_of_the_internet(address) for address in found):
        raise Malformed("webhook.address_refused")
    return found


def is_of_the_internet(address: str) -> bool:
    """Whether an IP address, as a resolver writes it, is one of the public Internet."""
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return False
    if isinstance(found, ipaddress.IPv4Address):
        return not any(found in network for network in _REFUSED_V4)
    if found.scope_id is not None or found not in _GLOBAL_V6:
        return False
    return not any(found in network for network in _REFUSED_V6)
