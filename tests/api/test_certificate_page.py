"""The page on which anyone checks a certificate: it says what holds, and runs nothing."""

from dataclasses import replace

from mustshare_api.crypto.directory import Entry
from mustshare_api.crypto.suite import verify_key_of
from tests.api.certified import AGENCY, PURPOSE, certified, source, voucher
from tests.api.forms import HTML, LEAD, encoded
from tests.doors import Doors, made_up_receipt


async def checked(doors: Doors, text: str, **headers: str) -> tuple[int, str]:
    kind = {"content-type": f"multipart/form-data; boundary={LEAD[2:].decode()}"}
    answer = await doors.reporter.post(
        "/v1/certificates/check",
        content=encoded({"document": text}, []),
        headers=HTML | kind | headers,
    )
    return answer.status_code, answer.text


async def test_the_page_tells_in_both_languages(doors: Doors) -> None:
    """What holds, for whom and why; with the line ends that browsers send."""
    proof = await (await source(doors)).proof()
    status, page = await checked(doors, proof.replace("\n", "\r\n"))

    assert status == 200
    assert PURPOSE in page
    assert AGENCY in page
    assert "It holds" in page
    assert "made this proof for" in page


async def test_the_page_shows_what_was_typed_as_text(doors: Doors) -> None:
    """An agency's name may look like a tag."""
    org = doors.org
    head = voucher(org)
    named = type(head)(
        head.deployment_id, 1, head.officer, head.kid, "<script>x</script>", head.day
    )
    copy = certified(org, made_up_receipt(), named)
    _, page = await checked(doors, copy.certificate.text)

    assert "<script" not in page
    assert "&lt;script&gt;" in page
    assert "does not say who the source was" in page


async def test_the_page_says_what_does_not_hold(doors: Doors) -> None:
    """With the problem's own status; a problem to whoever wants no page."""
    status, page = await checked(doors, "nonsense")
    assert (status, "It does not hold" in page) == (400, True)
    assert "nonsense" not in page

    _, problem = await checked(doors, "nonsense", accept="application/json")
    assert '"certificate.malformed"' in problem


async def test_the_page_takes_nothing_but_its_field(doors: Doors) -> None:
    """No file, and no second field."""
    kind = {"content-type": f"multipart/form-data; boundary={LEAD[2:].decode()}"}
    for body in (
        encoded({"document": "x"}, [("", ("a.txt", b"x", "text/plain"))]),
        encoded({"document": "x", "receipt": "1"}, []),
    ):
        answer = await doors.reporter.post("/v1/certificates/check", content=body, headers=kind)
        assert answer.json()["code"] == "form.malformed"


async def test_the_empty_page_runs_nothing(doors: Doors) -> None:
    """No script, nothing loaded, nothing kept."""
    page = await doors.reporter.get("/v1/certificates/check", headers=HTML)

    assert page.status_code == 200
    assert "<script" not in page.text
    assert "default-src 'none'" in page.headers["content-security-policy"]
    assert page.headers["cache-control"] == "no-store"


async def test_the_page_warns_of_a_revoked_key(doors: Doors) -> None:
    """Before it says anything else."""
    reporter, (stolen, *others) = await source(doors), doors.org.officers
    revoked = Entry.of("revoked", stolen.name, None, verify_key_of(stolen.sign_seed))
    left = replace(doors.org, officers=others)
    await doors.bench.directory.accept(left.note(2, also=(revoked,)))

    status, page = await checked(doors, reporter.copy.certificate.text)

    assert status == 200
    assert "key was revoked since" in page
