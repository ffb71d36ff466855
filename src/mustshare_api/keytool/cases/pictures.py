"""The pictures of a page: stripped on this machine, and named by id and digest.

A picture that a draft brought along carries the digest of its stripped octets in the folder's
table, and goes on as it is: stripped once more it would be another picture. Its id comes from
the page and the octets, so that a picture that stays keeps its address and one that changes
gets a new one.
"""

import os
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path
from typing import Any, Final

from mustshare_api.crypto.suite import LABEL, sha256
from mustshare_api.domain.pages import PICTURE_LIMIT_BYTES
from mustshare_api.keytool.cases.folder import PICTURES
from mustshare_api.keytool.desk.home import read_bytes
from mustshare_api.keytool.desk.session import Session
from mustshare_api.keytool.desk.terminal import PageBar
from mustshare_api.keytool.refusal import Refusal
from mustshare_api.keytool.tips.stripping import Cleaner

_TAKEN: Final = frozenset({"image/jpeg", "image/png"})
_ID_HEX: Final = 32


def stripped_pictures(
    folder: Path,
    page_id: str,
    listed: object,
    session: Session,
) -> tuple[list[dict[str, Any]], list[bytes]]:
    """How the page names its pictures, and their octets in the same order.

    Raises:
        Refusal: `case.bad_field`, `case.picture_name`, or as `Cleaner.picture`.
    """
    if not isinstance(listed, list) or not all(isinstance(one, Mapping) for one in listed):
        raise Refusal("case.bad_field", path=str(folder), field="pictures")
    named: list[dict[str, Any]] = []
    octets: list[bytes] = []
    with closing(Cleaner(PageBar(session.console))) as cleaner:
        for one in listed:
            found = _stripped(_file(folder, one), one.get("sha256"), cleaner)
            digest = sha256(found).hex()
            own = sha256((LABEL + "page picture").encode(), bytes.fromhex(page_id), found)
            named.append({"id": own.hex()[:_ID_HEX], "sha256": digest, "alt": one.get("alt")})
            octets.append(found)
    return named, octets


def _file(folder: Path, one: Mapping[str, Any]) -> Path:
    """A file in the folder's own pictures and nowhere else."""
    name = one.get("file")
    if not isinstance(name, str) or not name or name != Path(name).name or name in {".", ".."}:
        raise Refusal("case.picture_name", path=str(folder))
    return folder / PICTURES / name


def _stripped(file: Path, sha256_hex: object, cleaner: Cleaner) -> bytes:
    if isinstance(sha256_hex, str):
        octets = read_bytes(file, PICTURE_LIMIT_BYTES)
        if sha256(octets).hex() == sha256_hex:
            return octets
    with cleaner.picture(file) as stripped:
        if stripped.media_type not in _TAKEN or stripped.size_bytes > PICTURE_LIMIT_BYTES:
            raise Refusal("case.picture_kind", path=str(file))
        return os.pread(stripped.fd, stripped.size_bytes, 0)
