"""What belongs to the service itself: versions, keys, files and who may read them."""

import os
import platform
import ssl
import stat
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final

from mustshare_api.app import directories
from mustshare_api.app.doctor.finding import Finding
from mustshare_api.app.server.tls import check_private
from mustshare_api.app.version import VERSION
from mustshare_api.crypto.suite import require_post_quantum
from mustshare_api.errors import Misconfigured
from mustshare_api.settings import Settings

ENVIRONMENT_FILES: Final = (Path("/etc/mustshare/env"), Path(".env"))
_OTHERS: Final = stat.S_IRWXG | stat.S_IRWXO
_OTHERS_WRITE: Final = stat.S_IWGRP | stat.S_IWOTH


def look(settings: Settings) -> Iterator[Finding]:
    """Each thing in turn."""
    yield _versions()
    yield tried("crypto", "post-quantum keys are there", require_post_quantum)
    yield from _keys(settings)
    if settings.tls_key is not None:
        key = settings.tls_key
        yield tried("tls", "nobody else reads the key", lambda: check_private(key))
    yield from _files(settings)


def tried(about: str, well: str, look: Callable[[], object]) -> Finding:
    """What a start would refuse, in the words of that refusal."""
    try:
        look()
    except Misconfigured as error:
        return Finding("mend", about, error.advice)
    return Finding("ok", about, well)


def _versions() -> Finding:
    python = ".".join(map(str, sys.version_info[:3]))
    said = f"mustshare {VERSION}, Python {python}, TLS by {ssl.OPENSSL_VERSION}"
    return Finding("ok", "versions", f"{said}, {platform.machine()}")


def _keys(settings: Settings) -> Iterator[Finding]:
    path = settings.roots_file
    if path is None:
        yield Finding("think", "keys", "evaluation only: no real tip may be taken")
        return
    yield tried("keys", "pinned roots are read", lambda: directories.load_roots(path))
    if path.exists() and path.stat().st_mode & _OTHERS_WRITE:
        said = f"others can write {path}, and so choose whom tips are sealed to"
        yield Finding("mend", "keys", said, f"chmod go-w {path}")


def _files(settings: Settings) -> Iterator[Finding]:
    folder = settings.data_dir
    if folder.exists() and folder.stat().st_mode & _OTHERS:
        said = f"others can enter {folder}"
        yield Finding("think", "data", said, f"chmod 700 {folder}")
    if folder.exists() and not os.access(folder, os.W_OK | os.X_OK):
        said = (
            f"this user cannot write in {folder}: which directory was in force, and when the "
            "last backup was made, is forgotten at each start"
        )
        yield Finding("mend", "data", said, f"chown {os.geteuid()} {folder}")
    for path in ENVIRONMENT_FILES:
        if path.exists() and path.stat().st_mode & stat.S_IRWXO:
            said = f"every user of this machine can read {path}; a password may be in it"
            yield Finding("mend", "settings", said, f"chmod 640 {path}")
