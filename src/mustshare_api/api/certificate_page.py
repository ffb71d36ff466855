"""The page on which anyone checks a hand-over certificate: no script, nothing to load.

What stands in the answer was signed by an officer or by a receipt's key, and is escaped all the
same: a name of an agency is text that somebody typed.
"""

from html import escape

from mustshare_api.api.catalogue.table import CATALOGUE
from mustshare_api.api.form.intake import Said
from mustshare_api.api.form.page import both, filled, page, warning
from mustshare_api.crypto.certificates import LIMIT_BYTES
from mustshare_api.errors import MustShareError
from mustshare_api.flows.certificates import Checked

_TITLE = Said("ตรวจหนังสือรับรองการส่งต่อ", "Check a hand-over certificate")
_WHAT = Said(
    "วางหนังสือรับรอง หรือหลักฐานที่ผู้แจ้งเบาะแสทำขึ้น ระบบไม่เก็บและไม่บันทึกสิ่งที่วาง",
    "Paste a certificate, or the proof made from it. Nothing is kept or logged.",
)
_DOCUMENT = Said("ข้อความทั้งหมด", "The whole text")
_CHECK = Said("ตรวจ", "Check")
_HOLDS = Said("ถูกต้อง", "It holds")
_NOT = Said("ไม่ถูกต้อง", "It does not hold")
_ISSUED = Said(
    "เจ้าหน้าที่ {officer} รับรองว่าได้ส่งเบาะแสหนึ่งเรื่องต่อให้หน่วยงานนี้",
    "Officer {officer} vouches that material of one tip was handed to this agency",
)
_AGENCY = Said("หน่วยงาน", "Agency")
_DAY = Said("วันที่", "Day")
_BY = Said("กุญแจของเจ้าหน้าที่", "The officer's key")
_LISTED = {
    "now": Said(
        "อยู่ในสารบัญกุญแจฉบับที่ {serial} และฉบับล่าสุด",
        "listed in directory {serial} and in the newest",
    ),
    "earlier": Said(
        "อยู่ในสารบัญกุญแจฉบับที่ {serial} แต่ไม่อยู่ในฉบับล่าสุด",
        "listed in directory {serial}, no longer in the newest",
    ),
    "revoked": Said(
        "อยู่ในสารบัญกุญแจฉบับที่ {serial} และถูกเพิกถอนแล้ว",
        "listed in directory {serial}, and revoked since",
    ),
}
_REVOKED = Said(
    "กุญแจของเจ้าหน้าที่คนนี้ถูกเพิกถอนแล้ว ผู้ที่ขโมยกุญแจอาจออกหนังสือย้อนหลังได้ สอบถามองค์กรก่อนเชื่อถือ",
    "This officer's key was revoked since. Whoever stole it could have dated a certificate "
    "back: ask the organisation before you rely on it.",
)
_PROVEN = Said(
    "ผู้ถือใบรับแจ้งของเบาะแสเรื่องนั้นทำหลักฐานนี้ขึ้นเพื่อ",
    "The holder of that tip's receipt made this proof for",
)
_NO_MORE = Said(
    "ใช้ได้เพื่อการนี้เท่านั้น หากระบุไว้เพื่อผู้อื่น แสดงว่าถูกนำมาใช้ซ้ำ",
    "It is good for this alone. If it names somebody else, it is being used again.",
)
_NO_PROOF = Said(
    "หนังสือรับรองอย่างเดียวไม่บอกว่าใครเป็นผู้แจ้ง มีเพียงผู้ถือใบรับแจ้งที่ทำหลักฐานได้",
    "A certificate alone does not say who the source was. "
    "Only the receipt's holder can prove it.",
)
_AGAIN = Said("ตรวจอีกฉบับ", "Check another")


def empty_page() -> str:
    """The page with an empty field."""
    return page(
        _TITLE,
        f"<p>{both(_WHAT)}</p>"
        '<form method="post" action="/v1/certificates/check" enctype="multipart/form-data" '
        f'autocomplete="off"><label for="document">{both(_DOCUMENT)}</label>'
        f'<textarea id="document" name="document" rows="14" required maxlength="{LIMIT_BYTES}" '
        f'spellcheck="false"></textarea><button>{both(_CHECK)}</button></form>',
    )


def checked_page(checked: Checked) -> str:
    """What a document that holds is worth."""
    head = checked.certificate.head
    said = filled(_LISTED[checked.listed], serial=str(head.serial))
    rows = (
        (_AGENCY, escape(head.agency)),
        (_DAY, head.day.isoformat()),
        (_BY, f"<code>{head.kid.hex()}</code> {both(said)}"),
    )
    listed = "".join(f"<p><b>{both(name)}</b> {value}</p>" for name, value in rows)
    issued = both(filled(_ISSUED, officer=head.officer))
    revoked = warning(_REVOKED) if checked.listed == "revoked" else ""
    return page(_HOLDS, f"{revoked}<p>{issued}</p>{listed}{_proven(checked.purpose)}{_link()}")


def refused_page(error: MustShareError) -> str:
    """Why it does not hold."""
    told = CATALOGUE.get(error.code, CATALOGUE["internal"])
    why = Said(told.title_th, told.title_en)
    advice = Said(told.advice_th, told.advice_en)
    return page(_NOT, warning(why) + f"<p>{both(advice)}</p>{_link()}")


def _proven(purpose: str | None) -> str:
    if purpose is None:
        return f"<p>{both(_NO_PROOF)}</p>"
    return f"<p>{both(_PROVEN)}</p>{_box(purpose)}<p>{both(_NO_MORE)}</p>"


def _box(text: str) -> str:
    return f'<p class="warning"><b>{escape(text)}</b></p>'


def _link() -> str:
    return f'<p><a href="/v1/certificates/check">{both(_AGAIN)}</a></p>'
