"""Closes a campaign: proposes the version of it that ends on a day.

It is a correction like any other: sealed as a draft, signed for here, published by a second
officer, and said in the page's history with its reason.

The draft has to be what is published, field by field. Whoever closes a campaign looks at its
last day alone: what a colleague wrote into the draft since would go out under their signature,
and the colleague could be the second one.
"""

from argparse import Namespace
from typing import Any

import msgspec

from mustshare_api.crypto.suite import sha256
from mustshare_api.domain.campaign import CampaignContent
from mustshare_api.domain.pages import CAMPAIGN
from mustshare_api.keytool.campaigns.commands import ended
from mustshare_api.keytool.campaigns.desk import published
from mustshare_api.keytool.cases.commands import draft, propose, working
from mustshare_api.keytool.cases.desk import find_page
from mustshare_api.keytool.desk.session import Session
from mustshare_api.keytool.refusal import Exit, Refusal


def close_campaign(args: Namespace, session: Session) -> Exit:
    """Proposes the campaign's last day."""
    with working(args, session) as work:
        opened = work.opened(args.id, CAMPAIGN)
        if not isinstance(opened.content, CampaignContent):
            raise Refusal("case.malformed")
        page = find_page(work.door, CAMPAIGN, args.id)
        if page is None:
            raise Refusal("case.not_published")
        if _facts(opened.content) != _facts(published(work.door, page)):
            raise Refusal("campaign.other_draft")
        content = ended(opened.content, page.version + 1, args)
        octets = msgspec.json.encode(content)
        draft(work, CAMPAIGN, args.id, [octets, *opened.pictures])
        propose(work.door, CAMPAIGN, args.id, content.version, octets)
    session.console.data(
        {"id": args.id, "version": content.version, "digest": sha256(octets).hex()}
    )
    session.console.say("campaign.closing", day=args.on.isoformat(), id=args.id)
    return Exit.DONE


def _facts(content: CampaignContent) -> dict[str, Any]:
    """Everything but which version it is, and why."""
    said: dict[str, Any] = msgspec.to_builtins(content)
    return {name: value for name, value in said.items() if name not in {"version", "change"}}
