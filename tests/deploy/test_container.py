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

    others = [run for run in words_of("RUN") if run not in fetching]
    assert len(fetching) == 2
    assert [run.split()[0] for run in others] == ["install"]  # two empty folders
    assert ["--require-hashes" in run or "--no-deps" in run for run in fetching] == [True, True]
    assert not re.search(r"curl|wget|apt|https?://(?!example)", "".join(words_of("RUN")))


def test_nothing_that_installs_is_left_beside_the_service() -> None:
    """The virtual environment's own; what the base brings is the base's."""
    assert words_of("RUN")[1].rstrip().endswith("pip uninstall --yes setuptools pip")


def test_a_new_volume_belongs_to_the_user_that_serves() -> None:
    """Docker gives one to root where the image has no such folder, and then nothing is kept."""
    steps = [(name, rest) for name, rest in STEPS if name in {"RUN", "VOLUME", "USER"}]
    (name, made), volume, user = steps[-3:]

    assert (name, volume[1], user[1]) == ("RUN", "/var/lib/mustshare", "10001:10001")
    assert made.split()[:7] == ["install", "-d", "-m", "700", "-o", "10001", "-g"]
    assert "/var/lib/mustshare" in made.split()


def test_both_ways_to_run_it_stop_when_they_are_told() -> None:
    """At a start too, when a first process has no handler yet; and requests may end."""
    quadlet, composed = directives(FOLDER / "mustshare.container"), compose()

    assert (quadlet["RunInit"], composed["init"]) == (["true"], True)
    assert "--stop-timeout=30" in quadlet["PodmanArgs"]
    assert composed["stop_grace_period"] == "30s"
    assert int(quadlet["TimeoutStopSec"][0]) > 30


def test_the_nightly_backup_is_written_where_the_container_may_write() -> None:
    """To a folder of the host's, sealed to a recipient that is there."""
    run = directives(FOLDER / "mustshare-backup.service")["ExecStart"]
    into, to = run[run.index("--into") + 1], run[run.index("--to") + 1]
    volumes = directives(FOLDER / "mustshare.container")["Volume"]

    for mounted in (" ".join(volumes), " ".join(compose()["volumes"])):
        assert f":{into}" in mounted
        assert f":{to}:ro" in mounted


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
