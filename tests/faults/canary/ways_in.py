"""Files in pieces, by the plain form, and of every kind, with marks in every corner of them."""

import json
import secrets
from base64 import urlsafe_b64encode

from tests.api.forms import LEAD, encoded
from tests.documents import film_plants, films, pdfs
from tests.faults.canary.traffic import REPORTER, Traffic
from tests.faults.reporters import JSON, OCTETS

PIECE_BYTES = 60_000


def in_pieces(traffic: Traffic, reporter: dict[str, str], picture: bytes) -> None:
    """An upload that is finished, its last answer asked for twice, and one that is given up."""
    token = secrets.token_bytes(32)
    traffic.marks.watch("an upload token", token)
    shown = urlsafe_b64encode(token).rstrip(b"=").decode()
    mine = {**reporter, "Upload-Token": shown}
    begin = json.dumps({"id": secrets.token_hex(16), "size_bytes": len(picture)}).encode()
    place = "/v1/tip/uploads"
    assert traffic.send(REPORTER, "POST", place, begin, {**JSON, **mine}).status == 201
    for offset in range(0, len(picture), PIECE_BYTES):
        piece = picture[offset : offset + PIECE_BYTES]
        headers = {**OCTETS, **mine, "Upload-Offset": str(offset)}
        for _ in range(2):
            traffic.send(REPORTER, "PATCH", place, piece, headers)
        traffic.send(REPORTER, "GET", place, None, mine)

    other = {
        **reporter,
        "Upload-Token": urlsafe_b64encode(secrets.token_bytes(32)).decode()[:43],
    }
    begin = json.dumps({"id": secrets.token_hex(16), "size_bytes": len(picture)}).encode()
    assert traffic.send(REPORTER, "POST", place, begin, {**JSON, **other}).status == 201
    first = {**OCTETS, **other, "Upload-Offset": "0"}
    traffic.send(REPORTER, "PATCH", place, picture[:PIECE_BYTES], first)
    assert traffic.send(REPORTER, "DELETE", place, None, other).status == 204


def by_form(traffic: Traffic, picture: bytes) -> None:
    """The empty form, a filled one with a photo and one that is none, one from elsewhere."""
    marks = traffic.marks
    assert traffic.send(REPORTER, "GET", "/v1/form").status == 200
    file = ("photos", (f"{marks.of('form-file')}.jpg", picture, "image/jpeg"))
    junk = ("photos", (f"{marks.of('form-junk')}.xyz", marks.of("form-junk").encode(), "x/y"))
    filled = {"receipt": marks.receipt(), "text": marks.text("form"), "category": "road"}
    kind = {"Content-Type": f"multipart/form-data; boundary={LEAD[2:].decode()}"}
    here = {**kind, "Origin": f"https://127.0.0.1:{traffic.service.ports[REPORTER]}"}
    body = encoded(filled, [file, junk])
    for _ in range(2):
        answer = traffic.send(REPORTER, "POST", "/v1/form", body, here)
        assert answer.status < 300, answer.content
    traffic.send(REPORTER, "POST", "/v1/form", body, kind)
    broken = encoded({marks.of("form-field"): marks.of("form-value")}, [file])
    traffic.send(REPORTER, "POST", "/v1/form", broken[:-9], here)


def documents_and_films(traffic: Traffic, reporter: dict[str, str]) -> None:
    """A PDF and a film, which a worker of their own opens."""
    mark = traffic.marks.of("document").encode()
    page = pdfs.objects(content=pdfs.DRAWING + b"%" + mark + b"\n")
    film = films.with_box(films.film(), "moov", b"udta", film_plants.words(b"\xa9nam", mark))
    for octets in (pdfs.written(page, b"/Info<</Author(" + mark + b")>>"), film):
        target = f"/v1/tip/attachments/{secrets.token_hex(16)}"
        answer = traffic.send(REPORTER, "PUT", target, octets, {**OCTETS, **reporter})
        assert answer.status == 201, answer.content
