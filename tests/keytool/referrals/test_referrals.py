"""From a tip to its outcome: two officers, an agency and a reporter, over the real doors."""

import io
import tarfile
from pathlib import Path

import pytest

from mustshare_api.crypto import age
from mustshare_api.crypto.cards import parse_card
from mustshare_api.crypto.envelope import Kind
from mustshare_api.keytool.desk.home import Home
from mustshare_api.keytool.desk.listed import Listed
from mustshare_api.keytool.main import main
from tests.doors import made_up_receipt
from tests.keytool.conftest import CHEAP_KIB, PASSPHRASE, write_private
from tests.keytool.referrals.people import People, as_json
from tests.vectors import age_reader

TEXT = "ถนนหน้าโรงเรียนพังหลังส่งงานหนึ่งเดือน"


def a_tip(people: People) -> tuple[str, str, str]:
    """Receipt, tip, and the id of its first message."""
    digits = people.reporter("POST", "/v1/tips", json={"text": TEXT}).json()["receipt"]
    people.done("home", "sync")
    tip = people.reporter("GET", "/v1/tip", digits).json()["tip_id"]
    people.done("home", "step", tip, "verify")
    message = people.done("home", "open", tip)["messages"][0]["object_id"]
    return digits, tip, message


def unpacked(people: People, octets: bytes) -> dict[str, bytes]:
    """What an agency reads with age and tar alone."""
    clear = age_reader.read(octets, people.age_seed)
    with tarfile.open(fileobj=io.BytesIO(clear)) as archive:
        return {
            member.name: content.read()
            for member in archive
            if (content := archive.extractfile(member)) is not None
        }


def referred(people: People, tip: str, message: str, *more: str) -> str:
    made = people.done("home", "refer", tip, "--agency", "nacc", "--messages", message, *more)
    return str(made["referral"])


def test_a_tip_goes_from_a_phone_to_an_agency_and_its_outcome_comes_back(
    people: People,
) -> None:
    """Referred by two, fetched, asked, answered, concluded, told, contested."""
    digits, tip, message = a_tip(people)
    certificate = people.folder / "certificate.txt"
    people.done(
        "home", "certificate", "issue", tip, "--agency", "ป.ป.ช.", "--out", str(certificate)
    )
    made = referred(
        people, tip, message, "--title", "ป.ป.ช.", "--certificate", str(certificate)
    )
    assert people.done("agency", "agency", "list") == []
    alone = people.run("home", "referrals", "confirm", made, "--yes")
    assert (alone.code, as_json(alone)["code"]) == (1, "second.same_person")

    people.done("second", "referrals", "confirm", made, "--yes")
    file = people.folder / "nacc.age"
    people.done("agency", "agency", "fetch", made, "--out", str(file))
    found = unpacked(people, file.read_bytes())
    assert TEXT in found["report.txt"].decode()
    assert found["certificate.txt"] == certificate.read_bytes()
    assert tip.encode() not in b"".join(found.values())
    people.done("agency", "agency", "acknowledge", made)
    asked = people.done("agency", "agency", "ask", made, "--text-th", "มีรายงานตรวจรับงานหรือไม่")

    shown = people.done("second", "referrals", "show", made)
    assert shown["words"][asked["word"]]["text_th"] == "มีรายงานตรวจรับงานหรือไม่"
    people.done("second", "referrals", "ask-on", made, asked["word"])
    waiting = people.reporter("GET", "/v1/tip/follow-ups", digits).json()["follow_ups"]
    assert "มีรายงานตรวจรับงานหรือไม่" in {one["text"] for one in waiting}
    said = {"id": "ab" * 16, "text": "มี อยู่ที่ อบต."}
    assert people.reporter("POST", "/v1/tip/follow-ups", digits, json=said).status_code == 201
    people.done("home", "referrals", "answer", made, "--text", "มี อยู่ที่ อบต.")
    answers = people.done("agency", "agency", "answers", made, "--out", str(people.folder))
    assert (
        unpacked(people, Path(answers[0]).read_bytes())["answer.txt"].decode() == said["text"]
    )

    told = people.done(
        "agency", "agency", "report", made, "--kind", "repaired", "--on", "2026-01-20",
        "--text-th", "ซ่อมถนนแล้ว",
    )  # fmt: skip
    people.done("second", "referrals", "tell", made, "--note", "ขอบคุณ")
    docket = people.reporter("GET", "/v1/tip", digits).json()["docket"]
    assert (docket["verified"], docket["signed_by"], docket["note"]) == (
        True,
        "wichai",
        "ขอบคุณ",
    )
    assert [(one["state"], one["certificate"]) for one in docket["referrals"]] == [
        ("concluded", True)
    ]
    (outcome,) = docket["outcomes"]
    assert (outcome["id"], outcome["kind"], outcome["text_th"]) == (
        told["word"], "repaired", "ซ่อมถนนแล้ว",
    )  # fmt: skip

    contest = {"id": "cd" * 16, "about": outcome["id"], "text": "ถนนยังพังอยู่"}
    assert people.reporter("POST", "/v1/tip/dispute", digits, json=contest).status_code == 201
    people.done("home", "sync")
    messages = people.done("home", "open", tip)["messages"]
    disputes = [one["message"] for one in messages if one["message"]["type"] == "dispute"]
    assert [(one["about"], one["text"]) for one in disputes] == [(outcome["id"], "ถนนยังพังอยู่")]


