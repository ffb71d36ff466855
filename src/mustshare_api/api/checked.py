"""Fields that a schema cannot judge: is there such a place, which part of a number is wrong.

Only what comes in clear passes here. What is sealed before it is sent is checked by the front
end that seals it, and shown by the key tool as what it is.
"""

from collections.abc import Sequence
from datetime import datetime

from mustshare_api.api.wire import ContractingProcess, EgpProject
from mustshare_api.clock import bangkok_day
from mustshare_api.domain.message import ProcurementRef
from mustshare_api.domain.places import find_place
from mustshare_api.domain.procurement import Scheme, fault
from mustshare_api.errors import FieldError, Malformed


def place(code: str | None, pointer: str) -> str | None:
    """The same code, if there is or was such a place.

    One that was abolished is taken as it came: the list of a front end may be old, a tip is not
    turned away for that, and staff are shown what the place is called today.

    Raises:
        Malformed: `place.unknown` at the pointer.
    """
    if code is not None and find_place(code) is None:
        raise _field(pointer, "place.unknown")
    return code


def procurement(
    refs: Sequence[EgpProject | ContractingProcess], now: datetime
) -> list[ProcurementRef]:
    """The same references, each held to its form and to the calendar.

    Raises:
        Malformed: which part of the first wrong one is wrong.
    """
    today = bangkok_day(now)
    found: list[ProcurementRef] = []
    for index, ref in enumerate(refs):
        scheme: Scheme = "TH-EGP" if isinstance(ref, EgpProject) else "OCID"
        if (wrong := fault(scheme, ref.id, today)) is not None:
            raise _field(f"/procurement_refs/{index}/id", wrong)
        found.append(ProcurementRef(scheme, ref.id))
    return found


def _field(pointer: str, code: str) -> Malformed:
    return Malformed("request.invalid_fields", errors=(FieldError(pointer, code),))


def check_text(text: str, limit_bytes: int) -> None:
    """That a text is one: not too long in bytes, no NUL, not blank.

    Raises:
        Malformed: with the pointer `/text`.
    """
    if len(text.encode()) > limit_bytes:
        raise Malformed(
            "request.invalid_fields", errors=(FieldError("/text", "field.too_long"),)
        )
    if "\0" in text or not text.strip():
        raise Malformed(
            "request.invalid_fields", errors=(FieldError("/text", "field.wrong_form"),)
        )
