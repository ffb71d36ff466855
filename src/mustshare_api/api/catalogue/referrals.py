"""Problems of referrals, of what agencies say, of dockets and of disputes."""

from mustshare_api.api.told import SEAL_EN, SEAL_TH, Told

_AGAIN_TH = "ดึงข้อมูลใหม่แล้วทำอีกครั้ง"
_AGAIN_EN = "Read it again and do it anew."

REFERRALS: dict[str, Told] = {
    "agency.unknown": Told(
        404,
        "ไม่มีหน่วยงานชื่อนี้ในสารบัญกุญแจ",
        "The directory lists no agency of this name",
        "ตรวจชื่อ หรือให้ผู้ถือกุญแจรากเพิ่มหน่วยงานในสารบัญกุญแจก่อน",
        "Check the name, or have the root holders list the agency first.",
    ),
    "agency.changed": Told(
        412,
        "ข้อมูลหน่วยงานถูกแก้ไขไปแล้วหลังจากที่อ่าน",
        "The agency's record has changed since it was read",
        _AGAIN_TH,
        _AGAIN_EN,
    ),
    "referral.not_found": Told(
        404,
        "ไม่มีเรื่องที่ส่งต่อนี้",
        "There is no such referral, or nothing of this id in it",
        "ดูรายการที่ GET /v1/referrals",
        "GET /v1/referrals lists those that are yours.",
    ),
    "referral.wrong_state": Told(
        409,
        "ทำขั้นตอนนี้ไม่ได้ในสถานะปัจจุบันของเรื่องที่ส่งต่อ",
        "The referral does not stand where this step begins",
        "ดูสถานะปัจจุบันที่ GET /v1/referrals/{id} แล้วเลือกขั้นตอนที่ทำได้",
        "Look where it stands with GET /v1/referrals/{id}; docs/referrals.md has all steps.",
    ),
    "referral.changed": Told(
        412,
        "เรื่องที่ส่งต่อเปลี่ยนไปแล้วหลังจากที่อ่าน",
        "The referral has changed since it was read",
        _AGAIN_TH,
        _AGAIN_EN,
    ),
    "referral.tip_refused": Told(
        409,
        "เบาะแสในเรื่องที่ส่งต่อทำขั้นตอนส่งต่อไม่ได้ จึงไม่ได้ส่งเรื่องใดเลย",
        "A tip of this referral does not take the step, so nothing was sent",
        "ดู errors ว่าเป็นเบาะแสใด ดึงข้อมูลใหม่ แล้วเสนอส่งต่ออีกครั้ง",
        "See errors for which and why; read them again, and propose it anew.",
    ),
    "referral.not_sealed": Told(
        400,
        "ไม่ใช่ไฟล์ age ที่ปิดผนึกด้วยกุญแจหลังควอนตัมเท่านั้น",
        "This is no age file to post-quantum keys alone",
        "ทำไฟล์ด้วย mustshare-key refer",
        "Make it with mustshare-key refer.",
    ),
    "referral.full": Told(
        413,
        "มีข้อความเกี่ยวกับเรื่องนี้ครบจำนวนแล้ว",
        "As much has been said of this referral as may be",
        "ติดต่อกันทางอื่น หรือส่งต่อเรื่องใหม่",
        "Go on by telephone, or with a further referral.",
    ),
    "docket.changed": Told(
        412,
        "สมุดความคืบหน้าถูกแก้ไขไปแล้วหลังจากที่อ่าน",
        "The docket has changed since it was read",
        _AGAIN_TH,
        _AGAIN_EN,
    ),
    "docket.wrong_size": Told(
        400,
        "สมุดความคืบหน้าต้องมีขนาดเดียวกันทุกฉบับ",
        "A docket is of one size, and this is of another",
        SEAL_TH,
        SEAL_EN,
    ),
    "outcome.unknown": Told(
        404,
        "สมุดความคืบหน้าไม่มีผลการดำเนินการนี้",
        "Your docket tells of no such outcome",
        "ดูรหัสที่ docket.outcomes ของ GET /v1/tip แล้วส่งใหม่ หรือส่งเป็นข้อความเพิ่มเติม",
        "See docket.outcomes of GET /v1/tip for its id, or send a follow-up instead.",
    ),
}
