"""The three fronts as they are shipped, started by tests: with other ports and folders.

    deploy/haproxy/haproxy.cfg  --.
    deploy/nginx/*.conf         --+-- fitted() -- a folder of the test's own -- the real program
    deploy/caddy/Caddyfile      --'

What a test starts has to be what an operator copies, so nothing is added: places are exchanged,
one for one, and one that no longer stands in the file is an error.
"""

import grp
import os
import pwd
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from contextlib import ExitStack, suppress
from dataclasses import dataclass, field
from pathlib import Path

from tests.programs import program
from tests.shape.tree import ROOT

DEPLOY = ROOT / "deploy"
NAME = "tips.localhost"
START_S = 20
HEADERS_MORE = Path("/usr/lib/nginx/modules/ngx_http_headers_more_filter_module.so")
"""Of Debian's libnginx-mod-http-headers-more-filter, which an operator may leave out."""


def fitted(text: str, changes: Mapping[str, str]) -> str:
    """A shipped file with places exchanged; longer ones first, none of them twice.

    Raises:
        AssertionError: a place does not stand in the file any more.
    """
    held: list[str] = []
    for old in sorted(changes, key=len, reverse=True):
        assert old in text, f"the shipped file does not say {old!r} any more"
        text = text.replace(old, f"\0{len(held)}\0")
        held.append(changes[old])
    for number, new in enumerate(held):
        text = text.replace(f"\0{number}\0", new)
    return text


def free_ports(count: int) -> list[int]:
    """TCP ports that nobody listens on."""
    with ExitStack() as held:
        opened = [
            held.enter_context(socket.create_server(("127.0.0.1", 0))) for _ in range(count)
        ]
        return [one.getsockname()[1] for one in opened]


@dataclass
class Front:
    """One front in front of one upstream, in a folder that holds all it may write to."""

    kind: str
    folder: Path
    door: int
    """The upstream's port."""

    pem: Path
    """Certificate and key, in one file."""

    changes: Mapping[str, str] = field(default_factory=dict)
    """More places to exchange: shorter deadlines, say."""

    tls: int = 0
    onion: int = 0
    onions: str = ".localhost"
    """How names end, or the one name, that its plain port answers to in place of `.onion`."""

    process: "subprocess.Popen[bytes] | None" = None

    @property
    def said(self) -> Path:
        """All that it ever printed."""
        return self.folder / "said"

    @property
    def pid(self) -> int:
        """Its process."""
        assert self.process is not None
        return self.process.pid

    @property
    def named_at_the_onion(self) -> str:
        """The same as a pattern of names."""
        return f"*{self.onions}" if self.onions.startswith(".") else self.onions

    def start(self, before: Sequence[str] = ()) -> None:
        """Starts it, behind the command `before` if any, and waits until it listens."""
        self.tls, self.onion = free_ports(2)
        command = _WRITERS[self.kind](self)
        home = self.folder / "home"
        home.mkdir(exist_ok=True)
        named = {"HOME": home, "XDG_CONFIG_HOME": home, "XDG_DATA_HOME": home}
        with self.said.open("ab") as output:
            self.process = subprocess.Popen(
                [*before, *command],
                cwd=self.folder,
                env={**os.environ, **{name: str(path) for name, path in named.items()}},
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                start_new_session=True,
            )
        self._wait()

    def _wait(self) -> None:
        assert self.process is not None
        until = time.monotonic() + START_S
        while time.monotonic() < until and self.process.poll() is None:
            try:
                socket.create_connection(("127.0.0.1", self.onion), timeout=1).close()
            except OSError:
                time.sleep(0.05)
            else:
                return
        raise AssertionError(f"{self.kind} did not start: {self.said.read_text()[-2000:]}")

    def stop(self) -> None:
        """Ends it, and what it was started behind."""
        if self.process is not None and self.process.poll() is None:
            os.killpg(self.pid, signal.SIGTERM)
            with suppress(subprocess.TimeoutExpired):
                self.process.wait(5)
            with suppress(ProcessLookupError):
                os.killpg(self.pid, signal.SIGKILL)
            self.process.wait(5)

    def write(self, shipped: str, changes: Mapping[str, str]) -> Path:
        """Puts one shipped file into the folder, fitted; `self.changes` too where they fit."""
        text = (DEPLOY / shipped).read_text()
        more = {old: new for old, new in self.changes.items() if old in text}
        path = self.folder / Path(shipped).name
        path.write_text(fitted(text, {**changes, **more}))
        return path


