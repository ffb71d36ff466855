"""Search: what is found, by how few letters, and what lies on the disk for it."""

import secrets

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mustshare_api.crypto import xwing
from mustshare_api.crypto.receipts import keys_of
from mustshare_api.crypto.register import open_register, seal_register
from mustshare_api.errors import CannotOpen
from mustshare_api.keytool.inbox.at_desk import About
from mustshare_api.keytool.inbox.folding import folded
from mustshare_api.keytool.inbox.register import Part, Register
from mustshare_api.keytool.inbox.searching import passage_around
from tests.keytool.conftest import Reporter, Tool
from tests.keytool.fake_door import FakeDoor

THAI_WORDS = st.lists(
    st.sampled_from(["ถนน", "น้ำ", "ปี", "เสาไฟ", "กินรี", "รับ", "เงิน", " ", "a"]), max_size=8
)


def register_of(*texts: str) -> Register:
    register = Register()
    register.add(
        (Part(f"{n:032x}", "01" * 16, 1, None, b"{}"), text) for n, text in enumerate(texts)
    )
    return register


def numbers(register: Register, *words: str) -> list[int]:
    return sorted(int(i, 16) for i in register.find([folded(word) for word in words]))


@pytest.mark.parametrize(
    ("words", "found"),
    [
        (["กินรี"], [0]),
        (["นรี"], [0]),  # three letters from the middle of a word
        (["ไฟ"], [0]),  # two
        (["ป"], [1]),  # one
        (["น้ำ"], [1]),
        (["น\u0e4d\u0e49\u0e32"], [1]),
        (["2569"], [1]),
        (["๒๕๖๙"], [1]),
        (["road"], [2]),
        (["ถนน", "road"], [2]),
        (["ถนน", "กินรี"], []),
        (["ถนน"], [1, 2]),
        (['"'], [3]),
        (['a"b'], [3]),
        (["%"], []),
        (["NOT"], []),
        (["*"], []),
        ([""], []),
        ([], []),
    ],
)
def test_words_are_found_wherever_they_stand(words: list[str], found: list[int]) -> None:
    """Thai has no spaces between its words; and nothing typed is an operator."""
    register = register_of("ซื้อเสาไฟกินรีแพงเกินจริง", "น้ำท่วมถนนปี ๒๕๖๙", "ROAD ถนนพัง", 'a"b says')
    assert numbers(register, *words) == found


@given(THAI_WORDS, st.integers(0, 20), st.integers(1, 6))
def test_any_piece_of_a_text_finds_it(words: list[str], start: int, length: int) -> None:
    """However long it is and wherever it begins."""
    text = folded("".join(words))
    piece = text[start : start + length].strip()
    register = register_of(text, "อื่น")

    assert not piece or 0 in numbers(register, piece)


def test_what_was_removed_is_found_no_more_and_leaves_no_trace() -> None:
    """Not in the image either, which is what is sealed and kept."""
    register = register_of("ความลับของผู้แจ้ง", "ถนน")
    register.describe("01" * 16, About(headline="ความลับของผู้แจ้ง"))
    register.add([(Part("ff" * 16, "02" * 16, 1, None, "เรื่องลับสุดยอด".encode()), "เรื่องลับสุดยอด")])
    register.remove([f"{0:032x}", f"{1:032x}"])

    assert numbers(register, "ความลับ") == []
    assert "ความลับ".encode() not in register.image()
    assert register.about() == {}
    assert [len(register.find(["เรื่องลับ"])), register.object_ids()] == [1, {"ff" * 16}]


def test_a_passage_shows_the_text_as_it_was_written() -> None:
    """The original, with the rarer spelling that the index folded away."""
    text = "ก" * 100 + "น\u0e4d\u0e49\u0e32ท่วม" + "ข" * 100
    passage = passage_around(text, folded("น้ำ"))

    assert "น\u0e4d\u0e49\u0e32ท่วม" in passage
    assert len(passage) < 90


