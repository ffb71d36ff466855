"""Every problem there is: code -> HTTP status, and what a person is told, in Thai and English.

The list is closed: a code that is raised anywhere and missing here fails a test. A title says
what is wrong, the advice what to do. Neither ever quotes what was sent.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Told:
    """One problem as a person reads it."""

    status: int
    title_th: str
    title_en: str
    advice_th: str
    advice_en: str


_RESEND_TH = "ตรวจสอบข้อมูลที่ส่งแล้วลองใหม่ ดูรูปแบบได้ที่ /docs"
_RESEND_EN = "Check what you send against /docs and try again."
_SEAL_TH = "ดึงรายชื่อกุญแจใหม่จาก GET /v1/directory แล้วปิดผนึกใหม่ตาม docs/protocol.md"
_SEAL_EN = "Fetch GET /v1/directory again and seal anew as docs/protocol.md says."
_LATER_TH = "รอสักครู่ตามเวลาใน Retry-After แล้วส่งใหม่ ข้อมูลที่ได้รับการยืนยันแล้วไม่สูญหาย"
_LATER_EN = "Wait as Retry-After says and send again. Nothing that was acknowledged is lost."
_PHOTO_TH = "เปิดภาพแล้วจับภาพหน้าจอ หรือบันทึกใหม่เป็น JPEG หรือ PNG แล้วส่งอีกครั้ง"
_PHOTO_EN = "Take a screenshot of the picture, or save it anew as JPEG or PNG, and send that."
_KEY_TH = "ใช้ mustshare-key ที่มีกุญแจอยู่ในรายชื่อปัจจุบัน และตรวจเวลาเครื่องให้ตรง"
_KEY_EN = (
    "Use mustshare-key with a key of the current directory, and check this machine's clock."
)
_ADMIN_TH = "แจ้งผู้ดูแลระบบของเพจ ระหว่างนี้ยังไม่ควรส่งเบาะแส"
_ADMIN_EN = "Tell the page's operators. No tip should be sent meanwhile."
_RESIGN_TH = "ขอรายชื่อกุญแจฉบับใหม่ที่มีลายเซ็นครบจากผู้ถือกุญแจราก"
_RESIGN_EN = "Get a newer directory with enough signatures from the holders of the root keys."

CATALOGUE: dict[str, Told] = {
    "request.malformed": Told(
        400, "คำขอไม่ถูกรูปแบบ", "The request cannot be read", _RESEND_TH, _RESEND_EN
    ),
    "request.bad_json": Told(
        400,
        "เนื้อหาไม่ใช่ JSON ที่ถูกต้อง (UTF-8)",
        "The body is not valid JSON in UTF-8",
        _RESEND_TH,
        _RESEND_EN,
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
    "request.too_slow": Told(
        408,
        "ส่งข้อมูลช้าเกินไป",
        "The body came too slowly",
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
    "receipt.missing": Told(
        401,
        "ไม่ได้แนบใบรับแจ้ง",
        "No receipt was presented",
        "ส่งหัวข้อ Authorization: Receipt ตามด้วยตัวเลข 30 หลัก",
        "Send the header Authorization: Receipt and the 30 digits.",
    ),
    "receipt.unknown": Told(
        401,
        "ไม่พบเบาะแสของใบรับแจ้งนี้",
        "No tip belongs to this receipt",
        "ตรวจตัวเลข 30 หลักอีกครั้ง เบาะแสที่ถอนหรือหมดอายุแล้วจะไม่แสดง",
        "Check the 30 digits. A tip that was withdrawn or has expired is not shown.",
    ),
    "receipt.malformed": Told(
        400,
        "เลขใบรับแจ้งไม่ถูกต้อง",
        "This is not a receipt",
        "เลขใบรับแจ้งมี 30 หลัก สองหลักท้ายเป็นเลขตรวจสอบ",
        "A receipt has 30 digits, of which the last two check the others.",
    ),
    "receipt.in_use": Told(
        409,
        "ใบรับแจ้งนี้ใช้กับเบาะแสอื่นแล้ว",
        "This receipt already belongs to another tip",
        "สร้างใบรับแจ้งใหม่สำหรับเบาะแสใหม่ หรือส่งเป็นข้อความติดตาม",
        "Make a new receipt for a new tip, or send a follow-up.",
    ),
    "receipt.busy": Told(
        503, "ระบบกำลังรับคำขอจำนวนมาก", "Very many requests at the moment", _LATER_TH, _LATER_EN
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
        "ลดขนาดภาพแล้วส่งใหม่ ดูขนาดสูงสุดได้ที่ GET /v1/intake",
        "Make the picture smaller; GET /v1/intake names the limit.",
    ),
    "attachment.not_found": Told(
        404,
        "ไม่มีไฟล์นี้",
        "There is no such file",
        "ดูรหัสไฟล์ในข้อความติดตาม",
        "The follow-up names its files.",
    ),
    "upload.busy": Told(
        503, "กำลังรับไฟล์จำนวนมาก", "Very many uploads at the moment", _LATER_TH, _LATER_EN
    ),
    "media.unsupported_type": Told(
        415,
        "ไม่รับไฟล์ชนิดนี้",
        "This kind of file is not taken",
        "ส่งเป็นภาพ JPEG หรือ PNG เช่น ถ่ายหน้าจอหรือถ่ายภาพเอกสาร",
        "Send a JPEG or PNG: a screenshot, or a photo of the document.",
    ),
    "media.too_large": Told(
        413, "ไฟล์ภาพใหญ่เกินกำหนด", "The picture file is too large", _PHOTO_TH, _PHOTO_EN
    ),
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
        _PHOTO_TH,
        _PHOTO_EN,
    ),
    "media.animated": Told(
        422, "ภาพนี้เคลื่อนไหว", "This picture is animated", _PHOTO_TH, _PHOTO_EN
    ),
    "media.multi_image": Told(
        422, "ไฟล์นี้มีหลายภาพ", "This file holds several pictures", _PHOTO_TH, _PHOTO_EN
    ),
    "media.timeout": Told(
        422, "ใช้เวลาอ่านภาพนานเกินไป", "The picture took too long to read", _PHOTO_TH, _PHOTO_EN
    ),
    "media.busy": Told(
        503, "กำลังประมวลผลภาพจำนวนมาก", "Very many pictures at the moment", _LATER_TH, _LATER_EN
    ),
    "media.sandbox_unavailable": Told(
        503,
        "ระบบประมวลผลภาพไม่พร้อมใช้งาน",
        "Pictures cannot be processed safely at present",
        "ส่งเบาะแสเป็นข้อความก่อน แล้วแนบภาพภายหลัง",
        "Send the tip as text now and the picture later.",
    ),
    "envelope.malformed": Told(
        400, "ซองปิดผนึกไม่ถูกรูปแบบ", "The sealed object is malformed", _SEAL_TH, _SEAL_EN
    ),
    "envelope.not_padded": Told(
        400,
        "ขนาดซองไม่ใช่ขนาดที่เติมแล้ว",
        "The sealed object is not of a padded size",
        _SEAL_TH,
        _SEAL_EN,
    ),
    "envelope.wrong_kind": Told(
        400, "ชนิดของซองไม่ตรงกับที่ส่ง", "The sealed object is of another kind", _SEAL_TH, _SEAL_EN
    ),
    "envelope.wrong_tip": Told(
        400, "ซองนี้เป็นของเบาะแสอื่น", "The sealed object is for another tip", _SEAL_TH, _SEAL_EN
    ),
    "envelope.wrong_id": Told(
        400, "รหัสในซองไม่ตรงกับที่อยู่", "The sealed object has another id", _SEAL_TH, _SEAL_EN
    ),
    "envelope.wrong_recipients": Told(
        400,
        "ผู้รับในซองไม่ตรงกับรายชื่อกุญแจปัจจุบัน",
        "The recipients are not those of the current directory",
        _SEAL_TH,
        _SEAL_EN,
    ),
    "bundle.malformed": Told(
        400, "ชุดกุญแจผู้แจ้งไม่ถูกรูปแบบ", "The reporter bundle is malformed", _SEAL_TH, _SEAL_EN
    ),
    "message.malformed": Told(
        400, "ข้อความไม่ถูกรูปแบบ", "The message is malformed", _RESEND_TH, _RESEND_EN
    ),
    "directory.missing": Told(
        503, "ยังไม่มีรายชื่อกุญแจ", "There is no key directory yet", _ADMIN_TH, _ADMIN_EN
    ),
    "directory.no_recipients": Told(
        503, "ไม่มีกุญแจผู้รับสำหรับสัปดาห์นี้", "No recipient key for this week", _ADMIN_TH, _ADMIN_EN
    ),
    "directory.expired": Told(
        503, "รายชื่อกุญแจหมดอายุ", "The key directory has expired", _ADMIN_TH, _ADMIN_EN
    ),
    "directory.malformed": Told(
        400, "รายชื่อกุญแจไม่ถูกรูปแบบ", "The directory is malformed", _RESIGN_TH, _RESIGN_EN
    ),
    "directory.too_few_signatures": Told(
        403,
        "ลายเซ็นของรายชื่อกุญแจไม่ครบ",
        "The directory has too few signatures",
        _RESIGN_TH,
        _RESIGN_EN,
    ),
    "directory.rolled_back": Told(
        409,
        "รายชื่อกุญแจเก่ากว่าที่ใช้อยู่",
        "The directory is older than the one in force",
        _RESIGN_TH,
        _RESIGN_EN,
    ),
    "directory.out_of_date": Told(
        409,
        "รายชื่อกุญแจหมดอายุหรือยังไม่ถึงวันใช้",
        "The directory has expired or is not yet in force",
        _RESIGN_TH,
        _RESIGN_EN,
    ),
    "signature.missing": Told(
        401, "คำขอไม่มีลายเซ็น", "The request is not signed", _KEY_TH, _KEY_EN
    ),
    "signature.malformed": Told(
        400, "ลายเซ็นไม่ถูกรูปแบบ", "The signature is malformed", _KEY_TH, _KEY_EN
    ),
    "signature.skewed": Told(
        401,
        "เวลาในลายเซ็นห่างจากเวลาระบบเกินไป",
        "The signature's time is too far off",
        _KEY_TH,
        _KEY_EN,
    ),
    "signature.unknown_key": Told(
        401, "ไม่รู้จักกุญแจที่ลงลายเซ็น", "The signing key is not in the directory", _KEY_TH, _KEY_EN
    ),
    "signature.invalid": Told(
        401, "ลายเซ็นไม่ถูกต้อง", "The signature does not hold", _KEY_TH, _KEY_EN
    ),
    "signature.replayed": Told(
        401, "ลายเซ็นนี้ถูกใช้แล้ว", "The signature was used before", _KEY_TH, _KEY_EN
    ),
    "object.not_found": Told(
        404,
        "ไม่มีข้อมูลนี้",
        "There is no such object",
        "ซิงก์ใหม่: อาจถูกถอนไปแล้ว",
        "Sync again: it may have been withdrawn.",
    ),
    "not_found": Told(
        404, "ไม่พบ", "Not found", "ดูรายการทั้งหมดที่ /docs", "See /docs for all there is."
    ),
    "conflict": Told(
        409, "ขัดกับสถานะปัจจุบัน", "At odds with how things stand", _RESEND_TH, _RESEND_EN
    ),
    "database.unavailable": Told(
        503, "ระบบจัดเก็บไม่พร้อมใช้งาน", "Storage is not available", _LATER_TH, _LATER_EN
    ),
    "busy": Told(503, "ระบบไม่ว่าง", "Busy", _LATER_TH, _LATER_EN),
    "unavailable": Told(
        503, "ระบบไม่พร้อมใช้งาน", "Not available at present", _LATER_TH, _LATER_EN
    ),
    "internal": Told(
        500, "ระบบผิดพลาด", "Something went wrong on our side", _LATER_TH, _LATER_EN
    ),
}

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
}
"""What is wrong with one field."""
