"""Opens a backup as an operator would, on the machine that has the key."""

import io
import tarfile
from pathlib import Path

from mustshare_api.crypto import age, xwing
from tests.vectors import age_reader

SEED = bytes(range(1, 33))
TO = age.recipient_of(xwing.public_key_of(SEED))


def unpacked(backup: Path, into: Path) -> Path:
    """`age -d -i key | tar x`, by our reader of the age specification."""
    clear = age_reader.read(backup.read_bytes(), SEED)
    with tarfile.open(fileobj=io.BytesIO(clear)) as tar:
        tar.extractall(into, filter="data")
    return into
