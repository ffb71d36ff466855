"""What the server sees and keeps of each thing that comes from a reporter, for machines.

    GET /v1/intake ─> server_view ─> server_sealed: [ what | sees | stores | until ], …
                                     client_sealed: [ … ]

The sentences beside it (`server_sees`) are for people. A front end that draws its own picture
of what happens to a tip takes it from here, and an auditor compares: a test sends a tip of each
mode with marks in it and finds every line as it stands. It refuses to soften: what passes
through memory in clear is `clear`, however short the moment.

Why one row shape for all: a thing that is missing in one mode would look like a thing that the
server does not see. Both modes have the same rows, and a test holds that.
"""

from typing import Literal

import msgspec

What = Literal[
    "text",
    "files",
    "file_metadata",
    "unfinished_files",
    "link",
    "sent_at",
    "size",
    "receipt",
    "language",
    "address",
    "user_agent",
    "time",
]
Sees = Literal[
    "clear",
    "clear_if_asked",
    "sealed",
    "exact",
    "padded",
    "digits",
    "access",
    "network",
    "dropped",
]
Stores = Literal[
    "nothing",
    "sealed",
    "sealed_if_chosen",
    "sealed_to_sender",
    "clear_if_asked",
    "padded",
    "hash",
    "day",
    "hash_in_memory",
]
Until = Literal["answered", "ten_minutes", "next_day", "tip_ends", "season_after"]


class Exposure(msgspec.Struct, frozen=True):
    """What the server sees and keeps of one thing.

    `what`: `link` is the public case or campaign that a tip answers; `sent_at` the second that
    officers read inside it; `time` when it arrives.
    `sees`: `clear` in memory while a request lasts; `clear_if_asked` only where the front end
    asks for a link in clear; `sealed` as ciphertext; `exact` or `padded` of sizes; `digits` of
    the receipt, or the `access` derived from it; a `network` of many addresses, where the proxy
    tells it; `dropped` before any part of the service reads it (the proxy or network still has
    it).
    `stores`: `sealed_if_chosen` only what the reporter chose to have kept; `sealed_to_sender`
    under a token that only the sender has; `clear_if_asked` as above, else sealed with the
    words; `hash` of the access; a Bangkok `day`; `hash_in_memory`, keyed, never written.
    `until`: `answered`, kept no longer than the request; `ten_minutes`; `next_day`, the end of
    the day after; `tip_ends`, withdrawn or expired; `season_after`, some three months more, in
    the emptied row that tells staff that a tip is gone (then counted by its month). Backups
    keep what the database held for as long as they last.
    """

    what: What
    sees: Sees
    stores: Stores
    until: Until


class ServerView(msgspec.Struct, frozen=True):
    """What the server sees and keeps, by the way a tip comes in."""

    server_sealed: tuple[Exposure, ...]
    client_sealed: tuple[Exposure, ...]


_WHOEVER_SEALS = (
    Exposure("language", "clear", "nothing", "answered"),
    Exposure("address", "dropped", "nothing", "answered"),
    Exposure("user_agent", "dropped", "nothing", "answered"),
    Exposure("time", "exact", "day", "season_after"),
)

VIEW = ServerView(
    server_sealed=(
        Exposure("text", "clear", "sealed", "tip_ends"),
        Exposure("files", "clear", "sealed", "tip_ends"),
        Exposure("file_metadata", "clear", "sealed_if_chosen", "tip_ends"),
        Exposure("unfinished_files", "clear", "sealed_to_sender", "next_day"),
        Exposure("link", "clear", "clear_if_asked", "tip_ends"),
        Exposure("sent_at", "clear", "sealed", "tip_ends"),
        Exposure("size", "exact", "padded", "tip_ends"),
        Exposure("receipt", "digits", "hash", "tip_ends"),
        *_WHOEVER_SEALS,
    ),
    client_sealed=(
        Exposure("text", "sealed", "sealed", "tip_ends"),
        Exposure("files", "sealed", "sealed", "tip_ends"),
        Exposure("file_metadata", "sealed", "sealed", "tip_ends"),
        Exposure("unfinished_files", "sealed", "sealed_to_sender", "next_day"),
        Exposure("link", "clear_if_asked", "clear_if_asked", "tip_ends"),
        Exposure("sent_at", "sealed", "sealed", "tip_ends"),
        Exposure("size", "padded", "padded", "tip_ends"),
        Exposure("receipt", "access", "hash", "tip_ends"),
        *_WHOEVER_SEALS,
    ),
)
"""A front end that seals and yet presents digits shows those too. They open nothing that is
sealed to staff."""

_NETWORK = Exposure("address", "network", "hash_in_memory", "ten_minutes")


def server_view(*, networks: bool) -> ServerView:
    """What holds for this deployment.

    Args:
        networks: whether its proxy tells the service networks (MUSTSHARE_EDGE_BUCKETS).
    """
    if not networks:
        return VIEW
    return ServerView(_with_network(VIEW.server_sealed), _with_network(VIEW.client_sealed))


def _with_network(rows: tuple[Exposure, ...]) -> tuple[Exposure, ...]:
    return tuple(_NETWORK if row.what == "address" else row for row in rows)
