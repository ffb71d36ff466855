"""Problems of receipts: presented, made, and exchanged for new ones."""

from mustshare_api.api.told import LATER_EN, LATER_TH, SEAL_EN, SEAL_TH, Told

_ANOTHER_TH = "สร้างใบรับแจ้งใหม่อีกใบแล้วส่งอีกครั้ง ใบเดิมยังใช้ได้อยู่"
_ANOTHER_EN = "Make another receipt and send again. The old one still works."

RECEIPTS: dict[str, Told] = {
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
        503, "ระบบกำลังรับคำขอจำนวนมาก", "Very many requests at the moment", LATER_TH, LATER_EN
    ),
    "receipt.new_missing": Told(
        400,
        "ไม่ได้ส่งใบรับแจ้งใหม่หรือ Idempotency-Key",
        "Neither a new receipt nor an Idempotency-Key was sent",
        "ส่งอย่างใดอย่างหนึ่ง มิฉะนั้นถ้าคำตอบสูญหายระหว่างทาง จะไม่มีใครมีใบรับแจ้งที่ใช้ได้",
        "Send one of them. Otherwise, were the answer lost, nobody would have a receipt that "
        "works.",
    ),
    "receipt.not_new": Told(
        409, "ใบรับแจ้งใหม่ถูกใช้ไปแล้ว", "The new receipt is not new", _ANOTHER_TH, _ANOTHER_EN
    ),
    "receipt.rotated_often": Told(
        409,
        "เปลี่ยนใบรับแจ้งของเบาะแสนี้ครบจำนวนครั้งแล้ว",
        "The receipt of this tip was exchanged as often as it can be",
        "ใช้ใบปัจจุบันต่อไป หรือถอนเรื่องแล้วส่งเป็นเบาะแสใหม่",
        "Go on with the present one, or withdraw the tip and send a new one.",
    ),
    "receipt.follow_ups_changed": Told(
        409,
        "ข้อความจากเจ้าหน้าที่เปลี่ยนไประหว่างเปลี่ยนใบรับแจ้ง",
        "What waits from staff is not what was re-wrapped",
        "เรียก GET /v1/tip/receipt อีกครั้ง แล้วห่อกุญแจของทุกรายการใหม่ ใบเดิมยังใช้ได้อยู่",
        "Get /v1/tip/receipt again, re-wrap what it lists. The old receipt still works.",
    ),
    "rotation.wrong_signature": Told(
        400,
        "ลายเซ็นการเปลี่ยนใบรับแจ้งไม่ถูกต้อง",
        "A signature of the rotation does not hold",
        SEAL_TH,
        SEAL_EN,
    ),
}
