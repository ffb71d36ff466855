"""What `mustshare doctor` finds of the machine, of systemd and of what locks the service in."""

import resource
from pathlib import Path
from typing import ClassVar

import pytest

from mustshare_api.app import composition
from mustshare_api.app.doctor import (
    locks,
    machine,
    unit,
)
from mustshare_api.app.process import confinement
from mustshare_api.kernel import landlock
from mustshare_api.media import extras
from mustshare_api.settings import Settings
from tests.unit.app.findings import fake_systemctl, said

SWAPS_HEADING = "Filename Type Size Used Priority\n"


def test_swap_is_pointed_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Uploads wait in memory that a swapping machine would write to disk."""
    swaps = tmp_path / "swaps"
    swaps.write_text(SWAPS_HEADING + "/dev/sdb2 partition 1 0 -2\n")
    monkeypatch.setattr(machine, "SWAPS", swaps)

    ((verdict, words),) = said(machine.look(Settings()), "swap")

    assert (verdict, "swapoff" in words) == ("think", True)


def test_swap_that_cannot_be_seen_is_not_taken_for_none(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A container may hide it."""
    monkeypatch.setattr(machine, "SWAPS", tmp_path / "none")

    assert [v for v, _ in said(machine.look(Settings()), "swap")] == ["unseen"]


def test_core_dumps_of_the_start_are_pointed_out(monkeypatch: pytest.MonkeyPatch) -> None:
    """The service turns them off for itself; before that there is a moment."""
    monkeypatch.setattr(resource, "getrlimit", lambda _: (0, -1))

    assert [v for v, _ in said(machine.look(Settings()), "cores")] == ["think"]


def test_core_dumps_are_left_to_the_unit_where_there_is_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Else nobody who did as docs/deploy.md says would ever be told that all is well."""
    monkeypatch.setattr(resource, "getrlimit", lambda _: (0, -1))
    fake_systemctl(tmp_path, monkeypatch, {"LoadState": "loaded"})

    assert said(machine.look(Settings()), "cores") == []


def test_few_open_files_are_pointed_out(monkeypatch: pytest.MonkeyPatch) -> None:
    """A thousand slow clients would leave none for honest ones."""
    monkeypatch.setattr(resource, "getrlimit", lambda _: (1024, 1024))

    ((verdict, words),) = said(machine.look(Settings()), "limits")

    assert (verdict, "LimitNOFILE" in words) == ("think", True)


@pytest.mark.parametrize(("kept", "verdict"), [(True, "ok"), (False, "think")])
def test_a_clock_that_nothing_keeps_is_pointed_out(
    monkeypatch: pytest.MonkeyPatch, kept: bool, verdict: str
) -> None:
    """Signed requests may be a minute off at most."""
    monkeypatch.setattr(machine, "clock_is_set", lambda: kept)

    assert [v for v, _ in said(machine.look(Settings()), "clock")] == [verdict]


def test_the_kernel_is_asked_whether_the_clock_is_kept() -> None:
    """Read only: asking takes no right and changes nothing."""
    assert machine.clock_is_set() in (True, False)


def test_a_full_disk_has_to_be_mended(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the data will be, even if its folder is not there yet."""
    monkeypatch.setattr(machine, "LEAST_FREE_BYTES", 1 << 60)

    ((verdict, words),) = said(machine.look(Settings(data_dir=tmp_path / "a/b")), "disk")

    assert (verdict, str(tmp_path) in words) == ("mend", True)


def test_a_kernel_without_landlock_or_user_namespaces_is_pointed_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each takes one layer from around the picture worker."""

    def missing() -> int:
        raise OSError(38, "Function not implemented")

    none = tmp_path / "none"
    none.write_text("0\n")
    monkeypatch.setattr(landlock, "version", missing)
    monkeypatch.setattr(machine, "CLONE_REFUSED", none)

    words = [w for v, w in said(machine.look(Settings()), "kernel") if v == "think"]

    assert ["Landlock" in words[0], "user namespaces" in words[1]] == [True, True]


def test_every_measure_around_pictures_and_the_service_is_named(tmp_path: Path) -> None:
    """An operator sees which layer this kernel lacks, and why."""
    found = list(locks.look(Settings(data_dir=tmp_path), None))
    pictures, service = ([one.said for one in found if one.about == about] for about in LOCKED)

    assert {"landlock", "seccomp"} <= {line.partition(":")[0] for line in pictures}
    assert {"files", "calls"} <= {line.partition(":")[0] for line in service}


LOCKED = ("pictures", "confinement")


def test_pictures_that_would_be_refused_have_to_be_mended(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """No worker can be locked in, so none is started."""

    class Nothing:
        sandbox: ClassVar[dict[str, str]] = {}

        def close(self) -> None:
            """Has nothing to close."""

    monkeypatch.setattr(composition, "start_stripper", lambda _: Nothing())

    assert [v for v, _ in said(locks.look(Settings(), None), "pictures")] == ["mend"]


def test_a_measure_that_is_missing_or_turned_off_is_pointed_out(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """By its name, with the system's reason."""
    monkeypatch.setattr(confinement, "report", lambda _settings, _dsn: {"files": "not here"})

    missing = said(locks.look(Settings(), None), "confinement")
    off = said(locks.look(Settings(confinement="off"), None), "confinement")

    assert missing == [("think", "files: not here ")]
    assert "MUSTSHARE_CONFINEMENT=off" in off[0][1]


def test_every_extra_is_named_with_whether_it_is_here(monkeypatch: pytest.MonkeyPatch) -> None:
    """An operator sees why PDFs are refused, and that nothing is broken."""
    here = said(locks.look(Settings(), None), "extras")
    monkeypatch.setattr(extras, "find_spec", lambda _: None)
    gone = said(locks.look(Settings(), None), "extras")

    assert [words.strip() for _, words in here] == ["[pdf] installed", "[video] installed"]
    assert all(v == "ok" and "not installed" in words for v, words in gone)


def systemctl_of(folder: Path, monkeypatch: pytest.MonkeyPatch, **shown: str) -> None:
    """A `systemctl` that tells these, and for the rest what the shipped unit has."""
    told = {"LoadState": "loaded"} | {k: v for k, (v, _) in unit.WANTED.items()} | shown
    fake_systemctl(folder, monkeypatch, told)


def test_the_shipped_unit_is_found_good(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Every directive that is looked at is one it sets."""
    systemctl_of(tmp_path, monkeypatch)

    assert [v for v, _ in said(unit.look(), "unit")] == ["ok"]


@pytest.mark.parametrize("name", unit.WANTED)
def test_a_directive_that_a_drop_in_changed_is_pointed_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    """With what it would let happen."""
    systemctl_of(tmp_path, monkeypatch, **{name: "changed"})

    (verdict, words), _ = said(unit.look(), "unit")

    assert (verdict, unit.WANTED[name][1] in words) == ("think", True)


@pytest.mark.parametrize("state", ["not-found", None])
def test_a_service_that_systemd_does_not_run_is_pointed_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, state: str | None
) -> None:
    """Nor is a machine without systemd a fault."""
    monkeypatch.setenv("PATH", str(tmp_path))
    if state:
        systemctl_of(tmp_path, monkeypatch, LoadState=state)

    assert [v for v, _ in said(unit.look(), "unit")] == ["think"]
