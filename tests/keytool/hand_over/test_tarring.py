"""The archive: the same for the same files, padded, and never a file of another size."""

import io
import tarfile
from typing import BinaryIO

import pytest

from mustshare_api.errors import CannotOpen
from mustshare_api.keytool.hand_over.tarring import Tar


def archive(*sizes: int) -> bytes:
    written = io.BytesIO()
    tar = Tar(written.write)
    for number, size in enumerate(sizes):
        tar.add(f"{number}.txt", bytes([number + 1]) * size)
    tar.close()
    return written.getvalue()


@pytest.mark.parametrize("sizes", [(), (0,), (1,), (511, 512, 513), (200_000, 0, 3)])
def test_stock_tar_reads_it(sizes: tuple[int, ...]) -> None:
    """Every file whole, under its name."""
    with tarfile.open(fileobj=io.BytesIO(archive(*sizes))) as read:
        assert [member.size for member in read] == list(sizes)


def test_lengths_fall_into_few_sizes() -> None:
    """Of three hundred lengths, few can be told apart."""
    sizes = {len(archive(20_000 + 100 * n)) for n in range(300)}

    assert len(sizes) < 30
    assert all(size % 512 == 0 for size in sizes)


def test_a_file_of_another_size_than_announced_is_refused() -> None:
    """Its header is written already; the archive would be read wrongly from there on."""

    def short(target: BinaryIO) -> None:
        target.write(b"abc")

    with pytest.raises(CannotOpen):
        Tar(io.BytesIO().write).add_poured("a.txt", 4, short)
