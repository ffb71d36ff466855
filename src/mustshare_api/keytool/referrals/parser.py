"""The command lines of referrals.

refer, referrals   officers'
agencies           what staff do about the records of agencies
agency             an agency's own
"""

import argparse
from pathlib import Path

from mustshare_api.domain.referral import OutcomeKind
from mustshare_api.keytool.desk.parsing import Commands, Run, command, group
from mustshare_api.keytool.hand_over.parser import add_choice
from mustshare_api.keytool.organisation.proposing import DEFAULT_DAYS
from mustshare_api.keytool.referrals import (
    agencies,
    agency,
    case_telling,
    confirming,
    listing,
    office,
    referring,
    telling,
)
from mustshare_api.keytool.referrals.known import KINDS

_OWN = ("passphrase", "home")
_TITLE = "what the agency is called on paper; else its name in the directory"


def add_referrals(to: Commands) -> None:
    """Adds them all."""
    refer = command(to, "refer", referring.refer, "hand tips over to a listed agency", *_OWN)
    refer.add_argument("tip", nargs="+", help="its id, or the first digits of it")
    refer.add_argument("--agency", required=True, metavar="NAME", help="of the directory")
    refer.add_argument("--title", metavar="TEXT", help=_TITLE)
    refer.add_argument(
        "--certificate", type=Path, nargs="+", default=[], metavar="FILE",
        help="to go with it; of several tips one each, in their order",
    )  # fmt: skip
    add_choice(refer)
    _add_officers(group(to, "referrals", "what was handed over, and what came of it"))
    _add_records(group(to, "agencies", "which agencies there are, and what they are called"))
    _add_agencys(group(to, "agency", "an agency's keys, and its side of referrals"))


def add_telling_of_case(to: Commands) -> None:
    """Adds what tells reporters of a case to the commands about cases."""
    tell = command(to, "tell", case_telling.tell_case, "tell its tips' reporters", *_OWN)
    tell.add_argument("case", help="its slug, or the first digits of its id")
    tell.add_argument(
        "--over-older", action="store_true", help="go on from an older docket than was seen"
    )


def _add_officers(to: Commands) -> None:
    command(to, "list", listing.list_referrals, "list them", *_OWN)
    _of_one(to, "show", telling.show, "show one, and what the agency said")
    _of_one(to, "look", confirming.look_at, "open what it sends")
    confirm = _of_one(
        to, "confirm", confirming.confirm, "look, and send it as the second officer"
    )
    confirm.add_argument("--yes", action="store_true", help="do not ask")
    _of_one(to, "take-back", office.take_back, "take it back")
    on = _with_tip(_of_one(to, "ask-on", telling.ask_on, "pass a question on to the reporter"))
    on.add_argument("word", help="its id, or the first digits of it")
    _add_words(on)
    answer = _of_one(to, "answer", telling.answer, "answer the agency")
    answer.add_argument("--title", metavar="TEXT", help=_TITLE)
    _add_words(answer)
    tell = _with_tip(_of_one(to, "tell", telling.tell, "tell the reporter how it stands"))
    tell.add_argument("--note", help="a line of your own; an empty one takes it away")
    tell.add_argument("--word", help="the outcome that the texts are for")
    for language in ("th", "en"):
        tell.add_argument(
            f"--text-{language}", help="instead of the agency's; an empty one takes it away"
        )
    tell.add_argument(
        "--over-older", action="store_true",
        help="go on though the door gave an older docket back, as after a restored backup",
    )  # fmt: skip


def _add_records(to: Commands) -> None:
    command(to, "list", agencies.list_agencies, "those of the directory in force", *_OWN)
    add = command(to, "add", agencies.add, "draft a directory with an agency in it", "home")
    add.add_argument("card", type=Path, help="NAME.card, as `agency init` wrote it")
    retire = command(to, "retire", agencies.retire, "draft one without an agency", "home")
    retire.add_argument("name")
    retire.add_argument("--revoke", action="store_true", help="and never believe its key")
    for each in (add, retire):
        each.add_argument("--days", type=int, default=DEFAULT_DAYS, help="30 at most")
        each.add_argument("--out", type=Path, required=True, metavar="NOTE")
    rename = command(to, "rename", agencies.rename, "say what an agency is called", *_OWN)
    rename.add_argument("name")
    rename.add_argument("--title-th", metavar="TEXT")
    rename.add_argument("--title-en", metavar="TEXT")
    rename.add_argument("--kind", choices=KINDS)


def _add_agencys(to: Commands) -> None:
    init = command(to, "init", agency.init, "make an agency's keys", *_OWN)
    init.add_argument("name")
    init.add_argument("--age-key", type=Path, metavar="FILE", help="your own age1pq key")
    init.add_argument(
        "--out", type=Path, metavar="DIR", help="an age key alone, to try things out with"
    )
    command(to, "list", agency.list_referrals, "list your referrals", *_OWN)
    _of_one(to, "show", agency.show, "show one, and what was said of it")
    fetch = _of_one(to, "fetch", agency.fetch, "fetch its age file")
    fetch.add_argument("--out", type=Path, required=True, metavar="FILE.age")
    answers = _of_one(to, "answers", agency.answers, "fetch officers' answers")
    answers.add_argument("--out", type=Path, required=True, metavar="DIR")
    _of_one(to, "acknowledge", agency.acknowledge, "say that you have it")
    ask = _of_one(to, "ask", agency.ask, "ask officers, and through them the reporter")
    ask.add_argument(
        "--about", type=int, nargs="+", metavar="N", help="the numbers of tips in the report"
    )
    _add_texts(ask)
    report = _of_one(to, "report", agency.report, "report what came of it")
    report.add_argument("--kind", required=True, choices=[kind.value for kind in OutcomeKind])
    report.add_argument("--on", required=True, metavar="YYYY-MM-DD")
    _add_texts(report)


def _of_one(to: Commands, name: str, run: Run, text: str) -> argparse.ArgumentParser:
    made = command(to, name, run, text, *_OWN)
    made.add_argument("referral", help="its id, or the first digits of it")
    return made


def _with_tip(to: argparse.ArgumentParser) -> argparse.ArgumentParser:
    to.add_argument(
        "--tip", nargs="+", help="these alone; else all that notes and dockets here tell of"
    )
    return to


def _add_words(to: argparse.ArgumentParser) -> None:
    words = to.add_mutually_exclusive_group()
    words.add_argument("--text", help="seen by others on this machine; better --file or stdin")
    words.add_argument("--file", type=Path)


def _add_texts(to: argparse.ArgumentParser) -> None:
    to.add_argument("--text-th", help="in Thai")
    to.add_argument("--text-en", help="in English")