def _haproxy(front: Front) -> list[str]:
    user, group = pwd.getpwuid(os.getuid()).pw_name, grp.getgrgid(os.getgid()).gr_name
    path = front.write(
        "haproxy/haproxy.cfg",
        {
            "    chroot /var/lib/haproxy\n": "",
            "user haproxy": f"user {user}",
            "group haproxy": f"group {group}",
            "maxconn 8000": "maxconn 400",
            "bind :443,:::443 v6only": f"bind 127.0.0.1:{front.tls}",
            "/etc/mustshare/tips.pem": str(front.pem),
            "tips.example.org": NAME,
            "bind 127.0.0.1:8081": f"bind 127.0.0.1:{front.onion}",
            "-m end .onion": f"-m end {front.onions}",
            "127.0.0.1:8443\n": f"127.0.0.1:{front.door}\n",
        },
    )
    return [str(program("haproxy")), "-db", "-f", str(path)]


def _nginx(front: Front) -> list[str]:
    beside = {"/etc/nginx/mustshare": f"{front.folder}/mustshare"}
    whole = front.write(
        "nginx/nginx.conf",
        {"/run/": f"{front.folder}/", "worker_processes auto": "worker_processes 1", **beside},
    )
    front.write(
        "nginx/mustshare.conf",
        {
            "listen 443 ": f"listen 127.0.0.1:{front.tls} ",
            "    listen [::]:443 ssl http2 default_server;\n": "",
            "    listen [::]:443 ssl http2;\n": "",
            "listen 127.0.0.1:8081": f"listen 127.0.0.1:{front.onion}",
            "*.onion": front.named_at_the_onion,
            "tips.example.org": NAME,
            "/etc/mustshare/tips.pem": str(front.pem),
            "/etc/mustshare/tips.key": str(front.pem),
            **beside,
        },
    )
    door = {"http://127.0.0.1:8443": f"http://127.0.0.1:{front.door}"}
    front.write("nginx/mustshare-door.conf", door)
    if HEADERS_MORE.exists():
        front.write("nginx/mustshare-no-server.conf", {})
    run = ["-p", str(front.folder), "-e", "stderr", "-c", str(whole), "-g", "daemon off;"]
    return [str(program("nginx")), *run]


def _caddy(front: Front) -> list[str]:
    path = front.write(
        "caddy/Caddyfile",
        {
            "https://tips.example.org {": f"https://{NAME}:{front.tls} {{\n\tbind 127.0.0.1",
            "https:// {": f"https://:{front.tls} {{\n\tbind 127.0.0.1",
            "/etc/mustshare/tips.pem": str(front.pem),
            "/etc/mustshare/tips.key": str(front.pem),
            "http://*.onion:8081": f"http://{front.named_at_the_onion}:{front.onion}",
            "http://:8081": f"http://:{front.onion}",
            "reverse_proxy 127.0.0.1:8443": f"reverse_proxy 127.0.0.1:{front.door}",
        },
    )
    return [str(program("caddy")), "run", "--adapter", "caddyfile", "--config", str(path)]


_WRITERS = {"haproxy": _haproxy, "nginx": _nginx, "caddy": _caddy}
KINDS = tuple(_WRITERS)


def names_itself(front: Front) -> frozenset[str]:
    """What `Server` may say: only nginx without Debian's module cannot leave it out."""
    bare = front.kind == "nginx" and not HEADERS_MORE.exists()
    return frozenset({"nginx"} if bare else ())


def strace(record: Path, *calls: str) -> list[str]:
    """A command that records system calls of what stands behind it."""
    assert sys.platform == "linux"
    trace = f"trace={','.join(calls)}"
    return [str(program("strace")), "-f", "-qq", "-s", "200", "-e", trace, "-o", str(record)]
