"""The sentences about who can open what: retiring keys, granting, dropping. See `wording`."""

from typing import Final

SAID_OF_SHARING: Final[dict[str, tuple[str, str]]] = {
    "object.changed": (
        "มีคนอื่นเปลี่ยนวัตถุนี้ซ้ำ ๆ สั่งใหม่ภายหลัง",
        "Somebody else keeps changing this object. Run the command again later.",
    ),
    "object.bad_range": (
        "ประตูเจ้าหน้าที่ส่งส่วนของวัตถุมาไม่ตรงกับที่ขอ",
        "The staff door gave another part of an object than was asked for.",
    ),
    "object.not_found": (
        "ไม่มีวัตถุนี้แล้ว หรือไม่ได้ปิดผนึกถึงคุณแล้ว สั่ง mustshare-key sync",
        "The object is gone, or is sealed to you no more. Run mustshare-key sync.",
    ),
    "object.wrong_recipients": (
        "ระบบไม่รับผู้รับนี้ สั่ง mustshare-key sync เพื่อรับสารบัญกุญแจฉบับใหม่แล้วลองอีกครั้ง",
        "The service does not take these recipients. Sync for the newest directory; try again.",
    ),
    "retire.not_monday": (
        "--before ต้องเป็นวันจันทร์",
        "--before takes a Monday.",
    ),
    "retire.too_early": (
        "กุญแจของสัปดาห์นี้และสัปดาห์ก่อนยังใช้อยู่ ใช้ --before ไม่เกิน {day}",
        "Keys of this week and the last are still in use. --before takes {day} at most.",
    ),
    "retire.no_case_key": (
        "สารบัญกุญแจที่ใช้อยู่ไม่มีกุญแจคดีดอกใหม่ของคุณ ส่งบัตรกุญแจให้ผู้จัดทำสารบัญก่อน",
        "The directory in force does not list your newest case key. Hand your card in first.",
    ),
    "retire.not_whole": (
        "ดึงมาไม่ครบ {count} วัตถุ จึงยังไม่ทำลายกุญแจใด",
        "{count} objects could not be fetched as listed, so no key was destroyed.",
    ),
    "retire.unfinished": (
        "ยังมี {count} วัตถุที่ต้องใช้กุญแจเดิม จึงยังไม่ทำลายกุญแจใด สั่งใหม่เพื่อทำต่อ",
        "{count} objects still need the old keys; none was destroyed. Run it again to go on.",
    ),
    "retire.nothing": (
        "ไม่มีกุญแจที่ถึงเวลาทำลาย",
        "No key is due to be destroyed.",
    ),
    "retire.rewrapping": ("กำลังเปลี่ยนผู้รับ", "re-wrapping"),
    "retire.unreadable": (
        "วัตถุ {object} เปิดไม่ได้ด้วยกุญแจใดของคุณอยู่แล้ว",
        "Object {object} opened by none of your keys even before.",
    ),
    "retire.done": (
        "ห่อใหม่ {objects} วัตถุ ทำลายกุญแจ {count} ดอกแล้ว สำเนาสำรองของไฟล์กุญแจยังเปิดได้ ให้ทำลายด้วย",
        "{objects} objects re-wrapped, {count} keys destroyed. Destroy key file backups too.",
    ),
    "case_key.made": (
        "ทำกุญแจคดีดอกใหม่แล้ว บัตรกุญแจ: {path} เมื่อสารบัญฉบับใหม่มีกุญแจนี้ ให้สั่งซ้ำเพื่อทำลายดอกเก่า",
        "New case key made. Card: {path}. Once a directory lists it, run this again.",
    ),
    "recipients.kind_1": ("{object}: เบาะแส", "{object}: the tip"),
    "recipients.kind_2": ("{object}: ข้อความจากผู้แจ้ง", "{object}: a message from the reporter"),
    "recipients.kind_3": ("{object}: คำตอบ", "{object}: an answer"),
    "recipients.kind_4": ("{object}: ไฟล์แนบจากผู้แจ้ง", "{object}: a file from the reporter"),
    "recipients.kind_5": ("{object}: ไฟล์แนบกับคำตอบ", "{object}: a file with an answer"),
    "recipients.line": (
        "  {role} {name} {week} (สารบัญกุญแจ {serial})",
        "  {role} {name} {week} (directory {serial})",
    ),
    "recipients.reporter": ("  ผู้แจ้งเบาะแส", "  the reporter"),
    "recipients.unknown": (
        "  ไม่รู้จัก {kid} (ไม่มีสารบัญกุญแจใดในเครื่องนี้รับรอง)",
        "  unknown {kid} (no directory on this machine lists it)",
    ),
    "share.changing": ("กำลังเปลี่ยนผู้รับ", "changing recipients"),
    "share.refused": ("วัตถุ {object}: {why}", "Object {object}: {why}"),
    "share.own_key": (
        "ถอดตัวเองออกไม่ได้ วัตถุต้องมีกุญแจของคุณอยู่เสมอ",
        "You cannot drop yourself: an object always keeps a key of yours.",
    ),
    "share.full": (
        "ซองมีผู้รับครบ 16 ช่องแล้ว ถอดคนอื่นออกก่อน",
        "The envelope has all sixteen recipients. Drop one first.",
    ),
    "share.unknown_officer": (
        "ไม่มีเจ้าหน้าที่ชื่อนี้ในสารบัญกุญแจ",
        "No officer of that name is in the directory.",
    ),
    "share.unknown_recipient": (
        "มีผู้รับที่ไม่มีสารบัญใดรับรอง ใช้ --leave-out-unknown เพื่อตัดออกด้วย",
        "No directory here lists one of its keys. --leave-out-unknown shuts that key out too.",
    ),
    "share.which": (
        "ระบุเบาะแส หรือ --all",
        "Name the tips, or say --all.",
    ),
    "share.granted": (
        "{name}: เพิ่ม {done} วัตถุ มีอยู่แล้ว {already}",
        "{name}: let into {done} objects, {already} already",
    ),
    "share.dropped": (
        "{name}: ถอดออกจาก {done} วัตถุ",
        "{name}: dropped from {done} objects",
    ),
    "share.resealed": (
        "{name}: ปิดผนึกใหม่ด้วยกุญแจเนื้อหาใหม่ {done} วัตถุ",
        "{name}: {done} objects sealed under a new content key",
    ),
    "share.seen_before": (
        "{name} อาจดึงและเปิด {count} วัตถุไปแล้ว เรียกคืนไม่ได้",
        "{name} may have fetched and opened {count} of them before. That cannot be taken back.",
    ),
    "share.seen_unknown": (
        "ก่อนหน้านี้ {name} เคยเปิดอะไรไปบ้าง ไม่มีใครรู้",
        "What {name} opened before they were dropped, nobody can tell.",
    ),
    "share.key_kept": (
        "ถ้า {name} เก็บกุญแจเนื้อหาไว้ จะยังเปิดของเดิมได้ ใช้ --re-encrypt เพื่อเปลี่ยนกุญแจเนื้อหา",
        "If {name} kept content keys, they still open these. --re-encrypt changes them.",
    ),
}
