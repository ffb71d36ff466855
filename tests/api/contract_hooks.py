"""What schemathesis cannot make up: receipts of real tips, signatures, objects, pictures.

Loaded by schemathesis in the process of `test_contract_run`, which sets `PLAYED` first. Only
what is meant to be right is replaced; whatever it makes wrong on purpose goes out as it is.
"""

import hashlib
import secrets
from dataclasses import dataclass
from functools import partial
from typing import Any, cast

import requests
import schemathesis
from schemathesis import GenerationMode
from schemathesis.core.failures import AcceptedNegativeData
from schemathesis.openapi.checks import RejectedPositiveData

from mustshare_api.crypto.envelope import Kind, parse_head
from mustshare_api.domain.message import AttachmentName
from tests.api.certified import PURPOSE, certified
from tests.api.contract_existing import drawn_as, existing, leave_out
from tests.api.contract_letters import docket, entries, reply, to_reporter
from tests.api.contract_pages import readable
from tests.api.contract_partner import about_solution, show_key
from tests.api.contract_signing import Signature, about_signature, anew, first_object
from tests.api.contract_witness import cosigned
from tests.api.forms import LEAD, encoded
from tests.api.front_end import FrontEnd, sealed_file
from tests.api.served import Served
from tests.doors import made_up_receipt, with_receipt

CERTIFICATE = b"a hand-over certificate"

LONGEST_BYTES = 30 << 20
"""Of a file. The limit is a setting, so no schema has it."""

CALLS_A_TIP = 60
"""A tip takes 40 files: later calls are about another one."""


@dataclass
class Played:
    """The reporter whose tip the calls are about."""

    served: Served
    _tip: FrontEnd | None = None
    _calls: int = 0

    def tip(self) -> FrontEnd:
        """A tip that is there; a fresh one every so often."""
        self._calls += 1
        if self._tip is None or self._calls % CALLS_A_TIP == 0:
            self._tip = self.new_tip()
        return self._tip

    def front_end(self) -> FrontEnd:
        """A reporter who has sent nothing yet."""
        org = self.served.org
        return FrontEnd(org.deployment_id, org.recipients())

    def new_tip(self) -> FrontEnd:
        """A tip that was just sent."""
        made = self.front_end()
        url = f"{self.served.url('reporter')}/v1/tips"
        headers = {"content-type": "application/octet-stream"}
        answer = requests.post(url, data=made.tip(), headers=headers, timeout=30)
        assert answer.status_code == 201, answer.text
        self._answer(made)
        return made

    def _answer(self, tip: FrontEnd) -> None:
        """Staff write back, with a file, so that there is something to read and fetch."""
        officer = self.served.org.officers[0]
        words, file_id = secrets.token_bytes(16), secrets.token_bytes(16)
        at = f"{self.served.url('staff')}/v1/tips/{tip.tip_id.hex()}"
        prefix, recipients = to_reporter(tip, Kind.ATTACHMENT_FROM_STAFF, file_id)
        octets = sealed_file(prefix, recipients, CERTIFICATE)
        send = partial(requests.request, auth=signature(), timeout=30)
        kept = send(
            "PUT", f"{at}/attachments/{file_id.hex()}?follow_up={words.hex()}", data=octets
        )
        assert kept.status_code == 201, kept.text
        name = AttachmentName(
            id=file_id.hex(),
            sha256=hashlib.sha256(CERTIFICATE).hexdigest(),
            media_type="text/plain",
            size_bytes=len(CERTIFICATE),
        )
        told = send("POST", f"{at}/follow-ups", data=reply(officer, tip, words, [name]))
        assert told.status_code == 201, told.text


PLAYED: list[Played] = []
MADE: set[bytes] = set()
"""SHA-256 of the bodies that were put in place of generated ones."""


@schemathesis.auth(refresh_interval=None).apply_to(tag="reporter")
class Receipt:
    """A receipt of a tip that is there. What ends or fills a tip gets one of its own."""

    def get(self, case: Any, _context: Any) -> FrontEnd:
        played = PLAYED[-1]
        own = name_of(case) in {"withdrawTip", "beginUpload", "rotateReceipt"}
        return played.new_tip() if own else played.tip()

    def set(self, case: Any, data: FrontEnd, _context: Any) -> None:
        if name_of(case) != "sendTip":
            case.headers.update(with_receipt(data.digits))
        show_key(case, PLAYED[-1].served)
        put_object(case)


def signature() -> Signature:
    """That of the officer who asks."""
    return Signature(PLAYED[-1].served.org.officers[0])


@schemathesis.auth(refresh_interval=None).apply_to(tag="staff")
class Officers:
    """Lets every request to the staff door be signed, once it is whole."""

    def get(self, _case: Any, _context: Any) -> Signature:
        return signature()

    def set(self, case: Any, data: Signature, _context: Any) -> None:
        put_object(case)
        case._auth = data


def name_of(case: Any) -> str:
    """The operationId."""
    return str(case.operation.definition.raw["operationId"])


def put_object(case: Any) -> None:
    """Puts a real object where a right one is meant.

    Here and not in a hook: what a hook changes is held against the schema once more, and bytes
    are nothing that a JSON schema calls right.
    """
    if case.meta is None or case.meta.generation.mode is GenerationMode.NEGATIVE:
        return
    if name_of(case) == "beginUpload" and isinstance(case.body, dict):
        case.body["size_bytes"] = min(case.body["size_bytes"], LONGEST_BYTES)
    leave_out(name_of(case), case)
    case.body = readable(name_of(case), existing(name_of(case), case.body))
    if name_of(case) == "rotateReceipt":
        case.body = {"receipt": made_up_receipt()}
    make = MAKERS.get(name_of(case))
    takes_json = name_of(case) in {"proveSource", "verifyCertificate"}
    if make is not None and (takes_json or case.media_type != "application/json"):
        case.body = make(case)
        MADE.update([hashlib.sha256(case.body).digest()] if not takes_json else [])


