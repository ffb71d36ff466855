"""The image and how it is run, as far as the files alone tell. No registry is asked here."""

import re
from typing import Any

import yaml  # type: ignore[import-untyped]

from tests.deploy.unit_file import directives
from tests.shape.tree import ROOT

FOLDER = ROOT / "deploy" / "container"
TEXT = (FOLDER / "Containerfile").read_text()
STEPS = [
    step.split(maxsplit=1)
    for step in re.sub(r"#.*\n", "", TEXT).replace("\\\n", " ").splitlines()
    if step.strip()
]


def words_of(step: str) -> list[str]:
    """What stands after each step of a kind."""
    return [rest for name, rest in STEPS if name == step]


def compose() -> dict[str, Any]:
    """The one service of the compose file."""
    read = yaml.safe_load((FOLDER / "compose.yaml").read_text())
    return dict(read["services"]["mustshare"])


def test_no_image_is_built_from_whatever_a_tag_points_to() -> None:
    """The base is an argument without a default: a digest that somebody chose."""
    assert words_of("ARG") == ["BASE"]
    assert {base.split()[0] for base in words_of("FROM")} == {"${BASE}"}
    assert ":latest" not in TEXT


def test_only_what_serves_is_copied_in() -> None:
    """No `.env`, no `var/`, no tests: neither named nor let into the build."""
    sources = {word for copy in words_of("COPY") for word in copy.split()[:-1]}
    ignored = (FOLDER / "Containerfile.dockerignore").read_text().split("\n")

    assert sources == {
        "requirements.lock", "pyproject.toml", "README.md", "src",
        "--from=build", "/srv/mustshare/.venv",
    }  # fmt: skip
    assert "*" in ignored
    assert not words_of("ADD")


def test_what_is_installed_is_checked_against_its_hash() -> None:
    """And nothing else is fetched while it is built: no curl, no apt, no sh from a pipe."""
    fetching = [run for run in words_of("RUN") if "pip install" in run]

    assert len(fetching) == len(words_of("RUN")) == 2
    assert ["--require-hashes" in run or "--no-deps" in run for run in fetching] == [True, True]
    assert not re.search(r"curl|wget|apt|https?://(?!example)", "".join(words_of("RUN")))


def test_the_image_is_nobodys_root_and_holds_no_secret() -> None:
    """By number, so that an orchestrator can check it; settings come when it runs."""
    last = [name for name, _ in STEPS].index("FROM", 2)
    after = dict(STEPS[last:])

    assert after["USER"] == "10001:10001"
    assert set(re.findall(r"(\w+)=", after["ENV"])) == {
        "MUSTSHARE_DATA_DIR",
        "PGUSER",
        "PYTHONDONTWRITEBYTECODE",
    }
    assert not re.search(r"(?i)password|secret|token|BEGIN ", TEXT.partition("ARG BASE")[2])


def test_it_is_started_and_asked_without_a_shell() -> None:
    """Lists, not sentences: nothing is there to read a sentence."""
    commands = words_of("ENTRYPOINT") + words_of("CMD")
    check = words_of("HEALTHCHECK")[0].partition("CMD ")[2]

    assert all(command.startswith("[") for command in (*commands, check))
    assert check == '["/srv/mustshare/.venv/bin/mustshare", "health"]'


def test_both_ways_to_run_it_take_everything_away() -> None:
    """Read-only, no capability, no new rights, no swap, no core, no log driver."""
    quadlet = directives(FOLDER / "mustshare.container")
    composed = compose()

    assert (quadlet["ReadOnly"], composed["read_only"]) == (["true"], True)
    assert (quadlet["DropCapability"], composed["cap_drop"]) == (["all"], ["ALL"])
    assert (quadlet["NoNewPrivileges"], composed["security_opt"]) == (
        ["true"],
        ["no-new-privileges:true"],
    )
    assert (quadlet["LogDriver"], composed["logging"]["driver"]) == (["none"], "none")
    assert {"--memory=3g", "--memory-swap=3g", "--ulimit=core=0:0"} <= set(
        quadlet["PodmanArgs"]
    )
    assert composed["mem_limit"] == composed["memswap_limit"]
    assert composed["ulimits"]["core"] == 0


def test_no_door_is_published() -> None:
    """They stay on the host's loopback, where the proxy is."""
    assert not {"ports", "expose", "privileged"} & compose().keys()
    assert "PublishPort" not in directives(FOLDER / "mustshare.container")
