"""`mustshare-key`: reads the command line, runs one command, and ends with one of five codes.

Whatever happens, a person sees one line that says what to do, and no traceback: a traceback
would show passages of a tip to whoever looks over a shoulder or reads the bug report.
"""

import argparse
import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final, Protocol, TypeAlias

from mustshare_api.clock import Clock, SystemClock
from mustshare_api.crypto.keys import MEMORY_KIB
from mustshare_api.errors import Misconfigured, MustShareError
from mustshare_api.keytool import ceremony, key_commands, tip_commands
from mustshare_api.keytool.hand_over_options import add_hand_over
from mustshare_api.keytool.refusal import Exit, Refusal, exit_of
from mustshare_api.keytool.session import Session
from mustshare_api.keytool.terminal import Console, streams
from mustshare_api.keytool.wording import Language, language_of

_EPILOG: Final = """\
exit codes:
  0  done
  1  refused or failed, with one line that says why
  2  the command line is not understood
  3  the staff door was not reached
  4  cannot open: wrong passphrase, no key, or octets that were changed

The passphrase is typed, or read with --passphrase-file; it is never an argument.
"""


_Run: TypeAlias = Callable[[argparse.Namespace, Session], Exit]


class _Commands(Protocol):
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


def main(
    argv: Sequence[str] | None = None,
    *,
    clock: Clock | None = None,
    memory_kib: int = MEMORY_KIB,
) -> int:
    """Runs one command.

    Args:
        argv: the arguments, without the program's name.
        clock: for tests.
        memory_kib: what a new key file costs to open; for tests.
    """
    try:
        args = _parser().parse_args(argv)
    except SystemExit as ended:
        return int(ended.code or 0)
    out, err = streams()
    console = Console(args.lang or _language(), args.json, out, err)
    return _run(args, Session(console, clock or SystemClock(), memory_kib))


def _run(args: argparse.Namespace, session: Session) -> Exit:
    console = session.console
    try:
        return Exit(args.run(args, session))
    except Misconfigured as refused:
        print(refused.advice, file=console.err)
        return Exit.REFUSED
    except MustShareError as refused:
        values = refused.values if isinstance(refused, Refusal) else {}
        console.warn(refused.code, **values)
        return exit_of(refused)
    except KeyboardInterrupt:
        return Exit.REFUSED
    except Exception:  # noqa: BLE001 - a traceback would quote what was opened
        console.warn("internal")
        return Exit.REFUSED


def _language() -> Language:
    """The terminal's language: the locale's own variables, in the order that POSIX gives."""
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        value = os.getenv(name)
        if value:
            return language_of(value)
    return language_of(None)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="mustshare-key",
        description="Holds staff keys, opens tips offline, and answers them.",
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    subcommands: _Commands = parser.add_subparsers(metavar="COMMAND", required=True)
    _add_ceremonies(subcommands)
    _add_directory(subcommands)
    _add_daily(subcommands)
    add_hand_over(subcommands, _group, _command)
    return parser


def _add_ceremonies(to: _Commands) -> None:
    root = _group(to, "root", "root keys, which sign the directory")
    init = _command(root, "init", key_commands.root_init, "make a root key", "passphrase")
    init.add_argument("name")
    init.add_argument("--out", type=Path, required=True, help="a folder")

    roots = _group(to, "roots", "the pin file that clients check directories with")
    make = _command(roots, "make", key_commands.roots_make, "write a pin file")
    make.add_argument("public", type=Path, nargs="+", help="NAME.root.pub")
    make.add_argument("--k", type=int, required=True, help="how many of them must sign")
    make.add_argument("--out", type=Path, required=True)
    show = _command(roots, "show", key_commands.roots_show, "show a pin file's fingerprint")
    show.add_argument("roots", type=Path)

    own = ("passphrase", "home")
    officer = _command(
        to, "init", key_commands.init, "make an officer's keys", "passphrase", "home"
    )
    officer.add_argument("name")
    _command(to, "renew", key_commands.renew, "make keys for a further quarter", *own)
    link = _command(to, "connect", key_commands.connect, "set the staff door", "home")
    link.add_argument("url")
    link.add_argument("--ca", type=Path, help="its certificate authority, in PEM")
    link.add_argument("--roots", type=Path, help="the pin file")


