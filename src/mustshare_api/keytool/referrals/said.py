"""What an agency said, opened on an officer's machine and believed for the agency's signature.

sealed word -> this officer's keys -> event and body -> the agency's key, as some directory
that was believed here lists it -> question or outcome
"""

from dataclasses import dataclass

from mustshare_api.crypto import agency_words
from mustshare_api.crypto import directory as notes
from mustshare_api.crypto.directory import SIZE_LIMIT_BYTES, Directory
from mustshare_api.crypto.envelope import Expected, Kind
from mustshare_api.crypto.keyring import Officer
from mustshare_api.crypto.opening import open_agency_word
from mustshare_api.domain.agency_word import Outcome, Question, read_again
from mustshare_api.errors import Malformed
from mustshare_api.keytool.desk.directories import kept_directory, pinned_roots
from mustshare_api.keytool.desk.home import Home, read_bytes
from mustshare_api.keytool.referrals.referral_door import ReferralDoor
from mustshare_api.keytool.referrals.wire import ReferralEntry, SaidEntry


@dataclass(frozen=True, slots=True)
class Believers:
    """Every directory that was believed here, to ask whose an agency's key is or was."""

    directories: tuple[Directory, ...]

    @classmethod
    def of(cls, home: Home) -> "Believers":
        """Those in the folder.

        Raises:
            MustShareError: there is none, or one was changed on this disk.
        """
        roots = pinned_roots(home)
        files = sorted(home.directories.glob("*.note"))
        kept = (notes.believe(read_bytes(file, SIZE_LIMIT_BYTES), roots) for file in files)
        return cls((kept_directory(home), *kept))

    def is_revoked(self, kid: bytes) -> bool:
        """Whether some directory revokes a key, whichever older one still lists it."""
        return any(kid in directory.revoked() for directory in self.directories)

    def key_of(self, agency: str, kid: bytes) -> bytes | None:
        """The public key of a kid, where it is this agency's and was never revoked.

        The day of an event is its signer's own: who stole a key would write an earlier one.
        """
        if self.is_revoked(kid):
            return None
        found = (directory.agency_signer(kid) for directory in self.directories)
        return next((e.public_key for e in found if e is not None and e.name == agency), None)


def open_word(
    door: ReferralDoor,
    referral: ReferralEntry,
    entry: SaidEntry,
    officer: Officer,
    believers: Believers,
) -> Question | Outcome:
    """What an agency said.

    Raises:
        CannotOpen: another object, no key, changed, or not the agency's own word.
        Malformed: `agency_word.malformed`.
    """
    octets = door.word(referral.id, entry.id)
    expect = Expected(
        Kind.AGENCY_WORD,
        bytes.fromhex(referral.id),
        bytes.fromhex(entry.id),
        agency_words.WORD_HASH,
    )
    said = agency_words.parse(open_agency_word(octets, officer.seeds(), expect=expect))
    said.check(
        f"/v1/referrals/{referral.id}/{entry.sort}s",
        lambda kid: believers.key_of(referral.agency, kid),
    )
    word = read_again(entry.sort, said.body)
    if word.id != entry.id:
        raise Malformed("agency_word.malformed")
    return word


def text_of(word: Question | Outcome) -> str:
    """Its words, in whatever language there are some."""
    return "\n\n".join(text for text in (word.text_th, word.text_en) if text)
