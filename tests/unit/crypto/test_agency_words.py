"""What an agency said is believed for the agency's signature, and for nothing else."""

from dataclasses import replace

import pytest

from mustshare_api.crypto import agency_words, events, opening, sealing, suite
from mustshare_api.crypto.agency_words import Said
from mustshare_api.crypto.envelope import SERVER_SEALED, Expected, Kind, Prefix, parse_head
from mustshare_api.errors import CannotOpen, Malformed
from tests.unit.crypto.objects import OBJECT_ID, OFFICER_KEYS, TIP_ID, prefix_of, seeds

SEED = suite.sha256(b"an agency")
KEY = suite.verify_key_of(SEED)
KID = suite.kid_of(KEY)
PATH = f"/v1/referrals/{TIP_ID.hex()}/questions"
BODY = '{"text_th":"มีรายงานตรวจรับงานหรือไม่"}'.encode()


def said(path: str = PATH, body: bytes = BODY, query: str = "") -> Said:
    event = events.of_request(
        method="POST",
        path=path,
        query=query,
        body_sha256=suite.sha256(body),
        created=1795410000,
        kid=KID,
    )
    return Said(event.signed(SEED), body)


def test_a_word_is_read_back_to_the_octet_and_holds() -> None:
    """Body and event, through sealing and opening."""
    prefix = agency_words.prefix_of(TIP_ID, OBJECT_ID)
    octets = sealing.seal_agency_word(prefix, OFFICER_KEYS[:2], said().encode())
    expect = Expected(Kind.AGENCY_WORD, TIP_ID, OBJECT_ID, agency_words.WORD_HASH)

    opened = agency_words.parse(opening.open_agency_word(octets, seeds(1), expect=expect))

    assert opened == said()
    opened.check(PATH, {KID: KEY}.get)


@pytest.mark.parametrize(
    "faulty",
    [
        replace(said(), body=BODY + b" "),
        said(path=PATH.replace("questions", "outcomes")),
        said(query="a=1"),
        replace(said(), event=replace(said().event, signature=bytes(64))),
        Said(events.of_server(said().event.day, "POST", PATH), BODY),
    ],
    ids=["another body", "another route", "a query", "no signature", "the server's own"],
)
def test_a_word_that_the_agency_did_not_sign_is_refused(faulty: Said) -> None:
    """A server in wrong hands can lose a word, and cannot make one."""
    with pytest.raises(CannotOpen, match=r"agency_word\.wrong_signature"):
        faulty.check(PATH, {KID: KEY}.get)


def test_a_word_under_another_agencys_key_is_refused() -> None:
    """Only the keys of the referral's agency are asked."""
    with pytest.raises(CannotOpen, match=r"agency_word\.wrong_signature"):
        said().check(PATH, lambda _: None)


@pytest.mark.parametrize(
    "octets",
    [b"", b"\0\0\0", b"\0\0\xff\xff" + said().encode()[4:], b"\0\0\0\0" + BODY],
    ids=["nothing", "no length", "a longer event", "no event"],
)
def test_octets_that_are_no_word_are_refused(octets: bytes) -> None:
    """Nothing is skipped over."""
    with pytest.raises(Malformed, match=r"agency_word\.malformed"):
        agency_words.parse(octets)


def test_a_word_that_says_the_server_did_not_seal_it_is_no_object() -> None:
    """The flag tells staff that the server saw it in clear, and it always did."""
    with pytest.raises(Malformed):
        prefix_of(Kind.AGENCY_WORD, 0).encode()


def test_no_other_kind_is_sealed_or_opened_unsigned() -> None:
    """A message without its author's signature would be anybody's."""
    with pytest.raises(Malformed):
        sealing.seal_agency_word(prefix_of(Kind.TIP), OFFICER_KEYS[:1], b"x")
    word = Prefix(Kind.AGENCY_WORD, SERVER_SEALED, TIP_ID, OBJECT_ID, bytes(32))
    with pytest.raises(Malformed):
        sealing.seal_message(word, OFFICER_KEYS[:1], b"x", suite.signer(SEED))


def test_a_word_is_not_opened_as_a_message_nor_a_message_as_a_word() -> None:
    """Each has its own way in, which refuses the other before a key is used."""
    word = sealing.seal_agency_word(
        agency_words.prefix_of(TIP_ID, OBJECT_ID), OFFICER_KEYS[:1], said().encode()
    )
    prefix = parse_head(word).prefix
    expect = Expected(prefix.kind, prefix.tip_id, prefix.object_id, prefix.bundle_hash)
    tip = sealing.seal_message(prefix_of(Kind.TIP), OFFICER_KEYS[:1], b"x", suite.signer(SEED))
    of_tip = replace(prefix_of(Kind.TIP))
    asked = Expected(Kind.TIP, of_tip.tip_id, of_tip.object_id, of_tip.bundle_hash)

    with pytest.raises(CannotOpen, match=r"open\.wrong_prefix"):
        opening.open_message(word, seeds(0), expect=expect, verify_key=KEY)
    with pytest.raises(CannotOpen, match=r"open\.wrong_prefix"):
        opening.open_agency_word(tip, seeds(0), expect=asked)
    with pytest.raises(CannotOpen, match=r"open\.wrong_prefix"):
        opening.AttachmentOpener(parse_head(word).octets, seeds(0), expect=expect)
