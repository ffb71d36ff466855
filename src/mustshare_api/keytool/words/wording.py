"""Every sentence the tool says, in Thai and English, by code.

One table, so that a sentence which one language lacks shows in a test and not on the screen of
somebody who needs it. Values are filled in with `str.format`; they are the operator's own.
"""

from typing import Final, Literal

from mustshare_api.keytool.words.audit import SAID_OF_AUDIT
from mustshare_api.keytool.words.campaigns import SAID_OF_CAMPAIGNS
from mustshare_api.keytool.words.cases import SAID_OF_CASES
from mustshare_api.keytool.words.desk_view import SAID_OF_VIEW
from mustshare_api.keytool.words.dockets import SAID_OF_DOCKETS
from mustshare_api.keytool.words.hand_over import HAND_OVER
from mustshare_api.keytool.words.inbox import SAID_OF_INBOX
from mustshare_api.keytool.words.organisation import SAID
from mustshare_api.keytool.words.pictures import SAID_OF_PICTURES
from mustshare_api.keytool.words.places import SAID_OF_PLACES
from mustshare_api.keytool.words.referrals import REFERRALS
from mustshare_api.keytool.words.refused import REFUSED
from mustshare_api.keytool.words.sharing import SAID_OF_SHARING
from mustshare_api.keytool.words.steps import SAID_OF_STEPS

Language = Literal["th", "en"]

