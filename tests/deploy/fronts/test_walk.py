"""A tip's way through each front, and how every answer looks on the way out."""

import json
import secrets

import pytest

from mustshare_api.api.catalogue.table import CATALOGUE
from mustshare_api.api.harden import SECURITY_HEADERS
from mustshare_api.domain import receipt
from tests.deploy.fronts.conftest import PlainService, Starter
from tests.deploy.fronts.shipped import free_ports, names_itself
from tests.deploy.fronts.wire import Answer, Client
from tests.pictures import exif, jpegs

JSON = {"Content-Type": "application/json"}
NAMES = frozenset(name.decode() for name in SECURITY_HEADERS)
TELLING = ("server", "via", "alt-svc", "x-powered-by", "set-cookie", "x-served-by", "age")
OVER_320_MIB = 336_000_000


def with_receipt(digits: str) -> dict[str, str]:
    """A reporter's credential."""
    return {"Authorization": f"Receipt {digits}"}


def looks_right(answer: Answer, client: Client) -> None:
    """Every security header once, and nothing that identifies."""
    counts = {name: len(answer.values(name)) for name in NAMES}
    assert counts == dict.fromkeys(NAMES, 1)
    said = {name: answer.values(name) for name in TELLING if answer.values(name)}
    allowed = names_itself(client.front)
    assert said == ({"server": ["nginx"]} if allowed else {})
    assert {n for n, _ in answer.headers if n.lower().startswith("x-")} <= {
        n for n, _ in answer.headers if n.lower() in NAMES
    }


def is_problem(answer: Answer, status: int, code: str) -> None:
    """A problem of the door's catalogue, whoever wrote it."""
    told = json.loads(answer.body)
    assert (answer.status, told["status"], told["code"]) == (status, status, code)
    assert CATALOGUE[code].title_th in told["title"] or (
        CATALOGUE[code].title_en in told["title"]
    )
    assert answer.values("content-type") == ["application/problem+json"]


@pytest.fixture
def digits(served: Client) -> str:
    """A tip's receipt."""
    answer = served.request("POST", "/v1/tips", json.dumps({"text": "ถนนพัง"}).encode(), JSON)
    looks_right(answer, served)
    assert answer.status == 201, answer.body
    found: str = json.loads(answer.body)["receipt"]
    return found


@pytest.mark.parametrize("plain", [False, True], ids=["tls", "onion"])
def test_a_tip_goes_all_its_way(served: Client, digits: str, plain: bool) -> None:
    """Photo, look, follow-up, withdrawal: as without a front."""
    photo = jpegs.with_exif(jpegs.plain(), exif.full())
    target = f"/v1/tip/attachments/{secrets.token_hex(16)}"
    headers = {**with_receipt(digits), "Content-Type": "image/jpeg"}
    put = served.request("PUT", target, photo, headers, plain=plain)
    looked = served.request("GET", "/v1/tip", headers=with_receipt(digits), plain=plain)
    written = served.request(
        "POST",
        "/v1/tip/follow-ups",
        json.dumps({"text": "ยังพังอยู่", "id": secrets.token_hex(16)}).encode(),
        {**JSON, **with_receipt(digits)},
        plain=plain,
    )
    read = served.request(
        "GET", "/v1/tip/follow-ups", headers=with_receipt(digits), plain=plain
    )
    gone = served.request("DELETE", "/v1/tip", headers=with_receipt(digits), plain=plain)

    answers = [put, looked, written, read, gone]
    assert [one.status // 100 for one in answers] == [2] * 5, [one.body for one in answers]
    for one in answers:
        looks_right(one, served)


@pytest.mark.parametrize(
    ("method", "target", "status"),
    [
        ("HEAD", "/v1/intake", 200),
        ("OPTIONS", "/v1/tips", 204),
        ("GET", "/nowhere", 404),
        ("DELETE", "/v1/intake", 405),
        ("GET", "/v1/tip", 401),
    ],
)
def test_every_answer_of_the_door_is_dressed(
    served: Client, method: str, target: str, status: int
) -> None:
    """The door's own status, `Allow` and headers come through, once each."""
    answer = served.request(method, target)

    assert answer.status == status
    assert (method == "HEAD") <= (answer.body == b"")
    assert (status in (204, 405)) == bool(answer.values("allow"))
    looks_right(answer, served)


def test_too_large_for_the_route_is_refused_at_once(served: Client) -> None:
    """The door refuses at the head; nobody has to send forty megabytes to hear it."""
    answer = served.request("POST", "/v1/tips", b"{", JSON, announced=40 << 20)

    assert answer.status == 413
    is_problem(answer, 413, "request.too_large")
    looks_right(answer, served)


def test_too_large_for_any_route_is_refused_at_once(front: Client) -> None:
    """The front refuses what no route takes, in the door's words."""
    before = front.request("GET", "/before")
    answer = front.request("POST", "/v1/forms", b"x", announced=OVER_320_MIB)

    assert before.status == 200
    is_problem(answer, 413, "request.too_large")
    looks_right(answer, front)


def test_a_body_that_stops_coming_is_told_so(served: Client) -> None:
    """The door's 408 reaches a sender whose line has died, and the line is closed."""
    answer = served.request("POST", "/v1/tips", b'{"text":', JSON, announced=5000)

    assert answer.status == 408
    is_problem(answer, 408, "request.too_slow")
    looks_right(answer, served)


def test_a_door_that_is_away_is_a_problem_of_the_catalogue(kind: str, start: Starter) -> None:
    """503 with Retry-After in both languages, and not the program's own page."""
    client = start(kind, free_ports(1)[0])
    answers = [
        client.request("GET", "/v1/intake"),
        client.request("POST", "/v1/tips", b"{}", JSON),
        client.request("GET", "/v1/intake", plain=True),
    ]

    for answer in answers:
        is_problem(answer, 503, "unavailable")
        assert answer.values("retry-after") == ["60"]
        assert answer.values("content-language") == ["th, en"]
        looks_right(answer, client)


def test_http_2_carries_a_tip_and_a_photo(
    served: Client, digits: str, service: PlainService
) -> None:
    """By curl: both ways over h2, and the photo is taken."""
    photo = served.front.folder / "photo.jpg"
    photo.write_bytes(jpegs.plain())
    told = served.curl(
        f"/v1/tip/attachments/{secrets.token_hex(16)}",
        *("--http2", "-X", "PUT", "-T", str(photo), "-w", "\n%{http_version} %{http_code}"),
        *("-H", f"Authorization: Receipt {digits}", "-H", "Content-Type: image/jpeg"),
    )
    photo.unlink()

    assert told.stdout.decode().splitlines()[-1] == "2 201", told


def test_a_receipt_in_thai_numerals_comes_through(served: Client, digits: str) -> None:
    """Octets beyond ASCII in `Authorization` are a reporter's way to type, not an attack."""
    thai = "".join(chr(ord("๐") + int(one)) for one in receipt.normalise(digits))

    assert served.request("GET", "/v1/tip", headers=with_receipt(thai)).status == 200
