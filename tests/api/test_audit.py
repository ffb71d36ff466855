"""The audit log over the staff door: what is in it, and proofs that others can check."""

import secrets

import pytest

from mustshare_api.crypto import checkpoints, notes, requests
from mustshare_api.crypto.merkle import leaf_hash
from mustshare_api.crypto.suite import verify_key_of
from mustshare_api.flows import deeds
from tests.api.auditing import Log
from tests.api.kept import Kept, stanza
from tests.api.staff_roles import enlist
from tests.doors import JSON, OCTETS, Doors, with_receipt


@pytest.fixture
def log(doors: Doors) -> Log:
    return Log(doors)


async def test_an_answer_is_in_the_log_as_its_officer_signed_it(reply: Kept, log: Log) -> None:
    """Day, key, method, path, digest of the body: signed by who did it, with no instant."""
    officer = reply.doors.org.officers[0]
    event = (await log.events())[-1]

    tip = reply.head.prefix.tip_id.hex()
    assert event.did == f"POST /v1/tips/{tip}/follow-ups"
    assert event.day == reply.doors.org.today
    assert event.kid is not None
    assert event.kid.hex() == officer.keyid
    assert event.holds(lambda _: verify_key_of(officer.sign_seed))


async def test_a_retry_of_an_answer_is_no_second_deed(reply: Kept, log: Log) -> None:
    """It was done once."""
    before = (await log.checkpoint()).size
    path = f"/v1/tips/{reply.head.prefix.tip_id.hex()}/follow-ups"
    again = await reply.doors.signed("POST", path, reply.octets)

    assert (again.status_code, (await log.checkpoint()).size) == (200, before)


async def test_a_refused_write_is_no_deed(kept: Kept, log: Log) -> None:
    """What did not happen is not in the log."""
    before = (await log.checkpoint()).size
    assert (await kept.wrap(stanza(b"n" * 16)))[0] == 409

    assert (await log.checkpoint()).size == before


async def test_a_directory_is_in_the_log_with_who_handed_it_in(doors: Doors, log: Log) -> None:
    """Two leaves of one transaction: the deed, and that the directory came into force."""
    note = doors.org.note(2)
    assert (await doors.signed("PUT", "/v1/directory", note)).status_code == 204

    deed, accepted = (await log.events())[-2:]
    digest = doors.bench.directory.current().digest.hex()
    assert deed.did == "PUT /v1/directory"
    assert (accepted.kid, accepted.did) == (None, f"directory-accepted 2 {digest}")


async def test_nothing_that_a_reporter_does_is_in_the_log(doors: Doors, log: Log) -> None:
    """Not a tip, not a follow-up, not a look at it, not a withdrawal."""
    before = await log.leaves()
    digits = await doors.new_tip()
    said = {"id": secrets.token_hex(16), "text": "และยังมีอีก"}
    headers = with_receipt(digits)
    await doors.reporter.post("/v1/tip/follow-ups", json=said, headers=headers | JSON)
    await doors.reporter.get("/v1/tip", headers=headers)
    assert (await doors.reporter.delete("/v1/tip", headers=headers)).status_code == 200

    assert await log.leaves() == before


async def without_event(doors: Doors, header: str | None) -> tuple[int, str]:
    """A well signed request whose event is signed otherwise."""
    await doors.new_tip()
    target = f"/v1/tips/{(await doors.only_tip_id()).hex()}/follow-ups"
    headers = doors.signature("POST", target, b"x")
    headers.pop("Event-Signature")
    headers |= {"Event-Signature": header} if header else {}
    answer = await doors.staff.post(target, content=b"x", headers=headers)
    return answer.status_code, answer.json()["code"]


async def test_a_write_without_a_signed_event_is_refused(doors: Doors, log: Log) -> None:
    """Before anything else is looked at: no deed that its doer could deny."""
    before = (await log.checkpoint()).size

    assert await without_event(doors, None) == (401, "signature.event_missing")
    assert (await log.checkpoint()).size == before


async def test_a_write_with_another_event_signed_is_refused(doors: Doors) -> None:
    """A signature over another deed, by the very same key."""
    other = doors.signature("PUT", "/v1/directory", b"x")["Event-Signature"]

    assert await without_event(doors, other) == (401, "signature.event_invalid")


async def test_a_request_that_no_log_could_hold_is_refused(doors: Doors) -> None:
    """The sender's own tool would not sign such an event; another's might."""
    officer, query = doors.org.officers[0], "a" * 5000
    made = requests.sign(
        "PUT", "staff.test", "/v1/directory", query, requests.content_digest(b""),
        keyid=officer.keyid, seed=officer.sign_seed, nonce=secrets.token_urlsafe(16),
        created=int(doors.clock.now().timestamp()),
    )  # fmt: skip
    headers = {**made, **OCTETS, "Event-Signature": ":" + "A" * 86 + "==:"}
    answer = await doors.staff.put(f"/v1/directory?{query}", content=b"", headers=headers)

    assert (answer.status_code, answer.json()["code"]) == (400, "event.malformed")


