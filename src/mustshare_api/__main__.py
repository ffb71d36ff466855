"""`mustshare`: the command line of the service. Argument parsing only."""

import argparse
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from mustshare_api import demo
from mustshare_api.app import commands
from mustshare_api.app.version import VERSION
from mustshare_api.errors import Misconfigured, MustShareError

Command = Callable[[argparse.Namespace], int]


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs a command; its exit code. One line on standard error says what went wrong."""
    chosen = _parser().parse_args(arguments)
    command: Command = chosen.command
    try:
        return command(chosen)
    except Misconfigured as error:
        print(f"mustshare: {error}", file=sys.stderr)
        return 2
    except MustShareError as error:
        print(f"mustshare: {error.code}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="mustshare", description="Anonymous tip intake.")
    parser.add_argument("--version", action="version", version=VERSION)
    commands_ = parser.add_subparsers(required=True, metavar="command")

    serve = commands_.add_parser(
        "serve", help="run the service; with no settings, an evaluation"
    )
    serve.set_defaults(command=lambda _: commands.serve())

    migrate = commands_.add_parser("migrate", help="bring the database to this version")
    migrate.set_defaults(command=lambda _: commands.migrate())

    directory = commands_.add_parser("directory", help="put a signed directory in force")
    directory.add_argument("note", type=Path, help="a note made with `mustshare-key directory`")
    directory.set_defaults(command=lambda chosen: commands.accept_directory(chosen.note))

    contract = commands_.add_parser("openapi", help="print the OpenAPI contract")
    contract.set_defaults(command=lambda _: commands.print_contract())

    play = commands_.add_parser("demo", help="play a tip from a phone photo to an answer")
    play.add_argument("--photo", type=Path, required=True, help="a JPEG or PNG with metadata")
    play.set_defaults(command=lambda chosen: demo.play(chosen.photo))
    return parser


if __name__ == "__main__":
    sys.exit(main())
