"""What the tool says of a docket: agencies, how far each has come, and what came of it."""

from typing import Final

SAID_OF_DOCKETS: Final[dict[str, tuple[str, str]]] = {
    "docket.heading": (
        "  สมุดความคืบหน้าที่ผู้แจ้งเห็น ฉบับวันที่ {on} โดย {name}",
        "  docket, as the reporter sees it since {on}, by {name}",
    ),
    "docket.refused": (
        "  สมุดความคืบหน้า {object} เปิดไม่ได้: {why}",
        "  docket {object} was not opened. {why}",
    ),
    "docket.case_line": (
        "    ประเด็น {case}: {state} ตั้งแต่ {on}",
        "    case {case}: {state}, {on}",
    ),
    "docket.referral": ("    {agency}: {state} ตั้งแต่ {on}", "    {agency}: {state}, {on}"),
    "docket.certificate": ("      มีหนังสือรับรองการส่งต่อ", "      with a certificate"),
    "docket.outcome_line": (
        "      ผล {word}: {kind} {on}",
        "      outcome {word}: {kind}, {on}",
    ),
    "docket.case.open": ("เปิดอยู่", "open"),
    "docket.case.referred": ("ส่งต่อแล้ว", "referred"),
    "docket.case.concluded": ("ได้ข้อสรุปแล้ว", "concluded"),
    "docket.case.taken_down": ("ถอดหน้าออกแล้ว", "taken down"),
    "case.told": (
        "บอกผู้แจ้งของเบาะแส {count} รายการแล้วถึงประเด็น {case}",
        "The reporters of {count} tips are told how the case {case} stands.",
    ),
    "case.untold": (
        "ยังไม่ได้บอกผู้แจ้งของเบาะแส {tip} ถึงประเด็น {case} สั่ง case tell อีกครั้ง",
        "Tip {tip} is not told of the case {case}: case tell tries again.",
    ),
    "docket.state.proposed": ("รอเจ้าหน้าที่คนที่สอง", "proposed"),
    "docket.state.sent": ("ส่งแล้ว", "sent"),
    "docket.state.fetched": ("หน่วยงานรับไฟล์แล้ว", "fetched"),
    "docket.state.acknowledged": ("หน่วยงานรับเรื่องแล้ว", "acknowledged"),
    "docket.state.asked": ("หน่วยงานถามกลับ", "asked back"),
    "docket.state.answered": ("ตอบหน่วยงานแล้ว", "answered"),
    "docket.state.concluded": ("หน่วยงานสรุปแล้ว", "concluded"),
    "docket.state.lapsed": ("ไฟล์หมดอายุ", "file lapsed"),
    "docket.state.taken_back": ("เรียกคืนแล้ว", "taken back"),
    "docket.outcome.under_inquiry": ("กำลังสอบสวน", "under inquiry"),
    "docket.outcome.indicted": ("ชี้มูลหรือฟ้องคดีแล้ว", "indicted"),
    "docket.outcome.disciplined": ("ลงโทษทางวินัยแล้ว", "disciplined"),
    "docket.outcome.money_returned": ("คืนเงินแล้ว", "money returned"),
    "docket.outcome.repaired": ("แก้ไขซ่อมแซมแล้ว", "repaired"),
    "docket.outcome.no_grounds": ("ไม่พบมูล", "no grounds found"),
    "docket.outcome.passed_on": ("ส่งต่อหน่วยงานอื่น", "passed on"),
}
