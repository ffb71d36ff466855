"""What tests of the doctor ask about its findings."""

import socket
from collections.abc import Iterable, Mapping
from pathlib import Path

import pytest

from mustshare_api.app.doctor import Finding
from mustshare_api.settings import Address, Settings

REAL = Settings(roots_file=Path("roots.pin"))


def said(findings: Iterable[Finding], about: str) -> list[tuple[str, str]]:
    """Verdict and words of what was found about one thing."""
    return [(one.verdict, f"{one.said} {one.run}") for one in findings if one.about == about]


def address_of(one: socket.socket) -> Address:
    """Where it listens."""
    return Address("127.0.0.1", one.getsockname()[1])


def fake_systemctl(
    folder: Path, monkeypatch: pytest.MonkeyPatch, told: Mapping[str, str]
) -> None:
    """A `systemctl` that tells these."""
    lines = "".join(f"echo '{name}={value}'\n" for name, value in told.items())
    (folder / "systemctl").write_text(f"#!/bin/sh\n{lines}")
    (folder / "systemctl").chmod(0o755)
    monkeypatch.setenv("PATH", str(folder))
