"""Which names a door answers to: a request for another host never reaches a handler.

    Host: tips.example.org      one header, one name, one of those that were set up
    400   none, two, or one that is no host: user@host, a path, a letter outside ASCII
    421   a good one that is not ours

A browser that was told a wrong address for its own page (DNS rebinding) sends that page's
name, and so is told apart from whoever means us. A staff request signs the very name that is
looked at here as its `@authority`.

Names are compared in one spelling: small letters, IPv6 in its short form, and without a port
where it is the usual one, 443 or 80: a proxy in front ends TLS, so which of them is not ours
to know. A final dot is another name, as it is to browsers.
"""

import ipaddress
import re
from collections.abc import Iterable
from dataclasses import dataclass

from mustshare_api.api.harden import App, Headers, Receive, Scope, Send
from mustshare_api.api.languages import asked_for
from mustshare_api.api.problems import plain_answer
from mustshare_api.errors import Malformed

_LIMIT = 255
_USUAL_PORTS = ("", "443", "80")
_HOST = re.compile(
    r"(?P<name>[a-z0-9_-]{1,63}(?:\.[a-z0-9_-]{1,63})*\.?|\[[0-9a-f:.]{2,45}\])"
    r"(?::(?P<port>[1-9][0-9]{0,4}))?"
)
_LOCAL = "localhost"


@dataclass(frozen=True, slots=True)
class Hosts:
    """Names in the one spelling; with `this_machine` also every name of loopback."""

    names: frozenset[str] = frozenset()
    this_machine: bool = False
    anything: bool = False

    @classmethod
    def of(cls, names: Iterable[str], *, this_machine: bool = False) -> "Hosts":
        """Those of a list, each with or without a port.

        Raises:
            Malformed: one of them is no host.
        """
        return cls(frozenset(map(spelled, names)), this_machine)

    def know(self, named: str) -> bool:
        """Whether a door answers to a name in the one spelling."""
        return self.anything or named in self.names or (self.this_machine and _is_local(named))


ANY_HOST = Hosts(anything=True)
"""Where no names were set: whatever the proxy in front lets through."""


def spelled(host: str) -> str:
    """A host in the one spelling.

    Raises:
        Malformed: it is none.
    """
    found = _HOST.fullmatch(host.lower()) if len(host) <= _LIMIT and host.isascii() else None
    if found is None:
        raise Malformed
    name, port = found["name"], found["port"] or ""
    if name.startswith("["):
        name = f"[{_sixth(name[1:-1])}]"
    if port and int(port) >= 1 << 16:
        raise Malformed
    return name if port in _USUAL_PORTS else f"{name}:{port}"


def _sixth(address: str) -> str:
    try:
        return ipaddress.IPv6Address(address).compressed
    except ValueError:
        raise Malformed from None


def _is_local(named: str) -> bool:
    name = named.rpartition("]")[0][1:] if named.startswith("[") else named.partition(":")[0]
    try:
        return name == _LOCAL or ipaddress.ip_address(name).is_loopback
    except ValueError:
        return False


def check_host(app: App, hosts: Hosts) -> App:
    """Wraps a door's app: what is not meant for it is answered here."""

    async def checked(scope: Scope, receive: Receive, send: Send) -> None:
        refused = _refused(scope["headers"], hosts) if scope["type"] == "http" else None
        if refused is None:
            await app(scope, receive, send)
            return
        status, headers, body = plain_answer(refused, asked_for(scope["headers"]))
        await send({"type": "http.response.start", "status": status, "headers": headers})
        await send({"type": "http.response.body", "body": body})

    return checked


def _refused(headers: Headers, hosts: Hosts) -> str | None:
    """The code of the problem, where there is one."""
    sent = [value for name, value in headers if name == b"host"]
    if len(sent) != 1:
        return "request.malformed"
    try:
        named = spelled(sent[0].decode("latin-1"))
    except Malformed:
        return "request.malformed"
    return None if hosts.know(named) else "request.wrong_host"
