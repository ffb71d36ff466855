"""The commands of an agency: keys, and everything it may do with its referrals.

    init           a signing key behind a passphrase, a card for the directory, and an age
                   identity for stock age, unless the agency has one
    list, show     its referrals, and what was said of each
    fetch          the age file; `answers` the officers' answers: both are opened with age
    acknowledge, ask, report

Nothing here opens a file: that is for `age -d`, on whatever machine the identity lies.
"""

from argparse import Namespace
from collections.abc import Generator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Final

import msgspec

from mustshare_api.crypto import age, keys, xwing
from mustshare_api.crypto.agencies import Agency
from mustshare_api.crypto.signatory import check_name
from mustshare_api.domain import agency_word
from mustshare_api.domain.agency_word import Outcome, Question
from mustshare_api.domain.days import is_buddhist
from mustshare_api.errors import Malformed
from mustshare_api.keytool.desk import ceremony
from mustshare_api.keytool.desk.home import Home, read_bytes, write_bytes
from mustshare_api.keytool.desk.session import Session, load_server
from mustshare_api.keytool.desk.terminal import ask_passphrase, choose_passphrase, visible
from mustshare_api.keytool.hand_over import commands as hand_over
from mustshare_api.keytool.referrals.listing import say_referral
from mustshare_api.keytool.referrals.referral_door import ReferralDoor
from mustshare_api.keytool.referrals.unsaid import Unsaid
from mustshare_api.keytool.refusal import Exit, Refusal, about
from mustshare_api.keytool.staff_door.door import Door

ROLE: Final = "agency"
_NO_ID: Final = "0" * 32


def init(args: Namespace, session: Session) -> Exit:
    """Makes an agency's keys; with `--out` an age key alone, to try things out."""
    if args.out is not None:
        return hand_over.agency_init(args, session)
    home = Home(args.home)
    check_name(args.name)
    for role in ceremony.KEY_FILES:
        if home.key_file(role).exists():
            raise Refusal("file.exists", path=str(home.key_file(role)))
    recipient, identity = _identity(args, home)
    passphrase = choose_passphrase(session.console, args.passphrase_file)
    made = Agency.new(args.name, recipient)
    octets = keys.seal_key_file(
        made.encode(), passphrase, made.signing_kid, memory_kib=session.memory_kib
    )
    card = home.path / f"{args.name}.card"
    if identity is not None:
        write_bytes(_identity_file(args, home), identity, replace=False)
    write_bytes(home.key_file(ROLE), octets, replace=False)
    write_bytes(card, made.card())
    kids = {entry.role: entry.kid.hex() for entry in made.entries()}
    session.console.data(
        {"key_file": str(home.key_file(ROLE)), "card": str(card), "kids": kids}
    )
    session.console.say("done.key_file", path=visible(str(home.key_file(ROLE))))
    session.console.say("done.card", path=visible(str(card)))
    if identity is not None:
        session.console.say("agency.identity", path=visible(str(_identity_file(args, home))))
    session.console.say("agency.hand_over", card=visible(card.name))
    for entry in made.entries():
        session.console.say("card.key", role=entry.role, kid=entry.kid.hex())
    return Exit.DONE


def _identity_file(args: Namespace, home: Home) -> Path:
    return home.path / f"{args.name}.age.key"


def _identity(args: Namespace, home: Home) -> tuple[bytes, bytes | None]:
    """The agency's recipient, and the text of the identity where it is made here."""
    if args.age_key is not None:
        with about(args.age_key):
            found = age.parse_recipients(read_bytes(args.age_key, age.RECIPIENTS_LIMIT_BYTES))
            if len(found) != 1:
                raise Malformed("age.malformed")
            return found[0], None
    if _identity_file(args, home).exists():
        raise Refusal("file.exists", path=str(_identity_file(args, home)))
    seed = xwing.new_seed()
    recipient = xwing.public_key_of(seed)
    text = f"# public key: {age.recipient_of(recipient)}\n{age.identity_of(seed)}\n"
    return recipient, text.encode()


@contextmanager
def _door(args: Namespace, session: Session) -> Generator[ReferralDoor]:
    with _work(args, session) as (door, _):
        yield door


