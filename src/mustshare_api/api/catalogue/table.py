"""Every problem there is: code -> HTTP status, and what a person is told, in Thai and English.

The list is closed: a code that is raised anywhere and missing here fails a test. A title says
what is wrong, the advice what to do. Neither ever quotes what was sent.
"""

from mustshare_api.api.catalogue.audit import AUDIT
from mustshare_api.api.catalogue.campaigns import CAMPAIGNS
from mustshare_api.api.catalogue.files import FILES
from mustshare_api.api.catalogue.flood import FLOOD
from mustshare_api.api.catalogue.hand_over import HAND_OVER
from mustshare_api.api.catalogue.http import HTTP
from mustshare_api.api.catalogue.pages import PAGES
from mustshare_api.api.catalogue.receipts import RECEIPTS
from mustshare_api.api.catalogue.referrals import REFERRALS
from mustshare_api.api.catalogue.sealed import SEALED
from mustshare_api.api.catalogue.steps import STEPS
from mustshare_api.api.catalogue.sync import SYNC
from mustshare_api.api.catalogue.ways import WAYS
from mustshare_api.api.catalogue.webhooks import WEBHOOKS
from mustshare_api.api.told import (
    LATER_EN,
    LATER_TH,
    PHOTO_EN,
    PHOTO_TH,
    RESEND_EN,
    RESEND_TH,
    Told,
)

