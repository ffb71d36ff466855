"""A tar archive, written as it comes and the same for the same files, whoever writes it when.

    header 512 | content | zeros to 512     one a file: no owner, no time, mode 0644
    zeros, at least 1,024                   up to a PADME size

The zeros at the end are part of the format and hide how much there is: an age file is as long
as what is in it, and goes by ways that others watch.
"""

import hashlib
import tarfile
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import BinaryIO, Final, cast

from mustshare_api.crypto.manifests import ListedFile
from mustshare_api.crypto.padding import padme
from mustshare_api.errors import CannotOpen

_BLOCK_BYTES: Final = 512
_END_BYTES: Final = 2 * _BLOCK_BYTES
_ZEROS: Final = bytes(1 << 16)


@dataclass(slots=True)
class Tar:
    """Writes to `write`; remembers of each file what a manifest says of it."""

    write: Callable[[bytes], object]
    files: list[ListedFile] = field(default_factory=list[ListedFile])
    _written_bytes: int = 0

    def add(self, name: str, octets: bytes) -> None:
        """A file that is at hand."""
        self.add_poured(name, len(octets), lambda to: _pour(to, octets))

    def add_poured(self, name: str, size_bytes: int, pour: Callable[[BinaryIO], None]) -> None:
        """A file that comes in pieces.

        Raises:
            CannotOpen: `file.mismatch`, it was of another size than announced.
        """
        header = tarfile.TarInfo(name)
        header.size = size_bytes
        self._put(header.tobuf(tarfile.USTAR_FORMAT))
        measure = _Measure(self._put)
        pour(cast("BinaryIO", measure))
        if measure.size_bytes != size_bytes:
            raise CannotOpen("file.mismatch")
        self._put(bytes(-size_bytes % _BLOCK_BYTES))
        self.files.append(ListedFile(name, size_bytes, measure.digest.digest()))

    def close(self) -> None:
        """The zeros at the end."""
        bare = self._written_bytes + _END_BYTES
        whole = padme(bare) + -padme(bare) % _BLOCK_BYTES
        left = whole - self._written_bytes
        while left:
            self._put(_ZEROS[:left])
            left -= min(left, len(_ZEROS))

    def _put(self, octets: bytes) -> None:
        self._written_bytes += len(octets)
        self.write(octets)


class _Measure:
    """What one file is poured into."""

    def __init__(self, put: Callable[[bytes], None]) -> None:
        self._put = put
        self.size_bytes = 0
        self.digest = hashlib.sha256()

    def write(self, octets: bytes) -> None:
        """Takes a piece."""
        self.size_bytes += len(octets)
        self.digest.update(octets)
        self._put(octets)

    def writelines(self, pieces: list[bytes]) -> None:
        """Takes pieces as they come."""
        for piece in pieces:
            self.write(piece)


def _pour(target: BinaryIO, octets: bytes) -> None:
    target.write(octets)
