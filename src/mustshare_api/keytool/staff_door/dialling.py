"""Reaches the staff door: TLS 1.3, and the one authority that was set where one was."""

import http.client
import ssl
from typing import Final
from urllib.parse import urlsplit

from mustshare_api.keytool.refusal import Refusal
from mustshare_api.keytool.staff_door.wire import Server

TIMEOUT_S: Final = 60


def connect(server: Server) -> http.client.HTTPSConnection:
    """A connection that speaks TLS 1.3 or not at all.

    With a `ca` only that authority counts: a public one could be made to vouch for anybody.
    """
    try:
        context = ssl.create_default_context(cafile=server.ca)
    except OSError as failed:
        reason = failed.strerror or "PEM"
        raise Refusal("file.cannot_read", path=server.ca or "", reason=reason) from None
    context.minimum_version = ssl.TLSVersion.TLSv1_3
    parts = urlsplit(server.url)
    return http.client.HTTPSConnection(
        parts.hostname or "", parts.port or 443, timeout=TIMEOUT_S, context=context
    )
