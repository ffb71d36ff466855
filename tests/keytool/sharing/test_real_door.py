"""The commands that change recipients, against the door that the service really has."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from mustshare_api.crypto import opening, xwing
from mustshare_api.crypto.envelope import Expected, Kind
from mustshare_api.crypto.receipts import bundle_hash
from mustshare_api.crypto.suite import kid_of
from mustshare_api.domain.message import TipBody, decode_message
from mustshare_api.errors import CannotOpen
from mustshare_api.keytool.main import main
from mustshare_api.media.strip import Stripper
from tests.doors import stripper
from tests.keytool.colleagues import kids
from tests.keytool.conftest import CHEAP_KIB, Ended
from tests.keytool.real_door import RealDoor, Sealed, real_door
from tests.organisation import Officer
from tests.postgres import dsn, postgres, template

__all__ = ["dsn", "postgres", "stripper", "template"]


@pytest.fixture
def real(
    dsn: str,
    stripper: Stripper,
    tmp_path: Path,
) -> Iterator[RealDoor]:
    with real_door(dsn, stripper, tmp_path) as door:
        yield door


def run(real: RealDoor, capsys: pytest.CaptureFixture[str], *argv: str) -> Ended:
    capsys.readouterr()
    code = main([*real.argv(*argv), "--lang", "en"], memory_kib=CHEAP_KIB)
    captured = capsys.readouterr()
    return Ended(code, captured.out, captured.err)


def stored(real: RealDoor, tip: Sealed) -> bytes:
    """The object as the store has it now."""

    async def read() -> bytes:
        found = await real.served.bench.envelopes.head(tip.object_id)
        assert found is not None
        return found.octets

    return real.served.run(read())


def read_by(officer: Officer, real: RealDoor, tip: Sealed) -> str | None:
    """The tip's words as an officer reads them from this officer's folder."""
    octets = (real.home / "objects" / tip.object_id.hex()).read_bytes()
    expect = Expected(Kind.TIP, tip.tip_id, tip.object_id, bundle_hash(tip.keys.bundle))
    verify_key = tip.keys.bundle[xwing.PUBLIC_BYTES :]
    try:
        content = opening.open_message(
            octets, officer.seeds(), expect=expect, verify_key=verify_key
        )
    except CannotOpen:
        return None
    body = decode_message(content)
    assert isinstance(body, TipBody)
    return body.text


def case_kid(officer: Officer) -> bytes:
    return kid_of(xwing.public_key_of(officer.case_seed))


def test_a_weeks_key_is_retired_at_the_real_door(
    real: RealDoor, capsys: pytest.CaptureFixture[str]
) -> None:
    """What is open is brought over, the key goes, and a colleague is not touched."""
    tips = real.fill(5)
    first, second = real.org.officers

    ended = run(real, capsys, "epochs", "retire", "--before", real.before, "--json")

    assert ended.code == 0, ended.err
    assert json.loads(ended.out) == {"rewrapped": 5, "unreadable": [], "destroyed": 1}
    theirs = kid_of(xwing.public_key_of(second.epochs[real.first_week]))
    for tip in tips:
        assert kids(stored(real, tip)) == [theirs, case_kid(first)]
    assert real.first_week not in real.officer().epochs
    assert run(real, capsys, "open", tips[0].tip_id.hex()).code == 0
    assert run(real, capsys, "sync", "--json").data["kept"] == 5


def test_a_colleague_comes_and_goes_at_the_real_door(
    real: RealDoor, capsys: pytest.CaptureFixture[str]
) -> None:
    """Let in, let out, and at last shut out of what they may have kept a key of."""
    (tip,) = real.fill(1)
    first, second = real.org.officers
    tip_id = tip.tip_id.hex()
    assert run(real, capsys, "sync").code == 0

    granted = run(real, capsys, "grant", tip_id, second.name, "--json")
    assert granted.data["done"] == 1, granted.err
    assert case_kid(second) in kids(stored(real, tip))
    shown = run_offline(real, capsys, "recipients", tip_id, "--json").data
    names = [(each["role"], each["name"]) for each in shown[0]["recipients"]]
    assert names == [("intake", first.name), ("intake", second.name), ("case", second.name)]

    assert read_by(second, real, tip) == "ถนนพัง 0"
    dropped = run(real, capsys, "drop", "--re-encrypt", tip_id, second.name, "--json")
    assert dropped.code == 0, dropped.err
    assert len(kids(stored(real, tip))) == 1
    assert read_by(second, real, tip) is None
    assert read_by(first, real, tip) == "ถนนพัง 0"
    assert run(real, capsys, "sync", "--json").data["kept"] == 1


def run_offline(real: RealDoor, capsys: pytest.CaptureFixture[str], *argv: str) -> Ended:
    capsys.readouterr()
    code = main([*argv, "--home", str(real.home)])
    captured = capsys.readouterr()
    return Ended(code, captured.out, captured.err)
