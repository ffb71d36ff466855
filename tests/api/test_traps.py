"""The traps measured in the framework, each sprung once; `test_traps_wire` has the rest."""

import json
import re
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
import structlog
from typing_extensions import override

from mustshare_api.errors import NotFound
from tests.api.asgi import body, call, door_of
from tests.doors import JSON, OCTETS, Doors, made_up_receipt, with_receipt

MEBIBYTE = 1 << 20


def files_without_a_name() -> set[str]:
    """What this process holds open on a disk although nothing names it any more."""
    found = set()
    for fd in Path("/proc/self/fd").iterdir():
        try:
            target = str(fd.readlink())
        except FileNotFoundError:
            continue
        if target.endswith(" (deleted)") and not target.startswith("/memfd:"):
            found.add(target)
    return found


async def test_1_a_big_body_leaves_no_file(doors: Doors, tmp_path: Path, monkeypatch) -> None:
    """Neither a named temporary file nor an unlinked one comes of an upload."""
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    digits = await doors.new_tip()
    seen: list[set[str]] = []
    before = files_without_a_name()

    async def big() -> Any:
        for _ in range(40):
            seen.append(files_without_a_name() | set(map(str, tmp_path.iterdir())))
            yield b"\xff\xd8\xff" + bytes(MEBIBYTE // 8)

    for content_type in ("application/octet-stream", "multipart/form-data; boundary=b"):
        headers = {**with_receipt(digits), "content-type": content_type}
        answer = await doors.reporter.put(
            f"/v1/tip/attachments/{'ab' * 16}", content=big(), headers=headers
        )
        assert answer.status_code in (415, 422)

    assert seen
    assert set().union(*seen) <= before


def point(members: bytes) -> bytes:
    """A tip with such a point."""
    return b'{"text":"a","coordinates":{"longitude":1,"precision_m":1,' + members + b"}}"


def purchase(scheme: bytes, number: bytes) -> bytes:
    """A tip with such a reference."""
    ref = b'{"scheme":"' + scheme + b'","id":"' + number + b'"}'
    return b'{"text":"a","procurement_refs":[' + ref + b"]}"


@pytest.mark.parametrize(
    ("sent", "code"),
    [
        (point(b'"latitude":"13.5"'), "fields"),
        (point(b'"latitude":true'), "fields"),
        (point(b'"latitude":1e999'), "fields|json"),
        (b'{"text":1}', "fields"),
        (b'{"text":"a","extra":1}', "fields"),
        (b'{"text":"\xff"}', "json"),
        ('{"text":"ก"}'.encode("tis-620"), "json"),
        ('{"text":"a"}'.encode("utf-16"), "json"),
        (b'\xef\xbb\xbf{"text":"a"}', "json"),
        (b'{"text":"\\ud800"}', "json"),
        (b'{"text":"a","text":"b"}', "key"),
        (point(b'"latitude":1,"latitude":2'), "key"),
        (b'{"text":' + b"[" * 60_000, "fields"),
        (b"[" * 60_000 + b"]" * 60_000, "fields"),
        (b'{"text":"a","x":' + b'{"a":' * 10_000 + b"1" + b"}" * 10_001, "json|fields"),
        (b'{"text":"a"} trailing', "json"),
        (b'{"text":NaN}', "json|fields"),
        (point(b'"latitude":' + b"9" * 9000), "fields|json"),
        (b"", "json"),
        (b"null", "fields"),
        (b'{"text":"   "}', "fields"),
        (b'{"text":"a\\u0000b"}', "fields"),
        (b'{"text":"a","place":"100101\\n"}', "fields"),
        (purchase(b"TH-EGP", b"68019123456\\n"), "fields"),
        (purchase(b"TH-EGP", b"68139123456"), "fields"),
        (purchase(b"TH-EGP", b"6801912345"), "fields"),
        (purchase(b"OCID", b"ocds-213czf-"), "fields"),
        (purchase(b"XX", b"68019123456"), "fields"),
    ],
)  # fmt: skip
async def test_2_a_body_is_read_strictly(doors: Doors, sent: bytes, code: str) -> None:
    """What is not to the letter is a 400 that says so, and nothing is stored of it."""
    answer = await doors.reporter.post("/v1/tips", content=sent, headers=JSON)

    assert answer.status_code == 400, answer.text
    assert re.search(code, answer.json()["code"]), answer.text
    assert await doors.bundles() == {}


@pytest.mark.parametrize(
    "content_type",
    [
        "text/plain",
        "",
        "application/json; charset=utf-16",
        "application/json; charset=tis-620",
        "application/x-www-form-urlencoded",
        "multipart/form-data; boundary=x",
        "application/jsonp",
    ],
)
async def test_2_another_content_type_is_refused(doors: Doors, content_type: str) -> None:
    """JSON by any other name is refused: such a request needs no preflight to get here."""
    answer = await doors.reporter.post(
        "/v1/tips", content=b'{"text":"a"}', headers={"content-type": content_type}
    )

    assert (answer.status_code, answer.json()["code"]) == (415, "request.wrong_content_type")


async def test_3_a_problem_has_the_layout_of_rfc_9457(doors: Doors) -> None:
    """Each member in its place; a field by pointer; no value comes back."""
    answer = await doors.reporter.post(
        "/v1/tips", json={"text": "ก", "category": "ความลับ"}, headers={"accept-language": "en"}
    )

    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.headers["content-language"] == "en"
    assert answer.json() == {
        "type": "urn:mustshare:problem:request.invalid_fields",
        "title": "Some fields are not right",
        "status": 400,
        "code": "request.invalid_fields",
        "detail": "Correct the fields named in errors and send again.",
        "errors": [
            {
                "pointer": "/category",
                "code": "field.wrong_form",
                "detail": "not of the right form",
            }
        ],
    }


class Loads(HTMLParser):
    """Notes whatever a page would load, run or send somewhere."""

    ACTIVE = ("script", "iframe", "object", "embed", "link", "form", "img", "base", "svg")

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    @override
    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found += [tag] if tag in self.ACTIVE else []
        for name, value in attrs:
            foreign = name in ("src", "href", "srcset", "action") and "//" in (value or "")
            self.found += [f"{tag}@{name}"] if foreign or name.startswith("on") else []
            self.found += (
                [f"{tag}@{name}"] if name == "style" or "url(" in (value or "") else []
            )


async def test_4_the_docs_page_loads_and_runs_nothing(doors: Doors) -> None:
    """No script, no foreign host, nothing to fetch; and the policy would stop it anyway."""
    page = await doors.reporter.get("/docs")
    parser = Loads()
    parser.feed(page.text)

    assert parser.found == []
    assert "@import" not in page.text
    policy = page.headers["content-security-policy"]
    assert policy.startswith("default-src 'none'; style-src 'sha256-")
    assert "unsafe" not in policy


async def test_4_nothing_is_logged_of_a_request(doors: Doors, caplog) -> None:
    """Taken or refused, in clear or sealed, no request leaves a line: a line has an instant."""
    caplog.set_level(0)
    with structlog.testing.capture_logs() as lines:
        digits = await doors.new_tip("ความลับ")
        await doors.reporter.get("/v1/tip", headers=with_receipt(digits))
        await doors.reporter.get("/v1/tip", headers=with_receipt(made_up_receipt()))
        await doors.reporter.post("/v1/tips", content=b"{", headers=JSON)
        await doors.reporter.get("/v1/nowhere?receipt=" + digits)
        await doors.reporter.delete("/v1/tip", headers=with_receipt(digits))

    assert lines == []
    quiet = [one for one in caplog.records if not one.name.startswith(("httpx", "asyncio"))]
    assert quiet == []


async def test_5_a_failure_after_the_answer_began_tells_nothing(
    doors: Doors, monkeypatch
) -> None:
    """The answer just stops; the log has the failure's kind and not its words."""
    await doors.new_tip()
    stored = (await doors.signed("GET", "/v1/index")).json()["objects"][0]["object_id"]

    async def cut(*_: object) -> Any:
        yield b"MSO1"
        raise NotFound("SECRET words of a tip")

    monkeypatch.setattr(doors.bench.envelopes, "_pieces", cut)
    target = f"/v1/objects/{stored}"
    with structlog.testing.capture_logs() as lines:
        sent = await call(
            door_of(doors, "staff"), "GET", target, doors.signature("GET", target)
        )

    assert [message.get("body") for message in sent] == [None, b"MSO1"]
    assert [line["kind"] for line in lines] == ["NotFound"]
    assert "SECRET" not in json.dumps(lines)


async def test_5_a_failure_before_the_answer_tells_nothing(doors: Doors, monkeypatch) -> None:
    """A fault of ours is a plain 500 in two languages; a line names its class and the door."""

    async def fail(*_: object) -> None:
        raise RuntimeError("SECRET words of a tip")

    monkeypatch.setattr(doors.bench.tips, "find", fail)
    with structlog.testing.capture_logs() as lines:
        answer = await doors.reporter.get("/v1/tip", headers=with_receipt(made_up_receipt()))

    assert (answer.status_code, answer.json()["code"]) == (500, "internal")
    assert "SECRET" not in answer.text
    fault = {"event": "request_failed", "kind": "RuntimeError", "door": "reporter"}
    assert lines == [fault | {"log_level": "info"}]
    assert int(answer.headers["retry-after"]) > 0


async def test_8_a_sender_who_hangs_up_in_a_file_leaves_nothing(doors: Doors) -> None:
    """Half an attachment is no attachment, no failure of ours, and holds no memory."""
    digits = await doors.new_tip()
    with structlog.testing.capture_logs() as lines:
        sent = await call(
            door_of(doors),
            "PUT",
            f"/v1/tip/attachments/{'cd' * 16}",
            {**with_receipt(digits), **OCTETS, "content-length": "5000"},
            [body(b"\xff\xd8\xff" + bytes(1000), more=True)],
        )

    assert sent[0]["status"] == 400
    assert lines == []
    assert doors.bench.parking.taken_bytes == 0
    assert len((await doors.signed("GET", "/v1/index")).json()["objects"]) == 1
