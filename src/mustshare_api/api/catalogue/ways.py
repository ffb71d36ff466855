"""Problems of the ways in for pictures: what to keep, files in pieces, the plain form."""

from mustshare_api.api.told import Told

_ANEW_TH = "เริ่มส่งไฟล์ใหม่ด้วย POST /v1/tip/uploads และ Upload-Token ที่สุ่มขึ้นใหม่"
_ANEW_EN = "Begin anew: POST /v1/tip/uploads with a fresh random Upload-Token."
_OFFSET_TH = "ส่งต่อจากตำแหน่งที่บอกในหัวข้อ Upload-Offset ของคำตอบนี้"
_OFFSET_EN = "Go on from where the Upload-Offset header of this answer says."

WAYS: dict[str, Told] = {
    "choice.malformed": Told(
        400,
        "ตัวเลือกสิ่งที่จะเก็บไว้ไม่ถูกต้อง",
        "The choice of what to keep is not one",
        "ใช้ keep=location, time หรือ original อย่างละครั้ง "
        "และ location=coarse หรือ exact เมื่อเก็บตำแหน่ง",
        "Use keep=location, time or original, each once, "
        "and location=coarse or exact with the first.",
    ),
    "form.malformed": Told(
        400,
        "อ่านแบบฟอร์มไม่ได้",
        "The form cannot be read",
        "เปิดแบบฟอร์มใหม่จาก /v1/form แล้วส่งอีกครั้ง",
        "Open the form at /v1/form anew and send it again.",
    ),
    "form.foreign_page": Told(
        403,
        "แบบฟอร์มนี้ถูกส่งมาจากหน้าเว็บอื่น",
        "This form was sent from another page",
        "เปิดแบบฟอร์มจาก /v1/form ของที่นี่โดยตรงแล้วกรอกใหม่",
        "Open the form here, at /v1/form, and fill it in again.",
    ),
    "form.too_many_photos": Told(
        413,
        "เลือกภาพมากเกินไป",
        "Too many photos",
        "ส่งภาพที่เหลือด้วยแบบฟอร์มใหม่",
        "Send the remaining photos with another form.",
    ),
    "upload.bad_token": Told(
        400,
        "Upload-Token ไม่ถูกรูปแบบ",
        "The Upload-Token is not of the right form",
        "สุ่ม 32 ไบต์แล้วเขียนเป็น base64url ไม่มีตัวเติม (43 ตัวอักษร)",
        "Make 32 random bytes and write them as base64url without padding: 43 characters.",
    ),
    "upload.bad_offset": Told(
        400,
        "Upload-Offset ไม่ใช่ตัวเลข",
        "The Upload-Offset is not a number",
        "ส่งจำนวนไบต์ที่ส่งไปแล้วเป็นเลขอารบิก",
        "Send how many bytes have been sent before, in digits 0 to 9.",
    ),
    "upload.past_end": Told(
        400,
        "ชิ้นไฟล์เลยขนาดที่แจ้งไว้",
        "The chunk goes past the announced length",
        _ANEW_TH,
        _ANEW_EN,
    ),
    "upload.not_found": Told(
        404,
        "ไม่มีการส่งไฟล์นี้ หรือหมดอายุแล้ว",
        "There is no such upload, or it has expired",
        _ANEW_TH,
        _ANEW_EN,
    ),
    "upload.wrong_offset": Told(
        409,
        "ตำแหน่งของชิ้นไฟล์ไม่ตรงกับที่ได้รับแล้ว",
        "The chunk does not begin where the upload stands",
        _OFFSET_TH,
        _OFFSET_EN,
    ),
    "upload.complete": Told(
        409,
        "ไฟล์นี้ส่งครบแล้ว",
        "This upload is complete already",
        "ไม่ต้องส่งเพิ่ม ส่งชิ้นสุดท้ายซ้ำทั้งชิ้นเพื่อรับคำตอบเดิมอีกครั้ง",
        "Nothing is missing. The very last chunk, sent again, gets its answer again.",
    ),
    "upload.in_use": Told(
        409,
        "Upload-Token นี้ใช้กับไฟล์อื่นแล้ว",
        "This Upload-Token began another upload",
        _ANEW_TH,
        _ANEW_EN,
    ),
    "upload.too_many": Told(
        413,
        "เบาะแสนี้มีไฟล์ที่ส่งค้างไว้มากเกินไป",
        "Too many uploads wait on this tip",
        "ส่งไฟล์ที่ค้างให้ครบ หรือยกเลิกด้วย DELETE ก่อนเริ่มไฟล์ใหม่",
        "Finish one, or give one up with DELETE, before beginning another.",
    ),
}