async def test_every_size_continues_every_one_before(doors: Doors, log: Log) -> None:
    """Whatever was appended in between, also nothing."""
    heads = [await log.checkpoint()]
    for serial in range(2, 6):
        await doors.signed("PUT", "/v1/directory", doors.org.note(serial))
        heads.append(await log.checkpoint())

    for old in heads:
        assert await log.proven(old, heads[-1])


async def test_every_leaf_is_in_the_log_and_hides_its_event_behind_a_nonce(
    doors: Doors, log: Log
) -> None:
    """An auditor recomputes the hash, and the proof leads to the signed root."""
    await enlist(doors)
    head = await log.checkpoint()

    for position in range(head.size):
        held, leaf = await log.included(f"position={position}", head)
        assert held
        octets = bytes.fromhex(leaf["nonce"]) + leaf["event"].encode()
        assert leaf_hash(octets).hex() == leaf["leaf_hash"]


async def test_the_directory_in_force_is_in_the_log(doors: Doors, log: Log) -> None:
    """Found by its digest, which is all that a client knows of it."""
    digest = doors.bench.directory.current().digest.hex()
    held, leaf = await log.included(f"directory={digest}", await log.checkpoint())

    assert held
    assert leaf["event"].endswith(f"did directory-accepted 1 {digest}\n")


async def test_an_older_directory_is_handed_out_by_its_digest(doors: Doors) -> None:
    """For whoever checks who signed an event back then."""
    first = doors.bench.directory.current()
    await enlist(doors)
    got = await doors.signed("GET", f"/v1/audit/directory?digest={first.digest.hex()}")

    assert (got.status_code, got.content) == (200, first.octets)


MALFORMED = [
    "key?x=1",
    "checkpoint?of=oldest", "checkpoint?of=newest&of=newest", "checkpoint?size=1",
    "consistency", "consistency?from=0", "consistency?from=a&to=1", "consistency?from=00&to=1",
    "consistency?from=-1&to=1", "consistency?from=%E0%B9%91&to=2", "consistency?from=1&to=1&x",
    "consistency?from=1&from=1&to=1", f"consistency?from=0&to={10**18}",
    f"consistency?from=0&to={(1 << 48) + 1}", "inclusion?position=0",
    "inclusion?directory=ab&size=1",
    "inclusion?directory=" + "AB" * 32 + "&size=1", "inclusion?directory=zz&size=1",
    "entries", "entries?from=0&limit=0", "entries?from=0&limit=1001", "entries?from=",
    "directory", "directory?digest=ab", "directory?digest=" + "ab" * 32 + "&digest=x",
]  # fmt: skip


async def test_a_question_in_another_spelling_is_malformed(log: Log) -> None:
    """Each parameter once, whole numbers in their one spelling, and within their bounds."""
    for target in MALFORMED:
        assert (await log.ask(target, 400))["code"] == "request.malformed", target


BEYOND = [
    "inclusion?size=1",
    "inclusion?position=0&directory=" + "ab" * 32 + "&size=1",
    "consistency?from=0&to=9999", "consistency?from=2&to=1", "inclusion?position=9999&size=9",
    "inclusion?position=0&size=9999", "inclusion?position=1&size=1", "checkpoint?of=cosigned",
    "inclusion?directory=" + "ab" * 32 + "&size=1", "directory?digest=" + "ab" * 32,
]  # fmt: skip


async def test_what_the_log_has_not_is_not_found(log: Log) -> None:
    """Larger than it is, or nothing of it."""
    for target in BEYOND:
        assert (await log.ask(target, 404))["code"] == "audit.not_found", target


async def test_a_log_with_a_hole_proves_nothing(doors: Doors, log: Log) -> None:
    """A missing node is said; no proof that nearly holds is made up in its place."""
    await enlist(doors)
    async with doors.bench.audit.store._database.connection() as connection:
        await connection.execute("DELETE FROM audit_nodes")

    head = await log.checkpoint()
    told = await log.ask(f"inclusion?position={head.size - 1}&size={head.size}", 500)
    assert told["code"] == "audit.damaged"


async def test_a_shredded_event_leaves_its_hash_and_every_proof(doors: Doors, log: Log) -> None:
    """Text and nonce are gone; what vouches for a directory stays."""
    await enlist(doors)
    before = await log.checkpoint()
    leaves = await log.leaves()
    tomorrow = doors.org.today.replace(year=doors.org.today.year + 1)
    leaf = deeds.of_operator("operator-shredded", doors.org.today, tomorrow.isoformat())
    assert await doors.bench.audit.store.shred(tomorrow, leaf) > 0

    after = await log.leaves()
    assert [one["leaf_hash"] for one in after[: len(leaves)]] == [
        one["leaf_hash"] for one in leaves
    ]
    kept = [one["event"] for one in after if one["event"] is not None]
    assert all("directory-accepted" in event for event in kept[:-1])
    assert kept[-1].endswith(f"did operator-shredded {tomorrow}\n")
    assert await log.proven(before, await log.checkpoint())


async def test_processes_share_one_key(doors: Doors, log: Log) -> None:
    """Whichever asks first makes it."""
    first = (await doors.signed("GET", "/v1/audit/key")).text
    doors.bench.audit._seed = b""

    assert (await doors.signed("GET", "/v1/audit/key")).text == first
    assert notes.parse_verifier(first.strip()).name == checkpoints.origin_of(
        doors.org.deployment_id
    )
