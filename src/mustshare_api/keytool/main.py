"""`mustshare-key`: reads the command line, runs one command, and ends with one of five codes.

Whatever happens, a person sees one line that says what to do, and no traceback: a traceback
would show passages of a tip to whoever looks over a shoulder or reads the bug report.
"""

import argparse
import os
import re
import sys
from collections.abc import Sequence
from functools import cache, partial
from pathlib import Path
from typing import Final, cast

from mustshare_api.clock import Clock, SystemClock
from mustshare_api.crypto.keys import MEMORY_KIB
from mustshare_api.errors import Misconfigured, MustShareError
from mustshare_api.keytool.audit.parser import add_audit
from mustshare_api.keytool.campaigns.parser import add_campaigns
from mustshare_api.keytool.cases.parser import add_cases
from mustshare_api.keytool.desk.parsing import Commands, command
from mustshare_api.keytool.desk.session import Session
from mustshare_api.keytool.desk.terminal import Console, streams
from mustshare_api.keytool.escrow.parser import add_escrow
from mustshare_api.keytool.hand_over.parser import add_hand_over
from mustshare_api.keytool.inbox.commands import send_entries
from mustshare_api.keytool.inbox.parser import add_inbox, add_tips_of_case, words_apart
from mustshare_api.keytool.organisation.parser import add_organisation
from mustshare_api.keytool.referrals.office import after_erasing, after_sync
from mustshare_api.keytool.referrals.parser import add_referrals, add_telling_of_case
from mustshare_api.keytool.refusal import Exit, Refusal, exit_of
from mustshare_api.keytool.sharing.parser import add_sharing
from mustshare_api.keytool.steps.parser import add_steps
from mustshare_api.keytool.tips import commands as tip_commands
from mustshare_api.keytool.tips import stripping
from mustshare_api.keytool.words.wording import Language, language_of

_SURROGATE: Final = re.compile("[\ud800-\udfff]")
_EPILOG: Final = """\
exit codes:
  0  done
  1  refused or failed, with one line that says why
  2  the command line is not understood
  3  the staff door was not reached
  4  cannot open: wrong passphrase, no key, or octets that were changed
  5  the audit log was rewritten, or does not prove that it was not: keep the evidence

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
        args = command_line().parse_args(words_apart(sys.argv[1:] if argv is None else argv))
    except SystemExit as ended:
        return int(ended.code or 0)
    out, err = streams()
    console = Console(args.lang or _language(), args.json, out, err)
    return _run(args, Session(console, clock or SystemClock(), memory_kib))


def _run(args: argparse.Namespace, session: Session) -> Exit:
    console = session.console
    try:
        _check_words(args)
        return Exit(args.run(args, session))
    except Misconfigured as refused:
        print(refused.advice, file=console.err)
        return Exit.REFUSED
    except MustShareError as refused:
        console.refuse(refused)
        return exit_of(refused)
    except KeyboardInterrupt:
        return Exit.REFUSED
    except Exception:  # noqa: BLE001 - a traceback would quote what was opened
        console.warn("internal")
        return Exit.REFUSED


def _check_words(args: argparse.Namespace) -> None:
    """Refuses octets that are no UTF-8 where words are meant; a path may hold any.

    Raises:
        Refusal: `argument.not_text`.
    """
    for value in vars(args).values():
        words = cast("list[object]", value) if isinstance(value, list) else [value]
        if any(isinstance(one, str) and _SURROGATE.search(one) for one in words):
            raise Refusal("argument.not_text")


def _language() -> Language:
    """The terminal's language: the locale's own variables, in the order that POSIX gives."""
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        value = os.getenv(name)
        if value:
            return language_of(value)
    return language_of(None)


@cache
def command_line() -> argparse.ArgumentParser:
    """Every command with its arguments; made once, for whoever runs several in one process."""
    parser = argparse.ArgumentParser(
        prog="mustshare-key",
        description="Holds staff keys, opens tips offline, and answers them.",
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    subcommands = parser.add_subparsers(metavar="COMMAND", required=True)
    add_organisation(subcommands)
    add_audit(subcommands)
    _add_daily(subcommands)
    add_inbox(subcommands)
    add_steps(subcommands, after_erasing)
    add_sharing(subcommands)
    add_escrow(subcommands)
    add_hand_over(subcommands)
    add_referrals(subcommands)
    cases = add_cases(subcommands)
    add_tips_of_case(cases)
    add_telling_of_case(cases)
    add_campaigns(subcommands)
    return parser


def _add_daily(to: Commands) -> None:
    own = ("passphrase", "home")
    synced = partial(tip_commands.sync_home, afterwards=after_sync)
    syncing = command(to, "sync", synced, "fetch what is new, send what waits", *own)
    syncing.add_argument(
        "--full",
        action="store_true",
        help="compare everything, which is done once a week anyway",
    )
    command(to, "list", tip_commands.list_tips, "list the tips here, offline", "home")

    opening = command(
        to, "open", tip_commands.open_tips, "open tips, offline", "passphrase", "home"
    )
    opening.add_argument("tip", nargs="+", help="its id, or the first digits of it")
    opening.add_argument("--attachments", type=Path, metavar="DIR", help="where files go")
    opening.add_argument(
        "--unsafe-original",
        action="store_true",
        help="write untouched originals too, which name their owner to whoever gets them",
    )

    answer = command(to, "answer", tip_commands.answer, "answer a tip", *own)
    answer.add_argument("tip", help="its id, or the first digits of it")
    words = answer.add_mutually_exclusive_group()
    words.add_argument("--text", help="seen by others on this machine; better --file or stdin")
    words.add_argument("--file", type=Path)
    answer.add_argument("--attach", type=Path, action="append", metavar="FILE")
    answer.add_argument(
        "--unsafe-original",
        action="store_true",
        help="send files that cannot be stripped too, untouched",
    )
    sent = partial(tip_commands.resend, afterwards=send_entries)
    again = command(to, "resend", sent, "send answers and desk entries that wait", *own)
    again.add_argument(
        "--drop-refused", action="store_true", help="forget those that the door refuses"
    )
    strip = command(to, "strip", stripping.strip, "strip pictures of your own, offline")
    strip.add_argument("pictures", type=Path, nargs="+", metavar="IN")
    strip.add_argument("--out", type=Path, required=True, metavar="DIR", help="where they go")


if __name__ == "__main__":
    sys.exit(main())
