"""The one size of short answers: which of them it was cannot be told by its length."""

from mustshare_api.crypto.padding import padme

ANSWER_BYTES = 1024
"""Every short answer to a reporter, a problem too, is of this size: which it was, and what it
says of a file, cannot be told by its length."""


def even(octets: bytes) -> bytes:
    """JSON with spaces behind it, up to the next PADME size from `ANSWER_BYTES`."""
    return octets.ljust(padme(max(len(octets), ANSWER_BYTES)))
