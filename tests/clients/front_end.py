"""A front end on the client that openapi-python-client makes of the contract.

Arguments: a photo. It ends with what it was told, as JSON. It runs in the generator's own
environment, which has what the client needs (httpx, attrs), and none of ours.
"""

import json
import os
import secrets
import ssl
import sys
from io import BytesIO
from pathlib import Path

from must_share_client import AuthenticatedClient, Client
from must_share_client.api.reporter import (
    list_campaigns,
    list_cases,
    list_places,
    read_follow_ups,
    send_attachment,
    send_follow_up,
    send_tip,
    show_intake,
    show_tip,
)
from must_share_client.models import NewFollowUp, NewTip, Problem
from must_share_client.models.category import Category
from must_share_client.types import File


def new_receipt() -> str:
    """Thirty digits, of which the last two are a check."""
    digits = f"{secrets.randbelow(10**28):028d}"
    return f"{digits}{98 - int(digits) * 100 % 97:02d}"


def holding(receipt: str) -> AuthenticatedClient:
    """A client that presents a receipt."""
    context = ssl.create_default_context()
    door = os.environ["DOOR"]
    return AuthenticatedClient(
        base_url=door, token=receipt, prefix="Receipt", verify_ssl=context
    )


def main() -> None:
    """Tells something, and looks at it again."""
    mine = holding(new_receipt())
    anyone = Client(base_url=os.environ["DOOR"], verify_ssl=ssl.create_default_context())
    intake = show_intake.sync(client=anyone)
    taken = send_tip.sync(
        client=mine, body=NewTip(text="ถนนพังหลังส่งงาน", category=Category.ROAD)
    )
    photo = File(payload=BytesIO(Path(sys.argv[1]).read_bytes()))
    stored = send_attachment.sync(secrets.token_hex(16), client=mine, body=photo)
    said = NewFollowUp(id=secrets.token_hex(16), text="ป้ายถูกถอดแล้ว")
    send_follow_up.sync(client=mine, body=said)
    view, waiting = show_tip.sync(client=mine), read_follow_ups.sync(client=mine)
    cases = list_cases.sync(client=anyone, limit=20)
    campaigns = list_campaigns.sync(client=anyone)
    places = list_places.sync(client=anyone)
    refused = show_tip.sync(client=holding(new_receipt()))
    for problem in (intake, taken, stored, view, waiting, cases, campaigns, places):
        if problem is None or isinstance(problem, Problem):
            sys.exit(f"refused: {problem}")
    told = {
        "open": intake.open_,
        "receipt": taken.receipt,
        "removed": stored.removed,
        "state": view.state,
        "follow_ups": len(waiting.follow_ups),
        "cases": [page.slug for page in cases.pages],
        "campaigns": len(campaigns.campaigns),
        "provinces": len(places.places),
        "refused": refused.code if isinstance(refused, Problem) else None,
    }
    sys.stdout.write(json.dumps(told))


if __name__ == "__main__":
    main()
