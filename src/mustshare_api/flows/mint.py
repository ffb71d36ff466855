"""The key with which a front end's Idempotency-Key becomes a receipt.

    receipt = f(mint key, Idempotency-Key, what was said)

It is this deployment's own, made once and shared by its processes. It opens nothing: whoever
takes it still needs the random key that only the front end had.
"""

import secrets
from dataclasses import dataclass

from mustshare_api.clock import bangkok_day
from mustshare_api.crypto.events import DEPLOYMENT_BEGUN
from mustshare_api.flows import deeds
from mustshare_api.flows.directory import DirectoryKeeper
from mustshare_api.store.deployments import DeploymentStore

KEY_BYTES = 32


@dataclass(slots=True)
class ReceiptMint:
    """Finds the key when it is first needed, which is after there is a directory."""

    store: DeploymentStore
    directory: DirectoryKeeper
    _key: bytes = b""

    async def key(self) -> bytes:
        """32 bytes.

        Raises:
            Unavailable: there is no directory yet.
            Misconfigured: the database is another deployment's.
        """
        if not self._key:
            deployment_id = self.directory.deployment_id
            today = bangkok_day(self.directory.clock.now())
            leaf = deeds.of_operator(DEPLOYMENT_BEGUN, today, deployment_id.hex())
            fresh = secrets.token_bytes(KEY_BYTES)
            self._key = await self.store.ensure(deployment_id, fresh, leaf)
        return self._key