CATALOGUE: dict[str, Told] = {
    "request.malformed": Told(
        400, "คำขอไม่ถูกรูปแบบ", "The request cannot be read", RESEND_TH, RESEND_EN
    ),
    "request.bad_json": Told(
        400,
        "เนื้อหาไม่ใช่ JSON ที่ถูกต้อง (UTF-8)",
        "The body is not valid JSON in UTF-8",
        RESEND_TH,
        RESEND_EN,
    ),
    "request.duplicate_key": Told(
        400,
        "JSON มีชื่อฟิลด์ซ้ำ",
        "The JSON names a field twice",
        "ส่งแต่ละฟิลด์เพียงครั้งเดียว",
        "Send each field once.",
    ),
    "request.invalid_fields": Told(
        400,
        "ข้อมูลบางช่องไม่ถูกต้อง",
        "Some fields are not right",
        "แก้ช่องที่ระบุใน errors แล้วส่งใหม่",
        "Correct the fields named in errors and send again.",
    ),
    "request.cut_off": Told(
        400,
        "การส่งถูกตัดกลางคัน",
        "The body was cut off",
        "ส่งใหม่ทั้งหมด การส่งซ้ำไม่ทำให้ข้อมูลซ้ำ",
        "Send all of it again; a retry does no harm.",
    ),
    "request.too_large": Told(
        413,
        "ข้อมูลใหญ่เกินกำหนด",
        "The body is too large",
        "ดูขนาดสูงสุดได้ที่ GET /v1/intake",
        "GET /v1/intake names the limits.",
    ),
    "request.target_too_long": Told(
        414,
        "ที่อยู่ (URL) ยาวเกินไป",
        "The address is too long",
        "ดูที่อยู่ทั้งหมดที่ /docs",
        "See /docs for all there is.",
    ),
    "request.header_too_large": Told(
        431,
        "ส่วนหัวของคำขอใหญ่เกินไป",
        "The request's headers are too large",
        "ส่งเฉพาะหัวข้อที่จำเป็น ไม่ต้องส่งคุกกี้",
        "Send only the headers that are needed; no cookie is.",
    ),
    "request.too_slow": Told(
        408,
        "ส่งข้อมูลช้าเกินไป",
        "The request came too slowly",
        "ลองใหม่เมื่อสัญญาณดีขึ้น การส่งซ้ำไม่ทำให้ข้อมูลซ้ำ",
        "Try again on a better connection; a retry does no harm.",
    ),
    "request.not_found": Told(
        404,
        "ไม่มีหน้านี้",
        "There is no such page",
        "ดูรายการทั้งหมดที่ /docs",
        "See /docs for all there is.",
    ),
    "request.wrong_method": Told(
        405,
        "ใช้วิธี HTTP นี้กับหน้านี้ไม่ได้",
        "This HTTP method is not for this page",
        "ดูวิธีที่ใช้ได้ในหัวข้อ Allow",
        "The Allow header names those that are.",
    ),
    "request.wrong_content_type": Told(
        415,
        "ชนิดเนื้อหา (Content-Type) ใช้ไม่ได้",
        "This Content-Type is not taken here",
        "ใช้ application/json หรือ application/octet-stream",
        "Use application/json or application/octet-stream.",
    ),
    "request.bad_retry_key": Told(
        400,
        "Idempotency-Key ไม่ถูกรูปแบบ",
        "The Idempotency-Key is not of the right form",
        "ใช้ตัวอักษร A-Z a-z 0-9 - _ แบบสุ่ม 22 ถึง 64 ตัว",
        "Use 22 to 64 random characters of A-Z a-z 0-9 - _.",
    ),
    "id.malformed": Told(
        400,
        "รหัสไม่ถูกรูปแบบ",
        "The id is not of the right form",
        "รหัสคือเลขฐานสิบหกตัวเล็ก 32 หลักที่สุ่มขึ้น",
        "An id is 32 random lower-case hexadecimal digits.",
    ),
    "id.in_use": Told(
        409,
        "รหัสนี้ใช้กับข้อมูลอื่นแล้ว",
        "This id already holds something else",
        "สร้างรหัสใหม่สำหรับข้อมูลใหม่ การส่งข้อมูลเดิมซ้ำใช้รหัสเดิมได้",
        "Make a new id for new content; a retry keeps its id.",
    ),
    "tip.full": Told(
        413,
        "เบาะแสนี้มีข้อความหรือไฟล์เต็มจำนวนแล้ว",
        "This tip holds as many as it may",
        "ส่งเป็นเบาะแสใหม่ได้",
        "Send the rest as a new tip.",
    ),
    "tip.not_found": Told(
        404,
        "ไม่มีเบาะแสนี้",
        "There is no such tip",
        "ซิงก์ใหม่: เบาะแสอาจถูกถอนหรือหมดอายุ",
        "Sync again: it may have been withdrawn or have expired.",
    ),
    "tip.rotated": Told(
        409,
        "ผู้แจ้งเปลี่ยนใบรับแจ้งแล้ว คำตอบนี้ปิดผนึกถึงใบเดิม",
        "The receipt was exchanged, and this is sealed to the old one",
        "ซิงก์ ตรวจลำดับใบรับแจ้ง แล้วปิดผนึกใหม่ถึงชุดกุญแจปัจจุบัน",
        "Sync, verify the chain of rotations, and seal it anew to the bundle in force.",
    ),
    "follow_up.not_sealed": Told(
        400,
        "ผู้ใช้ Bearer ต้องปิดผนึกข้อความเอง",
        "With Bearer, follow-ups come sealed",
        "ส่ง application/octet-stream ที่ปิดผนึกแล้ว หรือใช้ Authorization: Receipt",
        "Send a sealed application/octet-stream, or use Authorization: Receipt.",
    ),
    "attachment.not_sealed": Told(
        400,
        "ผู้ใช้ Bearer ต้องปิดผนึกไฟล์เอง",
        "With Bearer, attachments come sealed",
        "ปิดผนึกไฟล์ก่อนส่ง หรือใช้ Authorization: Receipt",
        "Seal the file before sending, or use Authorization: Receipt.",
    ),
    "attachment.empty": Told(
        400,
        "ไฟล์ว่างเปล่า",
        "The file is empty",
        "เลือกไฟล์แล้วส่งใหม่",
        "Choose the file again and send it.",
    ),
    "attachment.too_large": Told(
        413,
        "ไฟล์ใหญ่เกินกำหนด",
        "The file is too large",
        "ลดขนาดภาพหรือตัดไฟล์ให้สั้นลงแล้วส่งใหม่ ดูขนาดสูงสุดได้ที่ GET /v1/intake",
        "Make the picture smaller or the film shorter; GET /v1/intake names the limit.",
    ),
    "attachment.not_found": Told(
        404,
        "ไม่มีไฟล์นี้",
        "There is no such file",
        "ดูรหัสไฟล์ในข้อความติดตาม",
        "The follow-up names its files.",
    ),
    "upload.busy": Told(
        503, "กำลังรับไฟล์จำนวนมาก", "Very many uploads at the moment", LATER_TH, LATER_EN
    ),
    "media.unsupported_type": Told(
        415,
        "ไม่รับไฟล์ชนิดนี้",
        "This kind of file is not taken",
        "ส่งเป็นภาพ JPEG หรือ PNG เช่น ถ่ายหน้าจอหรือถ่ายภาพเอกสาร ชนิดที่รับดูได้ที่ GET /v1/intake",
        "Send a JPEG or PNG: a screenshot, or a photo of it. GET /v1/intake lists what is taken.",
    ),
    "media.too_large": Told(413, "ไฟล์ใหญ่เกินกำหนด", "The file is too large", PHOTO_TH, PHOTO_EN),
    "media.too_many_pixels": Told(
        422,
        "ภาพมีจำนวนพิกเซลมากเกินไป",
        "The picture has too many pixels",
        "ย่อภาพแล้วส่งใหม่",
        "Make the picture smaller and send it again.",
    ),
    "media.undecodable": Told(
        422,
        "เปิดภาพนี้ไม่ได้ จึงลบข้อมูลแฝงไม่ได้",
        "This picture cannot be read, so it cannot be made safe",
        PHOTO_TH,
        PHOTO_EN,
    ),
    "media.animated": Told(422, "ภาพนี้เคลื่อนไหว", "This picture is animated", PHOTO_TH, PHOTO_EN),
    "media.multi_image": Told(
        422, "ไฟล์นี้มีหลายภาพ", "This file holds several pictures", PHOTO_TH, PHOTO_EN
    ),
    "media.timeout": Told(
        422, "ใช้เวลาอ่านไฟล์นานเกินไป", "The file took too long to read", PHOTO_TH, PHOTO_EN
    ),
    "media.busy": Told(
        503, "กำลังประมวลผลภาพจำนวนมาก", "Very many pictures at the moment", LATER_TH, LATER_EN
    ),
    "media.sandbox_unavailable": Told(
        503,
        "ระบบประมวลผลภาพไม่พร้อมใช้งาน",
        "Pictures cannot be processed safely at present",
        "ส่งเบาะแสเป็นข้อความก่อน แล้วแนบภาพภายหลัง",
        "Send the tip as text now and the picture later.",
    ),
    "not_found": Told(
        404, "ไม่พบ", "Not found", "ดูรายการทั้งหมดที่ /docs", "See /docs for all there is."
    ),
    "conflict": Told(
        409, "ขัดกับสถานะปัจจุบัน", "At odds with how things stand", RESEND_TH, RESEND_EN
    ),
    "database.unavailable": Told(
        503, "ระบบจัดเก็บไม่พร้อมใช้งาน", "Storage is not available", LATER_TH, LATER_EN
    ),
    "busy": Told(503, "ระบบไม่ว่าง", "Busy", LATER_TH, LATER_EN),
    "unavailable": Told(503, "ระบบไม่พร้อมใช้งาน", "Not available at present", LATER_TH, LATER_EN),
    "internal": Told(500, "ระบบผิดพลาด", "Something went wrong on our side", LATER_TH, LATER_EN),
    **HTTP,
    **PAGES,
    **RECEIPTS,
    **HAND_OVER,
    **FILES,
    **SEALED,
    **REFERRALS,
    **STEPS,
    **AUDIT,
    **SYNC,
    **WAYS,
    **FLOOD,
    **WEBHOOKS,
    **CAMPAIGNS,
}
