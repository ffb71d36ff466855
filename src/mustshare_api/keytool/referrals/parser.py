"""The command lines of referrals: officers' `refer` and `referrals`, agencies' `agency`."""

import argparse
from pathlib import Path

from mustshare_api.domain.referral import OutcomeKind
from mustshare_api.keytool.desk.parsing import Commands, Run, command, group
from mustshare_api.keytool.hand_over.parser import add_choice
from mustshare_api.keytool.referrals import agency, office, telling

_OWN = ("passphrase", "home")
_TITLE = "what the agency is called on paper; else its name in the directory"


def add_referrals(to: Commands) -> None:
    """Adds `refer`, `referrals` and `agency`."""
    refer = command(to, "refer", office.refer, "hand a tip over to a listed agency", *_OWN)
    refer.add_argument("tip", help="its id, or the first digits of it")
    refer.add_argument("--agency", required=True, metavar="NAME", help="of the directory")
    refer.add_argument("--title", metavar="TEXT", help=_TITLE)
    add_choice(refer)
    _add_officers(group(to, "referrals", "what was handed over, and what came of it"))
    _add_agencys(group(to, "agency", "an agency's keys, and its side of referrals"))


def _add_officers(to: Commands) -> None:
    command(to, "list", office.list_referrals, "list them", *_OWN)
    _of_one(to, "show", telling.show, "show one, and what the agency said")
    _of_one(to, "look", office.look_at, "open what it sends")
    _with_tip(_of_one(to, "confirm", office.confirm, "look, and send it as the second officer"))
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
    tell.add_argument("--text-th", help="instead of the agency's")
    tell.add_argument("--text-en", help="instead of the agency's")


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
    _add_texts(_of_one(to, "ask", agency.ask, "ask officers, and through them the reporter"))
    report = _of_one(to, "report", agency.report, "report what came of it")
    report.add_argument("--kind", required=True, choices=[kind.value for kind in OutcomeKind])
    report.add_argument("--on", required=True, metavar="YYYY-MM-DD")
    _add_texts(report)


def _of_one(to: Commands, name: str, run: Run, text: str) -> argparse.ArgumentParser:
    made = command(to, name, run, text, *_OWN)
    made.add_argument("referral", help="its id, or the first digits of it")
    return made


def _with_tip(to: argparse.ArgumentParser) -> argparse.ArgumentParser:
    to.add_argument("--tip", help="of which it is, where no note or docket here says so")
    return to


def _add_words(to: argparse.ArgumentParser) -> None:
    words = to.add_mutually_exclusive_group()
    words.add_argument("--text", help="seen by others on this machine; better --file or stdin")
    words.add_argument("--file", type=Path)


def _add_texts(to: argparse.ArgumentParser) -> None:
    to.add_argument("--text-th", help="in Thai")
    to.add_argument("--text-en", help="in English")