def _add_directory(to: _Commands) -> None:
    group = _group(to, "directory", "the signed list of keys")
    propose = _command(group, "propose", key_commands.directory_propose, "draft one from cards")
    propose.add_argument("--cards", type=Path, nargs="+", required=True)
    propose.add_argument("--serial", type=int, required=True)
    propose.add_argument("--deployment", required=True, metavar="HEX|new")
    propose.add_argument("--days", type=int, default=ceremony.DEFAULT_DAYS, help="30 at most")
    propose.add_argument("--evaluation", action="store_true", help="nobody real is behind it")
    propose.add_argument("--out", type=Path, required=True)

    sign = _command(group, "sign", key_commands.directory_sign, "sign as a root", "passphrase")
    sign.add_argument("note", type=Path)
    sign.add_argument("--key", type=Path, required=True, help="NAME.root.msk")

    check = _command(group, "check", key_commands.directory_check, "check as a client would")
    check.add_argument("note", type=Path)
    check.add_argument("--roots", type=Path, required=True)
    check.add_argument("--newer-than", type=int, metavar="SERIAL")

    publish = _command(
        group, "publish", key_commands.directory_publish, "hand it in", "passphrase", "home"
    )
    publish.add_argument("note", type=Path)
    show = _command(group, "show", key_commands.directory_show, "show one", "home")
    show.add_argument("note", type=Path, nargs="?", help="a file; else the one believed here")


def _add_daily(to: _Commands) -> None:
    own = ("passphrase", "home")
    _command(to, "sync", tip_commands.sync_home, "fetch what is new", *own)
    _command(to, "list", tip_commands.list_tips, "list the tips here, offline", "home")

    opening = _command(
        to, "open", tip_commands.open_one, "open a tip, offline", "passphrase", "home"
    )
    opening.add_argument("tip", help="its id, or the first digits of it")
    opening.add_argument("--attachments", type=Path, metavar="DIR", help="where files go")
    opening.add_argument(
        "--unsafe-original",
        action="store_true",
        help="write untouched originals too, which name their owner to whoever gets them",
    )

    answer = _command(to, "answer", tip_commands.answer, "answer a tip", *own)
    answer.add_argument("tip", help="its id, or the first digits of it")
    words = answer.add_mutually_exclusive_group()
    words.add_argument("--text", help="seen by others on this machine; better --file or stdin")
    words.add_argument("--file", type=Path)
    answer.add_argument("--attach", type=Path, action="append", metavar="FILE")
    again = _command(to, "resend", tip_commands.resend, "send answers that wait", *own)
    again.add_argument(
        "--drop-refused", action="store_true", help="forget those that the door refuses"
    )


def _group(to: _Commands, name: str, text: str) -> _Commands:
    parser = to.add_parser(name, help=text, description=text, allow_abbrev=False)
    return parser.add_subparsers(metavar="COMMAND", required=True)


def _command(
    to: _Commands, name: str, run: _Run, text: str, *needs: str
) -> argparse.ArgumentParser:
    """A command with the options that every one has, and those it needs."""
    parser = to.add_parser(name, help=text, description=text, allow_abbrev=False)
    parser.set_defaults(run=run)
    parser.add_argument("--json", action="store_true", help="one JSON value, for machines")
    parser.add_argument("--lang", choices=("th", "en"), help="else the locale's")
    if "home" in needs:
        folder = Path.home() / ".mustshare-key"
        parser.add_argument("--home", type=Path, default=folder, metavar="DIR")
    if "passphrase" in needs:
        parser.add_argument("--passphrase-file", type=Path, metavar="FILE")
    return parser


if __name__ == "__main__":
    sys.exit(main())
