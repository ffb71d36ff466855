"""Where database addresses lead, read as the driver reads them."""

from pathlib import Path

import pytest

from mustshare_api.store.whereabouts import whereabouts


@pytest.fixture(autouse=True)
def _no_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever the tests are run with."""
    for name in ("PGHOST", "PGPORT", "PGPASSFILE", "HOME"):
        monkeypatch.delenv(name, raising=False)


@pytest.mark.parametrize(
    ("dsn", "ports", "names"),
    [
        ("postgresql://u@/tips?host=/run/postgresql", set(), set()),
        ("postgresql://u@/tips?host=/run/postgresql&port=6432", set(), set()),
        ("postgresql://u@%2Frun%2Fpostgresql/tips", set(), set()),
        ("postgresql://u:p%40ss@10.0.0.7:6432/tips", {6432}, set()),
        ("postgresql://u@[fd00::7]:6432/tips", {6432}, set()),
        ("postgresql://u@[fd00::7]/tips", {5432}, set()),
        ("postgresql://u@localhost/tips", {5432}, set()),
        ("postgresql://u@db.example/tips", {5432}, {"db.example"}),
        ("postgresql://u@a.example:1,10.0.0.8:2/tips", {1, 2}, {"a.example"}),
        ("postgresql://u@/tips?host=10.0.0.7,/run/postgresql&port=1,2", {1}, set()),
        ("postgresql://u@/tips?host=10.0.0.7&port=nonsense", {5432}, set()),
    ],
)
def test_an_address_leads_to_ports_and_names(
    dsn: str, ports: set[int], names: set[str]
) -> None:
    """Sockets need neither; an address no name."""
    found = whereabouts(dsn)

    assert set(found.ports) == ports
    assert set(found.names) == names


def test_the_environment_is_asked_where_the_address_says_nothing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """As the driver asks it."""
    monkeypatch.setenv("PGHOST", "10.0.0.7")
    monkeypatch.setenv("PGPORT", "6432")

    assert whereabouts("postgresql:///tips").ports == {6432}


def test_certificates_and_passwords_are_among_what_is_read(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """They are read again at each connection, when the process is locked in."""
    monkeypatch.setenv("HOME", "/srv/mustshare")
    found = whereabouts("postgresql://u@10.0.0.7/tips?sslrootcert=/etc/db/ca.pem")

    assert found.files >= {Path("/etc/db/ca.pem"), Path("/srv/mustshare/.pgpass")}
