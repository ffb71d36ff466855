"""What an officer tells by a docket: of the newest one alone, and in both languages."""

import json

from tests.keytool.referrals.people import People, as_json


def sent(people: People) -> tuple[str, str, str]:
    """Receipt, tip and referral of what an agency was sent."""
    digits = people.reporter("POST", "/v1/tips", json={"text": "ถนนพัง"}).json()["receipt"]
    people.done("home", "sync")
    tip = people.reporter("GET", "/v1/tip", digits).json()["tip_id"]
    message = people.done("home", "open", tip)["messages"][0]["object_id"]
    people.done("home", "step", tip, "verify")
    made = people.done("home", "refer", tip, "--agency", "nacc", "--messages", message)
    people.done("second", "referrals", "confirm", made["referral"], "--yes")
    return digits, tip, made["referral"]


def test_an_older_docket_that_is_put_back_is_not_gone_on_from(people: People) -> None:
    """Refused until somebody who knows why says so; a reworded text asks for both."""
    digits, tip, made = sent(people)
    both = ["--text-th", "พยานคือครูสมศรี", "--text-en", "The witness is Somsri"]
    word = people.done(
        "agency", "agency", "report", made, "--kind", "repaired", "--on", "2026-01-20", *both
    )["word"]
    reword = ["referrals", "tell", made, "--word", word, "--text-th", "ซ่อมแล้ว"]
    one = people.run("home", *reword)
    people.done("home", *reword, "--text-en", "")

    assert as_json(one)["code"] == "docket.other_language"
    (outcome,) = people.reporter("GET", "/v1/tip", digits).json()["docket"]["outcomes"]
    assert (outcome["text_th"], outcome["text_en"]) == ("ซ่อมแล้ว", None)

    # This machine has seen a later one than the door gives back.
    known = people.folder / "home" / "dockets.json"
    assert set(json.loads(known.read_bytes())) == {tip}
    known.write_text(json.dumps({tip: "2999-01-01T00:00:00Z"}))
    refused = people.run("home", "referrals", "tell", made, "--note", "สอง")
    people.done("home", "referrals", "tell", made, "--note", "สอง", "--over-older")

    assert (as_json(refused)["code"], tip in refused.err) == ("docket.older", True)
    assert people.reporter("GET", "/v1/tip", digits).json()["docket"]["note"] == "สอง"
