"""Signed requests (RFC 9421): headers that anybody on the network can send."""

from mustshare_api.crypto import events, requests
from mustshare_api.crypto.suite import kid_of, verify_key_of
from mustshare_api.errors import Malformed, Unsigned
from tests.fuzz.harness import Target
from tests.vectors.organisation import CREATED, KEYID, OFFICER

KEY = verify_key_of(OFFICER)
NAMES = ("Signature-Input", "Signature", "Content-Digest", "Event-Signature")
LINE = ("PUT", "staff.example.org:8444", "/v1/directory", "a=1")


def headers() -> bytes:
    """A good request's, a line each."""
    made = requests.sign(
        *(*LINE, requests.content_digest(b"sealed")),
        keyid=KEYID,
        seed=OFFICER,
        created=CREATED,
        nonce="AAECAwQFBgcICQoLDA0ODw",
    )
    event = events.request_headers(
        *LINE[::2], LINE[3], bytes(32), created=CREATED, seed=OFFICER
    )
    return "\n".join((made | event)[name] for name in NAMES).encode()


def read_headers(octets: bytes) -> None:
    """As the door reads them; whatever holds was signed for this request."""
    lines = octets.decode("latin-1").split("\n")
    sent = dict(zip(NAMES, lines, strict=False))
    found = requests.verify(*LINE, sent, now=CREATED, public_key_of=key_of)
    digest = requests.content_digest_header(found.body_sha256)
    if sent["Content-Digest"] != digest or found.keyid != KEYID:
        raise AssertionError


def read_event_header(octets: bytes) -> None:
    """The deed's own signature."""
    deed = events.of_request(
        method="PUT", path="/v1/directory", query="a=1", body_sha256=bytes(32),
        created=CREATED, kid=kid_of(KEY),
    )  # fmt: skip
    events.with_header(deed, octets.decode("latin-1"), KEY)


def read_digest(octets: bytes) -> None:
    """What a body is promised to be."""
    digest = requests.BodyDigest({"Content-Digest": octets.decode("latin-1")})
    digest.update(b"sealed")
    digest.check()


def read_request_line(octets: bytes) -> None:
    """A deed out of whatever path and query a door would take, read back from the log."""
    path, _, query = octets.decode("latin-1").partition("?")
    deed = events.of_request(
        method="PUT", path=path, query=query, body_sha256=bytes(32),
        created=CREATED, kid=kid_of(KEY),
    ).signed(OFFICER)  # fmt: skip
    if events.parse(deed.encode()) != deed:
        raise AssertionError


def key_of(keyid: str) -> bytes | None:
    """The one key there is."""
    return KEY if keyid == KEYID else None


WORDS = (b'";created=', b";tag=", b"\n", b"sha-256=:", b"mustshare=:", b"99999999999")
TARGETS = (
    Target("request", read_headers, (Unsigned,), lambda: {"put": headers()}, 4096, WORDS),
    Target(
        *("event-header", read_event_header, (Unsigned,)),
        lambda: {"put": deed_signature()},
        512,
        (b":", b"=="),
    ),
    Target(
        *("body-digest", read_digest, (Unsigned, Malformed)),
        lambda: {"sealed": requests.content_digest(b"sealed").encode()},
        512,
        WORDS,
    ),
    Target(
        *("request-line", read_request_line, (Malformed,)),
        lambda: {"put": b"/v1/directory?a=1"},
        4096,
        (b"\x7f", b"%0a", b"?"),
    ),
)


def deed_signature() -> bytes:
    """For the request above."""
    made = events.request_headers(*LINE[::2], LINE[3], bytes(32), created=CREATED, seed=OFFICER)
    return made[events.HEADER].encode()
