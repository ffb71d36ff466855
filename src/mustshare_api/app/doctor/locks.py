"""What a picture worker and the service itself are locked in with on this machine."""

from collections.abc import Iterator

from mustshare_api.app import composition
from mustshare_api.app.doctor.finding import Finding, Verdict
from mustshare_api.app.process import confinement
from mustshare_api.media import extras
from mustshare_api.media.sandbox import IN_FORCE
from mustshare_api.settings import Settings


def look(settings: Settings, dsn: str | None) -> Iterator[Finding]:
    """Each measure by its name, and each extra."""
    yield from _pictures(settings)
    yield from _service(settings, dsn)
    for extra, here in extras.installed().items():
        said = (
            "installed" if here else "not installed: its kinds of file are refused with a hint"
        )
        yield Finding("ok", "extras", f"[{extra}] {said}")


def _pictures(settings: Settings) -> Iterator[Finding]:
    stripper = composition.start_stripper(settings)
    try:
        found = stripper.sandbox
    finally:
        stripper.close()
    if not found:
        said = "pictures are refused: no worker can be confined here (seccomp is needed)"
        yield Finding("mend", "pictures", said)
    for name, state in found.items():
        yield Finding(_verdict(state), "pictures", f"{name}: {state}")


def _service(settings: Settings, dsn: str | None) -> Iterator[Finding]:
    if settings.confinement == "off":
        said = (
            "the service is not locked in; take MUSTSHARE_CONFINEMENT=off out of its settings"
        )
        yield Finding("think", "confinement", said)
    for name, state in confinement.report(settings, dsn).items():
        yield Finding(_verdict(state), "confinement", f"{name}: {state}")


def _verdict(state: str) -> Verdict:
    return "ok" if state == IN_FORCE else "think"
