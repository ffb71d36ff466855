"""Problems of the audit log: a deed that is not signed, and a proof that there is none of."""

from mustshare_api.api.told import KEY_EN, KEY_TH, RESEND_EN, RESEND_TH, Told

_NEWEST_TH = "ดึง GET /v1/audit/checkpoint ใหม่ แล้วถามไม่เกินขนาดที่ได้"
_NEWEST_EN = "Fetch GET /v1/audit/checkpoint again and ask for no more than its size."
_EVIDENCE_TH = "เก็บ checkpoint ทั้งสองฉบับไว้เป็นหลักฐาน แล้วแจ้งผู้ถือกุญแจรากโดยไม่ผ่านระบบนี้"
_EVIDENCE_EN = "Keep both checkpoints as evidence and tell the root holders by another way."

AUDIT: dict[str, Told] = {
    "signature.event_missing": Told(
        401,
        "คำขอไม่มีลายเซ็นสำหรับบันทึกการตรวจสอบ",
        "The request carries no Event-Signature",
        KEY_TH,
        KEY_EN,
    ),
    "signature.event_invalid": Told(
        401,
        "ลายเซ็นสำหรับบันทึกการตรวจสอบไม่ถูกต้อง",
        "The Event-Signature does not hold",
        KEY_TH,
        KEY_EN,
    ),
    "event.malformed": Told(
        400,
        "คำขอนี้บันทึกลงบันทึกการตรวจสอบไม่ได้",
        "No audit log could hold this request",
        RESEND_TH,
        RESEND_EN,
    ),
    "audit.not_found": Told(
        404,
        "ไม่มีรายการนี้ในบันทึกการตรวจสอบ",
        "The audit log has no such thing",
        _NEWEST_TH,
        _NEWEST_EN,
    ),
    "audit.damaged": Told(
        500,
        "บันทึกการตรวจสอบไม่ครบ",
        "The audit log is incomplete",
        _EVIDENCE_TH,
        _EVIDENCE_EN,
    ),
    "checkpoint.forked": Told(
        409,
        "บันทึกการตรวจสอบนี้ไม่เคยเป็นเช่นนั้น",
        "This audit log never stood like that",
        _EVIDENCE_TH,
        _EVIDENCE_EN,
    ),
    "cosignature.malformed": Told(
        400,
        "checkpoint ที่ลงนามร่วมไม่ถูกรูปแบบ",
        "The cosigned checkpoint is malformed",
        RESEND_TH,
        RESEND_EN,
    ),
    "cosignature.wrong_signature": Told(
        403,
        "ไม่มีลายเซ็นของพยานในรายชื่อกุญแจ",
        "No witness of the directory cosigned this",
        KEY_TH,
        KEY_EN,
    ),
}
