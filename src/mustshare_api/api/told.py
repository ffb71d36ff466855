"""What a problem tells a person, and the advice that many problems share."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Told:
    """One problem as a person reads it."""

    status: int
    title_th: str
    title_en: str
    advice_th: str
    advice_en: str


RESEND_TH = "ตรวจสอบข้อมูลที่ส่งแล้วลองใหม่ ดูรูปแบบได้ที่ /docs"
RESEND_EN = "Check what you send against /docs and try again."
SEAL_TH = "ดึงรายชื่อกุญแจใหม่จาก GET /v1/directory แล้วปิดผนึกใหม่ตาม docs/protocol.md"
SEAL_EN = "Fetch GET /v1/directory again and seal anew as docs/protocol.md says."
LATER_TH = "รอสักครู่ตามเวลาใน Retry-After แล้วส่งใหม่ ข้อมูลที่ได้รับการยืนยันแล้วไม่สูญหาย"
LATER_EN = "Wait as Retry-After says and send again. Nothing that was acknowledged is lost."
PHOTO_TH = "เปิดภาพแล้วจับภาพหน้าจอ หรือบันทึกใหม่เป็น JPEG หรือ PNG แล้วส่งอีกครั้ง"
PHOTO_EN = "Take a screenshot of the picture, or save it anew as JPEG or PNG, and send that."
KEY_TH = "ใช้ mustshare-key ที่มีกุญแจอยู่ในรายชื่อปัจจุบัน และตรวจเวลาเครื่องให้ตรง"
KEY_EN = (
    "Use mustshare-key with a key of the current directory, and check this machine's clock."
)
OPERATOR_TH = "แจ้งผู้ดูแลระบบของเพจ ระหว่างนี้ยังไม่ควรส่งเบาะแส"
OPERATOR_EN = "Tell the page's operators. No tip should be sent meanwhile."
RESIGN_TH = "ขอรายชื่อกุญแจฉบับใหม่ที่มีลายเซ็นครบจากผู้ถือกุญแจราก"
RESIGN_EN = "Get a newer directory with enough signatures from the holders of the root keys."

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
"""What is wrong with what a tip answers."""

FIELD_CODES: dict[str, tuple[str, str]] = {
    "field.missing": ("ไม่ได้กรอก", "missing"),
    "field.unknown": ("ไม่มีช่องนี้ในรูปแบบ", "not a field of this form"),
    "field.wrong_type": ("ชนิดข้อมูลไม่ถูกต้อง", "of the wrong type"),
    "field.out_of_range": (
        "สั้น ยาว มาก หรือน้อยเกินไป",
        "too short, too long, too small or too large",
    ),
    "field.wrong_form": ("รูปแบบไม่ถูกต้อง", "not of the right form"),
    "field.too_long": (
        "ยาวเกินกำหนด (นับเป็นไบต์ อักษรไทยหนึ่งตัวเท่ากับสามไบต์)",
        "too long, counted in bytes of UTF-8",
    ),
    **OF_ANSWERS,
}
"""What is wrong with one field."""
