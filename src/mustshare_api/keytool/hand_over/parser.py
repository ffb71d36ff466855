"""The command lines of handing over; `main` puts them beside the others."""

import argparse
from pathlib import Path

from mustshare_api.keytool.desk.parsing import Commands, command, group
from mustshare_api.keytool.hand_over import commands
from mustshare_api.keytool.hand_over.choosing import FIELDS

_OWN = ("passphrase", "home")


def add_hand_over(to: Commands) -> None:
    """Adds `export`, `certificate` and `manifest`."""
    _add_export(
        command(to, "export", commands.export, "hand chosen material to an agency", *_OWN)
    )
    certificates = group(to, "certificate", "hand-over certificates")
    _add_issue(
        command(
            certificates, "issue", commands.certificate_issue,
            "certify that a tip was handed over", *_OWN,
        )
    )  # fmt: skip
    verify = command(
        certificates, "verify", commands.certificate_verify, "check one, or a proof", "home"
    )
    verify.add_argument("file", type=Path)
    _add_trust(verify)
    manifests = group(to, "manifest", "what came from an export")
    folder = command(
        manifests, "verify", commands.manifest_verify, "check a received folder", "home"
    )
    folder.add_argument("folder", type=Path)
    _add_trust(folder)


def _add_issue(issue: argparse.ArgumentParser) -> None:
    issue.add_argument("tip", help="its id, or the first digits of it")
    issue.add_argument("--agency", required=True, metavar="NAME")
    issue.add_argument("--out", type=Path, required=True, help="the agency's half")
    issue.add_argument(
        "--hold", action="store_true", help="keep the reporter's copy for `resend`"
    )


def _add_export(export: argparse.ArgumentParser) -> None:
    export.add_argument("tip", help="its id, or the first digits of it")
    export.add_argument("--to", type=Path, metavar="FILE", help="the agency's age1pq key")
    export.add_argument("--agency", metavar="NAME")
    export.add_argument("--out", type=Path, metavar="FILE.age")
    export.add_argument(
        "--preview", action="store_true", help="show what would go; write nothing"
    )
    add_choice(export)
    export.add_argument("--certificate", type=Path, metavar="FILE", help="to go with it")


def add_choice(export: argparse.ArgumentParser) -> None:
    """The options that choose what of a tip goes."""
    export.add_argument("--messages", nargs="+", default=[], metavar="ID")
    export.add_argument("--cut", nargs="+", default=[], metavar="ID:START-END")
    export.add_argument("--attachments", nargs="+", default=[], metavar="ID")
    export.add_argument("--include", nargs="+", default=[], choices=FIELDS, metavar="FIELD",
                        help=", ".join(FIELDS))  # fmt: skip
    export.add_argument(
        "--unsafe-original", action="store_true",
        help="let untouched files go, which name their owner to whoever gets them",
    )  # fmt: skip


def _add_trust(to: argparse.ArgumentParser) -> None:
    to.add_argument("--roots", type=Path, metavar="FILE", help="the pin file; else your own")
    to.add_argument("--directory", type=Path, nargs="+", metavar="FILE")
