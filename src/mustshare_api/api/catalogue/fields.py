"""What is wrong with one field: code -> what a person is told, in Thai and English.

Whoever reads the lower half has eleven digits before them, on a sign or an announcement, and
needs to know where to look. Thai years first: 2026 is 2569, and 69 in a number.
"""

from mustshare_api.api.catalogue.answers import OF_ANSWERS

FIELD_CODES: dict[str, tuple[str, str]] = {
    "field.missing": ("ไม่ได้กรอก", "missing"),
    "field.unknown": ("ไม่มีช่องนี้ในรูปแบบ", "not a field of this form"),
    "field.wrong_type": ("ชนิดข้อมูลไม่ถูกต้อง", "of the wrong type"),
    "field.out_of_range": (
        "สั้น ยาว มาก หรือน้อยเกินไป",
        "too short, too long, too small or too large",
    ),
    "field.wrong_form": ("รูปแบบไม่ถูกต้อง", "not of the right form"),
    "field.buddhist_year": (
        "ใช้ปี ค.ศ. (พ.ศ. ลบ 543) เช่น 2026-11-23",
        "a Buddhist year: take 543 away, as in 2026-11-23",
    ),
    "field.too_long": (
        "ยาวเกินกำหนด (นับเป็นไบต์ อักษรไทยหนึ่งตัวเท่ากับสามไบต์)",
        "too long, counted in bytes of UTF-8",
    ),
    "place.unknown": (
        "รูปแบบถูกต้อง แต่ไม่มีพื้นที่รหัสนี้ ดูรหัสได้ที่ GET /v1/places",
        "of the right form, but no place has this code; see GET /v1/places",
    ),
    "procurement.wrong_length": (
        "เลขที่โครงการ e-GP มี 11 หลัก (เลขคุมสัญญาหรือเลขที่แผนเป็นคนละเลข)",
        "an e-GP number has eleven digits; a contract's or plan's is another",
    ),
    "procurement.full_year": (
        "ใส่ปี พ.ศ. เพียงสองหลัก เช่น 69 แทน 2569",
        "the year has two digits: 69, not 2569 or 2026",
    ),
    "procurement.not_digits": (
        "เลขที่โครงการ e-GP มีแต่ตัวเลข 0 ถึง 9",
        "an e-GP number is of the digits 0 to 9 alone",
    ),
    "procurement.thai_digits": (
        "เขียนด้วยเลขอารบิก 0 ถึง 9 แทนเลขไทย",
        "write the Thai digits as 0 to 9",
    ),
    "procurement.separators": (
        "เขียนติดกันโดยไม่มีช่องว่างหรือขีด",
        "write it without spaces or dashes",
    ),
    "procurement.wrong_month": (
        "หลักที่ 3 และ 4 คือเดือน ต้องเป็น 01 ถึง 12",
        "the third and fourth digit are a month, 01 to 12",
    ),
    "procurement.western_year": (
        "สองหลักแรกคือปี พ.ศ. เช่น 69 คือ 2569 (ค.ศ. 2026)",
        "the first two digits are the Buddhist year: 69 is 2569, which is 2026",
    ),
    "procurement.in_future": (
        "ปีและเดือนในสี่หลักแรกยังมาไม่ถึง",
        "the first four digits are a year and month still to come",
    ),
    "procurement.too_old": (
        "สองหลักแรกเป็นปีก่อนที่จะมีระบบ e-GP (พ.ศ. 2549)",
        "the first two digits are a year before there was e-GP (2549, which is 2006)",
    ),
    "procurement.ocid_prefix": (
        "OCID ขึ้นต้นด้วย ocds- รหัสผู้เผยแพร่ 6 ตัว และขีด",
        "an OCID begins with ocds-, six signs of its publisher, and a dash",
    ),
    "procurement.ocid_rest": (
        "ส่วนหลังรหัสผู้เผยแพร่ของ OCID มีอักษร ASCII 1 ถึง 100 ตัว ไม่มีช่องว่าง",
        "behind its publisher an OCID has 1 to 100 ASCII signs without a space",
    ),
    "tip.not_found": ("ไม่มีเบาะแสนี้", "there is no such tip"),
    "tip.changed": (
        "เบาะแสเปลี่ยนไปแล้วหลังจากที่เจ้าหน้าที่เห็น",
        "this tip has changed since the officers saw it",
    ),
    "step.wrong_state": (
        "เบาะแสอยู่ในสถานะที่ส่งต่อไม่ได้",
        "this tip does not stand where it can be referred from",
    ),
    **OF_ANSWERS,
}
