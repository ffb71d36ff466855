"""Solves challenges as a front end does, and as fast as `hashlib` can.

Phones solve with a processor of their own. Here they have to share one with the clients whose
requests are timed, so they solve in processes that are nicer than those.
"""

import base64
import hashlib
import json
import multiprocessing
import os
import time
from concurrent.futures import ProcessPoolExecutor
from typing import Any

from mustshare_api.domain.pressure import TRIES

PHONES = 2
NICE = 10


def phones() -> ProcessPoolExecutor:
    """Processes that solve for honest front ends."""
    spawned = multiprocessing.get_context("spawn")
    return ProcessPoolExecutor(PHONES, spawned, os.nice, (NICE,))


def solved(challenge: dict[str, Any]) -> tuple[str, float]:
    """The solution, as it goes into its header, and what it took of this thread's CPU, in s."""
    began, said = time.thread_time(), challenge["parameters"]
    nonce, salt = bytes.fromhex(said["nonce"]), bytes.fromhex(said["salt"])
    for counter in range(TRIES):
        octets = nonce + counter.to_bytes(4, "big")
        key = hashlib.pbkdf2_hmac("sha256", octets, salt, said["cost"], said["keyLength"])
        if key.hex().startswith(said["keyPrefix"]):
            found = {"counter": counter, "derivedKey": key.hex()}
            return packed(challenge, found), time.thread_time() - began
    raise AssertionError("no counter of this challenge solves it")


def packed(challenge: dict[str, Any], solution: dict[str, Any]) -> str:
    """As ALTCHA's clients write it."""
    said = {"challenge": challenge, "solution": solution}
    return base64.b64encode(json.dumps(said).encode()).decode()


def rounds_a_second() -> float:
    """PBKDF2-SHA256 rounds that a core of this machine does, measured for a quarter second."""
    began, done = time.thread_time(), 0
    while time.thread_time() - began < 0.25:
        hashlib.pbkdf2_hmac("sha256", b"nonce", b"salt", 4000, 32)
        done += 4000
    return done / (time.thread_time() - began)