@schemathesis.hook
def filter_failure(_context: Any, failure: Any, case: Any, _response: Any) -> bool:
    """Drops "a wrong body was taken" for a body that was put there because it is right.

    Where a call is sent again, schemathesis holds the body against its schema once more, and
    bytes are nothing that it calls right: a picture of ours then counts as a wrong one. And
    drops "a right body was refused" for a whole number written with a point: no schema can say
    that 275.0 is none here.
    """
    if isinstance(failure, RejectedPositiveData):
        return not has_point(case.body)
    ours = isinstance(case.body, bytes) and hashlib.sha256(case.body).digest() in MADE
    taken = isinstance(failure, AcceptedNegativeData)
    return not (taken and (ours or about_solution(failure) or about_signature(failure, case)))


def has_point(body: object) -> bool:
    """Whether a number of a body is a float."""
    if isinstance(body, dict):
        return any(map(has_point, cast("dict[str, object]", body).values()))
    if isinstance(body, list):
        return any(map(has_point, cast("list[object]", body)))
    return isinstance(body, float)


def _tip(_case: Any) -> bytes:
    return PLAYED[-1].front_end().tip()


def _presented() -> FrontEnd:
    return PLAYED[-1].tip()


def _form(case: Any) -> bytes:
    case.headers["Content-Type"] = f"multipart/form-data; boundary={LEAD[2:].decode()}"
    return encoded({"receipt": made_up_receipt(), "text": "ถนนพัง"}, [])


def _follow_up(case: Any) -> bytes:
    tip = _presented()
    case.headers.update(with_receipt(tip.digits))
    return tip.follow_up()


def _attachment(case: Any) -> bytes:
    tip = _presented()
    case.headers.update(with_receipt(tip.digits))
    if case.media_type == "application/octet-stream":
        return tip.attachment(bytes.fromhex(case.path_parameters["attachment_id"]))
    return drawn_as(case.media_type)


def _staff_picture(case: Any) -> bytes:
    del case
    return drawn_as("image/png")


def _answer(case: Any) -> bytes:
    tip = _presented()
    case.path_parameters["tip_id"] = tip.tip_id.hex()
    officer = PLAYED[-1].served.org.officers[0]
    return reply(officer, tip, secrets.token_bytes(16), [])


def _staff_file(case: Any) -> bytes:
    tip = _presented()
    case.path_parameters["tip_id"] = tip.tip_id.hex()
    object_id = bytes.fromhex(case.path_parameters["object_id"])
    prefix, recipients = to_reporter(tip, Kind.ATTACHMENT_FROM_STAFF, object_id)
    return sealed_file(prefix, recipients, CERTIFICATE)


def _docket(case: Any) -> bytes:
    tip = _presented()
    case.path_parameters["tip_id"] = tip.tip_id.hex()
    case.headers.pop("If-Match", None)
    case.headers["If-None-Match"] = "*"
    return docket(PLAYED[-1].served.org.officers[0], tip)


def _entries(_case: Any) -> bytes:
    return entries(PLAYED[-1].served.org.officers[0], _presented())


def _first_object(case: Any) -> bytes:
    """What the reporter said first, as it is now; the call is about it then."""
    found = first_object(PLAYED[-1].served.url("staff"), signature(), _presented().tip_id)
    case.path_parameters["object_id"] = found.object_id
    case.headers["If-Match"] = f'"{found.digest}"'
    return found.octets


def _stanzas(case: Any) -> bytes:
    return parse_head(_first_object(case)).stanza_octets


def _sealed_anew(case: Any) -> bytes:
    return anew(_first_object(case))


def _prove(case: Any) -> dict[str, str]:
    tip = _presented()
    case.headers.update(with_receipt(tip.digits))
    copy = certified(PLAYED[-1].served.org, tip.digits)
    return {"certificate": copy.encode(), "for": PURPOSE}


def _verify(_case: Any) -> dict[str, str]:
    copy = certified(PLAYED[-1].served.org, _presented().digits)
    return {"document": copy.certificate.text}


def _check_page(case: Any) -> bytes:
    case.headers["Content-Type"] = f"multipart/form-data; boundary={LEAD[2:].decode()}"
    return encoded(_verify(case), [])


def _cosigned(_case: Any) -> bytes:
    return cosigned(PLAYED[-1].served, signature())


def _directory(_case: Any) -> bytes:
    return PLAYED[-1].served.org.note()


MAKERS = {
    "sendForm": _form,
    "sendTip": _tip,
    "sendFollowUp": _follow_up,
    "sendAttachment": _attachment,
    "answerTip": _answer,
    "attachToAnswer": _staff_file,
    "noteEntries": _entries,
    "putDocket": _docket,
    "stripPicture": _staff_picture,
    "publishDirectory": _directory,
    "wrapAnew": _stanzas,
    "sealAnew": _sealed_anew,
    "cosignCheckpoint": _cosigned,
    "proveSource": _prove,
    "verifyCertificate": _verify,
    "checkCertificateForm": _check_page,
}
