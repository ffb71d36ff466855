"""What two generators make of the contract compiles, and talks to a real service."""

import json
import shutil
from pathlib import Path

import pytest

from tests.clients.conftest import PHOTO
from tests.clients.running import run
from tests.programs import program
from tests.shape.tree import ROOT

HERE = Path(__file__).parent
CONTRACT = ROOT / "openapi" / "openapi.json"


@pytest.fixture(scope="session")
def typescript(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The front end in TypeScript, compiled, beside what it needs."""
    folder = tmp_path_factory.mktemp("typescript")
    for name in ("package.json", "package-lock.json", "tsconfig.json", "front_end.ts"):
        shutil.copy(HERE / name, folder)
    npm = program("npm")
    run([npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund"], folder)
    run(
        [
            npm,
            "exec",
            "--",
            "openapi-typescript",
            CONTRACT,
            "--default-non-nullable=false",
            "-o",
            "contract.d.ts",
        ],
        folder,
    )
    run([npm, "exec", "--", "tsc", "-p", "."], folder)
    return folder


@pytest.fixture(scope="session")
def python(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The front end in Python, beside the client that was made for it."""
    folder = tmp_path_factory.mktemp("python")
    shutil.copy(HERE / "front_end.py", folder)
    generator = program("openapi-python-client")
    given: list[str | Path] = ["--path", CONTRACT, "--config", HERE / "python.yaml"]
    wanted: list[str | Path] = ["--meta", "none", "--output-path", folder / "must_share_client"]
    said = run([generator, "generate", *given, *wanted], folder)
    assert "WARNING" not in said, said
    run([generator.parent / "python", "-m", "compileall", "-q", folder], folder)
    return folder


def check_told(said: str, slug: str) -> None:
    """What a front end has to have been told, whatever it is written in."""
    told = json.loads(said)
    assert told["open"] is True
    assert told["receipt"] is None, "it made its own"
    assert "location" in told["removed"]
    assert (told["state"], told["follow_ups"]) == ("received", 0)
    assert told["cases"] == [slug]
    assert (told["campaigns"], told["provinces"]) == (0, 77)
    assert told["refused"] == "receipt.unknown"


def test_a_front_end_in_typescript_compiles_and_tells(
    typescript: Path, slug: str, reach: dict[str, str]
) -> None:
    """Strictly typed by openapi-typescript, run by Node.js."""
    check_told(run([program("node"), "front_end.js", PHOTO], typescript, reach), slug)


def test_a_front_end_in_python_compiles_and_tells(
    python: Path, slug: str, reach: dict[str, str]
) -> None:
    """Typed by openapi-python-client, run in the generator's environment."""
    interpreter = program("openapi-python-client").parent / "python"
    check_told(run([interpreter, "front_end.py", PHOTO], python, reach), slug)
