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
        "ไม่พบบันทึกครบว่าเรื่องนี้มาจากเบาะแสใด ซิงก์แล้วลองใหม่",
        "The notes here do not say of which tips this is, or those are gone. Sync, try again.",
    ),
    "referral.tip_refused": (
        "เบาะแสในเรื่องที่ส่งต่อทำขั้นตอนส่งต่อไม่ได้ จึงไม่ได้ส่งเรื่องใดเลย",
        "A tip of this referral does not take the step, so nothing was sent.",
    ),
    "referral.tip_named": (
        "เบาะแส {tip} ส่งต่อไม่ได้ จึงไม่ได้ส่งเรื่องใดเลย: {why}",
        "Tip {tip} cannot be referred, so nothing was sent: {why}",
    ),
    "referral.too_many_tips": (
        "ส่งต่อได้ไม่เกิน {count} เบาะแสต่อครั้ง",
        "At most {count} tips go in one referral.",
    ),
    "referral.certificates": (
        "ใส่หนังสือรับรองให้ครบทุกเบาะแสตามลำดับ หรือไม่ใส่เลย",
        "Give one certificate for each tip, in their order, or none.",
    ),
    "referral.nothing_of": (
        "ยังไม่ได้เลือกสิ่งที่จะส่งของเบาะแส {tip}",
        "Nothing is chosen of tip {tip}.",
    ),
    "referral.other_agency": (
        "บันทึกของเจ้าหน้าที่คนแรกระบุหน่วยงานอื่น อย่ายืนยัน",
        "The first officer's notes name another agency. Do not confirm this.",
    ),
    "referral.unknown_part": (
        "หน่วยงานถามถึงเบาะแสลำดับที่ไม่มีในรายงาน ระบุด้วย --tip",
        "The agency asks about a number that the report does not have. Say which with --tip.",
    ),
    "referral.ask": (
        "ส่งต่อตามนี้หรือไม่ พิมพ์ ใช่ เพื่อยืนยัน:",
        "Send exactly this? Type yes:",
    ),
    "referral.not_agreed": ("ไม่ได้ส่งต่อ", "Not sent."),
    "referral.for": ("สำหรับ {agency}", "For {agency}"),
    "referral.files": ("รวม {count} ไฟล์ {octets} ไบต์", "{count} files, {octets} bytes"),
    "referral.goes_to": (
        "จะส่งให้ {agency} จาก {count} เบาะแส ทุกเบาะแสจะอยู่ในสถานะส่งต่อ:",
        "It goes to {agency}, of {count} tips, each of which will stand as referred:",
    ),
    "referral.of_tip": ("  เบาะแส {tip}", "  tip {tip}"),
    "referral.lapses": ("  ไฟล์จะถูกลบวันที่ {day}", "  its file is erased on {day}"),
    "referral.orphaned": (
        "เรียกคืน {referral} แล้ว เพราะเบาะแสไม่อยู่แล้ว",
        "Referral {referral} is taken back: its tip is gone.",
    ),
    "docket.older": (
        (
            "ประตูเจ้าหน้าที่คืนสมุดความคืบหน้าที่เก่ากว่าที่เครื่องนี้เคยเห็นของเบาะแส {tip} ตรวจสอบก่อน "
            "แล้วเขียนทับด้วย referrals tell --over-older"
        ),
        (
            "The door gave back an older docket of tip {tip} than this machine has seen. "
            "Find out why; referrals tell --over-older then goes on from it."
        ),
    ),
    "docket.other_language": (
        "แก้ข้อความเพียงภาษาเดียว ระบุทั้ง --text-th และ --text-en (ว่างเพื่อตัดออก)",
        (
            "The other language would stay as it was. Say both --text-th and --text-en; "
            "an empty one takes that language away."
        ),
    ),
    "agency.no_card": (
        "{path} ไม่ใช่บัตรของหน่วยงานที่มีกุญแจครบสองดอก",
        "{path} is not an agency's card with its two keys.",
    ),
    "agency.which_titles": (
        "ระบุ --title-th, --title-en และ --kind",
        "Say --title-th, --title-en and --kind.",
    ),
    "agency.none": ("สารบัญกุญแจไม่มีหน่วยงาน", "The directory lists no agency."),
    "agency.line": (
        "{name}  {th} / {en}  ({kind})  กุญแจลงท้าย {key}",
        "{name}  {th} / {en}  ({kind})  key ends in {key}",
    ),
    "agency.untitled": (
        "{name}  ยังไม่มีชื่อ ใช้ agencies rename  กุญแจลงท้าย {key}",
        "{name}  has no titles yet: agencies rename  key ends in {key}",
    ),
    "agency.renamed": ("{name} คือ {th} / {en}", "{name} is {th} / {en}"),
    "agency.compare": (
        "เทียบเลขเหล่านี้กับ {name} ทางโทรศัพท์ก่อนลงนาม",
        "Compare these with {name} over a telephone before anybody signs.",
    ),
    "agency.to_sign": (
        "ให้ผู้ถือกุญแจรากลงนามด้วย directory sign {path} แล้ว directory publish {path}",
        "Root holders sign it with directory sign {path}; then directory publish {path}.",
    ),
    "agency.identity": (
        "ตัวตน age อยู่ใน {path} ย้ายไปเครื่องที่ใช้เปิดไฟล์",
        "The age identity is in {path}. Move it to the machine that opens files.",
    ),
    "agency.hand_over": (
        "ส่งมอบ {card} ให้องค์กรด้วยตนเอง และอ่านเลขเหล่านี้ทางโทรศัพท์ ไม่ส่งไฟล์อื่น",
        "Hand over {card} in person, read these out over a telephone, and no other file.",
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
        "ส่งต่อ {referral} ให้ {agency} แล้ว บอกผู้แจ้งของ {count} เบาะแสแล้ว",
        "Referral {referral} is sent to {agency}; the reporters of {count} tips are told.",
    ),
    "referral.untold": (
        "ส่งต่อ {referral} แล้ว แต่ยังไม่ได้บอกผู้แจ้งของ {tip}: mustshare-key referrals tell",
        "Referral {referral} is sent, but tip {tip} is not told: referrals tell does that.",
    ),
    "referral.which_word": (
        "ข้อความนี้ของผลใด ระบุด้วย --word",
        "Which outcome are these texts for? Say it with --word.",
    ),
    "referral.taken_back": ("เรียกคืน {referral} แล้ว", "Referral {referral} is taken back."),
    "referral.behind": (
        "  ผู้แจ้ง {count} รายยังเห็นสถานะเดิม: mustshare-key referrals tell {referral}",
        "  {count} reporters are told of an earlier state: referrals tell {referral}",
    ),
    "referral.told_back": (
        "บอกผู้แจ้งของเบาะแส {tip} แล้วว่าเรียกคืน {referral}",
        "The reporter of tip {tip} is told that referral {referral} is taken back.",
    ),
    "referral.untold_back": (
        "ยังไม่ได้บอกผู้แจ้งของ {tip} ว่าเรียกคืน {referral}: mustshare-key referrals tell",
        "Tip {tip} is not told that {referral} is taken back: referrals tell does that.",
    ),
    "referral.none": ("ไม่มีเรื่องที่ส่งต่อ", "There are no referrals."),
    "referral.line": (
        "{referral}  {agency}  {state}  {day}",
        "{referral}  {agency}  {state}  {day}",
    ),
    "referral.by": ("จัดทำโดย {officer} {day}", "Made by {officer}, {day}"),
    "referral.file": ("  ไฟล์ {name} {octets} ไบต์", "  file {name}, {octets} bytes"),
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
