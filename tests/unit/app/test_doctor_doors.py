"""What `mustshare doctor` finds at the doors, and what the running service tells it."""

import json
import socket
import threading
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest
from typing_extensions import override

from mustshare_api import __main__ as program
from mustshare_api.app.doctor import (
    doors,
    running,
)
from mustshare_api.crypto import local_ca
from mustshare_api.settings import Address, Settings
from tests.unit.app.findings import REAL, address_of, said

OUTSIDE = Address("203.0.113.7", 8444)


@pytest.mark.parametrize(
    ("planted", "verdict", "words"),
    [
        ({"operator_address": OUTSIDE}, "mend", "asks for no key"),
        ({"reporter_address": OUTSIDE, "tls": "behind-proxy"}, "mend", "plain HTTP"),
        ({"staff_address": Address("127.0.0.1", 8443)}, "mend", "two doors have one address"),
        ({"staff_address": OUTSIDE}, "think", "WireGuard"),
    ],
)
def test_a_door_that_is_open_too_wide_is_found(
    planted: dict[str, Address], verdict: str, words: str
) -> None:
    """Each for its own reason."""
    found = said(doors.look(replace(REAL, **planted)), "doors")  # type: ignore[arg-type]

    assert [v for v, w in found if words in w] == [verdict]


def test_answering_to_any_name_is_pointed_out() -> None:
    """A real organisation has names; others are somebody's trick."""
    assert [v for v, _ in said(doors.look(REAL), "names")] == ["think"]
    assert said(doors.look(replace(REAL, hosts=("tips.example.org",))), "names") == []


@pytest.fixture(scope="module")
def authority() -> local_ca.Issued:
    return local_ca.make_authority(datetime.now(UTC))


def with_certificate(
    folder: Path, authority: local_ca.Issued, *, days_old: int = 0, hosts: tuple[str, ...] = ()
) -> Settings:
    """Settings with a pair whose certificate is good for 90 days from its making."""
    made = local_ca.make_server_certificate(
        authority, datetime.now(UTC) - timedelta(days=days_old)
    )
    (folder / "server.pem").write_bytes(made.certificate_pem)
    (folder / "server.key").touch(mode=0o600)
    (folder / "server.key").write_bytes(made.key_pem)
    return Settings(hosts=hosts, tls_cert=folder / "server.pem", tls_key=folder / "server.key")


@pytest.mark.parametrize(
    ("days_old", "verdict", "words"),
    [(0, "ok", "good for"), (75, "think", "runs out in"), (95, "mend", "has run out")],
)
def test_a_certificate_is_judged_by_the_days_it_has_left(
    tmp_path: Path, authority: local_ca.Issued, days_old: int, verdict: str, words: str
) -> None:
    """Three weeks are enough to renew it by hand."""
    found = said(doors.look(with_certificate(tmp_path, authority, days_old=days_old)), "tls")

    assert [v for v, w in found if words in w] == [verdict]


def test_a_certificate_for_other_names_has_to_be_mended(
    tmp_path: Path, authority: local_ca.Issued
) -> None:
    """A front end would refuse it, and a reporter would learn to click warnings away."""
    chosen = with_certificate(
        tmp_path, authority, hosts=("localhost:8443", "tips.example.org", "tips.onion:80")
    )

    words = [w for v, w in said(doors.look(chosen), "tls") if v == "mend"]

    assert words == ["the certificate does not name tips.example.org "]


def test_a_certificate_and_another_key_have_to_be_mended(
    tmp_path: Path, authority: local_ca.Issued
) -> None:
    """As a start would refuse them."""
    chosen = with_certificate(tmp_path, authority)
    other = local_ca.make_server_certificate(authority, datetime.now(UTC))
    (tmp_path / "server.key").write_bytes(other.key_pem)

    assert any("PEM pair" in w for v, w in said(doors.look(chosen), "tls") if v == "mend")


def test_a_file_that_is_no_certificate_has_to_be_mended(
    tmp_path: Path, authority: local_ca.Issued
) -> None:
    """Whatever is in it."""
    chosen = with_certificate(tmp_path, authority)
    (tmp_path / "server.pem").write_bytes(b"\xff" * 40)

    ((verdict, words), *_) = said(doors.look(chosen), "tls")

    assert (verdict, "no certificate" in words) == ("mend", True)


@pytest.mark.parametrize(("group", "verdict"), [("X25519", "think"), ("X25519MLKEM768", "ok")])
def test_the_key_exchange_is_told_by_what_it_is(
    tmp_path: Path,
    authority: local_ca.Issued,
    monkeypatch: pytest.MonkeyPatch,
    group: str,
    verdict: str,
) -> None:
    """Debian 12's OpenSSL has no post-quantum one; a front may."""
    monkeypatch.setattr(doors, "group_of", lambda context: group)
    findings = said(doors.look(with_certificate(tmp_path, authority)), "tls")

    assert [how for how, words in findings if "key exchange" in words] == [verdict]


@pytest.mark.parametrize(
    ("status", "told", "verdicts"),
    [
        (200, {"ready": True}, ["ok"]),
        (200, {"sandbox_missing": ["landlock"], "confinement_missing": []}, ["ok", "think"]),
        (200, {"confinement_missing": ["files"]}, ["ok", "think"]),
        (503, {"code": "directory.expired"}, ["mend"]),
        (200, ["no", "health"], ["think"]),
        (200, None, ["think"]),
    ],
)
def test_the_running_service_is_asked_what_is_in_force(
    status: int, told: object, verdicts: list[str]
) -> None:
    """And what is no answer of ours is none."""

    class Door(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(status)
            self.end_headers()
            self.wfile.write(json.dumps(told).encode())

        @override
        def log_message(self, *_: object) -> None:
            """Keeps quiet."""

    with HTTPServer(("127.0.0.1", 0), Door) as server:
        serving = threading.Thread(target=server.handle_request)
        serving.start()
        chosen = replace(REAL, tls="behind-proxy", operator_address=address_of(server.socket))
        found = said(running.look(chosen), "service")
        serving.join()

    assert [v for v, _ in found] == verdicts


def test_a_service_that_does_not_answer_is_pointed_out() -> None:
    """Stopped it may be; then this is why nobody gets in."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        here = address_of(taken)
    chosen = replace(REAL, tls="behind-proxy", operator_address=here)

    ((verdict, words),) = said(running.look(chosen), "service")

    assert (verdict, str(here) in words) == ("think", True)


@pytest.mark.parametrize(("status", "code"), [(200, 0), (503, 1)])
def test_a_containers_check_gets_its_answer_without_words(
    status: int,
    code: int,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """An image has no curl; what it asks is written down nowhere."""

    class Door(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(status)
            self.end_headers()
            self.wfile.write(b"{}")

        @override
        def log_message(self, *_: object) -> None:
            """Keeps quiet."""

    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("MUSTSHARE_TLS", "behind-proxy")
    with HTTPServer(("127.0.0.1", 0), Door) as server:
        here = str(address_of(server.socket))
        monkeypatch.setenv("MUSTSHARE_OPERATOR_ADDRESS", here)
        serving = threading.Thread(target=server.handle_request)
        serving.start()
        assert program.main(["health"]) == code
        serving.join()

    assert capsys.readouterr() == ("", "")
    assert program.main(["health"]) == 1
