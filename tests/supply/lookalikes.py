"""Names of packages that could be taken for one another.

Whoever squats a name counts on a slip of the hand, on a prefix that everybody forgets, or on a
name that sounds official. So each name on a lock is held against all others there and against
those below:

    reqeusts      one slip from requests           edit distance, a swap counting as one
    python-argon2 argon2 under another prefix      the same skeleton
    litestar-…    sounds official, is somebody's   the list

No two names that are on our locks today look alike, so there is no list of exceptions.
"""

import functools
import itertools
import re
from collections.abc import Iterable, Iterator

NOT_OURS = {
    "litestar-websockets": "sounds official; litestar's websockets are part of litestar",
    "litestar-graphql": "sounds official; litestar has no such package",
    "opentelemetry-instrumentation-litestar": "sounds official; there is none by them",
    "python-multipart": "another project; ours is multipart, and both import under that name",
    "argon2": "an old binding of somebody else's; ours is argon2-cffi",
    "dotenv": "another project; ours is python-dotenv",
    "yaml": "not PyYAML, which is pyyaml",
    "pil": "the dead ancestor of pillow",
    "pillow-heif": "holds an encoder under the GPL; ours is pi-heif",
    "crypto": "not cryptography, and neither are the next two",
    "pycrypto": "dead, with known holes",
    "pycryptodome": "imports as Crypto; ours is cryptography",
    "httptool": "one letter from httptools",
    "uvicron": "a slip from uvicorn",
    "msgspecs": "one letter from msgspec",
    "asyncpgsa": "a layer over asyncpg by others",
    "structlogs": "one letter from structlog",
}
"""Names that are refused on any lock, each with what it would be taken for."""

SHORT = 8
"""Characters. Below, two edits make most words of any others; from here on two are a slip."""


def distance(one: str, other: str) -> int:
    """Edits between two names; two neighbours that change places are one (Damerau)."""
    before: list[int] = []
    row = list(range(len(other) + 1))
    for i, a in enumerate(one, 1):
        last, before, row = before, row, [i]
        for j, b in enumerate(other, 1):
            cost = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (a != b))
            if i > 1 and j > 1 and a == other[j - 2] and one[i - 2] == b:
                cost = min(cost, last[j - 2] + 1)
            row.append(cost)
    return row[-1]


def skeleton(name: str) -> str:
    """A name without what people forget or mistake: separators, prefixes, digits as letters."""
    bare = re.sub(r"[-_.]", "", name.lower())
    bare = re.sub(r"^python|^py(?=..)|(?:python|py)?[23]?$", "", bare) or bare
    return bare.replace("0", "o").replace("1", "l").replace("rn", "m").replace("vv", "w")


@functools.cache
def alike(one: str, other: str) -> bool:
    """Whether somebody could take one name for the other."""
    if one == other:
        return False
    slips = 1 if min(len(one), len(other)) < SHORT else 2
    if skeleton(one) == skeleton(other):
        return True
    return abs(len(one) - len(other)) <= slips and distance(one, other) <= slips


def suspects(names: Iterable[str]) -> Iterator[str]:
    """What is wrong with a set of names, a line each."""
    known = sorted(set(names))
    yield from (f"{name}: {NOT_OURS[name]}" for name in known if name in NOT_OURS)
    for one, other in itertools.combinations(known, 2):
        if alike(one, other):
            yield f"{one} looks like {other}"
