"""The lines of docs/fronts.md that give staff a listener, typed as they stand there.

deploy/<kind>/ -> a folder -> the document's lines -> other ports and names -> the real program
"""

import grp
import os
import pwd
import re
import shutil
import socket
import subprocess
import time
from datetime import UTC, datetime
from pathlib import Path

import pytest

from mustshare_api.crypto import local_ca
from tests.deploy.fronts.recorder import Recorder
from tests.deploy.fronts.shipped import DEPLOY, HEADERS_MORE, KINDS, START_S, fitted, free_ports
from tests.deploy.fronts.wire import answered, context
from tests.programs import program
from tests.shape.tree import ROOT

STAFF = "staff.localhost"
RUNS = {
    "haproxy": ["-db", "-f", "haproxy.cfg", "-f", "staff.cfg"],
    "nginx": ["-e", "stderr", "-g", "daemon off;"],
    "caddy": ["run", "--adapter", "caddyfile", "--config", "Caddyfile"],
}


def lines_for(kind: str) -> str:
    """The block of the document for one program, less what asks systemd."""
    section = (ROOT / "docs" / "fronts.md").read_text().partition("## Staff and operators")[2]
    (block,) = re.findall(rf"```sh\n(cd /etc/{kind}\n.*?)```", section, re.DOTALL)
    kept = [line for line in block.splitlines() if "systemctl" not in line]
    return "\n".join(line for line in kept if "caddy validate" not in line)


def typed(kind: str, folder: Path) -> None:
    """Puts the shipped files into a folder, and types the lines there."""
    shutil.copytree(DEPLOY / kind, folder, dirs_exist_ok=True)
    if not HEADERS_MORE.exists():
        (folder / "mustshare-no-server.conf").unlink(missing_ok=True)
    lines = lines_for(kind).replace(f"cd /etc/{kind}", f"cd {folder}")
    lines = lines.replace("/etc/default/haproxy", str(folder / "default"))
    subprocess.run(["bash", "-euc", lines], check=True, timeout=20)


def fit(folder: Path, pem: Path, places: dict[str, str]) -> None:
    """Exchanges what is this machine's, in every file."""
    names = ("tips.pem", "tips.key", "staff.pem", "staff.key")
    everywhere = {f"/etc/mustshare/{name}": str(pem) for name in names}
    everywhere |= {"/etc/nginx/mustshare": f"{folder}/mustshare", "/run/": f"{folder}/"}
    everywhere |= {"staff.example.org": STAFF, "    chroot /var/lib/haproxy\n": ""}
    user, group = pwd.getpwuid(os.getuid()).pw_name, grp.getgrgid(os.getgid()).gr_name
    everywhere |= {"user haproxy": f"user {user}", "group haproxy": f"group {group}", **places}
    for path in folder.iterdir():
        text = path.read_text()
        path.write_text(fitted(text, {a: b for a, b in everywhere.items() if a in text}))


def made_certificate(folder: Path) -> tuple[Path, Path]:
    """Staff's certificate with its key, and who vouches for it."""
    folder.mkdir()
    now = datetime.now(UTC)
    authority = local_ca.make_authority(now)
    issued = local_ca.make_server_certificate(authority, now, [STAFF])
    pem, ca = folder / "staff.pem", folder / "ca.pem"
    pem.touch(mode=0o600)
    pem.write_bytes(issued.certificate_pem + issued.key_pem)
    ca.write_bytes(authority.certificate_pem)
    return pem, ca


def places_of(kind: str, door: int, staff: int) -> dict[str, str]:
    """Ports of this test, in a program's own words."""
    tls, onion = free_ports(2)
    shared = {"127.0.0.1:8444": f"127.0.0.1:{door}", "127.0.0.1:8081": f"127.0.0.1:{onion}"}
    own = {
        "haproxy": {":443,:::443 v6only": f"127.0.0.1:{tls}"},
        "nginx": {
            "listen 443 ": f"listen 127.0.0.1:{tls} ",
            "    listen [::]:443 ssl http2 default_server;\n": "",
            "    listen [::]:443 ssl http2;\n": "",
        },
        "caddy": {
            "https://tips.example.org {": f"https://tips.localhost:{tls} {{",
            "https:// {": f"https://:{tls} {{",
            "http://:8081": f"http://:{onion}",
            ":9444 {": f":{staff} {{",
        },
    }
    return shared | {"127.0.0.1:9444": f"127.0.0.1:{staff}"} | own[kind]


def asked(port: int, ca: Path, name: str) -> int:
    """The status that a staff request to a front gets."""
    plain = socket.create_connection(("127.0.0.1", port), timeout=10)
    with context(ca).wrap_socket(plain, server_hostname=STAFF) as line:
        line.sendall(f"GET /v1/tips HTTP/1.1\r\nHost: {name}\r\n\r\n".encode())
        return answered(line).status


def waited_for(port: int, process: "subprocess.Popen[bytes]") -> None:
    """Until the front listens."""
    until = time.monotonic() + START_S
    while time.monotonic() < until and process.poll() is None:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.05)
        else:
            return
    raise AssertionError("the front did not start")


@pytest.mark.parametrize("kind", KINDS)
def test_the_lines_for_staff_make_a_front_for_their_door(
    kind: str, tmp_path: Path, recorder: Recorder
) -> None:
    """The program takes the files; a request under staff's name reaches the door as sent."""
    folder, (staff,) = tmp_path / kind, free_ports(1)
    pem, ca = made_certificate(tmp_path / "tls")
    typed(kind, folder)
    fit(folder, pem, places_of(kind, recorder.port, staff))
    run = [str(program(kind)), *RUNS[kind]]
    if kind == "nginx":
        run += ["-p", str(folder), "-c", str(folder / "nginx.conf")]
    home = {"HOME": str(folder), "XDG_DATA_HOME": str(folder), "XDG_CONFIG_HOME": str(folder)}

    with subprocess.Popen(run, cwd=folder, env={**os.environ, **home}) as process:
        try:
            waited_for(staff, process)
            before = len(recorder.of("/v1/tips"))
            status = asked(staff, ca, f"{STAFF}:{staff}")
        finally:
            process.terminate()

    (request,) = recorder.of("/v1/tips")[before:]
    assert (status, request.values(b"host")) == (200, [f"{STAFF}:{staff}".encode()])
