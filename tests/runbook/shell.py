"""What a person types besides our own two tools: files, archives, a database, curl.

Each is as much of the program as the document needs. PostgreSQL's own programs are run as they
are, beside the server that the tests run, against the database of the machine.
"""

import json
import os
import re
import shutil
import ssl
import subprocess
import tarfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx

from mustshare_api.crypto import bech32
from mustshare_api.store import programs
from tests.postgres import in_database
from tests.vectors import age_reader

Shell = Callable[[Sequence[str]], tuple[str, int]]


def copy(argv: Sequence[str]) -> tuple[str, int]:
    """`cp [-r] SOURCE... TARGET`."""
    *sources, target = (word for word in argv if word != "-r")
    for source in map(Path, sources):
        if source.is_dir():
            shutil.copytree(
                source, Path(target, source.name) if Path(target).exists() else target
            )
        else:
            shutil.copy(source, target)
    return "", 0


def remove(argv: Sequence[str]) -> tuple[str, int]:
    """`rm [-r] FILE...`."""
    for file in (Path(word) for word in argv if word != "-r"):
        shutil.rmtree(file) if file.is_dir() else file.unlink()
    return "", 0


def move(argv: Sequence[str]) -> tuple[str, int]:
    """`mv FILE... TARGET`."""
    *sources, target = argv
    for source in sources:
        shutil.move(source, target)
    return "", 0


def make_folder(argv: Sequence[str]) -> tuple[str, int]:
    """`mkdir FOLDER`."""
    Path(*argv).mkdir(mode=0o700)
    return "", 0


def print_file(argv: Sequence[str]) -> tuple[str, int]:
    """`cat FILE...`."""
    return "".join(Path(word).read_text(encoding="utf-8") for word in argv), 0


def search(argv: Sequence[str]) -> tuple[str, int]:
    """`grep -c -e WORDS... FILE`: how many lines of a file have any of the words."""
    *options, file = argv
    wanted = [word.encode() for word in options if word not in {"-c", "-e"}]
    lines = Path(file).read_bytes().split(b"\n")
    count = sum(any(word in line for word in wanted) for line in lines)
    return f"{count}\n", 0 if count else 1


def substitute(argv: Sequence[str]) -> tuple[str, int]:
    """`sed -i s/WHAT/BY/ FILE`, once; fails where a file has nothing of it."""
    _, script, file = argv
    _, what, by, _ = script.split("/")
    text, times = re.subn(what, lambda _: by, Path(file).read_text(encoding="utf-8"), count=1)
    Path(file).write_text(text, encoding="utf-8")
    return "", 0 if times else 1


def extract(argv: Sequence[str]) -> tuple[str, int]:
    """`tar xf ARCHIVE -C FOLDER`."""
    _, archive, _, folder = argv
    with tarfile.open(archive) as opened:
        opened.extractall(folder, filter="data")
    return "", 0


def open_age(argv: Sequence[str]) -> tuple[str, int]:
    """`age -d -i KEY -o OUT FILE`, by a reader of the format that has no line of ours."""
    _, _, identity, _, out, file = argv
    lines = Path(identity).read_text(encoding="ascii").splitlines()
    secret = next(line for line in lines if line.startswith("AGE-SECRET-KEY-PQ-1"))
    seed = bech32.decode("age-secret-key-pq-", secret.lower())
    Path(out).write_bytes(age_reader.read(Path(file).read_bytes(), seed))
    return "", 0


def database_program(argv: Sequence[str], dsn: str) -> tuple[str, int]:
    """PostgreSQL's programs; the database `mustshare` is this machine's own."""
    name = urlsplit(dsn).path.removeprefix("/")
    program, *options = (_named(word, name) for word in argv)
    at = in_database(dsn, "postgres" if program == "createdb" else name)
    query = dict(part.split("=", 1) for part in urlsplit(at).query.split("&"))
    where = {
        "PGHOST": httpx.URL(f"http://x/?host={query['host']}").params["host"],
        "PGPORT": query.get("port", "5432"),
        "PGUSER": urlsplit(dsn).username or "mustshare",
    }
    ran = subprocess.run(
        [programs.find().directory / program, *options],
        env={**os.environ, **where},
        capture_output=True,
        text=True,
        check=False,
    )
    return ran.stdout + ran.stderr, ran.returncode


def _named(word: str, name: str) -> str:
    """A word in which `mustshare` stands for a database."""
    option, is_option, value = word.rpartition("=")
    return f"{option}{is_option}{name}" if value == "mustshare" else word


def fetch(argv: Sequence[str], trusted: ssl.SSLContext) -> tuple[str, int]:
    """`curl`, whose answers are shown a field a line and without their padding."""
    request: dict[str, Any] = {"method": "GET", "headers": {}}
    out: str | None = None
    rest = iter(argv)
    for word in rest:
        match word:
            case "--json":
                request |= {"method": "POST", "content": _body(next(rest))}
                request["headers"]["content-type"] = "application/json"
            case "-H":
                name, _, value = next(rest).partition(": ")
                request["headers"][name] = value
            case "-X":
                request["method"] = next(rest)
            case "-o":
                out = next(rest)
            case _:
                request["url"] = word
    with httpx.Client(verify=trusted, trust_env=False) as client:
        answer = client.request(**request)
    if out is not None:
        Path(out).write_text(answer.text, encoding="utf-8")
        return "", 0 if answer.is_success else 22
    return _pretty(answer.text), 0 if answer.is_success else 22


def _body(word: str) -> bytes:
    return Path(word[1:]).read_bytes() if word.startswith("@") else word.encode()


def _pretty(text: str) -> str:
    try:
        read: object = json.loads(text)
    except ValueError:
        return text
    if isinstance(read, dict):
        read = {name: each for name, each in read.items() if name != "padding"}
    return json.dumps(read, ensure_ascii=False, indent=2)


PROGRAMS: dict[str, Shell] = {
    "age": open_age,
    "cp": copy,
    "mv": move,
    "rm": remove,
    "mkdir": make_folder,
    "cat": print_file,
    "grep": search,
    "sed": substitute,
    "tar": extract,
}
"""Those that need nothing but files."""
