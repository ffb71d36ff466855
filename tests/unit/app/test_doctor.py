"""What `mustshare doctor` sees."""

import resource
from pathlib import Path

import pytest

from mustshare_api import __main__ as program
from mustshare_api.app import doctor
from mustshare_api.media import extras
from mustshare_api.settings import Settings


def findings(settings: Settings, dsn: str | None = None) -> dict[str, list[doctor.Finding]]:
    found: dict[str, list[doctor.Finding]] = {}
    for one in doctor.look_over(settings, dsn):
        found.setdefault(one.about, []).append(one)
    return found


def test_an_untouched_machine_is_told_that_it_is_an_evaluation(tmp_path: Path) -> None:
    """Nothing has to be mended, and nobody takes it for the real thing."""
    found = findings(Settings(data_dir=tmp_path / "var"))

    assert found["keys"][0].verdict == "think"
    assert found["crypto"][0].verdict == "ok"
    assert found["database"][0].said.startswith("embedded")


def test_every_measure_around_pictures_is_named(tmp_path: Path) -> None:
    """An operator sees which layer this kernel lacks, and why."""
    said = [one.said for one in findings(Settings(data_dir=tmp_path))["pictures"]]

    assert any(line.startswith("landlock: ") for line in said)
    assert any(line.startswith("seccomp: ") for line in said)


def test_every_extra_is_named_with_whether_it_is_here(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An operator sees why PDFs are refused, and that nothing is broken."""
    here = findings(Settings(data_dir=tmp_path))["extras"]
    monkeypatch.setattr(extras, "find_spec", lambda _: None)
    gone = findings(Settings(data_dir=tmp_path))["extras"]

    assert [one.said for one in here] == ["[pdf] installed", "[video] installed"]
    assert {one.verdict for one in (*here, *gone)} == {"ok"}
    assert all("not installed" in one.said for one in gone)


def test_roots_that_are_none_have_to_be_mended(tmp_path: Path) -> None:
    """The line is the one that a start would end with."""
    (tmp_path / "roots.pin").write_text("not roots", encoding="ascii")

    (keys,) = findings(Settings(data_dir=tmp_path, roots_file=tmp_path / "roots.pin"))["keys"]

    assert keys.verdict == "mend"
    assert "mustshare-key roots" in keys.said


def test_a_key_that_others_read_has_to_be_mended(tmp_path: Path) -> None:
    """With the command that mends it."""
    key = tmp_path / "server.key"
    key.touch()
    key.chmod(0o644)

    (tls,) = findings(Settings(data_dir=tmp_path, tls_key=key))["tls"]

    assert (tls.verdict, "chmod 600" in tls.said) == ("mend", True)


def test_swap_is_pointed_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Uploads wait in memory that a swapping machine would write to disk."""
    swaps = tmp_path / "swaps"
    swaps.write_text("Filename Type Size Used Priority\n/dev/sdb2 partition 1 0 -2\n")
    monkeypatch.setattr(doctor, "SWAPS", swaps)

    (swap,) = findings(Settings(data_dir=tmp_path))["swap"]

    assert (swap.verdict, "swapoff" in swap.said) == ("think", True)


def test_a_database_that_does_not_answer_has_to_be_mended(tmp_path: Path) -> None:
    """And the rest is looked at all the same."""
    found = findings(Settings(data_dir=tmp_path), "postgresql://u@127.0.0.1:9/tips")

    assert found["database"][0].verdict == "mend"
    assert "directory" not in found


@pytest.mark.parametrize(("days", "verdict"), [(0, "mend"), (3, "think"), (25, "ok")])
def test_a_directory_is_judged_by_the_days_it_has_left(days: int, verdict: str) -> None:
    """Two weeks are what it takes to bring two root holders to one table."""
    assert doctor._directory(days).verdict == verdict


def test_the_exit_code_says_whether_something_has_to_be_mended(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """For a deployment script to stop on."""
    monkeypatch.chdir(tmp_path)
    assert program.main(["doctor"]) == 0

    monkeypatch.setenv("MUSTSHARE_ROOTS_FILE", str(tmp_path / "none.pin"))
    assert program.main(["doctor"]) == 1
    assert "mend" in capsys.readouterr().out


def test_core_dumps_of_the_start_are_pointed_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The service turns them off for itself; before that there is a moment."""
    monkeypatch.setattr(resource, "getrlimit", lambda _: (0, -1))

    assert "cores" in findings(Settings(data_dir=tmp_path))
