"""Desk entries: what they refuse, and that a desk is one whatever the order they come in."""

import contextlib
import json
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mustshare_api.domain.desk import (
    AssignEntry,
    CaseEntry,
    CheckEntry,
    DeskState,
    Entry,
    Filed,
    LabelEntry,
    MergeEntry,
    NoteEntry,
    decode_entry,
    encode_entry,
    fold,
    later_than,
)
from mustshare_api.errors import Malformed

AT = "2026-11-23T05:48:21Z"
LATER = "2026-11-23T05:48:22Z"
SOMCHAI, MALEE = "5a" * 16, "a1" * 16
OTHER_TIP = "0f" * 16

SAMPLES: list[Entry] = [
    NoteEntry(sent_at=AT, signed_by=MALEE, text="เทียบราคากลางแล้ว"),
    LabelEntry(sent_at=AT, signed_by=MALEE, add=["ถนน", "road_2569"], remove=["new"]),
    AssignEntry(sent_at=AT, signed_by=MALEE, officer="somchai"),
    AssignEntry(sent_at=AT, signed_by=MALEE, officer=None),
    CheckEntry(sent_at=AT, signed_by=MALEE, item="price-compared", done=True, text="e-GP"),
    MergeEntry(sent_at=AT, signed_by=MALEE, into=OTHER_TIP, relation="copycat"),
    MergeEntry(sent_at=AT, signed_by=MALEE, into=None),
    CaseEntry(sent_at=AT, signed_by=MALEE, case_id="c0" * 16, add=True),
]

seconds = st.integers(0, 3).map(lambda s: f"2026-11-23T05:48:0{s}Z")
officers = st.sampled_from([SOMCHAI, MALEE])
words = st.sampled_from(["road", "ถนน", "old", "เก่า"])
tips = st.sampled_from([OTHER_TIP, "1f" * 16])
label_entries = st.tuples(seconds, officers, st.sets(words, min_size=1), st.booleans()).map(
    lambda t: LabelEntry(
        sent_at=t[0], signed_by=t[1], **{"add" if t[3] else "remove": sorted(t[2])}
    )
)
entries: st.SearchStrategy[Entry] = st.one_of(
    label_entries,
    st.builds(NoteEntry, sent_at=seconds, signed_by=officers, text=words),
    st.builds(
        AssignEntry,
        sent_at=seconds,
        signed_by=officers,
        officer=st.sampled_from(["malee", "somchai", None]),
    ),
    st.builds(
        CheckEntry,
        sent_at=seconds,
        signed_by=officers,
        item=st.sampled_from(["a", "b"]),
        done=st.booleans(),
    ),
    st.builds(
        MergeEntry, sent_at=seconds, signed_by=officers, into=tips, relation=st.just("copycat")
    ),
    st.builds(MergeEntry, sent_at=seconds, signed_by=officers, into=st.none()),
    st.builds(CaseEntry, sent_at=seconds, signed_by=officers, case_id=tips, add=st.booleans()),
)
files = st.builds(Filed, st.integers(0, 9).map(lambda n: f"{n:032x}"), entries)


def _as_json(**fields: Any) -> bytes:
    return json.dumps({"sent_at": AT, "signed_by": MALEE} | fields).encode()


@pytest.mark.parametrize("entry", SAMPLES)
def test_an_entry_is_read_as_it_was_written(entry) -> None:
    """What goes into an envelope comes out of it."""
    assert decode_entry(encode_entry(entry)) == entry


@pytest.mark.parametrize(
    "fields",
    [
        {"type": "gossip", "text": "x"},
        {"type": "note"},
        {"type": "note", "text": ""},
        {"type": "note", "text": "ก" * 13_334},
        {"type": "note", "text": "a\0b"},
        {"type": "note", "text": "x", "colour": "red"},
        {"type": "note", "text": "x", "sent_at": "2026-02-30T00:00:00Z"},
        {"type": "note", "text": "x", "sent_at": "2026-11-23 05:48:21"},
        {"type": "note", "text": "x", "signed_by": "MALEE"},
        {"type": "label"},
        {"type": "label", "add": ["a"], "remove": ["a"]},
        {"type": "label", "add": ["a", "a"]},
        {"type": "label", "add": ["Road"]},
        {"type": "label", "add": ["two words"]},
        {"type": "label", "add": ["\u0e31"]},
        {"type": "label", "add": ["a\n"]},
        {"type": "label", "add": ["x" * 41]},
        {"type": "label", "add": [f"l{n}" for n in range(33)]},
        {"type": "assign"},
        {"type": "assign", "officer": ""},
        {"type": "assign", "officer": "สมชาย"},
        {"type": "check", "item": "No Slug", "done": True},
        {"type": "check", "item": "a", "done": 1},
        {"type": "check", "item": "a", "done": True, "text": "ก" * 1_001},
        {"type": "merge", "into": OTHER_TIP},
        {"type": "merge", "into": None, "relation": "copycat"},
        {"type": "merge", "into": OTHER_TIP, "relation": "twin"},
        {"type": "merge", "into": "0f", "relation": "copycat"},
        {"type": "case", "case_id": OTHER_TIP},
        {"type": "case", "case_id": "x", "add": True},
    ],
)
def test_an_entry_that_is_not_one_to_the_letter_is_refused(fields) -> None:
    """Whoever reads has nobody to ask again, so nothing is guessed at."""
    with pytest.raises(Malformed, match=r"desk\.malformed"):
        decode_entry(_as_json(**fields))


