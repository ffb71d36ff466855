"""What could be turned against its owner is not used, or stands in a list with its reason.

Read from the syntax trees of `src`, so that an import inside a function counts as well:

    SQL, patterns     a text that is written out, never put together from what came in
    code from data    no eval, no pickle, no shell
    the outside       the server has nothing that could ask another host for anything
    chance, hashes    the system's generator; nothing that is broken
    programs, kernel  the files that start programs or call C by themselves are named, each with
                      its reason, in docs/supply-chain.md
"""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.shape.tree import ROOT, SOURCE, python_files, shown, syntax_of

SQL_CALLS = {"execute", "executemany", "fetch", "fetchrow", "fetchval", "cursor"}

PASSED_ON = {"migrations.py: connection.execute(statements)"}
"""The numbered files of `store/schema`, whose digests the database remembers."""

CODE_FROM_DATA = {"eval", "exec", "compile", "__import__", "breakpoint"}
DATA_AS_CODE = {"pickle", "marshal", "shelve", "dill", "code", "xml", "yaml", "jinja2", "mako"}
SHELLS = {"system", "popen", "getoutput", "getstatusoutput", "create_subprocess_shell"}
ASKING = {"http.client", "urllib.request", "httpx", "requests", "aiohttp", "smtplib", "ftplib"}
CONNECTING = {"create_connection", "open_connection", "open_unix_connection", "connect_ex"}
CONNECTS = CONNECTING | {"connect", "sock_connect", "sendto", "create_datagram_endpoint"}
WEAK = {"md5", "sha1", "MD5", "SHA1", "ECB", "CBC", "TripleDES", "ARC4", "Blowfish", "PKCS1v15"}
CHANCE = {"random", "uuid", "numpy"}

ASKERS = {
    "src/mustshare_api/keytool/staff_door/answered.py",  # officers' tool, to its own staff door
    "src/mustshare_api/keytool/staff_door/dialling.py",  # likewise
    "src/mustshare_api/keytool/staff_door/door.py",  # likewise
    "src/mustshare_api/app/doctor/running.py",  # an operator's, to the operator door
    "src/mustshare_api/demo.py",  # `make demo`, to the service that it started
    "src/mustshare_api/app/delivering/sending.py",  # `mustshare deliver`, to judged addresses
}
"""The files that speak to an address. None of them is part of the serving process."""

REACHING = {
    *("Database.connect", "asyncpg.connect"),
    "sqlite3.connect",  # the key tool's files
    "src/mustshare_api/store/embedded.py",  # knocks at the socket of its own database
}
"""All other calls that connect."""

SENDERS = {
    "src/mustshare_api/app/delivering/process.py",  # a process of its own
    "src/mustshare_api/app/delivering/rounds.py",  # its work
    "src/mustshare_api/app/webhooks.py",  # an operator's command: set up, try out
}
"""The files that import the one that sends webhooks."""

Calls = Iterator[tuple[str, str, ast.Call]]


def calls_in(*below: Path) -> Calls:
    """Each call as (where, the last part of what is called, the call)."""
    for path in python_files(*below):
        for node in ast.walk(syntax_of(path)):
            if isinstance(node, ast.Call):
                name = getattr(node.func, "attr", getattr(node.func, "id", ""))
                yield shown(path), str(name), node


def imports_in(tree: ast.AST) -> set[str]:
    """Every module that a file imports, wherever in it."""
    found: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
    return found


def importers(modules: set[str]) -> set[str]:
    return {
        shown(path)
        for path in python_files(SOURCE)
        if imports_in(syntax_of(path)) & modules
        or {name.split(".")[0] for name in imports_in(syntax_of(path))} & modules
    }


def is_written_out(node: ast.expr) -> bool:
    """A literal, a choice between literals, or one whose holes are constants of the file."""
    match node:
        case ast.Constant():
            return True
        case ast.IfExp():
            return is_written_out(node.body) and is_written_out(node.orelse)
        case ast.JoinedStr():
            return all(is_written_out(part) for part in node.values)
        case ast.FormattedValue(value=ast.Name(id=name)):
            return name.isupper()
        case ast.Name(id=name):
            return name.isupper()
        case _:
            return False


def built(calls: Calls, names: set[str]) -> set[str]:
    """The calls of these names whose first argument is not written out."""
    return {
        f"{where}: {ast.unparse(call)}"
        for where, name, call in calls
        if name in names and call.args and not is_written_out(call.args[0])
    }


def test_sql_is_written_out_and_never_put_together() -> None:
    """No statement is made from a value; values go beside it, as parameters."""
    found = built(calls_in(SOURCE / "store"), SQL_CALLS)

    assert {one.removeprefix("src/mustshare_api/store/") for one in found} == PASSED_ON
    assert {Path(where).parts[2] for where in importers({"asyncpg"})} == {"store"}


def test_every_pattern_is_written_out() -> None:
    """No regular expression is made from what somebody sent."""
    own = ((w, n, c) for w, n, c in calls_in(SOURCE) if ast.unparse(c.func).startswith("re."))

    assert built(own, {"compile", "match", "search", "fullmatch", "sub", "split"}) == set()


