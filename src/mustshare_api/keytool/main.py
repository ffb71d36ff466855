"""`mustshare-key`: reads the command line, runs one command, and ends with one of five codes.

Whatever happens, a person sees one line that says what to do, and no traceback: a traceback
would show passages of a tip to whoever looks over a shoulder or reads the bug report.
"""

import argparse
import os
import sys
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Final

from mustshare_api.clock import Clock, SystemClock
from mustshare_api.crypto.keys import MEMORY_KIB
from mustshare_api.errors import Misconfigured, MustShareError
from mustshare_api.keytool import (
    ceremony,
    escrow_commands,
    key_commands,
    retiring,
    sharing_commands,
    tip_commands,
)
from mustshare_api.keytool.arguments import Commands, add_command, add_group
from mustshare_api.keytool.refusal import Exit, Refusal, exit_of, subject_of
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
        console.warn(refused.code, subject=subject_of(refused), **values)
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
    subcommands = parser.add_subparsers(metavar="COMMAND", required=True)
    _add_ceremonies(subcommands)
    _add_directory(subcommands)
    _add_daily(subcommands)
    _add_sharing(subcommands)
    _add_escrow(subcommands)
    return parser


def _add_ceremonies(to: Commands) -> None:
    root = add_group(to, "root", "root keys, which sign the directory")
    init = add_command(root, "init", key_commands.root_init, "make a root key", "passphrase")
    init.add_argument("name")
    init.add_argument("--out", type=Path, required=True, help="a folder")

    roots = add_group(to, "roots", "the pin file that clients check directories with")
    make = add_command(roots, "make", key_commands.roots_make, "write a pin file")
    make.add_argument("public", type=Path, nargs="+", help="NAME.root.pub")
    make.add_argument("--k", type=int, required=True, help="how many of them must sign")
    make.add_argument("--out", type=Path, required=True)
    show = add_command(roots, "show", key_commands.roots_show, "show a pin file's fingerprint")
    show.add_argument("roots", type=Path)

    own = ("passphrase", "home")
    officer = add_command(
        to, "init", key_commands.init, "make an officer's keys", "passphrase", "home"
    )
    officer.add_argument("name")
    add_command(to, "renew", key_commands.renew, "make keys for a further quarter", *own)
    link = add_command(to, "connect", key_commands.connect, "set the staff door", "home")
    link.add_argument("url")
    link.add_argument("--ca", type=Path, help="its certificate authority, in PEM")
    link.add_argument("--roots", type=Path, help="the pin file")


def _add_directory(to: Commands) -> None:
    group = add_group(to, "directory", "the signed list of keys")
    propose = add_command(group, "propose", key_commands.directory_propose, "draft one from cards")
    propose.add_argument("--cards", type=Path, nargs="+", required=True)
    propose.add_argument("--serial", type=int, required=True)
    propose.add_argument("--deployment", required=True, metavar="HEX|new")
    propose.add_argument("--days", type=int, default=ceremony.DEFAULT_DAYS, help="30 at most")
    propose.add_argument("--evaluation", action="store_true", help="nobody real is behind it")
    propose.add_argument("--out", type=Path, required=True)

    sign = add_command(group, "sign", key_commands.directory_sign, "sign as a root", "passphrase")
    sign.add_argument("note", type=Path)
    sign.add_argument("--key", type=Path, required=True, help="NAME.root.msk")

    check = add_command(group, "check", key_commands.directory_check, "check as a client would")
    check.add_argument("note", type=Path)
    check.add_argument("--roots", type=Path, required=True)
    check.add_argument("--newer-than", type=int, metavar="SERIAL")

    publish = add_command(
        group, "publish", key_commands.directory_publish, "hand it in", "passphrase", "home"
    )
    publish.add_argument("note", type=Path)
    show = add_command(group, "show", key_commands.directory_show, "show one", "home")
    show.add_argument("note", type=Path, nargs="?", help="a file; else the one believed here")


def _add_daily(to: Commands) -> None:
    own = ("passphrase", "home")
    add_command(to, "sync", tip_commands.sync_home, "fetch what is new", *own)
    add_command(to, "list", tip_commands.list_tips, "list the tips here, offline", "home")

    opening = add_command(
        to, "open", tip_commands.open_one, "open a tip, offline", "passphrase", "home"
    )
    opening.add_argument("tip", help="its id, or the first digits of it")
    opening.add_argument("--attachments", type=Path, metavar="DIR", help="where files go")
    opening.add_argument(
        "--unsafe-original",
        action="store_true",
        help="write untouched originals too, which name their owner to whoever gets them",
    )

    answer = add_command(to, "answer", tip_commands.answer, "answer a tip", *own)
    answer.add_argument("tip", help="its id, or the first digits of it")
    words = answer.add_mutually_exclusive_group()
    words.add_argument("--text", help="seen by others on this machine; better --file or stdin")
    words.add_argument("--file", type=Path)
    answer.add_argument("--attach", type=Path, action="append", metavar="FILE")
    again = add_command(to, "resend", tip_commands.resend, "send answers that wait", *own)
    again.add_argument(
        "--drop-refused", action="store_true", help="forget those that the door refuses"
    )


