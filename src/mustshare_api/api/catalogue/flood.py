"""Problems of a flood, and of partners. None is ever told while there is room.

Those about a solution all mean the same thing for a tip: there is no room for it *now*, and
this is why the solution that came with it did not help. Hence 503 for all, and Retry-After.
"""

from mustshare_api.api.told import Told

_SOLVE_TH = (
    "ขอโจทย์ใหม่จาก POST /v1/challenges แก้โจทย์ แล้วส่งอีกครั้งพร้อมหัวข้อ Challenge-Solution "
    "หรือรอตาม Retry-After แล้วส่งใหม่โดยไม่ต้องแก้โจทย์ก็ได้"
)
_SOLVE_EN = (
    "Get one from POST /v1/challenges, solve it, and send again with Challenge-Solution; or "
    "wait as Retry-After says and send again without."
)
_OWN_FORM_TH = "ส่งเบาะแสได้โดยตรงที่แบบฟอร์ม /v1/form ของระบบนี้"
_OWN_FORM_EN = "Tips can be sent at this service's own form, /v1/form."
_KEY_TH = "ใช้กุญแจภาคีในหัวข้อ Partner-Key ตามที่ได้รับตอนลงทะเบียน หรือส่งโดยไม่มีหัวข้อนี้"
_KEY_EN = "Send the key as it was given in Partner-Key, or leave the header out."


def _why(title_th: str, title_en: str) -> Told:
    return Told(503, title_th, title_en, _SOLVE_TH, _SOLVE_EN)


FLOOD: dict[str, Told] = {
    "challenge.required": _why(
        "มีคำขอจำนวนมาก ผู้ที่แก้โจทย์มาจะได้ก่อน",
        "Very many requests; whoever brings a solved challenge goes first",
    ),
    "challenge.malformed": _why(
        "มีคำขอจำนวนมาก และอ่านคำตอบของโจทย์ไม่ได้",
        "Very many requests, and the solution cannot be read",
    ),
    "challenge.foreign": _why(
        "มีคำขอจำนวนมาก และโจทย์นี้ไม่ได้ออกโดยระบบนี้",
        "Very many requests, and the challenge is not one of ours",
    ),
    "challenge.expired": _why(
        "มีคำขอจำนวนมาก และโจทย์นี้หมดอายุแล้ว", "Very many requests, and the challenge has expired"
    ),
    "challenge.wrong": _why(
        "มีคำขอจำนวนมาก และคำตอบของโจทย์ไม่ถูกต้อง",
        "Very many requests, and the solution is not right",
    ),
    "challenge.too_cheap": _why(
        "มีคำขอจำนวนมาก และโจทย์นี้ง่ายกว่าที่ใช้อยู่ตอนนี้",
        "Very many requests, and the challenge is from a calmer time",
    ),
    "challenge.replayed": _why(
        "มีคำขอจำนวนมาก และคำตอบของโจทย์นี้ใช้ไปแล้ว",
        "Very many requests, and the solution was used before",
    ),
    "challenge.busy": Told(
        503,
        "มีผู้ขอโจทย์จำนวนมาก",
        "Very many ask for a challenge",
        "ส่งเบาะแสได้เลยโดยไม่ต้องมีคำตอบของโจทย์ หรือรอตาม Retry-After แล้วขอใหม่",
        "Send what you have without a solution; or wait as Retry-After says and ask again.",
    ),
    "partner.quota_spent": Told(
        429,
        "มีคำขอจำนวนมาก และโควตาของภาคีหมดแล้ว",
        "Very many requests, and the partner's quota is used up",
        "รอตาม Retry-After แล้วส่งใหม่ หรือแก้โจทย์จาก POST /v1/challenges โควตาที่เหลือดูได้ที่ "
        "GET /v1/partner/self",
        "Wait as Retry-After says and send again, or bring a solved challenge. "
        "GET /v1/partner/self tells the quota.",
    ),
    "partner.missing": Told(
        401, "ไม่ได้แนบกุญแจภาคี", "No partner key was presented", _KEY_TH, _KEY_EN
    ),
    "partner.unknown": Told(401, "ไม่รู้จักกุญแจภาคีนี้", "This is no partner's key", _KEY_TH, _KEY_EN),
    "partner.stopped": Told(
        403,
        "ภาคีนี้ถูกระงับการส่งเบาะแส",
        "This partner has been stopped",
        _OWN_FORM_TH,
        _OWN_FORM_EN,
    ),
}

IN_LINE = (
    "receipt.busy",
    "challenge.required",
    "challenge.malformed",
    "challenge.foreign",
    "challenge.expired",
    "challenge.wrong",
    "challenge.too_cheap",
    "challenge.replayed",
    "partner.quota_spent",
    "partner.unknown",
    "partner.stopped",
)
"""Of every route that may have to wait in line."""
