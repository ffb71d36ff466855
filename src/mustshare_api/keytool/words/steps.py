"""What the commands of a tip's steps say, in Thai and English."""

from typing import Final

SAID_OF_STEPS: Final[dict[str, tuple[str, str]]] = {
    "step.done": ("เบาะแสอยู่ในสถานะ: {state}", "The tip is now: {state}"),
    "step.kept_until": (
        "เก็บไว้ถึงก่อนวันที่ {day} หากไม่มีข่าวจากฝ่ายใด",
        "It is kept until {day}, unless there is news.",
    ),
    "step.erased": (
        "ลบเบาะแสแล้ว ซิงก์เพื่อลบสำเนาในเครื่อง",
        "It is erased. Sync, to delete what is on this machine.",
    ),
    "step.unread_waits": (
        "ผู้แจ้งส่งสิ่งที่ยังไม่ได้เปิดอ่านในเครื่องนี้ จึงยังไม่เริ่มนับเวลาเก็บ ซิงก์แล้วเปิดด้วย show",
        "Its reporter sent what was not read here, so no time limit runs: sync, then show.",
    ),
    "step.unread": (
        "ผู้แจ้งส่งสิ่งที่ยังไม่ได้เปิดอ่านในเครื่องนี้ จึงลบไม่ได้ ซิงก์แล้วเปิดด้วย show ก่อน",
        "Its reporter sent what was not read here; nothing unread is erased: sync, then show.",
    ),
    "step.proposed": (
        "เสนอแล้ว ยังไม่มีผล ให้เจ้าหน้าที่อีกคนทำขั้นตอนเดียวกันภายในเจ็ดวัน",
        "Proposed, and not done: another officer has to do the same within seven days.",
    ),
    "step.taken_back": ("ถอนข้อเสนอแล้ว", "The proposal is taken back."),
    "step.wrong_state": (
        "เบาะแสไม่ได้อยู่ในสถานะที่ทำขั้นตอนนี้ได้ ซิงก์แล้วดูแผนภาพใน docs/lifecycle.md",
        "There is no such step from where the tip stands: sync, and see docs/lifecycle.md",
    ),
    "step.not_for_staff": (
        "ขั้นตอนนี้ไม่ใช่ของเจ้าหน้าที่",
        "That step is not for staff to make.",
    ),
    "tip.changed": (
        "เบาะแสเดินขั้นตอนไปแล้ว ซิงก์แล้วตัดสินใจอีกครั้ง",
        "The tip has made another step meanwhile: sync, and decide anew.",
    ),
    "second.same_person": (
        "คุณเสนอไว้แล้ว ต้องให้เจ้าหน้าที่อีกคนยืนยัน",
        "You have proposed this yourself: another officer has to do it.",
    ),
    "second.other_content": (
        "เจ้าหน้าที่อีกคนเสนออย่างอื่นไว้ ตกลงกันก่อน",
        "Another officer has proposed something else: agree first.",
    ),
    "second.not_found": ("คุณไม่ได้เสนอสิ่งนี้ไว้", "You have not proposed that."),
    "pending.line": (
        "{act}  {subject}  เสนอโดย {officer} รอคุณหรือผู้อื่นก่อนวันที่ {day}",
        "{act}  {subject}  proposed by {officer}; waits for you or another until {day}",
    ),
    "pending.yours": (
        "{act}  {subject}  คุณ ({officer}) เสนอ รอเจ้าหน้าที่อีกคนก่อนวันที่ {day}",
        "{act}  {subject}  proposed by you ({officer}); waits for another until {day}",
    ),
    "pending.empty": ("ไม่มีอะไรรอคนที่สอง", "Nothing waits for a second officer."),
    "digest.heading": (
        "สรุป ณ วันที่ {day} (ซิงก์ล่าสุด {synced})",
        "Digest of {day} (last synced {synced})",
    ),
    "digest.compared": (
        "เทียบทั้งหมดกับเซิร์ฟเวอร์ครั้งล่าสุด {day}",
        "Everything was last compared on {day}.",
    ),
    "digest.uncompared": (
        "ไม่ได้เทียบทั้งหมดมากว่าสัปดาห์ (ครั้งล่าสุด {day}) ใช้ sync --full",
        "Not compared for over a week (last {day}): run sync --full.",
    ),
    "digest.state": ("{count}  {state}", "{count}  {state}"),
    "totals.line": ("{month}  {count}  {state}", "{month}  {count}  {state}"),
    "digest.to_acknowledge": (
        "{count}  เกินเจ็ดวันโดยยังไม่แจ้งรับ",
        "{count}  past seven days and not acknowledged",
    ),
    "digest.to_answer": (
        "{count}  เกินสามเดือนโดยยังไม่ตอบ",
        "{count}  past three months and not answered",
    ),
    "digest.to_read": (
        "{count}  ผู้แจ้งเขียนล่าสุด รอเจ้าหน้าที่",
        "{count}  whose reporter wrote last and waits for staff",
    ),
    "digest.expiring": (
        "{count}  จะถูกลบภายในสามสิบวัน",
        "{count}  to be erased within thirty days",
    ),
    "digest.seconds": (
        "{count}  รอเจ้าหน้าที่คนที่สอง",
        "{count}  waiting for a second officer",
    ),
    "erased.counted": (
        "เบาะแสนี้อยู่ในรายการที่ลบของเดือน {month} ({count} รายการ) ตรวจกับบันทึกด้วย audit show",
        "It is among the {count} erasures of {month}; audit show has that month's leaf.",
    ),
    "erased.lives": ("เบาะแสนี้ยังไม่ถูกลบ", "That tip is not erased."),
    "erased.withdrawn": (
        "ผู้แจ้งถอนเบาะแสนี้เอง หรือยังไม่ได้ซิงก์ จึงไม่มีหลักฐานการลบ",
        "Its reporter withdrew that tip, or it is not synced: there is no proof to check.",
    ),
    "erased.not_counted": (
        "ไม่พบเบาะแสนี้ในรายการที่ลบ เก็บเครื่องนี้ไว้เป็นหลักฐานแล้วแจ้งผู้ถือกุญแจราก",
        "That tip is not among the erasures: keep this folder and tell the root holders.",
    ),
}
