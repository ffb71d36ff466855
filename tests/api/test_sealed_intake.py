"""Objects that were sealed elsewhere: taken when every part is right, and only then."""

import hashlib
import secrets
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import httpx
import pytest

from mustshare_api.crypto import receipts, xwing
from mustshare_api.crypto.envelope import (
    PREFIX_BYTES,
    STANZA_BYTES,
    Kind,
    Prefix,
    payload_bytes_for,
)
from mustshare_api.flows.admission import MESSAGE_LIMIT
from tests.api.front_end import FrontEnd
from tests.doors import OCTETS, Doors

FRONT = 32 + 1248
NEW_WEEK = datetime(2026, 11, 29, 17, 0, tzinfo=UTC)
"""Monday the 30th of November, midnight in Bangkok."""


def front_end(doors: Doors) -> FrontEnd:
    return FrontEnd(doors.org.deployment_id, doors.org.recipients())


def spare_key() -> bytes:
    return xwing.public_key_of(secrets.token_bytes(32))


async def send(doors: Doors, octets: bytes) -> httpx.Response:
    return await doors.reporter.post("/v1/tips", content=octets, headers=OCTETS)


async def refused(doors: Doors, octets: bytes) -> str:
    """The code of a refusal that left nothing behind."""
    answer = await send(doors, octets)
    assert answer.status_code in (400, 413), answer.text
    assert await doors.bundles() == {}
    assert (await doors.signed("GET", "/v1/index")).json()["objects"] == []
    return str(answer.json()["code"])


async def test_a_sealed_tip_is_stored_to_the_byte(doors: Doors) -> None:
    """What staff fetch is what was sent; no receipt is answered, as none was seen."""
    front = front_end(doors)
    sent = front.tip("ถนนพัง")
    answer = await send(doors, sent)

    assert answer.status_code == 201
    assert answer.json()["receipt"] is None
    assert await doors.stored(Kind.TIP) == [sent[FRONT:]]
    view = await doors.reporter.get("/v1/tip", headers=front.headers)
    assert view.json()["tip_id"] == front.tip_id.hex()


async def test_the_receipt_of_a_sealed_tip_opens_it_at_a_thin_front_end(doors: Doors) -> None:
    """Both ways in end as one thing: the digits work wherever they are typed."""
    front = front_end(doors)
    await send(doors, front.tip())
    view = await doors.reporter.get(
        "/v1/tip", headers={"authorization": f"Receipt {front.digits}"}
    )

    assert view.status_code == 200


async def test_a_tip_for_one_recipient_less_is_refused(doors: Doors) -> None:
    """It would be hidden from an officer."""
    front = front_end(doors)
    fewer = front.tip(recipients=front.recipients[:-1])

    assert await refused(doors, fewer) == "envelope.wrong_recipients"


async def test_a_tip_for_one_recipient_more_is_refused(doors: Doors) -> None:
    """The one more may be whoever wrote the script."""
    front = front_end(doors)
    more = front.tip(recipients=[*front.recipients, spare_key()])

    assert await refused(doors, more) == "envelope.wrong_recipients"


async def test_a_tip_for_a_stranger_in_an_officers_place_is_refused(doors: Doors) -> None:
    """The number is right, one key is not."""
    front = front_end(doors)
    swapped = front.tip(recipients=[*front.recipients[:-1], spare_key()])

    assert await refused(doors, swapped) == "envelope.wrong_recipients"


async def test_a_tip_for_the_reporter_too_is_refused(doors: Doors) -> None:
    """Only an answer is sealed to the reporter."""
    front = front_end(doors)
    own = receipts.parse_bundle(front.keys.bundle).reply_key

    assert await refused(doors, front.tip(recipients=[*front.recipients, own])) == (
        "envelope.wrong_recipients"
    )


@pytest.mark.parametrize(
    ("after_midnight", "status"),
    [(timedelta(0), 201), (timedelta(minutes=59, seconds=59), 201), (timedelta(hours=1), 400)],
)
async def test_last_weeks_keys_are_taken_for_an_hour_of_monday(
    doors: Doors, after_midnight: timedelta, status: int
) -> None:
    """A form opened before midnight still works; an hour later its keys are retired."""
    octets = front_end(doors).tip()
    doors.clock.at = NEW_WEEK + after_midnight
    answer = await send(doors, octets)

    assert answer.status_code == status, answer.text


async def test_next_weeks_keys_are_not_taken_before_their_week(doors: Doors) -> None:
    """A clock that runs ahead does not decide whose keys count."""
    doors.clock.at = NEW_WEEK - timedelta(seconds=1)
    ahead = [
        entry.public_key
        for entry in doors.org.directory().recipients(doors.org.today + timedelta(weeks=1))
    ]

    assert await refused(doors, front_end(doors).tip(recipients=ahead)) == (
        "envelope.wrong_recipients"
    )


def _flagged(front: FrontEnd) -> bytes:
    made = front.prefix(Kind.TIP)
    return front.front() + front.sealed_tip(
        prefix=Prefix(made.kind, 1, made.tip_id, made.object_id, made.bundle_hash)
    )


def _other_kind(front: FrontEnd) -> bytes:
    return front.front() + front.follow_up()


def _attachment(front: FrontEnd) -> bytes:
    return front.front() + front.attachment(secrets.token_bytes(16))


def _other_bundle(front: FrontEnd) -> bytes:
    other = FrontEnd(front.deployment_id, front.recipients)
    return other.front() + front.sealed_tip()


