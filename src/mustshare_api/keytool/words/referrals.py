"""What the tool says of referrals and dockets: refusals and results, Thai first."""

from typing import Final

REFERRALS: Final[dict[str, tuple[str, str]]] = {
    "agency.unknown": (
        "สารบัญกุญแจไม่มีหน่วยงานชื่อนี้",
        "The directory lists no agency of this name.",
    ),
    "agency.changed": (
        "ข้อมูลหน่วยงานถูกแก้ไขไปแล้ว ดูใหม่แล้วทำอีกครั้ง",
        "The agency's record has changed. Look again and do it anew.",
    ),
    "referral.unknown_agency": (
        "สารบัญกุญแจไม่มีหน่วยงานชื่อนี้ ให้ผู้ถือกุญแจรากเพิ่มบัตรของหน่วยงานก่อน",
        "The directory lists no agency of this name. Have the roots list its card first.",
    ),
    "referral.unknown": (
        "ไม่มีเรื่องที่ส่งต่อนี้ หรือมีหลายเรื่องที่ขึ้นต้นเช่นนี้",
        "No such referral, or several begin like this.",
    ),
    "referral.unknown_word": (
        "ไม่มีคำของหน่วยงานที่ขึ้นต้นเช่นนี้ หรือมีหลายคำ",
        "The agency said nothing of this id, or several begin like this.",
    ),
    "referral.not_found": ("ไม่มีเรื่องที่ส่งต่อนี้", "There is no such referral."),
    "referral.wrong_state": (
        "ทำขั้นตอนนี้ไม่ได้ในสถานะปัจจุบันของเรื่องที่ส่งต่อ",
        "The referral does not stand where this step begins.",
    ),
    "referral.changed": (
        "เรื่องที่ส่งต่อเปลี่ยนไปแล้ว ดูใหม่แล้วทำอีกครั้ง",
        "The referral has changed meanwhile. Look again and do it anew.",
    ),
    "referral.not_sealed": (
        "ประตูเจ้าหน้าที่ไม่รับไฟล์นี้ เพราะไม่ใช่ไฟล์ age ที่ใช้กุญแจหลังควอนตัมเท่านั้น",
        "The door does not take this file: it is no age file to post-quantum keys alone.",
    ),
    "referral.full": (
        "มีข้อความเกี่ยวกับเรื่องนี้ครบจำนวนแล้ว",
        "As much has been said of this referral as may be.",
    ),
    "referral.other_file": (
        "ไฟล์ที่ได้รับไม่ใช่ไฟล์ที่ระบุไว้ ไม่ได้เก็บไว้",
        "The file that came is not the one that is listed. It was not kept.",
    ),
    "referral.not_as_listed": (
        "ไฟล์ในเรื่องที่ส่งต่อไม่ตรงกับรายการที่เจ้าหน้าที่ลงนาม",
        "What is in the referral is not what its signed list says.",
    ),
    "referral.no_tip": (
        "ไม่พบบันทึกว่าเรื่องนี้มาจากเบาะแสใด ระบุด้วย --tip",
        "No note or docket here says of which tip this is. Say so with --tip.",
    ),
    "agency_word.wrong_signature": (
        "ลายเซ็นของหน่วยงานไม่ถูกต้อง อย่าถือว่าหน่วยงานกล่าวเช่นนี้",
        "The agency's signature does not hold: take it that the agency did not say this.",
    ),
    "agency_word.malformed": (
        "คำของหน่วยงานไม่ถูกรูปแบบ",
        "This is no word of an agency's: a text is missing, too long, or a day is none.",
    ),
    "docket.malformed": (
        "สมุดความคืบหน้าไม่ถูกรูปแบบ",
        "The docket is malformed.",
    ),
    "docket.too_large": (
        "สมุดความคืบหน้ายาวเกินไป ย่อด้วย --word, --text-th และ --text-en",
        "The docket is too long. Shorten it with --word, --text-th and --text-en.",
    ),
    "docket.changed": (
        "เจ้าหน้าที่อีกคนแก้ไขสมุดความคืบหน้าก่อน ลองอีกครั้ง",
        "Another officer has changed the docket meanwhile. Try again.",
    ),
    "docket.wrong_size": (
        "ประตูเจ้าหน้าที่ไม่รับสมุดความคืบหน้าขนาดนี้",
        "The door does not take a docket of this size.",
    ),
    "open.dispute": (
        "  ! โต้แย้งผลการดำเนินการ {outcome}",
        "  ! contests outcome {outcome}",
    ),
    "referral.proposed": (
        "เสนอส่งต่อ {referral} ให้ {agency} แล้ว รอเจ้าหน้าที่คนที่สองยืนยันภายใน 7 วัน",
        "Referral {referral} to {agency} is proposed. Another officer confirms within 7 days.",
    ),
    "referral.sent": (
        "ส่งต่อ {referral} ให้ {agency} แล้ว และบอกผู้แจ้งแล้ว",
        "Referral {referral} is sent to {agency}, and its reporter is told.",
    ),
    "referral.untold": (
        "ส่งต่อ {referral} แล้ว แต่ยังไม่ได้บอกผู้แจ้ง: mustshare-key referrals tell",
        "Referral {referral} is sent, but its reporter is not told: referrals tell does that.",
    ),
    "referral.which_word": (
        "ข้อความนี้ของผลใด ระบุด้วย --word",
        "Which outcome are these texts for? Say it with --word.",
    ),
    "referral.taken_back": ("เรียกคืน {referral} แล้ว", "Referral {referral} is taken back."),
    "referral.none": ("ไม่มีเรื่องที่ส่งต่อ", "There are no referrals."),
    "referral.line": (
        "{referral}  {agency}  {state}  {day}",
        "{referral}  {agency}  {state}  {day}",
    ),
    "referral.by": ("จัดทำโดย {officer} {day}", "Made by {officer}, {day}"),
    "referral.file": ("  ไฟล์ {name}", "  file {name}"),
    "referral.said": ("  {sort} {word}  {day}", "  {sort} {word}  {day}"),
    "referral.question": ("คำถาม {word}", "Question {word}"),
    "referral.outcome": ("ผล {word}: {kind} {day}", "Outcome {word}: {kind}, {day}"),
    "referral.acknowledged": ("รับเรื่อง {referral} แล้ว", "Referral {referral} is acknowledged."),
    "docket.told": (
        "บอกผู้แจ้งของเบาะแส {tip} แล้ว: ผล {count} รายการ",
        "The reporter of tip {tip} is told: {count} outcomes.",
    ),
    "done.said": ("ส่งแล้ว: {word}", "Sent: {word}"),
}
"""Every sentence about referrals."""
