"""The filter, run instruction by instruction as the kernel would, for both architectures."""

import pytest

from mustshare_api.media import seccomp
from tests.filters import answer

ALLOW, KILL = 0x7FFF0000, 0x80000000
EACCES, ENOSYS = 0x50000 | 13, 0x50000 | 38
EXEC, WRITE = 4, 2
ANONYMOUS, PRIVATE = 0x20, 2
DANGEROUS = {
    "x86_64": [
        0,
        3,
        10,
        41,
        42,
        56 + 0x40000000,
        59,
        62,
        101,
        165,
        272,
        317,
        319,
        322,
        424,
    ],
    "aarch64": [63, 57, 226, 198, 203, 221, 129, 117, 40, 97, 277, 279, 281, 424],
}


@pytest.fixture(params=sorted(seccomp.TABLES))
def machine(request: pytest.FixtureRequest) -> str:
    """Each architecture that there is a table for."""
    return str(request.param)


def test_what_drawing_takes_is_allowed(machine: str) -> None:
    """All of it."""
    table = seccomp.TABLES[machine]
    octets = seccomp.program(table)

    assert {answer(octets, table.audit_arch, n) for n in table.allowed.values()} == {ALLOW}


def test_what_libraries_may_try_is_answered(machine: str) -> None:
    """With the errors that make them go on without."""
    table = seccomp.TABLES[machine]
    octets = seccomp.program(table)

    assert {answer(octets, table.audit_arch, n) for n in table.refused.values()} == {EACCES}
    assert {answer(octets, table.audit_arch, n) for n in table.missing.values()} == {ENOSYS}


def test_what_reaches_out_kills(machine: str) -> None:
    """Reading, closing, sockets, executing, signals, tracing, mounting, new rights, BPF ..."""
    table = seccomp.TABLES[machine]
    octets = seccomp.program(table)

    assert {answer(octets, table.audit_arch, n) for n in DANGEROUS[machine]} == {KILL}


def test_memory_is_had_only_without_file_and_without_running_it(machine: str) -> None:
    """An allocation passes, and nothing that makes code of data or data of a file."""
    table = seccomp.TABLES[machine]
    octets = seccomp.program(table)
    arch, number = table.audit_arch, table.mmap

    assert answer(octets, arch, number, WRITE, ANONYMOUS | PRIVATE) == ALLOW
    assert answer(octets, arch, number, WRITE | EXEC, ANONYMOUS | PRIVATE) == KILL
    assert answer(octets, arch, number, WRITE, PRIVATE) == KILL


def test_another_architectures_numbering_kills(machine: str) -> None:
    """A 32-bit call on a 64-bit kernel would pass under a number that means something else."""
    table = seccomp.TABLES[machine]
    octets = seccomp.program(table)

    assert answer(octets, 0x40000003, table.allowed["write"]) == KILL


def test_no_number_has_two_answers(machine: str) -> None:
    """The three lists are strangers."""
    table = seccomp.TABLES[machine]
    numbers = [*table.allowed.values(), *table.refused.values(), *table.missing.values()]

    assert len(numbers) == len(set(numbers))
    assert table.mmap not in numbers


THREAD = 0x3D0F00
PROCESSES = [0x11, 0x01200011, 0x10000000, THREAD | 0x10000000, THREAD & ~0x10000, 0]
"""Fork, posix_spawn, a user namespace, the same as a thread, all flags but THREAD."""


def first(octets: bytes, table: seccomp.Table, number: int, value: int) -> int:
    """The answer to a call by its first argument."""
    return answer(octets, table.audit_arch, number, first=value)


def test_a_decoder_with_threads_gets_threads_and_no_process(machine: str) -> None:
    """The flags decide, to the bit; and where they cannot be seen, there is no such call."""
    table = seccomp.TABLES[machine]
    octets = seccomp.program(table, threads=True)

    assert first(octets, table, table.clone, THREAD) == ALLOW
    assert {first(octets, table, table.clone, flags) for flags in PROCESSES} == {EACCES}
    assert answer(octets, table.audit_arch, table.missing["clone3"]) == ENOSYS
    assert {answer(octets, table.audit_arch, n) for n in table.threads.values()} == {ALLOW}


def test_a_decoder_with_threads_makes_no_code_of_data(machine: str) -> None:
    """Neither while it gets memory nor afterwards."""
    table = seccomp.TABLES[machine]
    octets = seccomp.program(table, threads=True)

    assert answer(octets, table.audit_arch, table.mprotect, WRITE) == ALLOW
    assert answer(octets, table.audit_arch, table.mprotect, EXEC) == KILL
    assert answer(octets, table.audit_arch, table.mmap, EXEC, ANONYMOUS) == KILL


def test_a_decoder_with_threads_reaches_out_no_further(machine: str) -> None:
    """What kills elsewhere kills here."""
    table = seccomp.TABLES[machine]
    octets = seccomp.program(table, threads=True)
    others = [n for n in DANGEROUS[machine] if n != table.mprotect]

    assert {answer(octets, table.audit_arch, n) for n in others} == {KILL}


def test_a_decoder_without_threads_gets_none(machine: str) -> None:
    """The wider filter is for the one format that takes it."""
    table = seccomp.TABLES[machine]
    octets = seccomp.program(table)

    assert first(octets, table, table.clone, THREAD) == EACCES
    assert answer(octets, table.audit_arch, table.mprotect, WRITE) == KILL
    assert {answer(octets, table.audit_arch, n) for n in table.threads.values()} == {KILL}
