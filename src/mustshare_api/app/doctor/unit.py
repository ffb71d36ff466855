"""What systemd holds our processes to, as they really run: a drop-in may have changed it."""

import shutil
import subprocess
from collections.abc import Iterable, Iterator, Mapping
from types import MappingProxyType
from typing import Final

from mustshare_api.app.doctor.finding import Finding

NAME: Final = "mustshare.service"
WANTED: Final[Mapping[str, tuple[str, str]]] = MappingProxyType(
    {
        "MemorySwapMax": ("0", "its memory may be swapped to a disk"),
        "LimitCORE": ("0", "a crash while it starts may write memory to a disk"),
        "UMask": ("0077", "others may read what it writes"),
        "NoNewPrivileges": ("yes", "a taken-over service may gain rights"),
        "CapabilityBoundingSet": ("", "it has rights of root"),
        "ProtectSystem": ("strict", "a taken-over service may write outside its folder"),
        "PrivateNetwork": ("yes", "a taken-over service may send what it sees elsewhere"),
        "MemoryDenyWriteExecute": ("yes", "a taken-over service may run code of its own"),
    }
)
DELIVERING: Final = "mustshare-deliver.service"
WANTED_OF_DELIVERING: Final[Mapping[str, tuple[str, str]]] = MappingProxyType(
    {name: told for name, told in WANTED.items() if name != "PrivateNetwork"}
)
"""It has to connect out; all else is as for the service."""

_PATIENCE_S: Final = 10


def look() -> Iterator[Finding]:
    """Each directive of the service that differs from the unit in deploy/systemd."""
    told = shown(NAME, WANTED)
    if told is None or not _loaded(told):
        said = (
            "it is not run by systemd here: see deploy/systemd for what that would hold it to"
        )
        yield Finding("think", "unit", said)
        return
    yield from bounds("unit", NAME, told, WANTED)


def is_loaded() -> bool:
    """Whether systemd runs the service here, or would."""
    told = shown(NAME, ())
    return told is not None and _loaded(told)


def _loaded(told: Mapping[str, str]) -> bool:
    return told.get("LoadState") == "loaded"


def bounds(
    about: str, name: str, told: Mapping[str, str], wanted: Mapping[str, tuple[str, str]]
) -> Iterator[Finding]:
    """Each directive of a unit that differs from what is wanted of it."""
    right = 0
    for directive, (value, why) in wanted.items():
        if told.get(directive) == value:
            right += 1
        else:
            now = told.get(directive) or "not set"
            said = f"{directive} is {now} and should be {value or 'empty'}: {why}"
            yield Finding("think", about, said, f"systemctl edit {name}")
    yield Finding("ok", about, f"{right} of its {len(wanted)} most needful bounds are set")


def shown(name: str, wanted: Iterable[str]) -> dict[str, str] | None:
    """What systemd says of a unit; None where there is none to ask."""
    tool = shutil.which("systemctl")
    if tool is None:
        return None
    asked = ",".join(("LoadState", "ActiveState", *wanted))
    try:
        said = subprocess.run(  # noqa: S603 - systemd's own, no input from anyone
            [tool, "show", name, f"--property={asked}"],
            capture_output=True,
            text=True,
            check=False,
            timeout=_PATIENCE_S,
        ).stdout
    except (OSError, subprocess.TimeoutExpired):
        return None
    lines = (line.partition("=") for line in said.splitlines())
    return {directive: value for directive, _, value in lines}
