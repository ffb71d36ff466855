"""A Tor network of one's own on loopback: authorities, relays, and whoever is started in it.

    authority x 3 --.  vote every 10 s on who is there
    relay x 5     --+-- private: no address of the Internet is called
    onion service --+   the shipped torrc; the network's lines are its defaults file
    client        --'   SocksPort, ControlSocket

What chutney does, with Debian's `tor` and `tor-gencert` alone. `TestingTorNetwork` shortens
tor's own clocks and lets addresses of this machine be relays; cryptography, cells, circuits of
six hops and the proof of work are the real ones.
"""

import subprocess
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

from tests.deploy.fronts.shipped import free_ports
from tests.programs import program

AUTHORITIES = 3
RELAYS = 5
BOOTSTRAP_S = 120

_COMMON = """\
TestingTorNetwork 1
AssumeReachable 1
PathsNeededToBuildCircuits 0.67
ShutdownWaitLength 2
"""
_SERVER = """\
Address 127.0.0.1
SocksPort 0
ContactInfo none
DataDirectoryGroupReadable 0
ExitPolicy reject *:*
ServerDNSDetectHijacking 0
ServerDNSTestAddresses
"""
_AUTHORITY = """\
AuthoritativeDirectory 1
V3AuthoritativeDirectory 1
TestingDirAuthVoteGuard *
TestingDirAuthVoteHSDir *
TestingDirAuthVoteExit *
TestingMinExitFlagThreshold 0
TestingV3AuthInitialVotingInterval 10
TestingV3AuthInitialVoteDelay 2
TestingV3AuthInitialDistDelay 2
V3AuthVotingInterval 10
V3AuthVoteDelay 2
V3AuthDistDelay 2
V3AuthNIntervalsValid 3
"""


@dataclass
class Network:
    """The network, in a folder that holds everything of it."""

    folder: Path
    common: str = _COMMON
    running: list["subprocess.Popen[bytes]"] = field(default_factory=list)

    def start(self) -> None:
        """Authorities and relays; returns when nothing has to be waited for but their vote."""
        made = [self._authority(number) for number in range(AUTHORITIES)]
        self.common += "".join(line for _, line, _ in made)
        for name, _, text in made:
            self.run(name, text)
        for number, port in enumerate(free_ports(RELAYS)):
            self.run(f"relay{number}", _listening(f"relay{number}", port) + _SERVER)

    def _authority(self, number: int) -> tuple[str, str, str]:
        """Its name, the line by which others know it, and its own file."""
        name = f"authority{number}"
        keys = self.home(name) / "keys"
        keys.mkdir(mode=0o700)
        orport, dirport = free_ports(2)
        here = f"127.0.0.1:{dirport}"
        subprocess.run(
            [
                str(program("tor-gencert")),
                *("--create-identity-key", "--passphrase-fd", "0", "-m", "2", "-a", here),
                *("-i", str(keys / "authority_identity_key")),
                *("-s", str(keys / "authority_signing_key")),
                *("-c", str(keys / "authority_certificate")),
            ],
            input=b"none\n",
            check=True,
            capture_output=True,
        )
        text = f"{_listening(name, orport)}DirPort {here}\n{_SERVER}{_AUTHORITY}"
        nobody = f"DirAuthority x v3ident={'0' * 40} {here} {'0' * 40}\n"
        relay = self._fingerprint(name, text + nobody)
        certificate = (keys / "authority_certificate").read_text().split()
        identity = certificate[certificate.index("fingerprint") + 1]
        line = f"DirAuthority {name} orport={orport} no-v2 v3ident={identity} {here} {relay}\n"
        return name, line, text

    def _fingerprint(self, name: str, text: str) -> str:
        """Makes the relay's key, and tells its name."""
        command = [*self._command(name, text), "--list-fingerprint", "--hush"]
        subprocess.run(command, check=True, capture_output=True)
        return (self.home(name) / "fingerprint").read_text().split()[1]

    def home(self, name: str) -> Path:
        """A member's data directory."""
        found = self.folder / name
        found.mkdir(mode=0o700, exist_ok=True)
        return found

    def _command(self, name: str, text: str) -> list[str]:
        """Its command line; the network's lines go in front of its own, as defaults."""
        home = self.home(name)
        (home / "defaults").write_text(self.common)
        (home / "torrc").write_text(text)
        files = ["-f", str(home / "torrc"), "--defaults-torrc", str(home / "defaults")]
        return [str(program("tor")), *files, "--DataDirectory", str(home)]

    def run(self, name: str, text: str, more: Sequence[str] = ()) -> "subprocess.Popen[bytes]":
        """Starts a member; what it prints is in `said` of its folder."""
        with (self.home(name) / "said").open("ab") as output:
            made = subprocess.Popen(
                [*self._command(name, text), *more],
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
            )
        self.running.append(made)
        return made

    def said(self, name: str) -> str:
        """All that a member ever printed."""
        return (self.home(name) / "said").read_text(errors="replace")

    def wait(self, name: str, for_what: str, within_s: float = BOOTSTRAP_S) -> float:
        """Until a member prints a word.

        Returns:
            Seconds.

        Raises:
            AssertionError: it does not within that time.
        """
        began = time.monotonic()
        while time.monotonic() < began + within_s:
            if for_what in self.said(name):
                return time.monotonic() - began
            time.sleep(0.2)
        raise AssertionError(f"{name} never said {for_what!r}: {self.said(name)[-2000:]}")

    def stop(self) -> None:
        """Ends all of them."""
        for one in self.running:
            with suppress(ProcessLookupError):
                one.kill()
        for one in self.running:
            one.wait(10)


def _listening(name: str, port: int) -> str:
    return f"Nickname {name}\nORPort 127.0.0.1:{port} IPv4Only\n"


@contextmanager
def network(folder: Path) -> Iterator[Network]:
    """A network, ended at the end."""
    made = Network(folder)
    try:
        made.start()
        yield made
    finally:
        made.stop()
