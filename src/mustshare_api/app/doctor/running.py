"""What the running service says of itself at the operator door.

The doctor tries measures out in a process of its own; only the service knows which of them hold
it. The door asks for no key, so this is what any alarm would see as well.
"""

import json
import ssl
from collections.abc import Iterator
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from typing import Any, Final

from mustshare_api.app.doctor.finding import Finding
from mustshare_api.app.evaluation import home_of
from mustshare_api.settings import Settings

PATIENCE_S: Final = 5
_ANSWER_LIMIT_BYTES: Final = 1 << 16
_OK: Final = 200


def look(settings: Settings) -> Iterator[Finding]:
    """Whether it answers, is ready, and what is missing from its locks."""
    try:
        status, told = _ask(settings)
    except (OSError, HTTPException, ValueError, TypeError):
        said = f"it does not answer at its operator door, {settings.operator_address}"
        by_hand = settings.roots_file is None
        run = "make run" if by_hand else "systemctl status mustshare.service"
        yield Finding("think", "service", said, run)
        return
    if status != _OK:
        yield Finding("mend", "service", f"it takes no tips: {told.get('code', status)}")
        return
    yield Finding("ok", "service", "it answers and takes tips")
    for about in ("sandbox_missing", "confinement_missing"):
        if missing := told.get(about):
            said = f"not in force in the running service: {' '.join(map(str, missing))}"
            yield Finding("think", "service", said)


def takes_tips(settings: Settings) -> bool:
    """Whether the running service is ready, in one word."""
    try:
        return _ask(settings)[0] == _OK
    except (OSError, HTTPException, ValueError, TypeError):
        return False


def _ask(settings: Settings) -> tuple[int, dict[str, Any]]:
    connection = _connection(settings)
    try:
        connection.request("GET", "/health/ready")
        answer = connection.getresponse()
        told = json.loads(answer.read(_ANSWER_LIMIT_BYTES))
        return answer.status, dict(told)
    finally:
        connection.close()


def _connection(settings: Settings) -> HTTPConnection:
    door = settings.operator_address
    if settings.tls == "behind-proxy":
        return HTTPConnection(door.host, door.port, timeout=PATIENCE_S)
    context = ssl.create_default_context()
    # It is this machine's own, by address: what is compared is the key, not a name.
    context.check_hostname = False
    authority = settings.tls_cert or home_of(settings) / "ca.pem"
    context.load_verify_locations(cafile=authority)
    context.verify_flags |= ssl.VERIFY_X509_PARTIAL_CHAIN
    return HTTPSConnection(door.host, door.port, timeout=PATIENCE_S, context=context)
