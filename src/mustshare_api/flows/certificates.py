"""Hand-over certificates at the door: makes proofs, and tells what a certificate is worth.

    prove    stretch the receipt -> compare with the certificate's source -> sign
    check    read -> who issued it, by the directory of its serial -> the proof, where it is one

Nothing is looked up about any tip, and nothing is stored. So both work after a tip was
withdrawn or has expired, and a receipt that never was one is told the same as another tip's,
after the same work.
"""

from dataclasses import dataclass
from typing import Literal

from mustshare_api.crypto import certificates, hand_over, proofs
from mustshare_api.crypto.certificates import Certificate
from mustshare_api.crypto.directory import Directory
from mustshare_api.crypto.proofs import Proof
from mustshare_api.domain import receipt
from mustshare_api.errors import CannotOpen, Malformed
from mustshare_api.flows.credentials import TypedReceipt
from mustshare_api.flows.workbench import Workbench


@dataclass(frozen=True, slots=True)
class Checked:
    """A certificate that holds. `purpose` is there when it came with a proof that holds too.

    `revoked` says that the key is believed for nothing new: whoever stole it could have dated
    a certificate back, and its own directory would not tell.
    """

    certificate: Certificate
    listed: Literal["now", "earlier", "revoked"]
    purpose: str | None


async def prove(
    bench: Workbench, credential: TypedReceipt, copy_text: str, purpose: str
) -> Proof:
    """The proof that whoever holds this receipt was the source.

    Raises:
        CannotOpen: `certificate.not_yours`, whatever is wrong with the receipt.
        Malformed: `certificate.malformed`, `certificate.bad_purpose`.
        Busy: no slot to stretch the receipt in.
        Unavailable: there is no directory yet.
    """
    copy = certificates.parse_copy(copy_text)
    try:
        digits, malformed = receipt.normalise(credential.typed), False
    except Malformed:
        digits, malformed = receipt.from_number(0), True
    keys = await bench.stretcher.stretch(digits, bench.directory.deployment_id)
    proof = proofs.prove(copy, keys, purpose)
    if malformed:
        raise CannotOpen("certificate.not_yours")
    return proof


def check(bench: Workbench, text: str) -> Checked:
    """What a certificate or proof is worth.

    Raises:
        Malformed: `certificate.malformed`.
        CannotOpen: as `hand_over.check` and `Proof.check`.
    """
    document = proofs.parse_document(proofs.settled(text))
    certificate = document.certificate if isinstance(document, Proof) else document
    directory = bench.directory
    issuer = hand_over.check(certificate.head, certificate.note, directory.of_serial)
    if isinstance(document, Proof):
        document.check()
    return Checked(
        certificate,
        _listed(directory.newest, issuer.kid),
        document.purpose if isinstance(document, Proof) else None,
    )


def _listed(newest: Directory | None, kid: bytes) -> Literal["now", "earlier", "revoked"]:
    if newest is not None and kid in newest.revoked():
        return "revoked"
    return "now" if newest is not None and newest.signer(kid) else "earlier"
