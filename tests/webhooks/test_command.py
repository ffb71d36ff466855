"""`mustshare partner webhook`: set up with care, shown without secrets, tried out at once."""

import asyncio
import threading
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from mustshare_api import __main__ as program
from mustshare_api.app import webhooks
from mustshare_api.app.delivering.sending import Sender
from mustshare_api.store.database import Database
from mustshare_api.store.webhooks import enqueue
from tests.webhooks.receiver import HOST, Receiver, answer, receiving

HOOK = ("partner", "webhook")
URL = "https://hooks.example.org/new"


@pytest.fixture(autouse=True)
def _here(
    dsn: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """In a folder without a `.env`, with a partner."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("MUSTSHARE_DATABASE_URL", dsn)
    said(capsys, "partner", "add", "river-watch", "--quota", "480")


@pytest.fixture(autouse=True)
def leads_to(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What the resolver answers; the judge is the one that ships."""
    addresses = ["8.8.8.8"]

    async def resolve(host: str, port: int) -> Sequence[str]:
        del port
        if host.startswith("unknown"):
            raise OSError
        return addresses

    monkeypatch.setattr(webhooks, "Sender", lambda: Sender(resolve))
    return addresses


@pytest.fixture
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Receiver]:
    """A receiver on a loop of its own, which the command may reach."""
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever)
    thread.start()
    context = receiving(tmp_path)
    found = asyncio.run_coroutine_threadsafe(context.__aenter__(), loop).result(10)
    monkeypatch.setenv("MUSTSHARE_WEBHOOK_PORTS", f"443, {found.port}")
    monkeypatch.setattr(webhooks, "Sender", found.sender)
    yield found
    asyncio.run_coroutine_threadsafe(context.__aexit__(None, None, None), loop).result(10)
    loop.call_soon_threadsafe(loop.stop)
    thread.join()
    loop.close()


def said(capsys: pytest.CaptureFixture[str], *words: str, code: int = 0) -> tuple[str, str]:
    """What a command prints, and what it says to a person."""
    assert program.main(list(words)) == code
    found = capsys.readouterr()
    return found.out, found.err


def test_a_secret_is_shown_once_and_alone(capsys: pytest.CaptureFixture[str]) -> None:
    """And the address is listed in its one spelling, with what it is told."""
    out, err = said(capsys, *HOOK, "add", "river-watch", "https://HOOKS.example.org/new")
    listed, _ = said(capsys, *HOOK, "list")

    assert out.startswith("whsec_")
    assert out.strip() not in err + listed
    assert listed == (
        f"river-watch          {URL}  0 waiting; "
        "campaign.published case.corrected case.published outcome.published\n"
    )


def test_a_rotation_shows_another_secret(capsys: pytest.CaptureFixture[str]) -> None:
    first, _ = said(capsys, *HOOK, "add", "river-watch", URL)
    second, _ = said(capsys, *HOOK, "rotate", "river-watch", URL)

    assert second.startswith("whsec_")
    assert second != first


def test_a_public_key_is_printed_and_stays(capsys: pytest.CaptureFixture[str]) -> None:
    first, _ = said(capsys, *HOOK, "key")

    assert first.startswith("whpk_")
    assert said(capsys, *HOOK, "key") == (first, "")


def test_of_a_removed_webhook_nothing_is_left(capsys: pytest.CaptureFixture[str]) -> None:
    said(capsys, *HOOK, "add", "river-watch", URL)
    said(capsys, *HOOK, "start", "river-watch", URL)
    said(capsys, *HOOK, "remove", "river-watch", URL)

    assert said(capsys, *HOOK, "list") == ("", "")


