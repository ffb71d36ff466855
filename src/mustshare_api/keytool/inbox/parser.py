"""The commands of the desk."""

import argparse
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from mustshare_api.domain.checklist import ITEMS
from mustshare_api.keytool.desk.parsing import Commands, command
from mustshare_api.keytool.inbox import commands, tying, writing
from mustshare_api.keytool.inbox.labels import label_word
from mustshare_api.keytool.inbox.reading_filters import day, slug

_OWN: Final = ("passphrase", "home")


def add_inbox(to: Commands) -> None:
    """Adds them all."""
    _add_inbox(to)
    shown = command(to, "show", commands.show, "one tip whole, offline", *_OWN)
    _takes_tip(shown)
    found = command(to, "search", commands.search, "find words, offline", *_OWN)
    found.add_argument("words", nargs="*", metavar="WORDS")
    found.add_argument("--rebuild", action="store_true", help="make the register anew first")
    _add_writing(to)
    view = command(to, "desk", commands.view, "all of it on a whole terminal", *_OWN)
    view.add_argument(
        "--viewer", nargs="+", metavar="PROGRAM", help="what shows pictures; else the system's"
    )


def add_tips_of_case(to: Commands) -> None:
    """Adds the list of a case's tips to the commands about cases."""
    listed = command(to, "tips", commands.tips_of_case, "its tips, offline", *_OWN)
    listed.add_argument("case", help="its slug, or the first digits of its id")


def words_apart(argv: Sequence[str]) -> list[str]:
    """The arguments, with the `+word` and `-word` of `label` as options that say so.

    What begins with one dash is an option to argparse, whatever comes after it.
    """
    if list(argv[:1]) != ["label"]:
        return list(argv)
    return ["label", *(_spelled_out(each) for each in argv[1:])]


def _spelled_out(argument: str) -> str:
    if argument.startswith("+"):
        return f"--add={argument[1:]}"
    if re.match("-[^-]", argument) and argument != "-h":
        return f"--remove={argument[1:]}"
    return argument


def _add_inbox(to: Commands) -> None:
    listed = command(to, "inbox", commands.inbox, "list and filter tips, offline", *_OWN)
    listed.add_argument("--state", action="append", metavar="STATE")
    listed.add_argument("--label", action="append", type=label_word, metavar="WORD")
    listed.add_argument("--campaign", type=slug, metavar="SLUG")
    listed.add_argument("--category", type=slug, metavar="SLUG")
    listed.add_argument(
        "--case", metavar="CASE", help="its slug, or the first digits of its id"
    )
    listed.add_argument(
        "--province",
        "--place",
        dest="place",
        metavar="PLACE",
        help="a province or district by name, Thai or English; or a code",
    )
    listed.add_argument("--from", type=day, dest="first_on", metavar="DAY")
    listed.add_argument("--to", type=day, dest="last_on", metavar="DAY")
    listed.add_argument("--officer", metavar="NAME", help="or `me`, or `none`")
    listed.add_argument("--unread", action="store_true", help="with words nobody read here")
    listed.add_argument("--overdue", action="store_true", help="past a day its reporter knows")


def _add_writing(to: Commands) -> None:
    given = command(to, "assign", writing.assign, "give a tip to an officer", *_OWN)
    whose = given.add_mutually_exclusive_group(required=True)
    _takes_tip(given)
    whose.add_argument("officer", nargs="?", help="a name in the directory, or `me`")
    whose.add_argument("--nobody", action="store_const", const=None, dest="officer")

    labelled = command(to, "label", writing.label, "put words on a tip: +word -word", *_OWN)
    _takes_tip(labelled)
    for name in ("add", "remove"):
        labelled.add_argument(
            f"--{name}", action="append", default=[], type=label_word, help=argparse.SUPPRESS
        )

    noted = command(to, "note", writing.note, "write a note for the other officers", *_OWN)
    _takes_tip(noted)
    words = noted.add_mutually_exclusive_group()
    words.add_argument("--text", help="seen by others on this machine; better --file or stdin")
    words.add_argument("--file", type=Path)

    checked = command(to, "check", writing.check, "tick a line of the checklist", *_OWN)
    _takes_tip(checked)
    checked.add_argument("item", type=slug, help=", ".join(ITEMS) + ", or a word of your own")
    checked.add_argument("--undo", action="store_true", help="open it again")
    checked.add_argument("--text", help="what was found; seen by others on this machine")

    joined = command(to, "merge", writing.merge, "say that two tips are one matter", *_OWN)
    _takes_tip(joined)
    where = joined.add_mutually_exclusive_group(required=True)
    where.add_argument("--into", metavar="TIP")
    where.add_argument("--undo", action="store_const", const=None, dest="into")
    joined.add_argument("--as", choices=("duplicate", "copycat"), dest="relation")
    for name, run, text in (
        ("tie", tying.tie, "say that tips belong to a case"),
        ("untie", tying.untie, "say that they do no longer"),
    ):
        tied = command(to, name, run, text, *_OWN)
        tied.add_argument("tip", nargs="+", help="their ids, or the first digits of each")
        tied.add_argument("case", help="its slug, or the first digits of its id")
        tied.add_argument("--offline", action="store_true", help="leave it to the next sync")
    verified = command(to, "verify", writing.verify, "begin to verify a tip", *_OWN)
    _takes_tip(verified)
    aside = command(to, "set-aside", writing.set_aside, "set a tip aside", *_OWN)
    _takes_tip(aside)
    aside.add_argument("--text", help="why; seen by others on this machine")
    for each in (given, labelled, noted, checked, joined, verified, aside):
        each.add_argument("--offline", action="store_true", help="leave it to the next sync")


def _takes_tip(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("tip", help="its id, or the first digits of it")
