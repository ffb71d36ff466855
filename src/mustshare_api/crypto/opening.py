"""Opens what was sealed to staff. The key tool alone may import this.

That is the promise to reporters in one import: a server without this module cannot open a
stored tip, whoever asks it to. `make shape` holds it.

Refuses, before anything is opened, an object that is not the one asked for. The prefix that
the store hands over is compared with what the caller expects and never believed, since
whoever has taken the store over can put any object in any place.
"""

import functools
from collections.abc import Iterator, Mapping

from mustshare_api.crypto import xwing
from mustshare_api.crypto.envelope import (
    Expected,
    Head,
    Kind,
    Stanza,
    parse_detached_head,
    parse_envelope,
)
from mustshare_api.crypto.payload import (
    AttachmentReader,
    VerifyKey,
    open_message_payload,
    open_unsigned_payload,
)
from mustshare_api.crypto.suite import cek_info
from mustshare_api.errors import CannotOpen


def open_message(
    octets: bytes, seeds: Mapping[bytes, bytes], *, expect: Expected, verify_key: VerifyKey
) -> bytes:
    """The content of a tip or follow-up.

    Args:
        octets: the whole object, as stored.
        seeds: the seeds at hand, by kid.
        expect: which object was asked for.
        verify_key: its author's public key, or how to find it from the content.

    Raises:
        Malformed: the octets are no object.
        CannotOpen: another object, sealed to none of the seeds, changed, or not the author's.
    """
    envelope = parse_envelope(octets)
    expect.check(envelope.head.prefix)
    if not envelope.head.prefix.kind.is_signed:
        raise CannotOpen("open.wrong_prefix")
    return open_message_payload(envelope, _content_key(envelope.head, seeds), verify_key)


def open_agency_word(octets: bytes, seeds: Mapping[bytes, bytes], *, expect: Expected) -> bytes:
    """What the server sealed of an agency's; whether the agency said it, the content tells.

    Raises:
        Malformed: the octets are no object.
        CannotOpen: another object, sealed to none of the seeds, or changed.
    """
    envelope = parse_envelope(octets)
    expect.check(envelope.head.prefix)
    if envelope.head.prefix.kind is not Kind.AGENCY_WORD:
        raise CannotOpen("open.wrong_prefix")
    return open_unsigned_payload(envelope, _content_key(envelope.head, seeds))


class AttachmentOpener(AttachmentReader):
    """The content of an attachment, as its payload comes."""

    def __init__(
        self, head_octets: bytes, seeds: Mapping[bytes, bytes], *, expect: Expected
    ) -> None:
        """Opens the content key.

        Raises:
            Malformed: the octets are no head, or more than one.
            CannotOpen: another object, or sealed to none of the seeds.
        """
        head = parse_detached_head(head_octets)
        expect.check(head.prefix)
        if not head.prefix.kind.is_attachment:
            raise CannotOpen("open.wrong_prefix")
        super().__init__(head, _content_key(head, seeds))


def content_keys(head: Head, seeds: Mapping[bytes, bytes]) -> Iterator[tuple[bytes, bytes]]:
    """Every content key that the seeds at hand find in a head, with the kid it was wrapped to.

    More than one differs from the others only where somebody spoilt a stanza, which anyone can
    who knows a public key; which of them is the object's, its payload says (`resealing`).
    """
    info = cek_info(head.prefix_octets)
    for stanza in head.stanzas:
        seed = seeds.get(stanza.kid)
        if seed is None:
            continue
        try:
            yield stanza.kid, _unwrap(stanza, seed, info)
        except CannotOpen:
            continue


def _content_key(head: Head, seeds: Mapping[bytes, bytes]) -> bytes:
    """Tries every stanza that names a seed at hand.

    One of them may have been spoilt to keep staff from reading; any that holds will do.
    """
    info = cek_info(head.prefix_octets)
    reason = "open.no_key"
    for stanza in head.stanzas:
        seed = seeds.get(stanza.kid)
        if seed is None:
            continue
        try:
            return _unwrap(stanza, seed, info)
        except CannotOpen as refused:
            reason = refused.code
    raise CannotOpen(reason)


def _unwrap(stanza: Stanza, seed: bytes, info: bytes) -> bytes:
    return xwing.unwrap_with(_loaded(seed), stanza.sealed_key, info)


_loaded = functools.lru_cache(maxsize=64)(xwing.load_private)
"""Whoever opens a thousand tips does so with a few keys, whose seeds are in memory anyway."""
