"""The files themselves: tests start what is shipped, and programs take it in silence."""

import subprocess

import pytest

from tests.deploy.fronts.shipped import DEPLOY, KINDS, Front, fitted
from tests.deploy.fronts.wire import Client
from tests.programs import program

FILES = {
    "haproxy": ["haproxy/haproxy.cfg"],
    "nginx": ["nginx/nginx.conf", "nginx/mustshare.conf", "nginx/mustshare-door.conf"],
    "caddy": ["caddy/Caddyfile"],
}
CHECKS = {
    "haproxy": lambda front: ["-c", "-f", str(front.folder / "haproxy.cfg")],
    "nginx": lambda front: ["-t", "-q", "-e", "stderr", "-c", str(front.folder / "nginx.conf")],
    "caddy": lambda front: [
        *("validate", "--adapter", "caddyfile", "--config", str(front.folder / "Caddyfile"))
    ],
}


def effective(kind: str) -> list[str]:
    """The lines of a front's files that are no comment."""
    texts = [(DEPLOY / name).read_text() for name in FILES[kind]]
    lines = [line.strip() for text in texts for line in text.splitlines()]
    return [line for line in lines if line and not line.startswith("#")]


def test_places_are_exchanged_one_for_one() -> None:
    """The longer of two goes first, and what was put in is not exchanged again."""
    assert fitted("a:80 a:8080 b", {"a:80": "b", "a:8080": "c", "b": "d"}) == "b c d"


def test_a_place_that_is_gone_is_an_error() -> None:
    """Or a test would start another file than the one that it speaks of."""
    with pytest.raises(AssertionError, match="does not say"):
        fitted("listen 443;", {"listen 80": "listen 1"})


def test_the_program_takes_the_file_without_a_warning(front: Client) -> None:
    """Nothing outdated, nothing ignored."""
    kind, running = front.front.kind, front.front
    found = subprocess.run(
        [str(program(kind)), *CHECKS[kind](running)],
        capture_output=True,
        text=True,
        check=False,
        timeout=30,
    )
    said = found.stdout + found.stderr

    assert found.returncode == 0, said
    assert "warn" not in said.lower(), said


@pytest.mark.parametrize("kind", KINDS)
def test_two_places_are_marked_for_the_operator(kind: str) -> None:
    """Name and certificate, and no third."""
    text = "".join((DEPLOY / name).read_text() for name in FILES[kind])

    assert text.count("EDIT 1 of 2") == text.count("EDIT 2 of 2") == 1
    assert text.count("EDIT ") == 2


@pytest.mark.parametrize("kind", KINDS)
def test_only_the_reporter_door_stands_in_the_file(kind: str) -> None:
    """Neither staff's port nor the operator's, and nothing listens on port 80."""
    text = "\n".join(effective(kind))

    assert "8443" in text
    assert not [port for port in ("8444", "8445", ":80 ", "listen 80") if port in text]


@pytest.mark.parametrize("kind", KINDS)
def test_nothing_in_the_file_logs_caches_or_packs(kind: str) -> None:
    """No line turns on what the promise turns off."""
    words = ("stats", "log global", "/dev/log", "httplog", "forwardfor", "gzip on", "encode")
    text = "\n".join(effective(kind))

    assert not [word for word in words if word in text]


def test_a_front_that_cannot_start_says_why(tmp_path, certificate) -> None:
    """Silence is for requests: a broken file still has words on stderr."""
    broken = {"timeout connect 5s": "timeout conect 5s"}
    front = Front("haproxy", tmp_path, 1, certificate.pem, broken)

    with pytest.raises(AssertionError, match="conect"):
        front.start()