def _add_sharing(to: Commands) -> None:
    own = ("passphrase", "home")
    epochs = add_group(to, "epochs", "weekly keys")
    add_command(epochs, "show", sharing_commands.epochs_show, "what each key could open", *own)
    retire = add_command(
        epochs, "retire", sharing_commands.epochs_retire, "destroy old weeks' keys", *own
    )
    retire.add_argument(
        "--before",
        type=date.fromisoformat,
        metavar="MONDAY",
        help=f"keys of weeks before it; else those that ended {retiring.KEPT_DAYS} days ago",
    )
    case_key = add_group(to, "case-key", "the key that open tips are kept under")
    add_command(
        case_key, "renew", sharing_commands.case_key_renew, "change it, in two steps", *own
    )

    shown = add_command(
        to, "recipients", sharing_commands.recipients, "who can open a tip, offline", "home"
    )
    shown.add_argument("tip", help="its id, or the first digits of it")
    let_in = add_command(to, "grant", sharing_commands.grant_tips, "let a colleague in", *own)
    let_out = add_command(to, "drop", sharing_commands.drop_tips, "let a colleague out", *own)
    for each in (let_in, let_out):
        each.add_argument("tips", nargs="*", metavar="TIP")
        each.add_argument("name", metavar="NAME")
        each.add_argument("--all", action="store_true", help="every tip that is here")
    let_out.add_argument(
        "--re-encrypt",
        action="store_true",
        dest="re_encrypt",
        help="under new content keys, so that old ones open nothing fetched from now on",
    )
    let_out.add_argument(
        "--leave-out-unknown",
        action="store_true",
        help="shut out keys that no directory here lists, too",
    )


def _add_escrow(to: Commands) -> None:
    own = ("passphrase", "home")
    custodians = add_group(to, "custodian", "people who hold an escrow key in parts")
    init = add_command(
        custodians,
        "init",
        escrow_commands.custodian_init,
        "make a custodian's key",
        "passphrase",
    )
    init.add_argument("name")
    init.add_argument("--out", type=Path, required=True, help="a folder")

    group = add_group(to, "escrow", "a key that custodians bring back together")
    make = add_command(group, "make", escrow_commands.escrow_make, "make one, in parts")
    make.add_argument("name", help="how the directory will list it")
    make.add_argument("--custodians", type=Path, nargs="+", required=True, metavar="FILE")
    make.add_argument("--m", type=int, required=True, help="how many of them bring it back")
    make.add_argument("--out", type=Path, required=True, help="a folder")
    show = add_command(group, "show", escrow_commands.escrow_show, "show who holds one")
    show.add_argument("set", type=Path, help="NAME.escrow")

    begin = add_command(
        group, "begin", escrow_commands.escrow_begin, "make the box of a recovery", "passphrase"
    )
    begin.add_argument("name")
    begin.add_argument("--out", type=Path, required=True, help="a folder")
    give = add_command(
        group, "release", escrow_commands.escrow_release, "release your shares", "passphrase"
    )
    give.add_argument("set", type=Path, help="NAME.escrow")
    give.add_argument("--key", type=Path, required=True, help="NAME.custodian.msk")
    give.add_argument("--to", type=Path, required=True, help="NAME.box")
    give.add_argument("--out", type=Path, required=True, help="a folder")
    trial = add_command(group, "drill", escrow_commands.escrow_drill, "try a recovery", *own)
    _add_recovery(trial)
    real = add_command(
        group, "restore", escrow_commands.escrow_restore, "let an officer in", *own
    )
    _add_recovery(real)
    real.add_argument("--to", dest="name", required=True, metavar="NAME", help="an officer")
    add_command(
        group, "move", escrow_commands.escrow_move, "put all under the key in force", *own
    )


def _add_recovery(to: argparse.ArgumentParser) -> None:
    to.add_argument("set", type=Path, help="NAME.escrow")
    to.add_argument("--released", type=Path, nargs="+", required=True, metavar="FILE")
    to.add_argument("--key", type=Path, required=True, help="NAME.box.msk")


if __name__ == "__main__":
    sys.exit(main())