@contextmanager
def _work(args: Namespace, session: Session) -> Generator[tuple[ReferralDoor, Unsaid]]:
    """The door, and what may not have arrived there."""
    home = Home(args.home)
    file = home.key_file(ROLE)
    if not file.exists():
        raise Refusal("home.missing", path=str(home.path))
    server = load_server(home)
    octets = ceremony.read_key_file(file)
    passphrase = ask_passphrase(session.console, file.name, args.passphrase_file)
    with about(file):
        mine = Agency.parse(keys.open_key_file(octets, passphrase))
    with closing(Door(server, mine, session.clock)) as door:
        yield ReferralDoor(door), Unsaid(home, mine.signing_seed)


def list_referrals(args: Namespace, session: Session) -> Exit:
    """Lists the agency's referrals."""
    with _door(args, session) as door:
        found = door.all()
    session.console.data([msgspec.to_builtins(one) for one in found])
    for one in found:
        say_referral(session, one)
    if not found:
        session.console.say("referral.none")
    return Exit.DONE


def show(args: Namespace, session: Session) -> Exit:
    """Shows one, and what was said of it."""
    with _door(args, session) as door:
        shown = door.find(args.referral)
    session.console.data(msgspec.to_builtins(shown))
    say_referral(session, shown.referral)
    for one in shown.said:
        session.console.say(
            "referral.said", word=one.id, sort=one.sort, day=one.received_on.isoformat()
        )
    return Exit.DONE


def fetch(args: Namespace, session: Session) -> Exit:
    """Fetches the age file."""
    if args.out.exists():
        raise Refusal("file.exists", path=str(args.out))
    with _door(args, session) as door:
        shown = door.find(args.referral)
        door.fetch(shown.referral, args.out)
    return _written(session, [args.out])


def answers(args: Namespace, session: Session) -> Exit:
    """Fetches the answers of officers, one age file each."""
    written: list[Path] = []
    with _door(args, session) as door:
        for answer_id, octets in door.answers(door.find(args.referral)):
            file = args.out / f"{answer_id}.age"
            if not file.exists():
                write_bytes(file, octets, replace=False)
                written.append(file)
    return _written(session, written)


def _written(session: Session, files: list[Path]) -> Exit:
    session.console.data([str(file) for file in files])
    for file in files:
        session.console.say("done.written", path=visible(str(file)))
    return Exit.DONE


def acknowledge(args: Namespace, session: Session) -> Exit:
    """Says that the agency has it."""
    with _door(args, session) as door:
        shown = door.find(args.referral)
        door.acknowledge(shown.referral)
    session.console.data({"referral": shown.referral.id})
    session.console.say("referral.acknowledged", referral=shown.referral.id)
    return Exit.DONE


def ask(args: Namespace, session: Session) -> Exit:
    """Asks about a referral."""
    return _say(args, session, "questions", {"about": args.about} if args.about else {})


def report(args: Namespace, session: Session) -> Exit:
    """Reports what came of a referral."""
    return _say(args, session, "outcomes", {"kind": args.kind, "on": args.on})


def _say(args: Namespace, session: Session, sort: str, more: dict[str, object]) -> Exit:
    texts = {"text_th": args.text_th, "text_en": args.text_en}
    said = more | {name: text for name, text in texts.items() if text is not None}
    # Whatever is wrong with it is said before a passphrase is asked for.
    content = _encoded(_NO_ID, _NO_ID, said)
    _check_day(agency_word.read_again(sort.removesuffix("s"), content), session)
    with _work(args, session) as (door, unsaid):
        referral = door.find(args.referral).referral
        word = unsaid.begin(referral.id, content)
        door.say(referral, sort, _encoded(word.id, word.nonce, said))
        unsaid.arrived(referral.id, content)
    session.console.data({"referral": referral.id, "word": word.id})
    session.console.say("done.said", word=word.id)
    return Exit.DONE


def _check_day(word: Question | Outcome, session: Session) -> None:
    """As the door does, which says no more than that something is wrong.

    Raises:
        Refusal: `day.buddhist`, `day.to_come`.
    """
    if isinstance(word, Outcome) and word.on > session.today:
        raise Refusal("day.buddhist" if is_buddhist(word.on) else "day.to_come")


def _encoded(word_id: str, nonce: str, said: dict[str, object]) -> bytes:
    """A word as it goes."""
    return msgspec.json.encode({"id": word_id, "nonce": nonce, **said})
