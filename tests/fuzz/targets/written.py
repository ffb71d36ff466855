"""What officers and agencies write, and what the public is shown of it."""

from collections.abc import Mapping
from datetime import date
from typing import Any

import msgspec
import nh3

from mustshare_api.crypto import agency_words, drafts, events, frames
from mustshare_api.domain import about, agency_word, desk, docket, markup
from mustshare_api.domain.page_kinds import READERS
from mustshare_api.errors import Malformed, MustShareError, TooLarge
from tests.campaigns import roads
from tests.fuzz.harness import Target, same
from tests.pages import article, case, change
from tests.vectors.organisation import OFFICER

ID, KID, NOW = "0f" * 16, "0a" * 16, "2026-11-23T09:00:00Z"
DAY = date(2026, 11, 23)
FRAMES = {"most": 8, "limit_bytes": 64}
QUESTION: dict[str, Any] = {"id": ID, "nonce": KID, "text_th": "มีรายงานหรือไม่"}
OUTCOME = QUESTION | {"kind": "indicted", "on": "2026-11-23"}
TAGS = markup.TAGS | {"title"}


def read_desk_entry(octets: bytes) -> None:
    """Read, written, read as the same; and folded, whatever it says."""
    read = desk.decode_entry(octets)
    if desk.decode_entry(desk.encode_entry(read)) != read:
        raise AssertionError
    state = desk.fold([desk.Filed(ID, read), desk.Filed(KID, read)])
    if desk.later_than(state, NOW) < read.sent_at:
        raise AssertionError


def read_docket(octets: bytes) -> None:
    """Whatever is written again is no longer than every docket is."""
    read = docket.decode_docket(octets)
    written = docket.encode_docket(read)
    if docket.decode_docket(written) != read or len(written) > docket.SIZE_LIMIT_BYTES:
        raise AssertionError


def read_said(octets: bytes) -> None:
    """What an agency said, with its deed."""
    same(agency_words.parse(octets).encode(), octets)


def read_word(octets: bytes) -> None:
    """The words themselves, as the door and as an officer reads them."""
    refusals = 0
    for sort in ("question", "outcome"):
        try:
            read = agency_word.read_again(sort, octets)
        except Malformed:
            refusals += 1
        else:
            if agency_word.read_again(sort, msgspec.json.encode(read)) != read:
                raise AssertionError
    if refusals == 2:
        raise Malformed


def read_draft(octets: bytes) -> None:
    """The parts of an opened draft."""
    same(drafts.pack(drafts.unpack(octets)), octets)


def read_frames(octets: bytes) -> None:
    """Sealed objects one after another."""
    same(frames.joined(frames.read(octets, **FRAMES)), octets)


def read_page(octets: bytes) -> None:
    """A page of any kind: what two officers sign can be shown, and shows nothing unseen."""
    refusals = 0
    for reader in READERS.values():
        try:
            read = reader.decode(octets)
        except (msgspec.MsgspecError, UnicodeDecodeError, MustShareError):
            refusals += 1
            continue
        read.tags()
        msgspec.json.encode(read.shown(DAY, DAY))
        if reader.decode(msgspec.json.encode(read)) != read:
            raise AssertionError
    if refusals == len(READERS):
        raise Malformed


def read_markdown(octets: bytes) -> None:
    """Whatever comes out, a third look takes nothing more out of it."""
    html = markup.render(octets.decode("utf-8", "replace"))
    again = nh3.clean(
        html,
        tags=set(markup.TAGS),
        attributes=markup.ATTRIBUTES,
        url_schemes={"https"},
        link_rel=markup.REL,
    )
    same(again, html)


def read_about(octets: bytes) -> None:
    """What a tip is about."""
    text = octets.decode("latin-1")
    read = about.parse(text)
    same(f"{read.kind}/{read.slug}", text)


def desk_entries() -> Mapping[str, bytes]:
    """One of each of the six."""
    said: dict[str, dict[str, Any]] = {
        "note": {"text": "โทรหาผู้แจ้ง"},
        "label": {"add": ["ถนน", "urgent"], "remove": ["new"]},
        "assign": {"officer": "somsri"},
        "check": {"item": "site-visit", "done": True, "text": "found"},
        "merge": {"into": ID, "relation": "duplicate"},
        "case": {"case_id": ID, "add": True},
    }
    begun = {"sent_at": NOW, "signed_by": KID}
    return {
        name: msgspec.json.encode({"type": name, **begun, **more})
        for name, more in said.items()
    }


def dockets() -> Mapping[str, bytes]:
    """One with a case, a referral and its outcome."""
    word = {"id": KID, "referral_id": ID, "kind": "indicted", "on": "2026-11-23"}
    return {
        "whole": msgspec.json.encode(
            {
                "type": "docket",
                "sent_at": NOW,
                "signed_by": KID,
                "cases": [{"slug": "lamp-posts", "state": "open", "on": "2026-11-23"}],
                "referrals": [
                    {"id": ID, "agency": "nacc", "state": "acknowledged", "on": "2026-11-23"}
                ],
                "outcomes": [word | {"text_th": "ชี้มูล"}],
                "note": "ขอบคุณ",
            }
        )
    }


def said() -> Mapping[str, bytes]:
    """A question, with a deed that was signed."""
    event = events.of_request(
        method="POST", path=f"/v1/referrals/{ID}/questions", query="", body_sha256=bytes(32),
        created=1_795_000_000, kid=bytes(16),
    ).signed(OFFICER)  # fmt: skip
    return {"question": agency_words.Said(event, msgspec.json.encode(QUESTION)).encode()}


def pages() -> Mapping[str, bytes]:
    """A case, an article, a campaign, and a correction."""
    corrected = case(version=2, change=change())
    made = {"case": case(), "article": article(), "campaign": roads(), "corrected": corrected}
    return {name: msgspec.json.encode(content) for name, content in made.items()}


JSON = (b"\\ud800", b'"type":', b"0001-01-01", b"9999-12-31", b"\\u202e", b"null", b"1e999")
MARKS = (b"](https://a.b/", b"<a href=", b"> ", b"```", b"&#", b"javascript:", b"![", b"* ")
TARGETS = (
    Target("desk-entry", read_desk_entry, (Malformed,), desk_entries, 4096, JSON),
    Target("docket", read_docket, (Malformed, TooLarge), dockets, 8192, JSON),
    Target("agency-said", read_said, (Malformed,), said, 4096, (b"signature ", b"\0\0")),
    Target(
        *("agency-word", read_word, (Malformed,)),
        lambda: {
            "question": msgspec.json.encode(QUESTION),
            "outcome": msgspec.json.encode(OUTCOME),
        },
        4096,
        JSON,
    ),
    Target(
        *("draft", read_draft, (Malformed,)),
        lambda: {
            "two": drafts.pack([b"{}", b'{"slug":"a"}']),
            "three": drafts.pack([b"a"] * 3),
        },
        2048,
    ),
    Target("frames", read_frames, (Malformed,), lambda: {"two": frames.joined([b"a", b"bc"])}),
    Target("page-content", read_page, (Malformed,), pages, 1 << 15, JSON + MARKS),
    Target(
        *("markdown", read_markdown, ()),
        lambda: {
            "all": "# ก\n\n> *a* **b** `c`\n\n1. [d](https://e.example/f)\n\n---".encode()
        },
        4096,
        MARKS,
    ),
    Target("about", read_about, (Malformed,), lambda: {"case": b"case/lamp-posts"}, 256),
)
