"""What the kernel tells of the other side."""

import socket

from mustshare_api.app.server.readers import has_gone


def pair() -> tuple[socket.socket, socket.socket]:
    """Two ends of a connection over TCP."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        far = socket.create_connection(listening.getsockname())
        return listening.accept()[0], far


def test_who_hangs_up_behind_octets_that_nobody_read_has_gone() -> None:
    """Whether with a farewell or by a reset."""
    near, far = pair()
    other, resetting = pair()
    with near, far, other, resetting:
        far.sendall(b"GET / HTTP/1.1\r\n")
        assert not has_gone(near)
        far.shutdown(socket.SHUT_WR)
        resetting.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
        resetting.close()

        assert has_gone(near)
        assert has_gone(other)


def test_who_says_nothing_is_still_there() -> None:
    """Silence is no farewell."""
    near, far = pair()
    with near, far:
        assert not has_gone(near)
