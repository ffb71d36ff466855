"""The commands of handing over: export, certificate, manifest."""

from argparse import Namespace
from contextlib import closing
from dataclasses import asdict
from pathlib import Path

from mustshare_api.crypto import age, xwing
from mustshare_api.crypto.certificates import Certificate
from mustshare_api.crypto.hand_over import Voucher
from mustshare_api.crypto.notes import NAME
from mustshare_api.crypto.proofs import Proof
from mustshare_api.crypto.roots import Roots
from mustshare_api.crypto.roots import parse as parse_roots
from mustshare_api.errors import Malformed, MustShareError
from mustshare_api.keytool.desk.directories import (
    ROOTS_LIMIT_BYTES,
    current_directory,
    pinned_roots,
)
from mustshare_api.keytool.desk.home import Home, read_bytes, write_bytes
from mustshare_api.keytool.desk.session import Session, load_server, unlock_officer
from mustshare_api.keytool.desk.terminal import Console, visible
from mustshare_api.keytool.hand_over import certifying, checks
from mustshare_api.keytool.hand_over.checks import Believed
from mustshare_api.keytool.hand_over.choosing import Wanted, choose
from mustshare_api.keytool.hand_over.exporting import (
    DIRECTORY,
    Export,
    Part,
    voucher,
    write_export,
)
from mustshare_api.keytool.hand_over.previewing import show_preview
from mustshare_api.keytool.refusal import Exit, Refusal, about
from mustshare_api.keytool.staff_door.door import Door
from mustshare_api.keytool.tips import answering
from mustshare_api.keytool.tips.reading import find_tip, open_messages
from mustshare_api.keytool.tips.resealing import Resealer


def export(args: Namespace, session: Session) -> Exit:
    """Shows what would be handed over, or hands it over."""
    home = Home(args.home)
    tip = find_tip(home, args.tip)
    wanted = Wanted(args.messages, args.cut, args.attachments, args.include)
    if not args.preview and not (args.to and args.agency and args.out):
        raise Refusal("export.incomplete")
    recipients = _recipients(args.to) if args.to else []
    directory = current_directory(home, session.today)
    officer = unlock_officer(home, args, session)
    with home.locked():
        opened = open_messages(home, tip, officer, directory)
        if args.preview:
            show_preview(session.console, opened, wanted)
            return Exit.DONE
        head = voucher(officer, directory, args.agency, session.today)
        certificate = fitting(args.certificate, head) if args.certificate else None
        made = Export(
            home,
            officer,
            directory,
            head,
            [Part(opened, choose(opened, wanted), certificate)],
            args.unsafe_original,
        )
        write_export(made, recipients, args.out, session.console)
    session.console.data({"path": str(args.out), "withheld": dict(made.withheld)})
    session.console.say("done.written", path=visible(str(args.out)))
    return Exit.DONE


def agency_init(args: Namespace, session: Session) -> Exit:
    """Makes an age key for trying things out, as an agency's own tool would."""
    if NAME.fullmatch(args.name) is None:
        raise Malformed("name.malformed")
    seed = xwing.new_seed()
    recipient = age.recipient_of(xwing.public_key_of(seed))
    key, public = args.out / f"{args.name}.age.key", args.out / f"{args.name}.age.pub"
    identity = f"# public key: {recipient}\n{age.identity_of(seed)}\n"
    write_bytes(key, identity.encode(), replace=False)
    write_bytes(public, f"{recipient}\n".encode(), replace=False)
    session.console.data({"key_file": str(key), "public": str(public)})
    session.console.say("agency.trial")
    session.console.say("done.key_file", path=visible(str(key)))
    session.console.say("done.written", path=visible(str(public)))
    return Exit.DONE


