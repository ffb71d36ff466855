"""Problems of whoever seals and signs: objects, bundles, directories, staff requests."""

from mustshare_api.api.told import (
    KEY_EN,
    KEY_TH,
    OPERATOR_EN,
    OPERATOR_TH,
    RESEND_EN,
    RESEND_TH,
    RESIGN_EN,
    RESIGN_TH,
    SEAL_EN,
    SEAL_TH,
    Told,
)

SEALED: dict[str, Told] = {
    "envelope.malformed": Told(
        400, "ซองปิดผนึกไม่ถูกรูปแบบ", "The sealed object is malformed", SEAL_TH, SEAL_EN
    ),
    "envelope.not_padded": Told(
        400,
        "ขนาดซองไม่ใช่ขนาดที่เติมแล้ว",
        "The sealed object is not of a padded size",
        SEAL_TH,
        SEAL_EN,
    ),
    "envelope.wrong_kind": Told(
        400, "ชนิดของซองไม่ตรงกับที่ส่ง", "The sealed object is of another kind", SEAL_TH, SEAL_EN
    ),
    "envelope.wrong_tip": Told(
        400, "ซองนี้เป็นของเบาะแสอื่น", "The sealed object is for another tip", SEAL_TH, SEAL_EN
    ),
    "envelope.wrong_id": Told(
        400, "รหัสในซองไม่ตรงกับที่อยู่", "The sealed object has another id", SEAL_TH, SEAL_EN
    ),
    "envelope.wrong_recipients": Told(
        400,
        "ผู้รับในซองไม่ตรงกับรายชื่อกุญแจปัจจุบัน",
        "The recipients are not those of the current directory",
        SEAL_TH,
        SEAL_EN,
    ),
    "bundle.malformed": Told(
        400, "ชุดกุญแจผู้แจ้งไม่ถูกรูปแบบ", "The reporter bundle is malformed", SEAL_TH, SEAL_EN
    ),
    "message.malformed": Told(
        400, "ข้อความไม่ถูกรูปแบบ", "The message is malformed", RESEND_TH, RESEND_EN
    ),
    "directory.missing": Told(
        503, "ยังไม่มีรายชื่อกุญแจ", "There is no key directory yet", OPERATOR_TH, OPERATOR_EN
    ),
    "directory.no_recipients": Told(
        503, "ไม่มีกุญแจผู้รับสำหรับสัปดาห์นี้", "No recipient key for this week", OPERATOR_TH, OPERATOR_EN
    ),
    "directory.expired": Told(
        503, "รายชื่อกุญแจหมดอายุ", "The key directory has expired", OPERATOR_TH, OPERATOR_EN
    ),
    "directory.malformed": Told(
        400, "รายชื่อกุญแจไม่ถูกรูปแบบ", "The directory is malformed", RESIGN_TH, RESIGN_EN
    ),
    "directory.too_few_signatures": Told(
        403,
        "ลายเซ็นของรายชื่อกุญแจไม่ครบ",
        "The directory has too few signatures",
        RESIGN_TH,
        RESIGN_EN,
    ),
    "directory.rolled_back": Told(
        409,
        "รายชื่อกุญแจเก่ากว่าที่ใช้อยู่",
        "The directory is older than the one in force",
        RESIGN_TH,
        RESIGN_EN,
    ),
    "directory.other_deployment": Told(
        409,
        "รายชื่อกุญแจเป็นของระบบอื่น",
        "The directory is another deployment's",
        RESIGN_TH,
        RESIGN_EN,
    ),
    "directory.out_of_date": Told(
        409,
        "รายชื่อกุญแจหมดอายุหรือยังไม่ถึงวันใช้",
        "The directory has expired or is not yet in force",
        RESIGN_TH,
        RESIGN_EN,
    ),
    "signature.missing": Told(
        401, "คำขอไม่มีลายเซ็น", "The request is not signed", KEY_TH, KEY_EN
    ),
    "signature.malformed": Told(
        400, "ลายเซ็นไม่ถูกรูปแบบ", "The signature is malformed", KEY_TH, KEY_EN
    ),
    "signature.skewed": Told(
        401,
        "เวลาในลายเซ็นห่างจากเวลาระบบเกินไป",
        "The signature's time is too far off",
        KEY_TH,
        KEY_EN,
    ),
    "signature.unknown_key": Told(
        401, "ไม่รู้จักกุญแจที่ลงลายเซ็น", "The signing key is not in the directory", KEY_TH, KEY_EN
    ),
    "signature.invalid": Told(
        401, "ลายเซ็นไม่ถูกต้อง", "The signature does not hold", KEY_TH, KEY_EN
    ),
    "signature.replayed": Told(
        401, "ลายเซ็นนี้ถูกใช้แล้ว", "The signature was used before", KEY_TH, KEY_EN
    ),
    "object.not_found": Told(
        404,
        "ไม่มีข้อมูลนี้",
        "There is no such object",
        "ซิงก์ใหม่: อาจถูกถอนไปแล้ว",
        "Sync again: it may have been withdrawn.",
    ),
    "object.changed": Told(
        412,
        "ข้อมูลนี้ถูกแก้ไขไปแล้วหลังจากที่อ่าน",
        "The object has changed since it was read",
        "ดึงข้อมูลใหม่แล้วทำอีกครั้ง",
        "Fetch it again and do it anew.",
    ),
    "object.wrong_recipients": Told(
        409,
        "ผู้รับชุดนี้ใช้กับข้อมูลนี้ไม่ได้",
        "These recipients cannot be put on the object",
        "ใช้กุญแจในรายชื่อปัจจุบัน คงกุญแจของเจ้าหน้าที่อย่างน้อยหนึ่งคน และคงช่องกุญแจของผู้แจ้ง",
        "Use keys of the current directory, keep one of an officer's, and keep the reporter's.",
    ),
    "object.wrong_size": Told(
        400,
        "ข้อมูลที่ปิดผนึกใหม่มีขนาดต่างจากเดิม",
        "The object sealed anew is not as long as it was",
        SEAL_TH,
        SEAL_EN,
    ),
    "precondition.missing": Told(
        428,
        "คำขอไม่ได้ระบุฉบับที่จะแก้ไข",
        "The request does not say what it changes",
        "ส่งหัวข้อ If-Match พร้อมค่า digest จาก GET /v1/index หรือ steps จาก GET /v1/tips",
        "Send If-Match with the digest of GET /v1/index, or the steps of GET /v1/tips.",
    ),
    "staff.not_permitted": Told(
        403,
        "บทบาทของกุญแจนี้ทำรายการนี้ไม่ได้",
        "This is not for a key of this role",
        "ใช้กุญแจของเจ้าหน้าที่ที่มีบทบาทสำหรับงานนี้",
        "Let somebody ask whose role in the directory this is.",
    ),
}
