"""What a change of directory does at the doors: at once, in every process, and in time."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from mustshare_api.app import composition
from mustshare_api.crypto import directory as notes
from mustshare_api.crypto.directory import Entry
from mustshare_api.crypto.suite import verify_key_of
from mustshare_api.domain.lifecycle import State
from mustshare_api.errors import Malformed, Unavailable, WrongMoment
from mustshare_api.flows import upkeep
from mustshare_api.media.strip import Stripper
from mustshare_api.settings import Settings
from mustshare_api.store.serial_floor import SerialFloor
from tests.api.stepping import step
from tests.doors import Doors, MovedClock, doors_of
from tests.organisation import Officer, Organisation


@pytest.fixture
async def second(doors: Doors, dsn: str, stripper: Stripper) -> AsyncIterator[Doors]:
    """Another process over the same database, as far as it can be told from here."""
    async with (
        composition.workbench(Settings(), dsn, doors.org.roots, stripper, doors.clock) as bench,
        doors_of(bench, doors.org, doors.clock) as opened,
    ):
        yield opened


def one_officer_of(org: Organisation) -> Organisation:
    return Organisation(org.today, org.officers[:1], org.deployment_id, org.root_seeds)


def later(doors: Doors) -> Organisation:
    """The same organisation, whose directories begin today."""
    today = doors.clock.now().date()
    return Organisation(
        today, doors.org.officers, doors.org.deployment_id, doors.org.root_seeds
    )


def with_roles(org: Organisation, serial: int, *more: Entry) -> bytes:
    """A note with entries besides the officers'."""
    officers = [entry for officer in org.officers for entry in officer.entries()]
    octets = notes.compose(
        deployment_id=org.deployment_id,
        serial=serial,
        issued_on=org.today,
        expires_on=org.today + timedelta(days=30),
        entries=[*officers, *more],
    )
    for name, seed in list(org.root_seeds.items())[:2]:
        octets = notes.sign(octets, name, seed)
    return octets


async def code_of(doors: Doors, officer: Officer, method: str = "GET") -> tuple[int, str]:
    answer = await doors.signed(method, "/v1/directory", officer=officer)
    code = answer.json()["code"] if answer.status_code >= 400 else ""
    return answer.status_code, code


async def test_who_is_struck_off_is_out_of_every_process_at_once(
    doors: Doors, second: Doors
) -> None:
    """The other process has not been told, and looks at every request."""
    gone = doors.org.officers[1]
    assert await code_of(second, gone) == (200, "")
    await doors.signed("PUT", "/v1/directory", one_officer_of(doors.org).note(2))

    assert await code_of(second, gone) == (401, "signature.unknown_key")
    assert second.bench.directory.current().serial == 2


async def test_who_is_added_is_let_in_by_every_process(doors: Doors, second: Doors) -> None:
    """A key that is unknown is looked up once more before it is refused."""
    new = Officer("pranee")
    await doors.signed("PUT", "/v1/directory", with_roles(doors.org, 2, *new.entries()))

    assert await code_of(second, new) == (200, "")