def certificate_issue(args: Namespace, session: Session) -> Exit:
    """Issues a certificate; sends the reporter's copy unless it is held."""
    home = Home(args.home)
    tip = find_tip(home, args.tip)
    server = None if args.hold else load_server(home)
    directory = current_directory(home, session.today)
    officer = unlock_officer(home, args, session)
    console = session.console
    with home.locked():
        head = voucher(officer, directory, args.agency, session.today)
        opened = open_messages(home, tip, officer, directory)
        made = certifying.issue(home, opened, officer, head, args.out, session)
        if server is not None:
            with closing(Door(server, officer, session.clock)) as door:
                again = Resealer(home, door, officer, session.clock.now())
                _send(home, door, made.waiting, console, again)
    certificate = made.copy.certificate
    found = _certificate_data(certificate, None) | {"path": str(args.out)}
    console.data(found | {"sent": server is not None, "object_id": made.waiting.object_id})
    console.say("done.written", path=visible(str(args.out)))
    if server is None:
        console.say("certificate.held")
    else:
        console.say("done.sent", object=made.waiting.object_id)
    return Exit.DONE


def certificate_verify(args: Namespace, session: Session) -> Exit:
    """Says what a certificate or a proof is worth."""
    document = checks.read_document(args.file)
    directories = args.directory or [Home(args.home).directory]
    believed = Believed.read(_roots(args), directories)
    with about(args.file):
        certificate = checks.check_document(document, believed)
    purpose = document.purpose if isinstance(document, Proof) else None
    revoked = believed.revokes(certificate.head)
    session.console.data(_certificate_data(certificate, purpose) | {"revoked": revoked})
    head = certificate.head
    session.console.say("certificate.said", **_said(head), serial=head.serial)
    if purpose is not None:
        session.console.say("certificate.proven", purpose=visible(purpose))
    if revoked:
        session.console.say("hand_over.revoked")
    return Exit.DONE


def manifest_verify(args: Namespace, session: Session) -> Exit:
    """Checks a received folder."""
    directories = args.directory or [args.folder / DIRECTORY]
    believed = Believed.read(_roots(args), directories)
    manifest = checks.check_folder(args.folder, believed)
    session.console.data(
        _head_data(manifest.head)
        | {"files": [asdict(file) | {"sha256": file.sha256.hex()} for file in manifest.files]}
        | {"withheld": dict(manifest.withheld), "revoked": believed.revokes(manifest.head)}
    )
    session.console.say("manifest.said", **_said(manifest.head), count=len(manifest.files))
    for kind, count in manifest.withheld.items():
        session.console.say("export.left", kind=kind, count=count)
    if believed.revokes(manifest.head):
        session.console.say("hand_over.revoked")
    return Exit.DONE


def _send(
    home: Home, door: Door, waiting: answering.Waiting, console: Console, again: Resealer
) -> None:
    try:
        answering.send(home, door, waiting, console, again)
    except MustShareError:
        console.warn("outbox.kept")
        raise


def fitting(file: Path, head: Voucher) -> Certificate:
    """The certificate to go with an export: this officer's, for this agency."""
    document = checks.read_document(file)
    if isinstance(document, Proof):
        raise Refusal("certificate.malformed", path=str(file))
    if (document.head.agency, document.head.kid) != (head.agency, head.kid):
        raise Refusal("certificate.other_agency")
    return document


def _roots(args: Namespace) -> Roots:
    if args.roots is None:
        return pinned_roots(Home(args.home))
    with about(args.roots):
        return parse_roots(read_bytes(args.roots, ROOTS_LIMIT_BYTES))


def _recipients(file: Path) -> list[bytes]:
    with about(file):
        return age.parse_recipients(read_bytes(file, age.RECIPIENTS_LIMIT_BYTES))


def _said(head: Voucher) -> dict[str, str | int]:
    return {
        "officer": head.officer,
        "agency": visible(head.agency),
        "day": head.day.isoformat(),
    }


def _head_data(head: Voucher) -> dict[str, object]:
    return {
        "deployment": head.deployment_id.hex(),
        "directory_serial": head.serial,
        "officer": head.officer,
        "officer_kid": head.kid.hex(),
        "agency": head.agency,
        "day": head.day.isoformat(),
    }


def _certificate_data(certificate: Certificate, purpose: str | None) -> dict[str, object]:
    return _head_data(certificate.head) | {
        "certificate_id": certificate.certificate_id.hex(),
        "proof_for": purpose,
    }
