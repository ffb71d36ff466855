"""The commands of an escrow key: custodians', the desk's, and those of a recovery."""

import argparse
from pathlib import Path

from mustshare_api.keytool.desk.parsing import Commands, command, group
from mustshare_api.keytool.escrow import commands

_OWN = ("passphrase", "home")


def add_escrow(to: Commands) -> None:
    """Adds them all."""
    custodians = group(to, "custodian", "people who hold an escrow key in parts")
    init = command(
        custodians,
        "init",
        commands.custodian_init,
        "make a custodian's key",
        "passphrase",
    )
    init.add_argument("name")
    init.add_argument("--out", type=Path, required=True, help="a folder")

    escrow = group(to, "escrow", "a key that custodians bring back together")
    make = command(escrow, "make", commands.escrow_make, "make one, in parts")
    make.add_argument("name", help="how the directory will list it")
    make.add_argument("--custodians", type=Path, nargs="+", required=True, metavar="FILE")
    make.add_argument("--m", type=int, required=True, help="how many of them bring it back")
    make.add_argument("--out", type=Path, required=True, help="a folder")
    show = command(escrow, "show", commands.escrow_show, "show who holds one")
    show.add_argument("set", type=Path, help="NAME.escrow")

    begin = command(
        escrow,
        "begin",
        commands.escrow_begin,
        "make the box of a recovery",
        "passphrase",
    )
    begin.add_argument("name")
    begin.add_argument("--out", type=Path, required=True, help="a folder")
    give = command(
        escrow, "release", commands.escrow_release, "release your shares", "passphrase"
    )
    give.add_argument("set", type=Path, help="NAME.escrow")
    give.add_argument("--key", type=Path, required=True, help="NAME.custodian.msk")
    give.add_argument("--to", type=Path, required=True, help="NAME.box")
    give.add_argument("--out", type=Path, required=True, help="a folder")
    trial = command(escrow, "drill", commands.escrow_drill, "try a recovery", *_OWN)
    _add_recovery(trial)
    real = command(escrow, "restore", commands.escrow_restore, "let an officer in", *_OWN)
    _add_recovery(real)
    real.add_argument("--to", dest="name", required=True, metavar="NAME", help="an officer")
    command(escrow, "move", commands.escrow_move, "put all under the key in force", *_OWN)


def _add_recovery(to: argparse.ArgumentParser) -> None:
    to.add_argument("set", type=Path, help="NAME.escrow")
    to.add_argument("--released", type=Path, nargs="+", required=True, metavar="FILE")
    to.add_argument("--key", type=Path, required=True, help="NAME.box.msk")