def test_what_is_at_a_port_that_is_allowed_no_longer_can_be_removed(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    url = "https://hooks.example.org:8443/new"
    monkeypatch.setenv("MUSTSHARE_WEBHOOK_PORTS", "443,8443")
    said(capsys, *HOOK, "add", "river-watch", url)
    monkeypatch.delenv("MUSTSHARE_WEBHOOK_PORTS")
    said(capsys, *HOOK, "remove", "river-watch", url)

    assert said(capsys, *HOOK, "list") == ("", "")


WRONG = [
    ("add", "nobody", URL),
    ("add", "river-watch", "http://hooks.example.org/"),
    ("add", "river-watch", "https://hooks.example.org:22/"),
    ("add", "river-watch", "https://localhost/"),
    ("add", "river-watch", "https://2130706433/"),
    ("add", "river-watch", "https://unknown.example.org/"),
    ("add", "river-watch", URL, "--types", "tip.received"),
    ("add", "river-watch", URL, "--types", ""),
    ("remove", "river-watch", URL),
    ("remove", "\udcff", URL),
    ("add", "river\nwatch", URL),
    ("rotate", "river-watch", URL),
    ("start", "river-watch", URL),
    ("test", "river-watch", URL),
    ("replay", "river-watch", URL, "--since", "2026-11-23"),
    ("replay", "river-watch", URL, "--since", "yesterday"),
    ("replay", "river-watch", URL, "--event", "1"),
]


def test_what_is_wrong_is_one_line_and_changes_nothing(
    capsys: pytest.CaptureFixture[str],
) -> None:
    """No such partner, no such webhook, no address of the Internet."""
    for words in WRONG:
        out, err = said(capsys, *HOOK, *words, code=2)
        assert (out, err.count("\n")) == ("", 1), words

    assert said(capsys, *HOOK, "list") == ("", "")


def test_a_name_that_leads_into_our_own_network_is_refused_at_set_up(
    capsys: pytest.CaptureFixture[str], leads_to: list[str]
) -> None:
    """Also where a good address stands beside it."""
    for address in ("127.0.0.1", "10.0.0.7", "169.254.169.254", "::1"):
        leads_to[:] = ["8.8.8.8", address]
        _, err = said(capsys, *HOOK, "add", "river-watch", URL, code=2)
        assert "not of the Internet" in err

    assert said(capsys, *HOOK, "list") == ("", "")


def test_a_webhook_twice_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    said(capsys, *HOOK, "add", "river-watch", URL)
    _, err = said(capsys, *HOOK, "add", "river-watch", URL, code=2)

    assert "already" in err


def test_a_test_says_what_was_answered(
    capsys: pytest.CaptureFixture[str], elsewhere: Receiver
) -> None:
    """One attempt now, with the type that says that it is one."""
    elsewhere.answers = [answer(204), answer(500)]
    url = f"https://{HOST}:{elsewhere.port}/hook"
    said(capsys, *HOOK, "add", "river-watch", url)
    _, good = said(capsys, *HOOK, "test", "river-watch", url)
    _, bad = said(capsys, *HOOK, "test", "river-watch", url, code=2)

    assert ("204" in good, "500" in bad) == (True, True)
    assert b'"type":"webhook.test"' in elsewhere.requests[0][1]


def test_a_test_says_why_there_was_no_answer(
    capsys: pytest.CaptureFixture[str],
    elsewhere: Receiver,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    url = f"https://{HOST}:{elsewhere.port}/hook"
    said(capsys, *HOOK, "add", "river-watch", url)
    shipped = replace(elsewhere.sender(), judge=Sender().judge)
    monkeypatch.setattr(webhooks, "Sender", lambda: shipped)
    _, err = said(capsys, *HOOK, "test", "river-watch", url, code=2)

    assert "not of the Internet" in err
    assert elsewhere.requests == []


async def test_a_replay_says_how_many(
    database: Database, dsn: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """Of events since a day, or of the one that is named."""
    del dsn
    await asyncio.to_thread(said, capsys, *HOOK, "add", "river-watch", URL)
    async with database.transaction() as connection:
        await enqueue(connection, "case.published", "kinnari", date(2026, 11, 23))
        event_id = await connection.fetchval("SELECT event_id FROM webhook_events")
    words = (*HOOK, "replay", "river-watch", URL)
    _, by_id = await asyncio.to_thread(said, capsys, *words, "--event", f"msg_{event_id.hex()}")
    _, by_day = await asyncio.to_thread(said, capsys, *words, "--since", "2026-11-23")
    _, none = await asyncio.to_thread(said, capsys, *words, "--since", "2026-11-24")

    assert (by_id[0], by_day[0], none[0]) == ("1", "1", "0")
