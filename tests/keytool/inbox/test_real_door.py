"""The desk against the doors that the service really has, with two officers at it."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from mustshare_api.crypto import keys
from mustshare_api.crypto.keyring import Officer
from mustshare_api.keytool.desk.home import Home, write_bytes
from mustshare_api.keytool.main import main
from mustshare_api.media.strip import Stripper
from tests.doors import stripper
from tests.keytool.conftest import CHEAP_KIB, PASSPHRASE, Ended
from tests.keytool.real_door import RealDoor, real_door
from tests.postgres import dsn, postgres, template

__all__ = ["dsn", "postgres", "stripper", "template"]


@pytest.fixture
def real(dsn: str, stripper: Stripper, tmp_path: Path) -> Iterator[RealDoor]:
    with real_door(dsn, stripper, tmp_path) as door:
        yield door


def run(home: Path, capsys: pytest.CaptureFixture[str], *argv: str) -> Ended:
    capsys.readouterr()
    secret = ["--home", str(home), "--passphrase-file", str(home.parent / "passphrase")]
    code = main([*argv, *secret, "--lang", "en"], memory_kib=CHEAP_KIB)
    captured = capsys.readouterr()
    assert code == 0, captured.err
    return Ended(code, captured.out, captured.err)


def colleagues_home(real: RealDoor) -> Path:
    """The second officer's own folder, on a machine of their own."""
    second, mine = real.org.officers[1], Home(real.home)
    home = Home(real.folder / "colleague")
    officer = Officer(second.name, second.sign_seed, (second.case_seed,), dict(second.epochs))
    octets = keys.seal_key_file(
        officer.encode(), PASSPHRASE, officer.signing_kid, memory_kib=CHEAP_KIB
    )
    write_bytes(home.officer, octets)
    for file in (mine.roots, mine.server, mine.path / "ca.pem"):
        write_bytes(home.path / file.name, file.read_bytes())
    return home.path


def test_what_one_officer_writes_offline_the_other_reads(
    real: RealDoor, capsys: pytest.CaptureFixture[str]
) -> None:
    """Labels, notes, merges and the state, over two machines and the real staff door."""
    first, second = (tip.tip_id.hex() for tip in real.fill(2, "เสาไฟกินรี"))
    mine, theirs = real.home, colleagues_home(real)
    run(mine, capsys, "sync")
    for argv in (
        ["label", first, "+เสาไฟ"],
        ["note", first, "--text", "ราคากลางต้นละ ๒๐,๐๐๐"],
        ["check", first, "price-compared"],
        ["merge", second, "--into", first, "--as", "copycat"],
        ["verify", first],
    ):
        run(mine, capsys, *argv, "--offline")
    sent = run(mine, capsys, "sync", "--json").data["entries"]
    assert (len(sent["sent"]), sent["moved"], sent["waiting"]) == (5, [first], 0)

    run(theirs, capsys, "sync")
    (row,) = run(theirs, capsys, "inbox", "--state", "verifying", "--json").data
    assert (row["tip_id"], row["labels"], row["notes"]) == (first, ["เสาไฟ"], 1)
    assert row["officer"] == real.org.officers[0].name
    assert second[:8] in run(theirs, capsys, "show", first).out
    assert len(run(theirs, capsys, "search", "20,000", "--json").data) == 1

    run(theirs, capsys, "assign", first, "me")
    run(mine, capsys, "sync")
    (row,) = run(mine, capsys, "inbox", "--label", "เสาไฟ", "--json").data
    assert row["officer"] == real.org.officers[1].name
    assert run(mine, capsys, "sync", "--json").data["entries"]["sent"] == []
