"""A door that gives back a draft of before: officers signed for it once, and not any more."""

import json
from typing import Any

import pytest

from mustshare_api.keytool.campaigns import desk as campaign_desk
from mustshare_api.keytool.staff_door.door import Door
from tests.keytool.campaigns.test_campaign import publish, send, synced
from tests.keytool.cases.conftest import Officers


def test_a_draft_that_was_replaced_vouches_for_no_grid(
    officers: Officers, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nor where the door puts the whole page back: this machine has seen the newer one."""
    page_id = publish(officers)
    send(officers)
    (tip,) = synced(officers)
    ask, page_of = Door.ask, campaign_desk.shown_campaign
    draft = f"/v1/drafts/{page_id}"
    kept: list[Any] = []

    def keeping(door: Door, path: str, query: Any = None) -> bytes:
        octets = ask(door, path, query)
        kept.extend([octets] if path == draft else [])
        return octets

    def showing(door: Door, slug: str) -> Any:
        kept.append(page_of(door, slug))
        return kept[-1]

    with monkeypatch.context() as patched:
        patched.setattr(Door, "ask", keeping)
        patched.setattr(campaign_desk, "shown_campaign", showing)
        assert officers.run("point", "approve", tip, "--precision", "1000").code == 0
        assert officers.run("campaign", "show", page_id).code == 0
    page, old = kept
    why = ("--why-th", "ครบแล้ว", "--why-en", "enough")
    closing = officers.run("campaign", "close", page_id, "--on", "2031-01-01", *why)
    assert closing.code == 0, closing.err
    assert officers.run("campaign", "publish", page_id, "--yes", by=1).code == 0

    def older(door: Door, path: str, query: Any = None) -> bytes:
        return old if path == draft else ask(door, path, query)

    fits = officers.run("point", "approve", tip, "--json")
    with monkeypatch.context() as patched:
        patched.setattr(Door, "ask", older)
        alone = officers.run("point", "approve", tip, "--json")
        patched.setattr(campaign_desk, "shown_campaign", lambda *_: page)
        whole = officers.run("point", "approve", tip, "--json")

    assert fits.code == 0, fits.err
    for ended in (alone, whole):
        assert (ended.code, json.loads(ended.err)["code"]) == (1, "point.older_draft")
