"""Takes a tip back.

    1. claim   as for any other request
    2. delete  access hash, bundle, every envelope; a bare row remains, so that staff tools
               learn to drop their copies

Afterwards the receipt is unknown, to us as to everyone; a retry after a lost answer therefore
gets the answer of an unknown receipt.
"""

from mustshare_api.clock import bangkok_day
from mustshare_api.crypto import receipts
from mustshare_api.errors import UnknownReceipt
from mustshare_api.flows.credentials import Claim
from mustshare_api.flows.workbench import Workbench


async def withdraw(bench: Workbench, claimed: Claim) -> None:
    """Deletes all that is stored of a tip.

    Raises:
        UnknownReceipt: another request withdrew it first.
    """
    today = bangkok_day(bench.clock.now())
    if not await bench.tips.withdraw(receipts.access_hash(claimed.access), today):
        raise UnknownReceipt
