"""What is handed over: certificates, the reporter's copy, proofs, manifests; and deeds."""

from mustshare_api.crypto import certificates, events, manifests, merkle, proofs
from mustshare_api.crypto.manifests import ListedFile
from mustshare_api.crypto.merkle import HASH_BYTES
from mustshare_api.crypto.receipts import keys_of
from mustshare_api.errors import CannotOpen, Malformed
from tests.fuzz.harness import Target, same
from tests.unit.crypto.trees import proof as proof_of
from tests.vectors.hand_over import PURPOSE, ROOT, made_copy
from tests.vectors.organisation import MONDAY, OFFICER

COPY = made_copy()
PROOF = proofs.prove(COPY, keys_of(ROOT), PURPOSE)
EVENT = events.of_request(
    method="PUT", path="/v1/directory", query="a=1", body_sha256=bytes(32),
    created=1_795_000_000, kid=COPY.certificate.head.kid,
).signed(OFFICER)  # fmt: skip
LEAVES = [merkle.leaf_hash(bytes([n])) for n in range(2)]
ONE, TWO = LEAVES[0], merkle.node_hash(*LEAVES)


def read_document(octets: bytes) -> None:
    """A certificate or a proof, as pasted into the page that checks them."""
    try:
        text = octets.decode("utf-8", "surrogateescape")
        read = proofs.parse_document(proofs.settled(text))
    except CannotOpen:
        raise AssertionError from None  # reading believes nothing yet
    if isinstance(read, proofs.Proof):
        same(read.encode(), proofs.settled(text))
        read.check()


def read_certificate(octets: bytes) -> None:
    """To the octet."""
    same(certificates.parse_certificate(octets).octets, octets)


def read_copy(octets: bytes) -> None:
    """However it was wrapped; written again, it reads as the same."""
    read = certificates.parse_copy(octets.decode("utf-8", "replace"))
    if certificates.parse_copy(read.encode()) != read:
        raise AssertionError


def read_manifest(octets: bytes) -> None:
    """A name in it never leads out of a folder."""
    for file in manifests.parse(octets).files:
        if file.name.startswith("/") or ".." in file.name.split("/"):
            raise AssertionError


def read_event(octets: bytes) -> None:
    """A deed as the log has it."""
    read = events.parse(octets)
    same(read.encode(), octets)
    read.holds(lambda _: bytes(32))


def read_consistency(octets: bytes) -> None:
    """A proof out of whatever hashes: only the true one holds."""
    old, new, hashes = octets[0], octets[1], octets[2:]
    path = [hashes[at : at + HASH_BYTES] for at in range(0, len(hashes), HASH_BYTES)]
    grew = merkle.is_consistent(old=old, old_root=ONE, new=new, new_root=TWO, proof=path)
    is_in = merkle.is_included(leaf=LEAVES[0], position=old, size=new, proof=path, root=TWO)
    if (grew and (old, new) != (1, 2)) or (is_in and (old, new) != (0, 2)):
        raise AssertionError
    if not grew and not is_in:
        raise CannotOpen


HEAD = COPY.certificate.head
TARGETS = (
    Target(
        *("document", read_document, (Malformed, CannotOpen)),
        lambda: {"proof": PROOF.encode(), "certificate": COPY.certificate.octets},
        words=(b"\nsalt ", b"\n\n", b"\r\n", "— ".encode(), b"\xed\xa0\x80"),
    ),
    Target(
        *("certificate", read_certificate, (Malformed,)),
        lambda: {"certificate": COPY.certificate.octets},
        words=(b"\n\n", "— somsri ".encode(), "\u202e".encode()),
    ),
    Target(
        "copy", read_copy, (Malformed,), lambda: {"copy": COPY.encode().encode()}, words=(b"=",)
    ),
    Target(
        *("manifest", read_manifest, (Malformed,)),
        lambda: {
            "two": manifests.compose(
                *(HEAD, OFFICER),
                [ListedFile(name, 5, bytes(32)) for name in ("tip.txt", "files/one.jpg")],
                {},
            )
        },
        words=(b"../", b"withheld ", b"file "),
    ),
    Target(
        *("event", read_event, (Malformed,)),
        lambda: {
            "staff": EVENT.encode(),
            "server": events.of_server(MONDAY, events.MIGRATED, "5").encode(),
        },
        words=(b"signature ", b"0001-01-01", b"by server"),
    ),
    Target(
        *("merkle", read_consistency, (IndexError, CannotOpen)),
        lambda: {"one to two": b"\1\2" + b"".join(proof_of(1, LEAVES))},
        2048,
    ),
)