def _bundle_without_keys(front: FrontEnd) -> bytes:
    bundle = b"\xff" * len(front.keys.bundle)
    prefix = Prefix(
        Kind.TIP, 0, front.tip_id, secrets.token_bytes(16), receipts.bundle_hash(bundle)
    )
    return receipts.access_hash(b"") + bundle + front.sealed_tip(prefix=prefix)


def _unpadded(front: FrontEnd) -> bytes:
    return front.tip() + b"\0"


def _cut(front: FrontEnd) -> bytes:
    return front.tip()[:-1]


def _doubled_stanza(front: FrontEnd) -> bytes:
    sealed = front.sealed_tip()
    at = PREFIX_BYTES + 1
    stanza = sealed[at : at + STANZA_BYTES]
    doubled = sealed[:at] + stanza + stanza + sealed[at + 2 * STANZA_BYTES :]
    return front.front() + doubled


def _no_stanza(front: FrontEnd) -> bytes:
    sealed = front.sealed_tip()
    at = PREFIX_BYTES
    return front.front() + sealed[:at] + b"\0" + sealed[at + 1 + 2 * STANZA_BYTES :]


def _over_limit(front: FrontEnd) -> bytes:
    return front.tip() + bytes(MESSAGE_LIMIT)


def _too_long_a_text(front: FrontEnd) -> bytes:
    """A padded size of its kind, but larger than any text gets."""
    sealed = front.sealed_tip()
    head = sealed[: PREFIX_BYTES + 1 + 2 * STANZA_BYTES]
    return front.front() + head + bytes(payload_bytes_for(Kind.TIP, 1_000_000))


@pytest.mark.parametrize(
    ("spoil", "code"),
    [
        (_flagged, "envelope.wrong_kind"),
        (_other_kind, "envelope.wrong_kind"),
        (_attachment, "envelope.wrong_kind"),
        (_other_bundle, "envelope.wrong_tip"),
        (_bundle_without_keys, "bundle.malformed"),
        (_unpadded, "envelope.not_padded"),
        (_cut, "envelope.not_padded"),
        (_doubled_stanza, "envelope.malformed"),
        (_no_stanza, "envelope.malformed"),
        (_over_limit, "request.too_large"),
        (_too_long_a_text, "request.too_large"),
        (lambda _: b"", "envelope.malformed"),
        (lambda front: front.front(), "envelope.malformed"),
        (lambda front: front.front() + b"MSO1", "envelope.malformed"),
    ],
)
async def test_a_spoilt_object_is_refused_and_nothing_is_stored(
    doors: Doors, spoil: Callable[[FrontEnd], bytes], code: str
) -> None:
    """Each fault has its code, and none leaves anything behind."""
    assert await refused(doors, spoil(front_end(doors))) == code


async def test_an_object_cut_at_any_boundary_is_refused(doors: Doors) -> None:
    """Before, at and after each edge of the layout, and at every 97th byte of the head."""
    octets = front_end(doors).tip()
    head = FRONT + PREFIX_BYTES + 1 + 2 * STANZA_BYTES
    edges = (
        32,
        FRONT,
        FRONT + 4,
        FRONT + 6,
        FRONT + PREFIX_BYTES,
        head,
        head + 56,
    )
    cuts = {edge + step for edge in edges for step in (-1, 0, 1)}
    cuts |= {*range(0, head, 97), len(octets) - 1}

    for cut in sorted(cuts):
        answer = await send(doors, octets[:cut])
        assert answer.status_code == 400, cut
        assert answer.json()["code"].startswith("envelope."), cut
    assert await doors.bundles() == {}


@pytest.mark.parametrize("at", range(8))
async def test_a_changed_byte_of_the_fixed_header_is_refused(doors: Doors, at: int) -> None:
    """Magic, suite, kind and flags each have one right value here."""
    octets = bytearray(front_end(doors).tip())
    octets[FRONT + at] ^= 0x80

    code = await refused(doors, bytes(octets))
    assert code == "envelope.malformed"


async def test_a_tip_id_or_object_id_of_another_tip_cannot_be_taken_over(doors: Doors) -> None:
    """A second tip under an id that is taken is refused, and the first stays as it was."""
    first = front_end(doors)
    sent = first.tip()
    await send(doors, sent)
    before = hashlib.sha256(b"".join(await doors.stored(Kind.TIP))).digest()

    second = front_end(doors)
    second.tip_id = first.tip_id
    assert (await send(doors, second.tip())).status_code == 409
    third = front_end(doors)
    object_id = sent[FRONT + 24 : FRONT + 40]
    body = third.front() + third.sealed_tip(prefix=third.prefix(Kind.TIP, object_id))
    assert (await send(doors, body)).status_code == 409

    assert hashlib.sha256(b"".join(await doors.stored(Kind.TIP))).digest() == before
    view = await doors.reporter.get("/v1/tip", headers=third.headers)
    assert view.status_code == 401


async def test_no_tip_is_taken_once_the_keys_have_run_out(doors: Doors) -> None:
    """Sealed to a key that is destroyed, a tip is read by nobody: better refused."""
    octets = front_end(doors).tip()
    doors.clock.advance(days=31)
    sealed, clear = await send(doors, octets), await doors.send_tip("a")

    assert (sealed.status_code, sealed.json()["code"]) == (503, "directory.expired")
    assert (clear.status_code, clear.json()["code"]) == (503, "directory.expired")
    assert int(clear.headers["retry-after"]) > 0
