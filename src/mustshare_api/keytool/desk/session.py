"""What every command works with, and the two things most of them need first."""

from argparse import Namespace
from dataclasses import dataclass
from datetime import date
from typing import Final

from mustshare_api.clock import Clock, bangkok_day
from mustshare_api.crypto.keyring import Officer
from mustshare_api.crypto.signatory import Signatory
from mustshare_api.keytool.desk import ceremony
from mustshare_api.keytool.desk.home import Home
from mustshare_api.keytool.desk.terminal import Console, ask_passphrase
from mustshare_api.keytool.refusal import Refusal
from mustshare_api.keytool.staff_door.wire import Server, check_url

CA_NAME: Final = "ca.pem"
"""The authority is copied into the officer's folder, so that the two stay together."""


@dataclass(frozen=True, slots=True)
class Session:
    """What a command works with besides its arguments."""

    console: Console
    clock: Clock
    memory_kib: int

    @property
    def today(self) -> date:
        """The Bangkok day."""
        return bangkok_day(self.clock.now())


def load_server(home: Home) -> Server:
    """The staff door, with its authority's file where it lies now.

    Raises:
        Refusal: `home.not_connected`, `home.malformed`.
    """
    if not home.server.exists():
        raise Refusal("home.not_connected")
    server = home.load(home.server, Server, Server(""))
    return Server(check_url(server.url), str(home.path / CA_NAME) if server.ca else None)


def unlock_officer(home: Home, args: Namespace, session: Session) -> Officer:
    """The officer's secrets.

    Raises:
        MustShareError: as `officer_passphrase` and `ceremony.open_officer`.
    """
    return ceremony.open_officer(home, officer_passphrase(home, args, session))


def unlock_requester(home: Home, args: Namespace, session: Session) -> Officer | Signatory:
    """The secrets of whoever this folder belongs to: an officer, an auditor, a recovery.

    Raises:
        MustShareError: as `ceremony.own_key_file` and `ceremony.open_requester`.
    """
    file = ceremony.own_key_file(home)
    ceremony.read_key_file(file)
    passphrase = ask_passphrase(session.console, file.name, args.passphrase_file)
    return ceremony.open_requester(file, passphrase)


def officer_passphrase(home: Home, args: Namespace, session: Session) -> str:
    """The passphrase, asked for once the key file itself is in order.

    Raises:
        Refusal: `home.missing`, `file.exposed`, `passphrase.none`.
        Malformed: `key_file.malformed`.
    """
    if not home.officer.exists():
        raise Refusal("home.missing", path=str(home.path))
    ceremony.read_key_file(home.officer)
    return ask_passphrase(session.console, home.officer.name, args.passphrase_file)
