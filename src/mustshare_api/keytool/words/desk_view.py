"""The sentences of the full-screen view, and of the pictures it opens."""

from typing import Final

_HELP_TH: Final = """\
j k ลูกศร    เลื่อนในรายการ
Enter        อ่านแล้ว
o            เปิดไฟล์แนบด้วยโปรแกรมของเครื่อง
a            มอบหมาย
l            ติดและแกะป้าย
n            เขียนบันทึก
c            รายการตรวจสอบ
v            เริ่มตรวจสอบ
s            พักเรื่อง
m            รวมกับเบาะแสอื่น
t            ผูกกับประเด็น
f            กรองรายการ
/            ค้นคำ
y            ส่งบันทึกที่รออยู่
r            โหลดใหม่
q            ออก

กดปุ่มใดก็ได้เพื่อปิด"""

_HELP_EN: Final = """\
j k arrows   move in the list
Enter        it was read
o            open a file in the system's viewer
a            assign
l            put labels on and take them off
n            write a note
c            the checklist
v            begin to verify
s            set aside
m            merge with another tip
t            tie to a case
f            narrow the list down
/            look for words
y            send what waits
r            load anew
q            leave

any key closes this"""

SAID_OF_VIEW: Final[dict[str, tuple[str, str]]] = {
    "view.help": (_HELP_TH, _HELP_EN),
    "view.keys": (
        "? วิธีใช้  o ไฟล์  a มอบหมาย  l ป้าย  n บันทึก  c ตรวจ  m รวม  f กรอง  / ค้น  y ส่ง  q ออก",
        "? help  o file  a assign  l label  n note  c check  m merge  f filter  / find  q quit",
    ),
    "view.empty": ("ไม่มีเบาะแส", "No tips."),
    "view.count": ("{count} เบาะแส", "{count} tips"),
    "view.done": ("บันทึกแล้ว รอส่ง {count}", "Written; {count} wait to be sent."),
    "view.sending": ("กำลังส่ง", "sending"),
    "view.sent": ("ส่งหมดแล้ว รอส่ง {count}", "All was sent; {count} wait."),
    "view.waiting": (
        "ยังรอส่ง {count} รายการ ติดต่อประตูเจ้าหน้าที่ไม่ได้",
        "{count} still wait: the staff door was not reached.",
    ),
    "view.ask_officer": (
        "มอบหมายให้ใคร (ชื่อ, me, หรือ - คือไม่มีใคร)",
        "Whose is it? A name, me, or - for nobody's",
    ),
    "view.ask_labels": ("ป้าย: +ติด -แกะ", "Labels: +on -off"),
    "view.ask_note": (
        "บันทึกถึงเจ้าหน้าที่คนอื่น (Ctrl+S เก็บ, Esc ยกเลิก)",
        "A note for the other officers (Ctrl+S keeps it, Escape does not)",
    ),
    "view.ask_check": (
        "รายการตรวจสอบข้อใด (พิมพ์ชื่อข้อ)",
        "Which line of the checklist? Its name",
    ),
    "view.ask_merge": (
        "รวมเข้ากับ: <เบาะแส> duplicate หรือ copycat, - คือแยก",
        "Merge into: <tip> duplicate or copycat; - parts it",
    ),
    "view.ask_case": (
        "ผูกกับประเด็นใด (ชื่อหรือรหัส, ใส่ - ข้างหน้าเพื่อแยกออก)",
        "Which case? Its slug or id; with - before it to untie the tip",
    ),
    "view.ask_why": (
        "พักเรื่องเพราะอะไร (เว้นว่างได้)",
        "Why is it set aside? May stay empty",
    ),
    "view.ask_file": ("ไฟล์ที่เท่าไร", "Which file? Its number"),
    "view.ask_filters": (
        (
            "กรอง: state= label= case= campaign= category= place= from= to= officer= "
            "unread overdue"
        ),
        (
            "Filter: state= label= case= campaign= category= place= from= to= officer= "
            "unread overdue"
        ),
    ),
    "view.ask_words": ("ค้นคำ", "Look for"),
    "view.bad_filter": ("อ่านตัวกรองนี้ไม่ได้", "That filter is not understood."),
    "label.malformed": (
        "ป้ายใช้ได้เฉพาะตัวอักษรไทยหรืออังกฤษ ตัวเลข ไม่เกิน 40 ตัว",
        "A label is a word of up to 40 letters and digits, Thai or Latin.",
    ),
    "desk.some_refused": (
        "ประตูเจ้าหน้าที่ปฏิเสธ {count} รายการ ดูด้วย mustshare-key sync",
        "The staff door refused {count} entries; mustshare-key sync says which.",
    ),
    "desk.no_view": (
        "ยังไม่ได้ติดตั้งหน้าจอเต็ม สั่ง pip install 'mustshare-api[desk]' คำสั่ง inbox และ show ใช้ได้อยู่แล้ว",
        "The view is not installed: pip install 'mustshare-api[desk]'. inbox and show work.",
    ),
    "picture.none": ("เบาะแสนี้ไม่มีไฟล์นั้น", "The tip has no such file."),
    "picture.missing": (
        "ไฟล์นี้ไม่อยู่ในเครื่อง สั่ง mustshare-key sync",
        "That file is not on this machine. Run mustshare-key sync.",
    ),
    "picture.original": (
        "ไฟล์นี้เป็นต้นฉบับที่มีข้อมูลแฝง ไม่เปิดให้ที่นี่",
        "That file is an untouched original, which the view does not open.",
    ),
    "picture.unsafe": (
        "ลบข้อมูลแฝงของไฟล์นี้ไม่ได้ จึงไม่เปิด",
        "That file cannot be made safe here, so it was not opened.",
    ),
    "picture.no_memory": (
        "เครื่องนี้ไม่มีที่เก็บไฟล์ในหน่วยความจำ จึงไม่เปิดไฟล์ ใช้ mustshare-key open",
        "No folder in memory is to be had here, so no file is opened. Use mustshare-key open.",
    ),
    "picture.no_viewer": (
        "ไม่พบโปรแกรมเปิดไฟล์ ระบุด้วย --viewer",
        "No viewer was found. Name one with --viewer.",
    ),
}
