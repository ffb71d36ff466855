"""What every command's parser has, so that the files that add commands say only what differs.

organisation_parser   ceremonies, the directory, cards, epoch keys
sharing_parser        who can open what
hand_over_parser      export, certificates, manifests
main                  an officer's day
"""

import argparse
from collections.abc import Callable
from pathlib import Path
from typing import Final, Protocol, TypeAlias

from mustshare_api.keytool.desk.session import Session
from mustshare_api.keytool.refusal import Exit

Run: TypeAlias = Callable[[argparse.Namespace, Session], Exit]

_HOME: Final = "~/.mustshare-key"


class Commands(Protocol):
    """What argparse gives for adding commands to; its own class has no public name."""

    def add_parser(
        self,
        name: str,
        *,
        help: str,  # noqa: A002 - argparse's own word
        description: str,
        allow_abbrev: bool,
    ) -> argparse.ArgumentParser:
        """Adds one."""
        ...


def group(to: Commands, name: str, text: str) -> Commands:
    """A word that has commands below it."""
    parser = to.add_parser(name, help=text, description=text, allow_abbrev=False)
    return parser.add_subparsers(metavar="COMMAND", required=True)


def command(
    to: Commands, name: str, run: Run, text: str, *needs: str
) -> argparse.ArgumentParser:
    """A command with the options that every one has, and those it needs.

    Args:
        to: where it is added.
        name: what is typed.
        run: what it does.
        text: what `--help` says of it.
        needs: `home`, `passphrase` or `qr`.
    """
    parser = to.add_parser(name, help=text, description=text, allow_abbrev=False)
    parser.set_defaults(run=run)
    parser.add_argument("--json", action="store_true", help="one JSON value, for machines")
    parser.add_argument("--lang", choices=("th", "en"), help="else the locale's")
    if "home" in needs:
        # A text, so that whose home it is is found out when a line is read, and not before.
        parser.add_argument("--home", type=_folder, default=_HOME, metavar="DIR")
    if "passphrase" in needs:
        parser.add_argument("--passphrase-file", type=Path, metavar="FILE")
    if "qr" in needs:
        parser.add_argument("--no-qr", action="store_true", help="the digits alone")
    return parser


def _folder(text: str) -> Path:
    return Path(text).expanduser()
