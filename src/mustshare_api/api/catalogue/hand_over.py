"""Problems of hand-over certificates and of the proofs made from them."""

from mustshare_api.api.told import Told

_ASK_TH = "ขอเอกสารจากผู้ที่ให้มาอีกครั้ง และอย่าถือว่าฉบับนี้เป็นหลักฐาน"
_ASK_EN = "Ask whoever gave it to you for it again, and take this one for no evidence."

HAND_OVER: dict[str, Told] = {
    "certificate.malformed": Told(
        400,
        "ไม่ใช่หนังสือรับรองการส่งต่อ หรือข้อความไม่ครบ",
        "This is no hand-over certificate, or not all of it",
        "วางข้อความทั้งหมดตั้งแต่บรรทัดแรกถึงบรรทัดสุดท้ายโดยไม่แก้ไข",
        "Paste all of it, from the first line to the last, unchanged.",
    ),
    "certificate.bad_purpose": Told(
        400,
        "วัตถุประสงค์ต้องเป็นข้อความบรรทัดเดียว",
        "What the proof is for has to be one line of text",
        "เขียนสั้น ๆ บรรทัดเดียวว่าให้ใครและเพื่ออะไร ไม่เกิน 1,000 ไบต์",
        "Say in one line, of at most 1,000 bytes, to whom and why.",
    ),
    "certificate.not_yours": Told(
        403,
        "ใบรับแจ้งนี้ไม่ตรงกับหนังสือรับรอง",
        "This receipt and this certificate do not belong together",
        "ตรวจตัวเลข 30 หลัก และใช้หนังสือรับรองที่ได้รับในคำตอบของเบาะแสเดียวกัน",
        "Check the 30 digits, and use the certificate that came in an answer to the same tip.",
    ),
    "certificate.wrong_proof": Told(
        422,
        "ผู้ถือใบรับแจ้งไม่ได้ทำหลักฐานนี้ หรือมีการแก้ไข",
        "The receipt's holder did not make this proof, or it was changed since",
        _ASK_TH,
        _ASK_EN,
    ),
    "hand_over.unknown_directory": Told(
        422,
        "ไม่รู้จักสารบัญกุญแจฉบับที่ระบุ",
        "It names a directory that was never in force here",
        _ASK_TH,
        _ASK_EN,
    ),
    "hand_over.other_deployment": Told(
        422,
        "เป็นเอกสารของระบบอื่น",
        "It belongs to another deployment",
        "ตรวจกับระบบที่ออกเอกสารนี้",
        "Check it with the service that issued it.",
    ),
    "hand_over.unknown_officer": Told(
        422,
        "ไม่มีเจ้าหน้าที่คนนี้ในสารบัญกุญแจของวันนั้น",
        "No directory of that day lists this officer",
        _ASK_TH,
        _ASK_EN,
    ),
    "hand_over.wrong_signature": Told(
        422,
        "ลายเซ็นของเจ้าหน้าที่ไม่ถูกต้อง หรือมีการแก้ไขข้อความ",
        "The officer's signature does not hold, or the text was changed since",
        _ASK_TH,
        _ASK_EN,
    ),
}
