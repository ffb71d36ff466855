"""Problems of steps: from the wrong state, by the wrong people, or on what has changed."""

from mustshare_api.api.told import Told

STEPS: dict[str, Told] = {
    "step.wrong_state": Told(
        409,
        "เบาะแสไม่ได้อยู่ในสถานะที่ทำขั้นตอนนี้ได้",
        "There is no such step from where the tip stands",
        "ซิงก์ใหม่แล้วดูสถานะ แผนภาพขั้นตอนอยู่ใน docs/lifecycle.md",
        "Sync, see where it stands, and look at the diagram in docs/lifecycle.md.",
    ),
    "step.not_for_staff": Told(
        403,
        "ขั้นตอนนี้ไม่ใช่ของเจ้าหน้าที่",
        "This step is not for staff to make",
        "ผู้แจ้งเท่านั้นที่ถอนเบาะแสได้ และระบบลบเองเมื่อครบกำหนด ใช้ erase ร่วมกับเจ้าหน้าที่อีกคน",
        "Only its reporter withdraws a tip, and the clock lets it expire; two officers erase.",
    ),
    "tip.changed": Told(
        412,
        "เบาะแสเดินขั้นตอนไปแล้วหลังจากที่อ่าน",
        "The tip has made another step since it was read",
        "ซิงก์ใหม่ ดูสถานะ แล้วตัดสินใจอีกครั้ง",
        "Sync, see where it stands, and decide anew.",
    ),
    "step.unread": Told(
        409,
        "ผู้แจ้งส่งสิ่งที่ท่านยังไม่ได้อ่าน จึงลบไม่ได้",
        "Its reporter sent what you have not read, and nothing unread is erased",
        "ซิงก์ เปิดอ่านเบาะแสทั้งหมด แล้วตัดสินใจอีกครั้ง คำขอต้องบอก seen ของสิ่งที่อ่านแล้ว",
        "Sync, read all of it, and decide anew. The request says in `seen` what was read.",
    ),
    "second.same_person": Told(
        409,
        "คนเดียวกันยืนยันสิ่งที่ตนเสนอไม่ได้",
        "Nobody is their own second person",
        "ให้เจ้าหน้าที่อีกคนทำรายการเดียวกันด้วยกุญแจของตนภายในเจ็ดวัน",
        "Let another officer do the same with their own key within seven days.",
    ),
    "second.other_content": Told(
        409,
        "เจ้าหน้าที่อีกคนเสนอเนื้อหาอื่นไว้",
        "Another officer has proposed something else",
        "ตกลงกันก่อน ผู้เสนอถอนข้อเสนอของตนได้ หรือรอให้ครบเจ็ดวัน",
        "Agree first. Whoever proposed it can take it back, or it lapses after seven days.",
    ),
    "second.not_found": Told(
        404,
        "ไม่มีข้อเสนอนี้ของท่าน",
        "You have no such proposal",
        "ดูรายการที่รอคนที่สองด้วย GET /v1/seconds",
        "See what waits for a second person at GET /v1/seconds.",
    ),
}