def runs_code(name: str, call: ast.Call) -> bool:
    """Whether a call would run what it is given, as Python or by a shell."""
    if isinstance(call.func, ast.Name) and name in CODE_FROM_DATA:
        return True
    by_shell = any(word.arg == "shell" for word in call.keywords)
    return name in SHELLS or by_shell


def test_nothing_runs_a_shell_or_what_it_was_sent() -> None:
    """No eval, no pickle, no shell: input stays input."""
    running = [f"{where}: {n}" for where, n, call in calls_in(SOURCE) if runs_code(n, call)]

    assert running == []
    assert importers(DATA_AS_CODE) == set()


def test_the_server_asks_nobody_anything() -> None:
    """No URL that anyone sends is ever fetched: nothing of the server could fetch one.

    The key tool and the demo use `http.client`, which follows no redirect.
    """
    connecting = {where for where, name, _ in calls_in(SOURCE) if name in CONNECTING}

    assert importers(ASKING) | connecting == ASKERS


def test_what_else_connects_reaches_the_database_or_a_file() -> None:
    """A plain socket asks as well as a library does, and needs no import that stands out."""
    found = {
        (where if ast.unparse(call.func.value) == "knock" else ast.unparse(call.func))
        for where, name, call in calls_in(SOURCE)
        if name in CONNECTS and where not in ASKERS and isinstance(call.func, ast.Attribute)
    }

    assert found == REACHING


def test_only_the_sending_process_and_an_operator_s_command_can_send() -> None:
    """Nothing that the serving process is made of imports what connects out."""
    sending = "mustshare_api.app.delivering.sending"

    assert importers({sending}) == SENDERS
    assert importers({"mustshare_api.app.delivering.rounds"}) <= SENDERS
    assert importers({"mustshare_api.app.delivering.process"}) | importers(
        {"mustshare_api.app.delivering"}
    ) <= {"src/mustshare_api/__main__.py", *SENDERS}


def test_chance_comes_from_the_system() -> None:
    """Ids, receipts, keys and nonces come from `secrets`; no other generator is imported."""
    assert importers(CHANCE) == set()
    assert importers({"secrets"}) != set()


def test_no_weak_hash_or_mode_is_named() -> None:
    """None that is broken, none that does not authenticate."""
    named = {
        f"{shown(path)}: {getattr(node, 'attr', '')}"
        for path in python_files(SOURCE)
        for node in ast.walk(syntax_of(path))
        if isinstance(node, ast.Attribute) and node.attr in WEAK
    }

    assert named == set()
    assert {name for path in python_files(SOURCE) for name in imports_in(syntax_of(path))} & {
        f"hashlib.{weak}" for weak in WEAK
    } == set()
    by_name = [
        f"{where}: {ast.unparse(call)}"
        for where, _, call in calls_in(SOURCE)
        for told in call.args
        if isinstance(told, ast.Constant) and str(told.value).upper() in WEAK
    ]
    assert by_name == []


def starters() -> set[str]:
    """The files that start a program, fork, or call into C by themselves."""
    calling = {
        where
        for where, name, call in calls_in(SOURCE)
        if ast.unparse(call.func).startswith(("os.exec", "os.fork", "os.posix_spawn"))
        or name == "create_subprocess_exec"
    }
    return calling | importers({"ctypes", "subprocess", "multiprocessing"})


def test_what_starts_programs_or_calls_the_kernel_is_listed() -> None:
    """docs/supply-chain.md names each such file with its reason, and no other."""
    text = (ROOT / "docs" / "supply-chain.md").read_text(encoding="utf-8")
    section = text.split("## Dangerous parts of our own", 1)[1].split("\n## ", 1)[0]
    listed = set(re.findall(r"^\| `(src/[\w/]+\.py)` \| \S", section, re.MULTILINE))

    assert listed == starters()


@pytest.mark.parametrize(
    "planted",
    [
        "connection.fetch(f'SELECT {column} FROM tips')",
        "connection.execute('SELECT ' + column)",
        "connection.fetchval(statement)",
        "connection.execute('SELECT %s' % column)",
        "connection.fetch('SELECT {}'.format(column))",
    ],
)
def test_a_planted_statement_that_is_put_together_is_noticed(planted: str) -> None:
    """Whichever way Python has of putting a text together."""
    call = ast.parse(planted, mode="eval").body
    assert isinstance(call, ast.Call)

    assert not is_written_out(call.args[0])


@pytest.mark.parametrize(
    "planted", ["eval(text)", "os.system(text)", "run(text, shell=True)", "os.popen(text)"]
)
def test_a_planted_shell_is_noticed(planted: str) -> None:
    """By name, or by the argument that asks for one."""
    call = ast.parse(planted, mode="eval").body
    assert isinstance(call, ast.Call)

    assert runs_code(str(getattr(call.func, "attr", getattr(call.func, "id", ""))), call)
