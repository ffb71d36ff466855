"""The commands about pages: `case` and `article`, word for word the same."""

from argparse import ArgumentParser, ArgumentTypeError, Namespace
from pathlib import Path
from typing import Final

from mustshare_api.domain.pages import ARTICLE, CASE
from mustshare_api.keytool.cases import commands
from mustshare_api.keytool.desk.parsing import Commands, command, group

_OWN: Final = ("passphrase", "home")


def add_cases(to: Commands) -> Commands:
    """Adds them all. What has the commands about cases, to which others may be added."""
    cases = group(to, CASE, "cases that the public reads")
    add_pages(cases, CASE)
    add_pages(group(to, ARTICLE, "articles that the public reads"), ARTICLE)
    return cases


def add_pages(to: Commands, kind: str) -> None:
    """Adds those of one kind of page."""
    _add_writing(to, kind)
    _add_publishing(to, kind)


def _add_writing(to: Commands, kind: str) -> None:
    new = command(to, "new", commands.new_page, "a folder to write in")
    edit = command(to, "edit", commands.edit_page, "the sealed draft, as a folder", *_OWN)
    correct = command(
        to, "correct", commands.edit_page, "the same, for a published page", *_OWN
    )
    for parser in (edit, correct):
        parser.set_defaults(change=None)
        parser.add_argument("id", type=_page_id, help="of the page")
    for option in ("what-th", "what-en", "why-th", "why-en"):
        correct.add_argument(f"--{option}", required=True, metavar="TEXT", help="public")
    correct.set_defaults(change=change_of)
    propose = command(to, "propose", commands.propose_page, "seal and sign for it", *_OWN)
    for parser in (new, edit, correct, propose):
        parser.add_argument("folder", type=Path)
        parser.set_defaults(kind=kind)
    show = command(to, "show", commands.show_page, "what will be public", *_OWN)
    show.add_argument("page", type=Path, help="a folder, or the id of a sealed draft")
    _takes_pictures(show, kind)


def _add_publishing(to: Commands, kind: str) -> None:
    listing = command(to, "list", commands.list_pages, "drafts and published pages", *_OWN)
    publish = command(
        to, "publish", commands.publish_page, "publish what another officer proposed", *_OWN
    )
    publish.add_argument("--yes", action="store_true", help="do not ask")
    down = command(to, "take-down", commands.take_down, "hide a page at once", *_OWN)
    down.add_argument("--reason-th", required=True, metavar="TEXT", help="public")
    down.add_argument("--reason-en", required=True, metavar="TEXT", help="public")
    drop = command(to, "drop-draft", commands.drop_draft, "delete a sealed draft", *_OWN)
    for parser in (publish, down, drop):
        parser.add_argument("id", type=_page_id, help="of the page")
    for parser in (listing, down, drop):
        parser.set_defaults(kind=kind)
    _takes_pictures(publish, kind)


def _takes_pictures(parser: ArgumentParser, kind: str) -> None:
    parser.add_argument("--pictures", type=Path, metavar="DIR", help="write its pictures there")
    parser.set_defaults(kind=kind)


def change_of(args: Namespace) -> dict[str, dict[str, str]]:
    """What a correction says of itself, from the command line."""
    return {
        "what": {"th": args.what_th, "en": args.what_en},
        "why": {"th": args.why_th, "en": args.why_en},
    }


def _page_id(text: str) -> str:
    if not commands.is_page_id(text):
        raise ArgumentTypeError("32 digits from 0 to f")
    return text
