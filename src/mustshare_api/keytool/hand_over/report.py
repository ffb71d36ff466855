"""What a person at an agency reads: report.txt and readme.txt, Thai and English.

Plain text, because everyone can open it and it hides nothing. Every line of a reporter's words
has a bar before it, so that no text can pass for a heading of ours.
"""

from collections.abc import Sequence
from typing import Final, TypeAlias

from mustshare_api.crypto.hand_over import Voucher
from mustshare_api.keytool.hand_over.choosing import Chosen, ChosenMessage, Field

Listed: TypeAlias = tuple[str, bool, tuple[Field, ...]]
"""Of a file its name here, whether it is an original, and its fields."""

_FIELDS: Final = {
    "time": "เวลาที่ส่ง · sent (UTC)",
    "category": "ประเภท · category",
    "campaign": "แคมเปญ · campaign",
    "case": "ประเด็น · case",
    "place": "รหัสพื้นที่ · place code",
    "coordinates": "พิกัดที่ผู้แจ้งระบุ · coordinates",
    "procurement": "เลขที่โครงการ · procurement",
    "answers": "คำตอบของแคมเปญ · answer to the campaign",
    "photo-location": "ตำแหน่งที่ถ่าย · taken at",
    "photo-time": "เวลาที่ถ่ายตามนาฬิกาของกล้อง · taken on, by the camera's clock",
}
_WITHHELD: Final = {
    "message": "ข้อความทั้งข้อความ · whole messages",
    "cut": "ส่วนที่ตัดออกจากข้อความ · passages cut",
    "attachment": "ไฟล์แนบ · attachments",
    "original": "ต้นฉบับของภาพ · untouched originals",
    "field": "ข้อมูลประกอบ · fields of evidence",
}

README: Final = """\
สิ่งที่ได้รับ · What this is

  report.txt       ข้อความที่คัดเลือกแล้ว · the chosen texts
  files/           ภาพและไฟล์ที่คัดเลือกแล้ว · the chosen pictures and files
  manifest.txt     รายการทั้งหมด ลงนามโดยเจ้าหน้าที่ · the list of it all, signed by an officer
  directory.txt    สารบัญกุญแจที่รับรองเจ้าหน้าที่ · the directory that vouches for that officer
  certificate.txt  หนังสือรับรองการส่งต่อ ถ้ามี · the hand-over certificate, where there is one;
                   certificate-2.txt เมื่อมีหลายเบาะแส · of the second tip, where there are several

ผู้แจ้งเบาะแสไม่เปิดเผยตัว เราไม่ทราบว่าเป็นใครและไม่มีวิธีค้นหา โปรดอย่าพยายามสืบหาตัวผู้แจ้ง
The reporter is anonymous. We do not know who it is and cannot find out; please do not try to.

ตัดออก หมายถึงส่วนที่เจ้าหน้าที่ตัดออกก่อนส่ง ภาพถูกลบข้อมูลแฝงแล้ว เว้นแต่ report.txt ระบุเป็นต้นฉบับ
⟦ตัดออก · cut⟧ stands where an officer took a passage out. Pictures were stripped of hidden \
data, unless report.txt says "original".

ตรวจความถูกต้อง · To check it

  mustshare-key manifest verify FOLDER --roots roots

"roots" คือไฟล์กุญแจรากที่ได้รับจากองค์กรของเราโดยทางอื่น · is our pin file, got from us by another way.
ตรวจด้วยมือ: sha256sum เทียบกับ manifest.txt · By hand: compare sha256sum with manifest.txt.
"""


def report(head: Voucher, parts: Sequence[tuple[Chosen, Sequence[Listed]]]) -> str:
    """The report.

    Args:
        head: who hands over, to whom, when.
        parts: of each tip the texts, what was withheld, and its files as they lie here.
    """
    lines = [
        "เบาะแสที่ส่งต่อ · Material of a tip",
        f"หน่วยงาน · agency: {head.agency}",
        f"วันที่ · day: {head.day.isoformat()}",
        f"เจ้าหน้าที่ · officer: {head.officer}",
    ]
    for number, (chosen, files) in enumerate(parts, 1):
        heading = f"เบาะแสที่ · Tip {number} / {len(parts)}"
        lines += ["", *([heading, ""] if len(parts) > 1 else []), *_part(chosen, files)]
    return "\n".join(lines) + "\n"


def _part(chosen: Chosen, files: Sequence[Listed]) -> list[str]:
    lines: list[str] = []
    for number, message in enumerate(chosen.messages, 1):
        lines += [*_message(number, message), ""]
    if files:
        lines += ["ภาพและไฟล์ · Pictures and files", *_files(files), ""]
    return [*lines, "สิ่งที่ไม่ได้ส่งมา · What was withheld", *_withheld(chosen)]


def _message(number: int, message: ChosenMessage) -> list[str]:
    author = message.opened.author
    who = f"เจ้าหน้าที่ · staff: {author}" if author else "ผู้แจ้งเบาะแส · the reporter"
    bars = [f"  │ {line}" for line in message.text.split("\n")]
    return [f"ข้อความ · Message {number} ({who})", *_fields(message.fields), *bars]


def _files(files: Sequence[Listed]) -> list[str]:
    lines: list[str] = []
    for name, is_original, fields in files:
        mark = "  ต้นฉบับ ยังมีข้อมูลแฝง · original, hidden data included" if is_original else ""
        lines += [f"  {name}{mark}", *_fields(fields)]
    return lines


def _fields(fields: tuple[Field, ...]) -> list[str]:
    return [f"    {_FIELDS[name]}: {value}" for name, value in fields]


def _withheld(chosen: Chosen) -> list[str]:
    left = [f"  {_WITHHELD[kind]}: {n}" for kind, n in chosen.withheld.items() if n]
    return left or ["  ไม่มี · nothing"]
