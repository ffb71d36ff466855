"""What opening a thousand tips costs, beside the primitives that it cannot do without."""

import statistics
import time
from collections.abc import Callable

from cryptography.cobblestone import Cobblestone256Decryptor
from cryptography.hazmat.primitives.asymmetric.ed25519 import (
    Ed25519PrivateKey,
    Ed25519PublicKey,
)

from mustshare_api.crypto import xwing
from mustshare_api.crypto.envelope import Envelope, parse_envelope
from mustshare_api.crypto.suite import cek_info, hpke_suite
from mustshare_api.keytool.desk.home import Home
from mustshare_api.keytool.desk.listed import load_tips
from mustshare_api.keytool.tips.reading import open_tip, shelf_of
from tests.keytool.real_door import RealDoor

ROUNDS = 5


def opening_times(door: RealDoor, count: int) -> dict[str, float]:
    """Milliseconds of CPU for so many tips; medians of rounds taken in turns."""
    ways = {
        "bare, seeds as kept": bare(door, count, loaded=False),
        "bare, keys loaded once": bare(door, count, loaded=True),
        "signatures alone": signatures(count),
        "tool": tool(door, count),
    }
    times: dict[str, list[float]] = {name: [] for name in ways}
    for _ in range(ROUNDS):
        for name, way in ways.items():
            began = time.process_time()
            way()
            times[name].append((time.process_time() - began) * 1e3)
    return {name: round(statistics.median(each), 1) for name, each in times.items()}


def bare(door: RealDoor, count: int, *, loaded: bool) -> Callable[[], None]:
    """HPKE and Cobblestone alone, from memory."""
    seeds = door.officer().seeds()
    keys = {kid: xwing.load_private(seed) for kid, seed in seeds.items()}
    files = sorted((door.home / "objects").iterdir())[:count]
    parsed = [parse_envelope(file.read_bytes()) for file in files]

    def one(each: Envelope) -> None:
        head = each.head
        stanza = next(stanza for stanza in head.stanzas if stanza.kid in seeds)
        key = keys[stanza.kid] if loaded else xwing.load_private(seeds[stanza.kid])
        info = cek_info(head.prefix_octets)
        content_key = hpke_suite().decrypt(stanza.sealed_key, key, info=info)
        reader = Cobblestone256Decryptor(content_key, head.prefix_octets)
        reader.update(each.payload)
        reader.finalize()

    def run() -> None:
        for each in parsed:
            one(each)

    return run


def signatures(count: int) -> Callable[[], None]:
    """So many Ed25519 verifications, without which nobody may say who wrote a tip."""
    secret = Ed25519PrivateKey.generate()
    public, signed = secret.public_key().public_bytes_raw(), secret.sign(bytes(120))

    def run() -> None:
        for _ in range(count):
            Ed25519PublicKey.from_public_bytes(public).verify(signed, bytes(120))

    return run


def tool(door: RealDoor, count: int) -> Callable[[], None]:
    """As `mustshare-key open` does, up to showing."""
    home, seeds = Home(door.home), door.officer().seeds()

    def run() -> None:
        shelf = shelf_of(home)
        chosen = sorted(
            load_tips(home).values(), key=lambda tip: shelf[tip.tip_id][0].object_id
        )
        for tip in chosen[:count]:
            to = home.attachments(tip.tip_id)
            assert open_tip(home, tip, shelf, seeds, None, to).messages

    return run
