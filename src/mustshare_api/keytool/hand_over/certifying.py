"""Issues a hand-over certificate: one half for the agency, one for the reporter.

    1. content   the first message of the tip, opened here: the certificate names its hash
    2. seal      the reporter's copy, as the words of an answer, into the outbox
    3. write     the agency's half, or forget the answer
    4. send      the answer, unless it is held for another day

The copy goes as words and not as a file. Files from staff are rare, and the server's index
shows their kind and day: beside the day on the certificate that would point at one tip. An
answer among the answers of a day points at none.
"""

from dataclasses import dataclass
from pathlib import Path

from mustshare_api.crypto import certificates
from mustshare_api.crypto.certificates import ReporterCopy
from mustshare_api.crypto.envelope import Kind
from mustshare_api.crypto.hand_over import Voucher
from mustshare_api.crypto.keyring import Officer
from mustshare_api.crypto.receipts import bundle_hash
from mustshare_api.keytool.desk.home import Home, write_bytes
from mustshare_api.keytool.desk.session import Session
from mustshare_api.keytool.refusal import Refusal
from mustshare_api.keytool.tips import answering
from mustshare_api.keytool.tips.answering import Answer, Waiting
from mustshare_api.keytool.tips.opened import OpenedTip
from mustshare_api.keytool.words.hand_over import CERTIFICATE_SENT


@dataclass(frozen=True, slots=True)
class Certified:
    """An issued certificate, and the answer that brings the reporter theirs."""

    copy: ReporterCopy
    waiting: Waiting


def issue(  # noqa: PLR0913 - what is certified, by whom, to where
    home: Home, opened: OpenedTip, officer: Officer, head: Voucher, out: Path, session: Session
) -> Certified:
    """Makes both halves (steps 1 to 3).

    Raises:
        Refusal: `file.exists`, `certificate.no_first_message`, `tip.gone`, or as
            `answering.compose`.
    """
    if out.exists():
        raise Refusal("file.exists", path=str(out))
    if opened.tip.bundle is None:
        raise Refusal("tip.gone")
    # That of the receipt in force, which followed by signatures from the tip's first one.
    owner = bundle_hash(opened.tip.bundle)
    copy = certificates.issue(head, officer.signing_seed, owner, _first_content(opened))
    words = CERTIFICATE_SENT.format(
        agency=head.agency, day=head.day.isoformat(), copy=copy.encode()
    )
    waiting = answering.compose(home, opened.tip, officer, Answer(words, []), session)
    try:
        write_bytes(out, copy.certificate.octets, replace=False)
    except Refusal:
        answering.drop_answer(home, waiting)
        raise
    return Certified(copy, waiting)


def _first_content(opened: OpenedTip) -> bytes:
    for message in opened.messages:
        if message.kind is Kind.TIP:
            return message.content_sha256
    raise Refusal("certificate.no_first_message")
