"""Problems of drafts, of pages that staff publish, and of the lists that the public reads."""

from mustshare_api.api.told import Told

_LOOK_TH = "ดูฉบับล่าสุดก่อน แล้วทำใหม่จากฉบับนั้น"
_LOOK_EN = "Look at the newest version, and make the change anew from that."

PAGES: dict[str, Told] = {
    "draft.not_found": Told(
        404,
        "ไม่มีร่างนี้",
        "There is no such draft",
        "ตรวจรหัส ร่างที่ไม่ได้ปิดผนึกถึงคุณจะไม่แสดง",
        "Check its id. A draft that is not sealed to you is not there for you.",
    ),
    "draft.changed": Told(
        412,
        "ร่างถูกแก้ไขไปแล้วหลังจากที่อ่าน",
        "The draft was changed since you read it",
        "ดึงร่างล่าสุดมาก่อนแล้วแก้ใหม่",
        "Fetch the newest draft and make your change in that.",
    ),
    "draft.full": Told(
        409,
        "มีร่างค้างมากเกินไป",
        "There are too many drafts",
        "ลบร่างที่ไม่ใช้แล้วก่อน",
        "Delete drafts that nobody works on.",
    ),
    "page.not_found": Told(
        404,
        "ไม่พบหน้านี้",
        "There is no such page",
        "ตรวจที่อยู่หรือรหัส หน้าที่ยังไม่เผยแพร่จะไม่แสดง",
        "Check the address. A page that is not published yet is not shown.",
    ),
    "page.no_purchase": Told(
        404,
        "ประเด็นนี้ไม่ได้อ้างถึงการจัดซื้อจัดจ้าง",
        "This case names no public purchase",
        "ดูประเด็นได้ที่ /v1/cases/{slug} ไม่มีข้อมูล OCDS ให้ส่งออก",
        "The case itself is at /v1/cases/{slug}; there is nothing to export as OCDS.",
    ),
    "place.not_found": Told(
        404,
        "ไม่มีพื้นที่รหัสนี้",
        "No place has this code",
        "รหัสมี 2, 4 หรือ 6 หลัก ดูรายชื่อจังหวัดได้ที่ GET /v1/places",
        "A code has 2, 4 or 6 digits. GET /v1/places lists the provinces.",
    ),
    "page.taken_down": Told(
        410,
        "หน้านี้ถูกถอดออกแล้ว",
        "This page was taken down",
        "อ่านเหตุผลใน reason ประวัติยังดูได้ที่ history",
        "Why stands in reason; that it was there, and when, stands in its history.",
    ),
    "page.hidden_already": Told(
        409,
        "หน้านี้ถูกถอดออกไปแล้ว",
        "The page is taken down already",
        "ไม่ต้องทำอะไรอีก",
        "There is nothing more to do.",
    ),
    "page.stale": Told(
        412, "หน้ามีฉบับใหม่กว่าแล้ว", "The page has another version by now", _LOOK_TH, _LOOK_EN
    ),
    "page.slug_taken": Told(
        409,
        "ชื่อในที่อยู่นี้เป็นของหน้าอื่นแล้ว",
        "Another page has this slug",
        "เลือกชื่ออื่น ชื่อที่เคยใช้แล้วใช้ซ้ำไม่ได้แม้หน้าถูกถอด",
        "Choose another. A slug is never given twice, also not after a takedown.",
    ),
    "page.slug_changed": Told(
        409,
        "เปลี่ยนชื่อในที่อยู่ของหน้าที่เผยแพร่แล้วไม่ได้",
        "The slug of a published page never changes",
        "ใช้ชื่อเดิม",
        "Keep the one that it has.",
    ),
    "page.picture_changed": Told(
        409,
        "รหัสรูปนี้เป็นของรูปอื่นบนหน้านี้แล้ว",
        "That picture id is another picture's on this page",
        "ให้รหัสใหม่แก่รูปที่เปลี่ยน",
        "Give a picture that changed a new id.",
    ),
    "page.picture_not_named": Told(
        404,
        "ฉบับล่าสุดไม่ได้ระบุรูปนี้",
        "The newest version does not name this picture",
        "ส่งรูปตรงตามรหัสและค่า SHA-256 ที่หน้าระบุ หลังจากเผยแพร่แล้ว",
        "After publication, send the very octets whose id and SHA-256 the page names.",
    ),
    "page.content_missing": Told(
        409,
        "เจ้าหน้าที่อีกคนเสนอไว้แล้ว ต้องส่งเนื้อหาทั้งหน้า",
        "Another officer has proposed this; the page itself is wanted now",
        "อ่านร่างให้ครบ แล้วส่งเนื้อหาเพื่อเผยแพร่",
        "Read the draft, then send the page to publish it.",
    ),
    "page.kept_too_short": Told(
        400,
        "retain_until ต้องเป็นวันในอนาคต",
        "retain_until has to be a day to come",
        "กำหนดวันหลังวันนี้ หรือไม่ระบุ",
        "Name a later day, or none.",
    ),
    "page.bad_query": Told(
        400,
        "ตัวกรองหรือตัวชี้หน้าไม่ถูกต้อง",
        "A filter or the cursor cannot be read",
        "ใช้เฉพาะตัวกรองที่ /docs บอกไว้สำหรับหน้านี้ อย่างละครั้ง และใช้ next ตามที่ได้รับ",
        "Use what /docs names for this path and nothing else, once each, and next as given.",
    ),
}
