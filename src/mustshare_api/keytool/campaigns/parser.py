"""The commands `campaign`, which are those of any page and `close`, and `point`."""

import re
from argparse import ArgumentParser, ArgumentTypeError
from datetime import date
from typing import Final

from mustshare_api.domain.pages import CAMPAIGN
from mustshare_api.keytool.campaigns import closing, commands
from mustshare_api.keytool.cases.parser import add_pages
from mustshare_api.keytool.desk.parsing import Commands, command, group

_OWN: Final = ("passphrase", "home")
_TWO_DIGITS: Final = re.compile("[0-9]{2}")
_SLUG: Final = re.compile("[a-z0-9][a-z0-9-]{0,62}")
_ID: Final = re.compile("[0-9a-f]{32}")


def add_campaigns(to: Commands) -> None:
    """Adds them all."""
    pages = group(to, CAMPAIGN, "campaigns that the public reads and answers")
    add_pages(pages, CAMPAIGN)
    _add_close(pages)
    _add_points(to)


def _add_points(to: Commands) -> None:
    points = group(to, "point", "points on a campaign's map")
    approve = command(
        points, "approve", commands.approve_point, "show a tip's place, coarsely", *_OWN
    )
    approve.add_argument("tip", help="its id, or the first digits of it")
    approve.add_argument("--precision", type=_metres, metavar="M", help="coarser than it is")
    approve.add_argument("--province", type=_province, metavar="CODE", help="two digits")
    _chosen(approve)
    listing = command(points, "list", commands.list_points, "all of a campaign", *_OWN)
    listing.add_argument("campaign", type=_slug, help="its name in public paths")
    back = command(points, "take-back", commands.take_back_point, "hide a point", *_OWN)
    back.add_argument("tip", nargs="?", help="its id, or the first digits of it")
    back.add_argument("--point", type=_point_id, metavar="ID", help="one of the list")
    _chosen(back)


def _add_close(to: Commands) -> None:
    close = command(to, "close", closing.close_campaign, "propose its last day", *_OWN)
    close.add_argument("id", type=_point_id, help="of the page")
    close.add_argument("--on", type=_day, required=True, metavar="DAY", help="as 2026-12-31")
    for language in ("th", "en"):
        close.add_argument(f"--why-{language}", required=True, metavar="TEXT", help="public")


def _chosen(parser: ArgumentParser) -> None:
    parser.add_argument("--campaign", type=_slug, metavar="SLUG", help="if the tip names none")
    parser.add_argument("--photo", metavar="ID", help="the place that a photo kept")


def _metres(text: str) -> int:
    if not re.fullmatch("[1-9][0-9]{0,5}", text) or int(text) > 100_000:  # noqa: PLR2004 - m
        raise ArgumentTypeError("1 to 100000")
    return int(text)


def _province(text: str) -> str:
    return _of_form(_TWO_DIGITS, text, "two digits")


def _slug(text: str) -> str:
    return _of_form(_SLUG, text, "a name of a-z, 0-9 and -")


def _point_id(text: str) -> str:
    return _of_form(_ID, text, "32 digits from 0 to f")


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise ArgumentTypeError("a day as 2026-12-31") from None


def _of_form(form: re.Pattern[str], text: str, what: str) -> str:
    if form.fullmatch(text) is None:
        raise ArgumentTypeError(what)
    return text