def test_an_outcome_is_told_in_the_officers_words_where_they_edit_it(people: People) -> None:
    """And stays so, however often and by whomever it is told; a slip sends nothing."""
    digits, tip, message = a_tip(people)
    made = referred(people, tip, message)
    people.done("second", "referrals", "confirm", made, "--yes")
    told = people.done(
        "agency", "agency", "report", made, "--kind", "under_inquiry", "--on", "2026-01-20",
        "--text-th", "ก" * 2000,
    )  # fmt: skip
    long = people.run("home", "referrals", "tell", made)
    for _ in range(4):  # each finds the one before it, whatever id that has
        people.done(
            "home", "referrals", "tell", made, "--word", told["word"], "--text-th", "กำลังสอบสวน"
        )
    people.done("second", "referrals", "tell", made, "--note", "ขอบคุณ")
    mistyped = people.run(
        "home", "referrals", "tell", made, "--word", "0" * 32, "--text-th", "อื่น"
    )
    of_none = people.run("home", "referrals", "tell", made, "--text-th", "อื่น")
    docket = people.reporter("GET", "/v1/tip", digits).json()["docket"]

    assert (long.code, as_json(long)["code"]) == (1, "docket.too_large")
    assert [one["text_th"] for one in docket["outcomes"]] == ["กำลังสอบสวน"]
    assert docket["note"] == "ขอบคุณ"
    assert [(one.code, as_json(one)["code"]) for one in (mistyped, of_none)] == [
        (1, "referral.unknown_word"),
        (1, "referral.which_word"),
    ]
    assert [one["state"] for one in docket["referrals"]] == ["sent"]


def test_a_docket_is_written_again_and_again_by_either_officer(people: People) -> None:
    """What took another's place is the one that is read and replaced, at once."""
    digits, tip, message = a_tip(people)
    made = referred(people, tip, message)
    people.done("second", "referrals", "confirm", made, "--yes")
    for turn in range(3):
        for who in ("home", "second"):
            people.done(who, "referrals", "tell", made, "--note", f"{who} {turn}")

    docket = people.reporter("GET", "/v1/tip", digits).json()["docket"]
    assert (docket["verified"], docket["note"]) == (True, "second 2")


async def five_days_ago(people: People) -> None:
    """What there is came then, and is told of by no change any more."""
    async with people.real.served.bench.tips._database.connection() as connection:
        await connection.execute(
            "UPDATE tips SET received_on = received_on - 5, changed_on = changed_on - 5"
        )
        await connection.execute("UPDATE envelopes SET changed_on = changed_on - 5")
        await connection.execute("UPDATE envelope_recipients SET changed_on = changed_on - 5")


def test_a_docket_is_written_after_the_receipt_was_exchanged(people: People) -> None:
    """No change tells of an exchange; the officer need not know what to compare, and when."""
    digits, tip, message = a_tip(people)
    made = referred(people, tip, message)
    people.done("second", "referrals", "confirm", made, "--yes")
    people.done("second", "sync")
    people.real.served.run(five_days_ago(people))
    new = {"receipt": made_up_receipt()}
    assert people.reporter("POST", "/v1/tip/receipt", digits, json=new).status_code == 200

    people.done("second", "referrals", "tell", made, "--note", "ซ่อมแล้ว")

    docket = people.reporter("GET", "/v1/tip", new["receipt"]).json()["docket"]
    assert (docket["verified"], docket["note"]) == (True, "ซ่อมแล้ว")


