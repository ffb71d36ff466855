"""What can be wrong with what a tip answers, in Thai and English."""

OF_ANSWERS: dict[str, tuple[str, str]] = {
    "answer.missing": ("ยังไม่ได้ตอบข้อที่ต้องตอบ", "has to be answered"),
    "answer.unknown": ("มีคำตอบของข้อที่ไม่มีในแคมเปญ", "names a question that the campaign has not"),
    "answer.hidden": (
        "ข้อนี้ไม่ถูกถาม เพราะคำตอบก่อนหน้า จึงต้องไม่มีคำตอบ",
        "is not asked after what was answered before, so it takes no answer",
    ),
    "answer.no_campaign": ("มีคำตอบแต่ไม่ได้ระบุแคมเปญ", "answers no campaign"),
    "answer.wrong_type": ("ชนิดของคำตอบไม่ถูกต้อง", "of the wrong type"),
    "answer.wrong_form": ("รูปแบบของคำตอบไม่ถูกต้อง", "not of the right form"),
    "answer.blank": ("คำตอบว่าง", "blank"),
    "answer.too_long": ("คำตอบยาวเกินกำหนด", "longer than the question allows"),
    "answer.out_of_range": ("น้อยหรือมากเกินไป", "too small or too large, too few or too many"),
    "answer.not_whole": ("ต้องเป็นจำนวนเต็ม", "not a whole number"),
    "answer.not_offered": ("ไม่อยู่ในตัวเลือก", "not one of those offered"),
    "answer.twice": ("เลือกซ้ำ", "chosen twice"),
    "answer.buddhist_year": (
        "ใช้ปี ค.ศ. (พ.ศ. ลบ 543) เช่น 2026-11-23",
        "a Buddhist year: take 543 away, as in 2026-11-23",
    ),
    "campaign.not_open": (
        "ไม่มีแคมเปญนี้ หรือไม่ได้เปิดรับในวันนี้",
        "no campaign of this name takes tips today",
    ),
    "campaign.precision": (
        "แคมเปญนี้ไม่มีความละเอียดของพิกัดนี้ให้เลือก",
        "not one of the precisions that the campaign offers",
    ),
    "about.both": ("เลือกประเด็นหรือแคมเปญอย่างใดอย่างหนึ่ง", "a case or a campaign, not both"),
    "about.no_case": ("ไม่มีประเด็นนี้", "no case of this name is published"),
    "about.nothing": ("ไม่ได้ระบุประเด็นหรือแคมเปญ", "there is no case or campaign to link to"),
}
"""Of one field; places are told by pointers."""