SENTENCES: Final[dict[str, tuple[str, str]]] = {
    **REFUSED,
    **HAND_OVER,
    **SAID,
    **SAID_OF_AUDIT,
    **SAID_OF_CASES,
    **SAID_OF_CAMPAIGNS,
    **SAID_OF_INBOX,
    **SAID_OF_VIEW,
    **SAID_OF_DOCKETS,
    **SAID_OF_SHARING,
    **SAID_OF_STEPS,
    **SAID_OF_PICTURES,
    **SAID_OF_PLACES,
    **REFERRALS,
    # What was done, and what is shown.
    "done.card": ("เขียนบัตรกุญแจ: {path}", "Card to hand out: {path}"),
    "done.key_file": ("เขียนไฟล์กุญแจ: {path}", "Key file: {path}"),
    "done.written": ("เขียนแล้ว: {path}", "Written: {path}"),
    "done.connected": ("ตั้งค่าประตูเจ้าหน้าที่: {url}", "Staff door: {url}"),
    "done.published": ("เผยแพร่สารบัญกุญแจฉบับที่ {serial} แล้ว", "Directory {serial} is published."),
    "done.signed": ("ลงนามโดย {name} แล้ว: {path}", "Signed by {name}: {path}"),
    "done.sent": ("ส่งคำตอบแล้ว: {object}", "Answer sent: {object}"),
    "outbox.kept": (
        "คำตอบยังไม่ถูกส่ง เก็บไว้แล้ว ส่งซ้ำด้วย mustshare-key resend",
        "The answer is kept and not sent. Run mustshare-key resend to send it again.",
    ),
    "outbox.refused": (
        "คำตอบ {object} ถูกปฏิเสธและยังเก็บอยู่ ลบด้วย mustshare-key resend --drop-refused",
        "Answer {object} was refused and is kept. resend --drop-refused forgets it.",
    ),
    "outbox.dropped": (
        "คำตอบ {object} ถูกปฏิเสธและลบแล้ว เขียนใหม่ได้",
        "Answer {object} was refused and is forgotten. You can write it anew.",
    ),
    "outbox.empty": ("ไม่มีคำตอบค้างส่ง", "No answer waits to be sent."),
    "directory.summary": (
        "สารบัญกุญแจ {serial} ของ {deployment} {issued} ถึง {expires} สัปดาห์สุดท้าย {last_week}",
        "Directory {serial} of {deployment}, {issued} to {expires}, last week {last_week}",
    ),
    "directory.line": ("  {role} {name}: {count} กุญแจ", "  {role} {name}: {count} keys"),
    "directory.evaluation": (
        "** สำหรับทดลองใช้เท่านั้น ไม่มีผู้รับจริง **",
        "** EVALUATION ONLY: nobody real is behind these keys **",
    ),
    "directory.unverified": (
        "ยังไม่ได้ตรวจลายเซ็น",
        "The signatures have not been checked.",
    ),
    "roots.fingerprint": (
        "ลายนิ้วมือกุญแจราก (ต้องมี {k} จาก {n}): {fingerprint}",
        "Fingerprint of the roots ({k} of {n} must sign): {fingerprint}",
    ),
    "passphrase.offer": (
        "รหัสผ่านที่แนะนำ จดใส่กระดาษ อย่าเก็บไว้ในเครื่อง:\n\n    {passphrase}\n",
        "A passphrase for you. Write it on paper, not into this machine:\n\n    {passphrase}\n",
    ),
    "passphrase.ask": ("รหัสผ่าน {what}: ", "Passphrase for {what}: "),
    "passphrase.choose": ("พิมพ์รหัสผ่านนี้ หรือของคุณเอง: ", "Type it, or one of your own: "),
    "passphrase.again": ("พิมพ์อีกครั้ง: ", "Once more: "),
    "escrow.fingerprint": (
        "ลายนิ้วมือของ {name} (อ่านให้กันฟังทางโทรศัพท์): {fingerprint}",
        "Fingerprint of {name}, to compare over a telephone: {fingerprint}",
    ),
    "escrow.set": (
        "กุญแจสำรอง {kid}: ต้องใช้ {m} จาก {n} คน ({names})",
        "Escrow key {kid}: any {m} of {n} ({names})",
    ),
    "escrow.moved": (
        "ย้ายไปอยู่ใต้กุญแจสำรองปัจจุบันแล้ว {done} วัตถุ อยู่แล้ว {already}",
        "{done} objects are now under the escrow keys in force; {already} were already",
    ),
    "escrow.without": (
        "อีก {count} วัตถุไม่ได้ฝากกุญแจสำรอง เปิดได้เฉพาะด้วยกุญแจเดิมของเจ้าหน้าที่",
        "{count} more are not in escrow: none but the officers' old keys open those.",
    ),
    "escrow.drilled": (
        "เปิดได้ {opened} วัตถุ ไม่ได้ฝากกุญแจสำรอง {without} เปิดไม่ได้ {refused}",
        "{opened} objects opened; {without} not in escrow; {refused} failed",
    ),
    "sync.summary": (
        "เบาะแส {tips} รายการ วัตถุใหม่ {fetched} มีอยู่แล้ว {kept}",
        "{tips} tips; {fetched} new objects, {kept} already here",
    ),
    "sync.compared": (
        "เทียบทั้งหมดกับเซิร์ฟเวอร์ครั้งล่าสุด {day}",
        "Everything was last compared on {day}.",
    ),
    "sync.uncompared": (
        "ไม่ได้เทียบทั้งหมดมากว่าสัปดาห์ (ครั้งล่าสุด {day}) อาจมีข่าวที่ถูกซ่อนไว้ ใช้ sync --full",
        "Not compared for over a week (last {day}); news may be hidden. Run sync --full.",
    ),
    "sync.deleted": (
        "เบาะแส {tip} ถูกถอนหรือหมดอายุ ลบ {count} วัตถุในเครื่องแล้ว",
        "Tip {tip} was withdrawn or has expired: {count} local objects deleted.",
    ),
    "sync.unlisted": (
        "เบาะแส {tip}: {count} วัตถุไม่ได้ปิดผนึกถึงคุณแล้ว หรือผู้แจ้งรับทราบแล้ว ลบในเครื่องแล้ว",
        "Tip {tip}: {count} objects are yours no longer, or were acknowledged; deleted here.",
    ),
    "sync.rewrapped": ("ผู้รับเปลี่ยน {count} วัตถุ", "{count} objects have other recipients"),
    "sync.rotated": (
        "ผู้แจ้งของเบาะแส {tip} เปลี่ยนใบรับแจ้ง ลายเซ็นถูกต้อง คำตอบต่อไปถึงกุญแจใหม่",
        "Tip {tip}: its reporter exchanged the receipt, as its signatures prove.",
    ),
    "sync.doubtful": (
        "มี {count} รายการที่เปิดไม่ได้ เก็บไว้และจะดึงใหม่เมื่อ sync --full",
        "{count} of them do not open. They are kept, and fetched anew by sync --full.",
    ),
    "sync.fetching": ("กำลังดึง", "fetching"),
    "send.sending": ("กำลังส่ง", "sending"),
    "list.empty": ("ยังไม่มีเบาะแส", "No tips."),
    "list.line": (
        "{tip}  {day}  {state}  {objects} วัตถุ  {news}",
        "{tip}  {day}  {state}  {objects} objects  {news}",
    ),
    "list.new": ("ใหม่ {count}", "{count} new"),
    "list.opened": ("เปิดแล้ว", "opened"),
    "open.heading": ("เบาะแส {tip} ({state})", "Tip {tip} ({state})"),
    "open.pages": ("วาดหน้าเอกสารใหม่", "redrawing pages"),
    "open.from_reporter": ("ผู้แจ้งเบาะแส {at}", "Reporter, {at}"),
    "open.from_staff": ("เจ้าหน้าที่ {name} {at}", "Staff ({name}), {at}"),
    "open.server_sealed": (
        "เซิร์ฟเวอร์ปิดผนึก: เซิร์ฟเวอร์เคยเห็นข้อความนี้",
        "sealed by the server, which saw this in clear",
    ),
    "open.field": ("  {name}: {value}", "  {name}: {value}"),
    "open.part_failed": ("  {object}: {why}", "  {object}: {why}"),
    "file.written": ("  ไฟล์แนบ: {path}", "  attachment: {path}"),
    "file.removed": ("    ลบข้อมูลแฝงแล้ว: {kinds}", "    stripped: {kinds}"),
    "file.missing": (
        "  ไฟล์แนบ {object}: ยังไม่ได้ดึงมา",
        "  attachment {object}: not on this machine",
    ),
    "file.mismatch": (
        "  ไฟล์แนบ {object}: ไม่ตรงกับที่ข้อความลงนามไว้ ไม่ถูกเขียน",
        "  attachment {object}: not what the signed message names; not written",
    ),
    "file.original": (
        "  ไฟล์แนบ {object}: ต้นฉบับที่ยังไม่ลบข้อมูลแฝง ไม่ถูกเขียน ใช้ --unsafe-original หากจำเป็นจริง",
        "  attachment {object}: an untouched original; not written without --unsafe-original",
    ),
    "file.unsafe": (
        "  ไฟล์แนบ {object}: ลบข้อมูลแฝงที่นี่ไม่ได้ ไม่ถูกเขียน ใช้ --unsafe-original หากจำเป็นจริง",
        "  attachment {object}: cannot be stripped here; not written without --unsafe-original",
    ),
    "file.is_original": (
        "    ! ต้นฉบับ: มีข้อมูลแฝงที่อาจระบุตัวผู้แจ้ง ห้ามส่งต่อ",
        "    ! an original: what it hides may name the reporter; do not pass it on",
    ),
    "file.taken_where": ("    ถ่ายที่: {point}", "    taken at: {point}"),
    "file.taken_when": (
        "    ถ่ายเมื่อ (นาฬิกาของกล้อง): {at}",
        "    taken on, by the camera's clock: {at}",
    ),
    "file.unnamed": (
        "  ไฟล์แนบ {object}: ไม่มีข้อความลงนามใดกล่าวถึง ไม่ถูกเขียน",
        "  attachment {object}: named by no signed message; not written",
    ),
    "file.refused": (
        "  ไฟล์แนบ {object}: ไม่ถูกเขียน {why}",
        "  attachment {object}: not written. {why}",
    ),
}


def language_of(environment_value: str | None) -> Language:
    """Thai for a Thai locale, otherwise English."""
    return "th" if (environment_value or "").lower().startswith("th") else "en"


def stands_alone(code: str) -> bool:
    """Whether a code's sentence needs nothing filled in; a newer server's code does not."""
    return "{" not in "".join(SENTENCES.get(code, ()))


def sentence(language: Language, code: str, **values: str | int) -> str:
    """The sentence of a code; a code from a newer server is shown as it is."""
    if code not in SENTENCES:
        code, values = "door.refused", {"reason": code}
    thai, english = SENTENCES[code]
    return (thai if language == "th" else english).format(**values)