@pytest.mark.parametrize("octets", [b"", b"{", b"[]", b"\xff", b"[" * 100_000, b"null"])
def test_octets_that_are_no_entry_are_malformed(octets) -> None:
    """Never a stray error, however deep or broken."""
    with pytest.raises(Malformed):
        decode_entry(octets)


@given(st.binary(max_size=200))
def test_reading_any_octets_ends_in_an_entry_or_in_malformed(octets) -> None:
    """There is no third way."""
    with contextlib.suppress(Malformed):
        assert msgspec.json.decode(encode_entry(decode_entry(octets)))


def test_half_a_letter_is_not_sealed() -> None:
    """A lone surrogate is refused before it is sealed, since nobody could open it again."""
    with pytest.raises(Malformed):
        encode_entry(
            CheckEntry(sent_at=AT, signed_by=MALEE, item="a", done=True, text="\ud800")
        )


@given(st.lists(files, max_size=12), st.randoms(use_true_random=False))
def test_the_order_in_which_entries_come_never_matters(filed, chance) -> None:
    """Two officers who sync at different hours come to one desk."""
    shuffled = list(filed)
    chance.shuffle(shuffled)

    assert fold(shuffled) == fold(filed)


@given(st.lists(files, max_size=8), st.integers(1, 3))
def test_an_entry_that_comes_again_changes_nothing(filed, times) -> None:
    """A batch whose answer was lost is sent again whole."""
    assert fold(filed * (times + 1)) == fold(filed)


@given(st.lists(files, max_size=8))
def test_an_entry_dated_after_what_was_read_is_the_last_word(filed) -> None:
    """Whatever the clocks and ids say, an officer who has seen a desk can change it."""
    dated = later_than(fold(filed), "2026-11-23T05:48:00Z")
    last = AssignEntry(sent_at=dated, signed_by=MALEE, officer="last")

    assert fold([Filed("0" * 31 + "-", last), *filed]).officer == "last"


def test_two_officers_at_once_come_to_one_assignment() -> None:
    """In the same second the object's id decides, which both have."""
    mine = Filed("01" * 16, AssignEntry(sent_at=AT, signed_by=MALEE, officer="malee"))
    theirs = Filed("02" * 16, AssignEntry(sent_at=AT, signed_by=SOMCHAI, officer="somchai"))

    assert fold([theirs, mine]).officer == fold([mine, theirs]).officer == "somchai"


def test_labels_of_two_officers_are_all_kept() -> None:
    """A label is put on or taken off by itself: nobody's list overwrites another's."""
    mine = Filed("02" * 16, LabelEntry(sent_at=AT, signed_by=MALEE, add=["ถนน"]))
    theirs = Filed("01" * 16, LabelEntry(sent_at=AT, signed_by=SOMCHAI, add=["road"]))

    assert fold([mine, theirs]).labels == {"ถนน", "road"}


def test_a_desk_is_what_its_entries_come_to() -> None:
    """Each kind of entry, and the one that takes it back."""
    filed = [Filed(f"{n:032x}", entry) for n, entry in enumerate(SAMPLES)]
    state = fold(filed)

    assert state.labels == {"ถนน", "road_2569"}
    assert (state.officer, state.merged_into, state.relation) == (None, None, None)
    assert [note.text for note in state.notes] == ["เทียบราคากลางแล้ว"]
    assert state.checklist["price-compared"].done
    assert state.cases == {"c0" * 16}
    taken_back = CaseEntry(sent_at=LATER, signed_by=MALEE, case_id="c0" * 16, add=False)
    assert fold([*filed, Filed("ff" * 16, taken_back)]).cases == set()


def test_of_two_contents_under_one_id_the_same_one_is_always_taken() -> None:
    """The store never has that; a copy changed on a disk might, and may not split the desk."""
    one = Filed("01" * 16, AssignEntry(sent_at=AT, signed_by=MALEE, officer="malee"))
    two = Filed("01" * 16, AssignEntry(sent_at=AT, signed_by=MALEE, officer="somchai"))

    assert fold([one, two]) == fold([two, one])


@pytest.mark.parametrize(
    ("latest", "dated"),
    [
        (None, AT),
        ("2026-11-23T05:48:20Z", AT),
        (AT, LATER),
        ("2030-12-31T23:59:59Z", "2031-01-01T00:00:00Z"),
        ("0001-01-01T00:00:00Z", AT),
        ("9999-12-31T23:59:59Z", "9999-12-31T23:59:59Z"),
    ],
)
def test_an_entry_is_dated_now_or_just_after_what_was_read(latest, dated) -> None:
    """A slow clock never puts an answer before what it answers."""
    assert later_than(DeskState(latest_at=latest), AT) == dated
