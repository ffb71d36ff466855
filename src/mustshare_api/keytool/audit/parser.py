"""The commands of the audit log: an auditor's and a witness's."""

from datetime import date
from pathlib import Path

from mustshare_api.keytool.audit import commands
from mustshare_api.keytool.desk.parsing import Commands, command, group

_OWN = ("passphrase", "home")


def add_audit(to: Commands) -> None:
    """Adds them all."""
    audit = group(to, "audit", "the log of what staff and operators did")
    command(audit, "verify", commands.audit_verify, "check all of it", *_OWN)
    show = command(audit, "show", commands.audit_show, "check it, and show it", *_OWN)
    show.add_argument("--since", type=_day, metavar="DAY", help="such as 2026-11-23")

    witness = group(to, "witness", "cosigns the log for a partner")
    init = command(witness, "init", commands.witness_init, "make a witness's key", "passphrase")
    init.add_argument("name")
    init.add_argument("--out", type=Path, required=True, help="a folder")
    cosign = command(
        witness, "cosign", commands.witness_cosign, "check the log and cosign it", *_OWN
    )
    cosign.add_argument("--key", type=Path, required=True, help="NAME.witness.msk")
    cosign.add_argument(
        "--witness-passphrase-file", type=Path, metavar="FILE", help="if it is another"
    )


def _day(text: str) -> str:
    """A day in its one spelling, to be compared as text."""
    return date.fromisoformat(text).isoformat()
