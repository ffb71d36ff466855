"""`mustshare`: the command line of the service. Argument parsing only."""

import argparse
import sys
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

from mustshare_api import demo
from mustshare_api.app import auditing, calendar, commands, examining, health, partners
from mustshare_api.app.backups import keeping
from mustshare_api.app.delivering import process as delivering
from mustshare_api.app.version import VERSION
from mustshare_api.errors import Misconfigured, MustShareError


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs a command; its exit code. One line on standard error says what went wrong."""
    run = _chosen(_parser().parse_args(arguments))
    try:
        return run()
    except Misconfigured as error:
        print(f"mustshare: {error}", file=sys.stderr)
        return 2
    except MustShareError as error:
        print(f"mustshare: {error.code}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130


def _chosen(read: argparse.Namespace) -> Callable[[], int]:
    commands_: dict[str, Callable[[], int]] = {
        "serve": commands.serve,
        "deliver": delivering.deliver,
        "migrate": commands.migrate,
        "clock": partial(calendar.look_or_confirm, getattr(read, "day", None)),
        "doctor": partial(examining.examine, as_json=getattr(read, "json", False)),
        "health": health.check,
        "openapi": commands.print_contract,
        "directory": partial(commands.accept_directory, getattr(read, "note", Path())),
        "audit": _audit(read),
        "backup": _backup(read),
        "restore": partial(keeping.restore, getattr(read, "folder", Path())),
        "partner": partial(partners.run, read),
        "demo": partial(demo.play, getattr(read, "photo", Path())),
    }
    return commands_[str(read.command)]


def _audit(read: argparse.Namespace) -> Callable[[], int]:
    if getattr(read, "deed", "") == "shred":
        return partial(auditing.shred, str(read.before))
    return auditing.print_key


def _backup(read: argparse.Namespace) -> Callable[[], int]:
    to, into = getattr(read, "to", ""), getattr(read, "into", Path())
    return partial(keeping.back_up, to, into, getattr(read, "keep_days", 0))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="mustshare", description="Anonymous tip intake.")
    parser.add_argument("--version", action="version", version=VERSION)
    to = parser.add_subparsers(required=True, metavar="command", dest="command")

    to.add_parser("serve", help="run the service; with no settings, an evaluation")
    to.add_parser("deliver", help="send webhooks to partners, beside the running service")
    to.add_parser("migrate", help="bring the database to this version")
    doctor = to.add_parser("doctor", help="look the installation over, and say what to mend")
    doctor.add_argument("--json", action="store_true", help="for a script")
    clock = to.add_parser(
        "clock", help="whether the machine's clock is believed, or that it is"
    )
    clock.add_argument("day", nargs="?", help="today in Bangkok, by a calendar on the wall")
    to.add_parser("health", help="whether the running service takes tips: 0 or 1, no words")
    to.add_parser("openapi", help="print the OpenAPI contract")

    directory = to.add_parser("directory", help="put a signed directory in force")
    directory.add_argument("note", type=Path, help="a note from `mustshare-key directory`")

    audit = to.add_parser("audit", help="the log of what staff and operators did")
    about = audit.add_subparsers(required=True, metavar="command", dest="deed")
    about.add_parser("key", help="print the log's key, for the directory to list")
    shredding = about.add_parser("shred", help="delete the text of old events; hashes stay")
    shredding.add_argument("--before", metavar="DAY", required=True, help="such as 2026-11-23")

    _about_backups(
        to.add_parser("backup", help="write a backup, sealed to a key off this machine")
    )
    back = to.add_parser("restore", help="put an opened backup into an empty database")
    back.add_argument("folder", type=Path, help="where age and tar have unpacked it")
    partner = to.add_parser(
        "partner", help="those whose front ends and servers carry tips here"
    )
    partners.add_arguments(partner)

    play = to.add_parser("demo", help="play a tip from a phone photo to an answer")
    play.add_argument("--photo", type=Path, required=True, help="a JPEG with metadata")
    return parser


def _about_backups(keep: argparse.ArgumentParser) -> None:
    keep.add_argument("--to", required=True, help="an age1pq... key, or a file of such keys")
    keep.add_argument("--into", type=Path, required=True, help="a folder for backups alone")
    keep.add_argument(
        "--keep-days", type=int, default=14, help="older backups are deleted (default: 14)"
    )


if __name__ == "__main__":
    sys.exit(main())