async def test_guessing_keys_costs_one_look_a_second(
    doors: Doors, second: Doors, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A stranger who knocks all day asks little of the database."""
    looks = 0
    asked = second.bench.directory.store.newest_serial

    async def counted() -> int:
        nonlocal looks
        looks += 1
        return await asked()

    monkeypatch.setattr(second.bench.directory.store, "newest_serial", counted)
    for _ in range(5):
        assert (await code_of(second, Officer("stranger")))[0] == 401
    second.clock.advance(seconds=1)
    await code_of(second, Officer("stranger"))

    assert looks == 2


async def spoil_newest(doors: Doors) -> None:
    async with doors.bench.directory.store._database.connection() as connection:
        await connection.execute(
            "INSERT INTO directories VALUES (9, '\\x00', sha256('\\x00'), '2026-11-23')"
        )


async def test_a_spoilt_newest_directory_shuts_nobody_out(doors: Doors, second: Doors) -> None:
    """Whoever can write to the database can't make staff's requests fail that way."""
    await spoil_newest(doors)

    assert await code_of(second, doors.org.officers[0]) == (200, "")
    assert second.bench.directory.current().serial == 1


async def test_a_spoilt_newest_directory_keeps_no_tip_past_its_day(doors: Doors) -> None:
    """Upkeep tells of it, and does all the rest."""
    await doors.new_tip()
    tip_id = await doors.only_tip_id()
    await step(doors, tip_id, "set_aside")
    await spoil_newest(doors)
    doors.clock.advance(days=200)

    with pytest.raises(Malformed):
        await upkeep.once(doors.bench)

    tip = await doors.bench.tips.get(tip_id)
    assert tip is not None
    assert tip.state == State.EXPIRED


@pytest.mark.parametrize("role", ["auditor", "recovery"])
async def test_auditors_and_a_recovery_come_in_by_their_own_keys(
    doors: Doors, role: str
) -> None:
    """The directory that the roots signed says so; nothing else lets anybody in."""
    signatory = Officer("daeng")
    entry = Entry.of(role, "daeng", None, verify_key_of(signatory.sign_seed))
    assert (await code_of(doors, signatory))[0] == 401
    await doors.signed("PUT", "/v1/directory", with_roles(doors.org, 2, entry))

    assert await code_of(doors, signatory) == (200, "")


@pytest.mark.parametrize("role", ["witness", "log", "revoked"])
async def test_a_key_that_is_listed_for_something_else_opens_nothing(
    doors: Doors, role: str
) -> None:
    """A witness's key cosigns, a revoked one does nothing any more."""
    signatory = Officer("daeng")
    entry = Entry.of(role, "daeng", None, verify_key_of(signatory.sign_seed))
    await doors.signed("PUT", "/v1/directory", with_roles(doors.org, 2, entry))

    assert await code_of(doors, signatory) == (401, "signature.unknown_key")


async def test_a_directory_that_has_expired_can_be_replaced_and_nothing_else_done(
    doors: Doors,
) -> None:
    """By whom it named last. Until then no tip is taken and nothing is shown to staff."""
    officer = doors.org.officers[0]
    doors.clock.advance(days=31)
    assert await code_of(doors, officer) == (503, "directory.expired")
    assert (await doors.send_tip()).json()["code"] == "directory.expired"
    put = await doors.signed("PUT", "/v1/directory", later(doors).note(2), officer=officer)

    assert put.status_code == 204, put.text
    assert await code_of(doors, officer) == (200, "")
    assert (await doors.send_tip()).status_code == 201


async def test_a_revoked_key_cannot_replace_an_expired_directory(doors: Doors) -> None:
    """Its directory has run out, and the revocation in it has not."""
    gone = doors.org.officers[1]
    left = one_officer_of(doors.org)
    revoked = Entry.of("revoked", gone.name, None, verify_key_of(gone.sign_seed))
    await doors.signed("PUT", "/v1/directory", with_roles(left, 2, revoked))
    doors.clock.advance(days=31)
    put = await doors.signed("PUT", "/v1/directory", later(doors).note(3), officer=gone)

    assert (put.status_code, put.json()["code"]) == (401, "signature.unknown_key")
    assert doors.bench.directory._current.serial == 2  # type: ignore[union-attr]


async def test_an_expired_directory_takes_no_spelling_of_that_request_but_one(
    doors: Doors,
) -> None:
    """Neither a query nor another method slips through beside it."""
    doors.clock.advance(days=31)
    note = later(doors).note(2)
    for method, target in (("PUT", "/v1/directory?x=1"), ("GET", "/v1/directory")):
        answer = await doors.signed(method, target, note)
        assert (answer.status_code, answer.json()["code"]) == (503, "directory.expired")


async def state(doors: Doors) -> tuple[str, bool]:
    form = (await doors.reporter.get("/v1/intake")).json()
    return form["directory"]["state"], form["open"]


async def test_the_form_says_two_weeks_ahead_that_keys_run_out(doors: Doors) -> None:
    """Before that it says in force, past that it says that nothing is taken."""
    seen = [await state(doors)]
    for days in (16, 1, 14):
        doors.clock.advance(days=days)
        seen.append(await state(doors))

    assert seen == [
        ("in_force", True),
        ("in_force", True),
        ("running_out", True),
        ("out_of_force", False),
    ]


async def test_nothing_is_sealed_to_a_key_whose_week_is_over(doors: Doors) -> None:
    """The directory still holds, and its weekly keys have run out: 503, and nothing stored."""
    today = doors.org.today
    short = [
        Officer(each.name, each.sign_seed, each.case_seed, dict(list(each.epochs.items())[:1]))
        for each in doors.org.officers
    ]
    org = Organisation(today, short, doors.org.deployment_id, doors.org.root_seeds)
    await doors.signed("PUT", "/v1/directory", org.note(2))
    assert (await doors.send_tip()).status_code == 201
    doors.clock.advance(days=7)
    refused = await doors.send_tip()

    assert (refused.status_code, refused.json()["code"]) == (503, "directory.no_recipients")
    assert int(refused.headers["retry-after"]) > 0
    assert await state(doors) == ("out_of_force", False)


async def test_a_restart_remembers_what_was_served(
    doors: Doors, dsn: str, stripper: Stripper, tmp_path: Path, clock: MovedClock
) -> None:
    """A database from which the newest directory was deleted is not believed."""
    floor = SerialFloor(tmp_path / "directory.serial")
    made = (Settings(), dsn, doors.org.roots, stripper, clock, floor)
    async with composition.workbench(*made) as bench:
        await bench.directory.accept(doors.org.note(5))
    async with doors.bench.directory.store._database.connection() as connection:
        await connection.execute("DELETE FROM directories WHERE serial = 5")
    async with composition.workbench(*made) as bench:
        with pytest.raises(Unavailable):
            bench.directory.current()
        with pytest.raises(WrongMoment) as refused:
            await bench.directory.accept(doors.org.note(4))
        assert refused.value.code == "directory.rolled_back"
        await bench.directory.accept(doors.org.note(5))
        assert bench.directory.current().serial == 5
