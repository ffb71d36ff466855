"""What systemd holds the service to, as it really runs: a drop-in may have changed it."""

import shutil
import subprocess
from collections.abc import Iterator, Mapping
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
_PATIENCE_S: Final = 10


def look() -> Iterator[Finding]:
    """Each directive that differs from the unit in deploy/systemd."""
    told = _shown()
    if told is None or told.get("LoadState") != "loaded":
        said = (
            "it is not run by systemd here: see deploy/systemd for what that would hold it to"
        )
        yield Finding("think", "unit", said)
        return
    right = 0
    for name, (value, why) in WANTED.items():
        if told.get(name) == value:
            right += 1
        else:
            said = f"{name} is {told.get(name) or 'not set'} and should be {value}: {why}"
            yield Finding("think", "unit", said, f"systemctl edit {NAME}")
    yield Finding("ok", "unit", f"{right} of its {len(WANTED)} most needful bounds are set")


def _shown() -> dict[str, str] | None:
    tool = shutil.which("systemctl")
    if tool is None:
        return None
    asked = ",".join(("LoadState", *WANTED))
    try:
        said = subprocess.run(  # noqa: S603 - systemd's own, no input from anyone
            [tool, "show", NAME, f"--property={asked}"],
            capture_output=True,
            text=True,
            check=False,
            timeout=_PATIENCE_S,
        ).stdout
    except (OSError, subprocess.TimeoutExpired):
        return None
    lines = (line.partition("=") for line in said.splitlines())
    return {name: value for name, _, value in lines}
