"""What a problem tells a person, and the advice that many problems share."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Told:
    """One problem as a person reads it."""

    status: int
    title_th: str
    title_en: str
    advice_th: str
    advice_en: str


RESEND_TH = "ตรวจสอบข้อมูลที่ส่งแล้วลองใหม่ ดูรูปแบบได้ที่ /docs"
RESEND_EN = "Check what you send against /docs and try again."
SEAL_TH = "ดึงรายชื่อกุญแจใหม่จาก GET /v1/directory แล้วปิดผนึกใหม่ตาม docs/protocol.md"
SEAL_EN = "Fetch GET /v1/directory again and seal anew as docs/protocol.md says."
LATER_TH = "รอสักครู่ตามเวลาใน Retry-After แล้วส่งใหม่ ข้อมูลที่ได้รับการยืนยันแล้วไม่สูญหาย"
LATER_EN = "Wait as Retry-After says and send again. Nothing that was acknowledged is lost."
PHOTO_TH = "เปิดภาพแล้วจับภาพหน้าจอ หรือบันทึกใหม่เป็น JPEG หรือ PNG แล้วส่งอีกครั้ง"
PHOTO_EN = "Take a screenshot of the picture, or save it anew as JPEG or PNG, and send that."
KEY_TH = "ใช้ mustshare-key ที่มีกุญแจอยู่ในรายชื่อปัจจุบัน และตรวจเวลาเครื่องให้ตรง"
KEY_EN = (
    "Use mustshare-key with a key of the current directory, and check this machine's clock."
)
OPERATOR_TH = "แจ้งผู้ดูแลระบบของเพจ ระหว่างนี้ยังไม่ควรส่งเบาะแส"
OPERATOR_EN = "Tell the page's operators. No tip should be sent meanwhile."
RESIGN_TH = "ขอรายชื่อกุญแจฉบับใหม่ที่มีลายเซ็นครบจากผู้ถือกุญแจราก"
RESIGN_EN = "Get a newer directory with enough signatures from the holders of the root keys."
