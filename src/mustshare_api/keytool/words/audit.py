"""The sentences about the audit log, Thai first; see `words.wording`."""

from typing import Final

SAID_OF_AUDIT: Final[dict[str, tuple[str, str]]] = {
    # Refusals, the first four in a voice of their own.
    "audit.rewritten": (
        "*** บันทึกการตรวจสอบถูกเขียนทับ *** หยุดใช้ เก็บ {path} แล้วแจ้งผู้ถือกุญแจรากด้วยทางอื่น",
        "*** THE AUDIT LOG WAS REWRITTEN *** Stop, keep {path}, and tell the root holders.",
    ),
    "audit.wrong_key": (
        "*** บันทึกการตรวจสอบลงนามด้วยกุญแจอื่น *** หยุดใช้ เก็บ {path} แล้วแจ้งผู้ถือกุญแจราก",
        "*** ANOTHER KEY SIGNED THE AUDIT LOG *** Stop, keep {path}, tell the root holders.",
    ),
    "audit.no_directory": (
        "*** สารบัญกุญแจนี้ไม่อยู่ในบันทึกการตรวจสอบ *** หยุดใช้ เก็บ {path} แล้วแจ้งผู้ถือกุญแจราก",
        "*** THE DIRECTORY IS NOT IN THE AUDIT LOG *** Stop, keep {path}, tell the holders.",
    ),
    "audit.event_changed": (
        "*** รายการ {position} ของบันทึกการตรวจสอบไม่ตรงกับที่ลงนามไว้ *** เก็บ {path} เป็นหลักฐาน",
        "*** ENTRY {position} OF THE AUDIT LOG IS NOT WHAT WAS SIGNED *** Keep {path}.",
    ),
    "audit.other_deployment": (
        "บันทึกการตรวจสอบเป็นของระบบอื่น",
        "The audit log is another deployment's.",
    ),
    "checkpoint.malformed": (
        "ไฟล์ checkpoint อ่านไม่ได้หรือถูกแก้ไข",
        "This is no checkpoint, or it was changed.",
    ),
    "checkpoint.wrong_signature": (
        "ลายเซ็นของ checkpoint ไม่ถูกต้อง",
        "The checkpoint's signature does not hold.",
    ),
    "checkpoint.forked": (
        "เซิร์ฟเวอร์ไม่ยอมรับว่าเคยเป็นเช่นนี้ เก็บ checkpoint ไว้เป็นหลักฐาน",
        "The server denies that its log ever stood like this. Keep the checkpoint.",
    ),
    "cosignature.malformed": (
        "ลายเซ็นพยานไม่ถูกรูปแบบ",
        "The cosignature is malformed.",
    ),
    "cosignature.wrong_signature": (
        "กุญแจพยานนี้ไม่อยู่ในสารบัญกุญแจที่ใช้อยู่",
        "The directory in force does not list this witness's key.",
    ),
    "event.malformed": (
        "คำขอนี้บันทึกลงบันทึกการตรวจสอบไม่ได้",
        "No audit log could hold this request.",
    ),
    # What was done, and what is shown.
    "audit.line": ("{position}  {day}  {by}  {did}", "{position}  {day}  {by}  {did}"),
    "audit.shredded": (
        "{position}  (ลบข้อความแล้ว เหลือแฮช)",
        "{position}  (shredded; its hash stays)",
    ),
    "audit.verified": (
        "ตรวจแล้ว {size} รายการ ลบข้อความแล้ว {shredded} ราก {root}",
        "{size} entries hold, {shredded} of them shredded. Root {root}",
    ),
    "audit.cosigned": (
        "พยาน {name} ลงนามร่วมที่ {size} รายการ",
        "Cosigned by {name} at {size} entries.",
    ),
    "witness.cosigned": (
        "ลงนามร่วมแล้วที่ {size} รายการ ราก {root}",
        "Cosigned at {size} entries. Root {root}",
    ),
}
