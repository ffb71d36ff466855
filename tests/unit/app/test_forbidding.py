"""The serving process's filter, run instruction by instruction, for both architectures."""

import socket

import pytest

from mustshare_api.app.process import forbidding
from mustshare_api.kernel import bpf
from mustshare_api.media import sandbox, seccomp
from tests.filters import answer

ALLOW, KILL = bpf.ALLOW, bpf.KILL
EPERM, EACCES, ENOSYS = bpf.ERRNO | 1, bpf.ERRNO | 13, bpf.ERRNO | 38
FAST_OPEN, NO_SIGNAL = 0x20000000, 0x4000
THREAD, FORK = 0x3D0F00, 0x01200011
SCTP, MPTCP = 132, 262
STREAM_AS_ASKED = socket.SOCK_STREAM | socket.SOCK_CLOEXEC | socket.SOCK_NONBLOCK


@pytest.fixture(params=sorted(forbidding.NUMBERS))
def machine(request: pytest.FixtureRequest) -> str:
    """Each architecture that there is a table for."""
    return str(request.param)


def asked(
    machine: str, number: int, *first: int, tcp: bool = False, names: bool = False
) -> int:
    """The answer to a call by its first arguments."""
    one, two, three, four = (*first, 0, 0, 0, 0)[:4]
    octets = forbidding.program(machine, tcp=tcp, names=names)
    arch = bpf.AUDIT_ARCH[machine]
    return answer(octets, arch, number, three, four, first=one, second=two)


def test_what_is_never_needed_is_refused(machine: str) -> None:
    """Every call on the list."""
    for number in forbidding.NUMBERS[machine].forbidden.values():
        assert asked(machine, number) == EPERM


def test_the_workers_filter_needs_nothing_that_is_refused(machine: str) -> None:
    """A child is bound by its parent's filter as well as by its own."""
    table = seccomp.TABLES[machine]
    needed = {*table.allowed.values(), *table.threads.values(), table.mmap, table.mprotect}

    assert needed.isdisjoint(forbidding.NUMBERS[machine].forbidden.values())
    assert asked(machine, table.clone, THREAD) == ALLOW


def test_processes_and_threads_are_started_without_namespaces(machine: str) -> None:
    """`clone3` can't be looked into, so there is none."""
    clone = forbidding.NUMBERS[machine].clone

    assert asked(machine, clone, FORK) == asked(machine, clone, THREAD) == ALLOW
    for flag in (0x20000, 0x2000000, 0x4000000, 0x8000000, 0x10000000, 0x20000000, 0x40000000):
        assert asked(machine, clone, FORK | flag) == EPERM
    assert asked(machine, forbidding.CLONE3) == ENOSYS


def test_namespaces_are_left_as_a_picture_workers_zygote_leaves_them_and_no_other_way(
    machine: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The flags that the sandbox asks for are those, to the bit."""
    seen: list[int] = []
    monkeypatch.setattr("mustshare_api.kernel.calls.unshare", seen.append)
    sandbox._leave_namespaces()
    unshare = forbidding.NUMBERS[machine].unshare

    assert [asked(machine, unshare, flags) for flags in seen] == [ALLOW]
    assert asked(machine, unshare, 0x10000000) == asked(machine, unshare, 0x20000) == EPERM


def test_without_a_port_there_are_unix_sockets_and_no_others(machine: str) -> None:
    """Of all the families that Linux has."""
    number = forbidding.NUMBERS[machine].socket

    assert asked(machine, number, socket.AF_UNIX, STREAM_AS_ASKED) == ALLOW
    for family in range(2, 64):
        assert asked(machine, number, family, STREAM_AS_ASKED) == EACCES


@pytest.mark.parametrize("family", [socket.AF_INET, socket.AF_INET6])
def test_with_a_port_there_is_plain_tcp_too(machine: str, family: int) -> None:
    """Which Landlock looks at; not what speaks like it, nor datagrams, nor raw packets."""
    number = forbidding.NUMBERS[machine].socket

    for protocol in (0, socket.IPPROTO_TCP):
        assert asked(machine, number, family, STREAM_AS_ASKED, protocol, tcp=True) == ALLOW
    for protocol in (SCTP, MPTCP):
        assert asked(machine, number, family, STREAM_AS_ASKED, protocol, tcp=True) == EACCES
    for kind in (socket.SOCK_DGRAM, socket.SOCK_RAW):
        assert asked(machine, number, family, kind, 0, tcp=True) == EACCES
    assert asked(machine, number, socket.AF_NETLINK, socket.SOCK_RAW, tcp=True) == EACCES


def test_a_name_takes_datagrams(machine: str) -> None:
    """UDP, and still nothing raw."""
    number = forbidding.NUMBERS[machine].socket
    inet, datagram = socket.AF_INET, socket.SOCK_DGRAM

    assert asked(machine, number, inet, datagram, 17, tcp=True, names=True) == ALLOW
    assert asked(machine, number, inet, socket.SOCK_RAW, 17, tcp=True, names=True) == EACCES


def test_sending_never_connects(machine: str) -> None:
    """TCP Fast Open would, past what looks at `connect`."""
    for number, flags_at in forbidding.NUMBERS[machine].sending.items():
        before = (0,) * flags_at
        assert asked(machine, number, *before, NO_SIGNAL) == ALLOW
        assert asked(machine, number, *before, NO_SIGNAL | FAST_OPEN) == EPERM


def test_another_numbering_kills(machine: str) -> None:
    """A 32-bit call, or x32's, would mean something else under the same number."""
    octets = forbidding.program(machine, tcp=False, names=False)

    assert answer(octets, 0x40000003, 1) == KILL
    assert answer(octets, bpf.AUDIT_ARCH[machine], 0x40000001) == KILL
