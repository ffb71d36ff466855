"""The sentences about the desk: inbox, notes, labels, checklist, merging, search."""

from typing import Final

SAID_OF_INBOX: Final[dict[str, tuple[str, str]]] = {
    "inbox.count": ("{count} เบาะแส", "{count} tips"),
    "state.received": ("รับแล้ว", "received"),
    "state.verifying": ("กำลังตรวจสอบ", "verifying"),
    "state.published": ("เผยแพร่แล้ว", "published"),
    "state.referred": ("ส่งต่อแล้ว", "referred"),
    "state.set_aside": ("พักไว้", "set aside"),
    "state.closed": ("ปิดเรื่อง", "closed"),
    "state.withdrawn": ("ถอนแล้ว", "withdrawn"),
    "state.expired": ("หมดอายุ", "expired"),
    "desk.heading": ("โต๊ะทำงาน ({state})", "Desk ({state})"),
    "desk.officer": ("  ผู้รับผิดชอบ: {name}", "  officer: {name}"),
    "desk.labels": ("  ป้าย: {labels}", "  labels: {labels}"),
    "desk.deadlines": (
        "  แจ้งรับภายใน {acknowledge} ตอบภายใน {answer} เก็บถึง {expires}",
        "  acknowledge by {acknowledge}, answer by {answer}, kept until {expires}",
    ),
    "desk.overdue": ("  ! เลยกำหนดที่บอกผู้แจ้งไว้", "  ! past a day that its reporter was told"),
    "desk.case": ("  ประเด็น: {case} ({id})", "  case: {case} ({id})"),
    "desk.case_through": (
        "  ประเด็นของเรื่องเดียวกัน: {case} ({id})",
        "  case of the same matter: {case} ({id})",
    ),
    "desk.about": (
        "  หน้าที่ตอบ (ผู้แจ้งส่งมาโดยไม่ปิดผนึกข้อนี้): {page}",
        "  answers, as its front end noted in clear: {page}",
    ),
    "case.tied": (
        "ผูกเบาะแส {count} รายการกับประเด็น {case} แล้ว",
        "{count} tips now belong to the case {case}.",
    ),
    "case.untied": (
        "แยกเบาะแส {count} รายการออกจากประเด็น {case} แล้ว",
        "{count} tips belong to the case {case} no longer.",
    ),
    "case.unknown": (
        "ไม่รู้จักประเด็นชื่อหรือรหัสนี้ ดูด้วย mustshare-key case list",
        "No case of that name or id is known. mustshare-key case list shows them.",
    ),
    "case.ambiguous": (
        "มีหลายประเด็นชื่อนี้ ระบุรหัส: {cases}",
        "Several cases go by that name. Say which by its id: {cases}",
    ),
    "desk.duplicate": ("  เรื่องเดียวกับ {tip}", "  the same matter as {tip}"),
    "desk.copycat": ("  แบบเดียวกับ {tip}", "  the same pattern as {tip}"),
    "desk.merged_with": ("  รวมอยู่กับ {tip}  {headline}", "  merged with {tip}  {headline}"),
    "desk.check": ("  [{mark}] {item}: {what}", "  [{mark}] {item}: {what}"),
    "desk.note": ("  บันทึกของ {name} {at}", "  note by {name}, {at}"),
    "desk.written": ("บันทึกบนเบาะแส {tip} แล้ว", "Written on tip {tip}."),
    "desk.sent": ("ส่งบันทึกแล้ว {count} รายการ", "{count} desk entries sent"),
    "desk.waiting": (
        "บันทึก {count} รายการรอส่งเมื่อ sync ครั้งต่อไป",
        "{count} desk entries wait for the next sync",
    ),
    "desk.held_up": (
        "บันทึก {object} ยังรออยู่: {why}",
        "The desk entry {object} goes on waiting: {why}",
    ),
    "desk.refused": (
        "บันทึก {object} ถูกปฏิเสธและยังเก็บอยู่: {why} ลบด้วย mustshare-key resend --drop-refused",
        "Desk entry {object} was refused and is kept. {why} resend --drop-refused forgets it.",
    ),
    "desk.moved": ("เบาะแส {tip} เดินขั้นตอนแล้ว", "Tip {tip} made the step."),
    "desk.unmoved": (
        "เบาะแส {tip} ไม่ได้เดินขั้นตอน และลืมคำสั่งนี้แล้ว: {why}",
        "Tip {tip} did not make the step, which is forgotten. {why}",
    ),
    "desk.step_waits": ("  รอส่งขั้นตอน: {step}", "  waits to be sent: the step {step}"),
    "desk.conflict": (
        "ประตูเจ้าหน้าที่ไม่รับบันทึกนี้",
        "The staff door does not take this entry.",
    ),
    "desk.dropped": (
        "ลบบันทึกที่ถูกปฏิเสธ {count} รายการ",
        "{count} refused desk entries are forgotten.",
    ),
    "desk.ahead": (
        "บันทึกลงวันที่ล่วงหน้า จะยังไม่นับจนกว่าจะถึงวันนั้น",
        "The desk entry is dated ahead. It counts for nothing before its day.",
    ),
    "desk.malformed": (
        "บันทึกผิดรูปแบบหรือยาวเกินไป",
        "The desk entry is malformed, or longer than one may be.",
    ),
    "desk.nothing_changes": (
        "เป็นอย่างนั้นอยู่แล้ว ไม่ได้บันทึกอะไร",
        "It is so already; nothing was written.",
    ),
    "label.both": (
        "ป้ายเดียวกันทั้งติดและแกะไม่ได้",
        "One label cannot be both put on and taken off.",
    ),
    "merge.itself": ("รวมเบาะแสเข้ากับตัวเองไม่ได้", "A tip cannot be merged into itself."),
    "merge.circle": (
        "เบาะแสปลายทางรวมอยู่ในเบาะแสนี้แล้ว",
        "That tip is merged into this one already.",
    ),
    "merge.not_merged": ("เบาะแสนี้ไม่ได้รวมกับเบาะแสใด", "This tip is not merged into another."),
    "merge.how": (
        "ระบุ --as duplicate (เรื่องเดียวกัน) หรือ copycat (แบบเดียวกัน)",
        "Say how: --as duplicate (the same matter) or --as copycat (the same pattern).",
    ),
    "search.line": (
        "{tip}  {at}  {who}  …{passage}…",
        "{tip}  {at}  {who}  ...{passage}...",
    ),
    "search.reporter": ("ผู้แจ้ง", "reporter"),
    "search.count": ("พบ {count} แห่ง", "{count} found"),
    "search.no_words": ("ระบุคำที่จะค้น", "Say which words to look for."),
    "search.rebuilt": (
        "สร้างทะเบียนใหม่แล้ว {count} ข้อความ",
        "The register is made anew: {count} messages and entries",
    ),
    "register.malformed": (
        "ทะเบียนในเครื่องผิดรูปแบบ สร้างใหม่ด้วย mustshare-key search --rebuild",
        "The register is of another layout. mustshare-key search --rebuild makes it anew.",
    ),
    "register.no_search": (
        "SQLite ของ Python ในเครื่องนี้เก่าเกินไปหรือไม่มี FTS5 ติดตั้ง Python ที่ใหม่กว่า",
        "This Python's SQLite is older than 3.36 or has no FTS5. Install a newer Python.",
    ),
    "file.closed": (
        "  ไฟล์แนบ {object}: {kind} {size} ไบต์ ยังปิดผนึกอยู่ เปิดด้วย mustshare-key open",
        "  attachment {object}: {kind}, {size} B, still sealed; mustshare-key open writes it",
    ),
}
