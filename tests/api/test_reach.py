"""What is there for whom: an officer's own, everything for a recovery, who is gone for all."""

import secrets
from dataclasses import replace

from mustshare_api.crypto.directory import Entry
from mustshare_api.crypto.envelope import parse_head
from mustshare_api.crypto.suite import verify_key_of
from tests.api.scene import Scene, asked
from tests.api.staff_roles import enlist
from tests.doors import Doors
from tests.organisation import Officer


async def shown(scene: Scene, by: Officer) -> tuple[int, int]:
    """How many objects and tips somebody is shown."""
    objects = (await scene.doors.signed("GET", "/v1/index", officer=by)).json()["objects"]
    tips = (await scene.doors.signed("GET", "/v1/tips", officer=by)).json()["tips"]
    return len(objects), len(tips)


async def test_an_officer_is_shown_what_they_hold_and_a_recovery_everything(
    scene: Scene,
) -> None:
    """Neither an object nor its tip tells an officer who came later that it exists."""
    assert await shown(scene, scene.cast.who("own officer")) == (1, 1)
    assert await shown(scene, scene.cast.who("other officer")) == (0, 0)
    assert await shown(scene, scene.cast.who("recovery")) == (1, 1)

    await scene.doors.new_tip()

    assert await shown(scene, scene.cast.who("own officer")) == (2, 2)
    assert await shown(scene, scene.cast.who("other officer")) == (1, 1)
    assert await shown(scene, scene.cast.who("recovery")) == (2, 2)


async def test_every_officer_learns_that_a_tip_is_gone(doors: Doors) -> None:
    """Whoever holds a copy has to drop it, and no stanza is left to tell who that is."""
    digits = await doors.new_tip()
    cast = await enlist(doors)
    await doors.reporter.delete("/v1/tip", headers={"authorization": f"Receipt {digits}"})
    listed = (await doors.signed("GET", "/v1/tips", officer=cast.malee)).json()["tips"]

    assert [(tip["state"], tip["bundle"]) for tip in listed] == [("withdrawn", None)]


async def test_an_officer_with_new_keys_still_holds_what_came_to_the_old_ones(
    scene: Scene,
) -> None:
    """A new laptop: another signing key, other intake keys, the same name."""
    epochs = {week: secrets.token_bytes(32) for week in scene.cast.malee.epochs}
    replaced = Officer(scene.cast.somsri.name, epochs=epochs)
    org = replace(scene.doors.org, officers=[replaced, *scene.doors.org.officers[1:]])
    await scene.doors.bench.directory.accept(org.note(3))

    assert await shown(scene, replaced) == (1, 1)
    assert await asked(scene, ("GET", "/v1/index", b"", {}), scene.cast.somsri) == (
        401,
        "signature.unknown_key",
    )


async def test_what_officers_hold_is_known_again_after_a_restart(scene: Scene) -> None:
    """From the directories that are stored, not from what a process has seen."""
    keeper = scene.doors.bench.directory
    fresh = type(keeper)(keeper.store, keeper.roots, keeper.clock)
    await fresh.load()
    entry = Entry.of("signing", "somsri", None, verify_key_of(scene.cast.somsri.sign_seed))

    assert fresh.reach_of(entry) == keeper.reach_of(entry)
    assert fresh.reach_of(entry).holds(parse_head(scene.octets).stanza_octets)
