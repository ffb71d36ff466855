"""Challenges: ALTCHA's own client solves and accepts them, and every wrong solution is told."""

import base64
import json
import secrets
from typing import Any

import altcha
import pytest

from mustshare_api.crypto import challenges
from mustshare_api.errors import Busy

KEY = bytes(range(32))
NOW = 1_795_410_000
TRIES = 16


def made(cost: int = 50, now: int = NOW, key: bytes = KEY) -> dict[str, Any]:
    return challenges.make(key, cost, TRIES, now)


def solved(challenge: dict[str, Any]) -> str:
    """By ALTCHA's reference client."""
    read = altcha.Challenge.from_dict(challenge)
    solution = altcha.solve_challenge(read)
    assert solution is not None
    return altcha.Payload(read, solution).to_base64()


def opened(solution: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(base64.b64decode(solution))
    return found


def packed(said: object) -> str:
    return base64.b64encode(json.dumps(said).encode()).decode()


def test_the_reference_client_solves_ours() -> None:
    """Within the tries that were promised."""
    challenge = made()
    counter = opened(solved(challenge))["solution"]["counter"]

    found = challenges.check(KEY, solved(challenge), NOW)

    assert 0 <= counter < TRIES
    assert (found.cost, found.expires_at_s) == (50, NOW + 600)


def test_the_reference_verifier_accepts_ours() -> None:
    """The signatures are where and what ALTCHA's own server would make them."""
    challenge = made(now=int(4e9))
    sign_key, solution_key = challenges._keys(KEY, challenge["parameters"]["expiresAt"])

    result = altcha.verify_solution(solved(challenge), sign_key, hmac_key_secret=solution_key)
    again = altcha.verify_solution(solved(challenge), sign_key)

    assert result.verified
    assert again.verified


def test_a_challenge_says_nothing_but_its_parameters() -> None:
    """No data, nothing of whoever asked."""
    challenge = made()

    assert challenge.keys() == {"parameters", "signature"}
    assert challenge["parameters"].keys() == challenges._PARAMETERS


def test_a_solution_is_known_again_and_two_are_not_alike() -> None:
    """The digest by which it is spent is that of one challenge."""
    one, other = solved(made()), solved(made())

    digests = [challenges.check(KEY, each, NOW).digest for each in (one, one, other)]

    assert digests[0] == digests[1] != digests[2]


def test_after_ten_minutes_it_has_expired() -> None:
    """And not a second before."""
    solution = solved(made())

    assert challenges.check(KEY, solution, NOW + 599).cost == 50
    with pytest.raises(Busy, match=r"challenge\.expired"):
        challenges.check(KEY, solution, NOW + 600)


@pytest.mark.parametrize(
    ("name", "value"),
    [("cost", 1), ("expiresAt", NOW + 86_400), ("keyPrefix", "00"), ("nonce", "00" * 16)],
)
def test_a_challenge_that_was_changed_is_not_ours(name: str, value: object) -> None:
    """An easier one, a longer one, any other."""
    said = opened(solved(made()))
    said["challenge"]["parameters"][name] = value

    with pytest.raises(Busy, match=r"challenge\.foreign"):
        challenges.check(KEY, packed(said), NOW)


def test_another_service_s_challenge_is_not_ours() -> None:
    """Nor that of ALTCHA's own server under a key of its own."""
    theirs = altcha.create_challenge("PBKDF2/SHA-256", 10, counter=3, hmac_secret="x")
    said = {"challenge": theirs.to_dict(), "solution": {"derivedKey": "00", "counter": 3}}
    said["challenge"]["parameters"] |= {"keySignature": "00", "expiresAt": NOW + 600}

    for solution in (solved(made(key=secrets.token_bytes(32))), packed(said)):
        with pytest.raises(Busy, match=r"challenge\.foreign"):
            challenges.check(KEY, solution, NOW)


def test_the_published_prefix_alone_is_no_solution() -> None:
    """Whoever makes the key's first half up into a whole has solved nothing."""
    said = opened(solved(made()))
    prefix = said["challenge"]["parameters"]["keyPrefix"]
    said["solution"]["derivedKey"] = prefix + "00" * 16

    with pytest.raises(Busy, match=r"challenge\.wrong"):
        challenges.check(KEY, packed(said), NOW)


GOOD = solved(made())


@pytest.mark.parametrize(
    "solution",
    [
        "",
        "ลับ",
        "%%%",
        "AAAA",
        packed([]),
        packed({}),
        packed({"challenge": 1, "solution": 2}),
        packed({"challenge": {"parameters": [], "signature": ""}, "solution": {}}),
        packed(opened(GOOD) | {"solution": {"derivedKey": 7}}),
        packed(opened(GOOD) | {"solution": {"derivedKey": "zz"}}),
        packed({"a": "x" * 3000}),
        base64.b64encode(b"[" * 1500).decode(),
        base64.b64encode(b"\xff\xfe").decode(),
        GOOD[:-7],
        GOOD + "A" * 2048,
    ],
)
def test_what_is_no_solution_at_all_is_malformed(solution: str) -> None:
    """Broken in any way, too long included; never an error of another kind."""
    with pytest.raises(Busy, match=r"challenge\.malformed"):
        challenges.check(KEY, solution, NOW)


@pytest.mark.parametrize("value", [True, 1.5, "50", None, -1, 1 << 60, [50]])
@pytest.mark.parametrize("name", ["cost", "expiresAt", "keyLength"])
def test_a_number_that_is_none_is_malformed(name: str, value: object) -> None:
    """No arithmetic is done with what is not a plain number."""
    said = opened(GOOD)
    said["challenge"]["parameters"][name] = value

    with pytest.raises(Busy, match=r"challenge\.malformed"):
        challenges.check(KEY, packed(said), NOW)