def test_search_finds_messages_answers_and_notes(tool: Tool, reporter: Reporter) -> None:
    """Whoever wrote them; each with who and when."""
    reporter.send_text("ถนนพังที่ ต.บ้านใหม่", category="road")
    reporter.follow_up("รูปเพิ่มของถนน")
    tool.unlocked("sync")
    tool.unlocked("note", reporter.tip, "--text", "ถนนเส้นนี้ อบต. สร้างปี ๒๕๖๗")

    found = tool.unlocked("search", "ถนน", "--json").data
    assert sorted((each["author"] or "", each["note"]) for each in found) == [
        ("", False), ("", False), ("somsri", True),
    ]  # fmt: skip
    (note,) = tool.unlocked("search", "2567", "--json").data
    assert (note["tip_id"], note["note"]) == (reporter.tip, True)
    said = tool.unlocked("search", "บ้านใหม่", "ถนน").out
    assert reporter.tip[:8] in said
    assert "1 found" in said


@pytest.mark.parametrize("spoil", ["missing", "cut", "changed", "emptied"])
def test_a_register_that_does_not_open_is_made_again(
    tool: Tool, reporter: Reporter, spoil: str
) -> None:
    """It is a copy of what the sealed objects say, and no more."""
    reporter.send_text("เสาไฟกินรี")
    tool.unlocked("sync")
    file = tool.home / "register.sealed"
    octets = file.read_bytes()
    match spoil:
        case "missing":
            file.unlink()
        case "cut":
            file.write_bytes(octets[:-1])
        case "changed":
            file.write_bytes(octets[:-1] + bytes([octets[-1] ^ 1]))
        case _:
            file.write_bytes(b"")

    ended = tool.unlocked("search", "กินรี", "--json")
    assert (ended.code, len(ended.data)) == (0, 1)
    assert len(file.read_bytes()) == len(octets)


def test_the_register_is_made_anew_on_demand(tool: Tool, reporter: Reporter) -> None:
    """`--rebuild` alone says how much is in it; with words it searches as well."""
    reporter.send_text("เสาไฟกินรี")
    tool.unlocked("sync")
    before = (tool.home / "register.sealed").read_bytes()

    assert tool.unlocked("search", "--rebuild", "--json").data == {"rebuilt": 1}
    assert (tool.home / "register.sealed").read_bytes() != before
    assert len(tool.unlocked("search", "กินรี", "--rebuild", "--json").data) == 1


def test_a_message_that_does_not_open_is_said_and_hides_no_other(
    tool: Tool, door: FakeDoor, reporter: Reporter
) -> None:
    """The one that opens is found all the same."""
    reporter.send_text("ถนนพัง")
    other = Reporter(door, [xwing.public_key_of(secrets.token_bytes(32))], reporter.clock)
    other.keys = keys_of(b"x" * 32)
    other.send_text("ถนนอื่น")
    tool.unlocked("sync")

    ended = tool.unlocked("search", "ถนน", "--json")
    assert (ended.code, len(ended.data)) == (4, 1)


SEED, OLDER = bytes(range(32)), bytes(range(1, 33))


def test_a_register_opens_under_the_case_key_that_it_names() -> None:
    """And under a newer officer file that still has it."""
    octets = seal_register(b"words", OLDER)

    assert open_register(octets, [SEED, OLDER]) == b"words"
    assert b"words" not in octets


@pytest.mark.parametrize(
    "spoilt", [b"", b"MSR1", seal_register(b"words", SEED)[:-1], b"x" * 99]
)
def test_what_is_no_register_does_not_open(spoilt: bytes) -> None:
    """Cut, of another magic, or nothing at all."""
    with pytest.raises(CannotOpen):
        open_register(spoilt, [SEED])


def test_a_retired_case_key_takes_the_register_with_it() -> None:
    """What still lies about on the disk opens for nobody."""
    with pytest.raises(CannotOpen):
        open_register(seal_register(b"words", OLDER), [SEED])


def test_the_length_of_a_register_says_little_of_what_is_in_it() -> None:
    """A word more does not show."""
    assert len(seal_register(b"a", SEED)) == len(seal_register(b"a" * 9_999, SEED))