def test_what_an_officer_left_out_stays_out_when_more_is_told(people: People) -> None:
    """Words that were told stay as they were; a typing error tells nothing of the agency's."""
    digits, tip, message = a_tip(people)
    made = referred(people, tip, message)
    people.done("second", "referrals", "confirm", made, "--yes")
    first, more = (
        people.done(
            "agency", "agency", "report", made, "--kind", kind, "--on", day, "--text-th", text
        )["word"]
        for kind, day, text in (
            ("under_inquiry", "2026-01-20", "พยานคือครูสมศรี"),
            ("disciplined", "2026-01-21", "ก" * 1300),
        )
    )  # fmt: skip
    wrong = [
        people.run("home", "referrals", "tell", made, *given, "--text-th", "กำลังสอบสวน")
        for given in (("--word", "nothing"), ())
    ]
    for word, text in ((first, "กำลังสอบสวน"), (more, "ลงโทษแล้ว")):
        people.done("home", "referrals", "tell", made, "--word", word, "--text-th", text)
    people.done("home", "referrals", "tell", made)
    with Listed.opened(Home(people.folder / "home")) as listed:
        kept = [one for one in listed.objects_of(tip) if one.kind == Kind.DOCKET]
    docket = people.reporter("GET", "/v1/tip", digits).json()["docket"]

    assert [as_json(one)["code"] for one in wrong] == [
        "referral.unknown_word",
        "referral.which_word",
    ]
    # What changed is told, and not what is gone: a replaced docket would be taken for the last.
    assert len(kept) == 1
    assert [one["text_th"] for one in docket["outcomes"]] == ["กำลังสอบสวน", "ลงโทษแล้ว"]


def test_a_second_officer_is_shown_the_very_file(people: People) -> None:
    """Opened with their own key; nothing of it stays on their disk, in clear or sealed.

    Taken back, it cannot be fetched; to nobody of the directory, it is not even made.
    """
    _, tip, message = a_tip(people)
    made = referred(people, tip, message)
    looked = people.done("second", "referrals", "look", made)
    people.done("second", "referrals", "confirm", made, "--yes")
    people.done("second", "referrals", "take-back", made)
    file = people.folder / "late.age"
    late = people.run("agency", "agency", "fetch", made, "--out", str(file))
    nobody = people.run("home", "refer", tip, "--agency", "pacc", "--messages", message)
    unknown = people.run("home", "referrals", "show", "abcd1234")
    empty = people.run("agency", "agency", "ask", made)

    assert TEXT in looked["report"]
    assert set(looked["files"]) == {"readme.txt", "report.txt", "directory.txt"}
    assert list((people.folder / "second" / "referrals").iterdir()) == []
    assert list((people.folder / "home" / "referrals").iterdir()) == []
    assert [(one.code, as_json(one)["code"]) for one in (late, nobody, unknown, empty)] == [
        (1, "referral.wrong_state"),
        (1, "referral.unknown_agency"),
        (1, "referral.unknown"),
        (1, "agency_word.malformed"),
    ]
    assert not file.exists()


def test_an_agency_makes_its_keys_and_nothing_is_written_over(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A card with two keys, an age identity beside it, and no other role in that folder."""
    secret = tmp_path / "passphrase"
    write_private(secret, PASSPHRASE)
    own = ["--home", str(tmp_path / "pacc"), "--passphrase-file", str(secret), "--lang", "en"]
    codes = [
        main([*argv, *own], memory_kib=CHEAP_KIB)
        for argv in (
            ["agency", "init", "pacc"],
            ["agency", "init", "pacc"],
            ["init", "somchai"],
        )
    ]
    identity = (tmp_path / "pacc" / "pacc.age.key").read_text()
    entries = parse_card((tmp_path / "pacc" / "pacc.card").read_bytes())

    assert codes == [0, 1, 1]
    assert [entry.role for entry in entries] == ["agency-signing", "agency"]
    assert "AGE-SECRET-KEY-PQ-1" in identity
    public = age.parse_recipients(identity.splitlines()[0].split(": ")[1].encode())
    assert public == [entries[1].public_key]
    assert "agency.msk" in capsys.readouterr().err
