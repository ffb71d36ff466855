"""The sentences about people and their keys, Thai first; see `words.wording`."""

from typing import Final

SAID: Final[dict[str, tuple[str, str]]] = {
    # Refusals.
    "root.malformed": (
        "ไฟล์นี้ไม่ใช่กุญแจสาธารณะของราก (NAME.root.pub) หรือเสียหาย",
        "This is no root's public line (NAME.root.pub), or it is damaged.",
    ),
    "entry.malformed": (
        "ไฟล์นี้ไม่ใช่บรรทัดของสารบัญกุญแจ หรือเสียหาย",
        "These are no directory lines, or they are damaged.",
    ),
    "card.revoked": (
        "มีกุญแจที่ถูกเพิกถอนแล้ว ต้องสร้างกุญแจใหม่ด้วย mustshare-key init",
        "A key on it was revoked. New keys are needed: mustshare-key init.",
    ),
    "directory.unknown_name": (
        "ไม่มีชื่อ {name} ในสารบัญกุญแจฉบับก่อน",
        "The directory before lists nobody named {name}.",
    ),
    "directory.from_what": (
        "ใช้ --from กับฉบับก่อน หรือสำหรับฉบับแรกใช้ --serial กับ --deployment",
        "Give --from the directory before, or for the first one --serial and --deployment.",
    ),
    "directory.unrevoked": (
        "ฉบับใหม่ไม่มีกุญแจที่เพิกถอนไว้ในฉบับก่อน ห้ามลงนาม และแจ้งผู้ดูแล",
        "A key that was revoked before is not listed as revoked. Do not sign; report it.",
    ),
    "clock.ahead_seconds": (
        "นาฬิกาของเครื่องนี้เร็วกว่าของระบบ {count} วินาที ตั้งนาฬิกาใหม่",
        "This machine's clock is {count} seconds ahead of the door's. Set it.",
    ),
    "clock.ahead_minutes": (
        "นาฬิกาของเครื่องนี้เร็วกว่าของระบบ {count} นาที ตั้งนาฬิกาใหม่",
        "This machine's clock is {count} minutes ahead of the door's. Set it.",
    ),
    "clock.ahead_hours": (
        "นาฬิกาของเครื่องนี้เร็วกว่าของระบบ {count} ชั่วโมง ตั้งนาฬิกาใหม่",
        "This machine's clock is {count} hours ahead of the door's. Set it.",
    ),
    "clock.ahead_days": (
        "นาฬิกาของเครื่องนี้เร็วกว่าของระบบ {count} วัน ตั้งนาฬิกาใหม่",
        "This machine's clock is {count} days ahead of the door's. Set it.",
    ),
    "clock.behind_seconds": (
        "นาฬิกาของเครื่องนี้ช้ากว่าของระบบ {count} วินาที ตั้งนาฬิกาใหม่",
        "This machine's clock is {count} seconds behind the door's. Set it.",
    ),
    "clock.behind_minutes": (
        "นาฬิกาของเครื่องนี้ช้ากว่าของระบบ {count} นาที ตั้งนาฬิกาใหม่",
        "This machine's clock is {count} minutes behind the door's. Set it.",
    ),
    "clock.behind_hours": (
        "นาฬิกาของเครื่องนี้ช้ากว่าของระบบ {count} ชั่วโมง ตั้งนาฬิกาใหม่",
        "This machine's clock is {count} hours behind the door's. Set it.",
    ),
    "clock.behind_days": (
        "นาฬิกาของเครื่องนี้ช้ากว่าของระบบ {count} วัน ตั้งนาฬิกาใหม่",
        "This machine's clock is {count} days behind the door's. Set it.",
    ),
    # What was done, and what is shown.
    "done.extended": (
        "มีกุญแจถึงสัปดาห์ที่เริ่ม {last_week} แล้ว ให้ส่งบัตรใหม่เพื่อลงสารบัญ",
        "There are keys until the week of {last_week}. Hand the new card in to be listed.",
    ),
    "done.passphrase": ("เปลี่ยนรหัสผ่านแล้ว: {path}", "The passphrase is changed: {path}"),
    "card.heading": (
        "บัตรกุญแจของ {name} ลายเซ็นถูกต้อง",
        "Card of {name}; its signature holds. That it is theirs is for you to make sure of.",
    ),
    "card.key": ("  {role} {kid}", "  {role} {kid}"),
    "card.weeks": (
        "  กุญแจ {count} สัปดาห์ {first} ถึง {last}",
        "  {count} weekly keys, {first} to {last}",
    ),
    "changes.heading": (
        "สิ่งที่เปลี่ยนจากฉบับที่ {old} เป็นฉบับที่ {new}:",
        "What changes from directory {old} to {new}:",
    ),
    "changes.none": ("  ไม่มี", "  Nobody comes or goes."),
    "changes.evaluation": (
        "  ! เปลี่ยนระหว่างชุดทดลองกับของจริง",
        "  ! From an evaluation to a real one, or back.",
    ),
    "changes.added": ("  + {role} {name}", "  + {role} {name}"),
    "changes.added_weeks": (
        "  + {role} {name} ถึงสัปดาห์ {until}",
        "  + {role} {name}, until the week of {until}",
    ),
    "changes.dropped": ("  - {role} {name}", "  - {role} {name}"),
    "changes.dropped_weeks": (
        "  - {role} {name} ซึ่งมีถึงสัปดาห์ {before}",
        "  - {role} {name}, who had keys until the week of {before}",
    ),
    "changes.replaced": (
        "  * {role} {name}: กุญแจดอกใหม่",
        "  * {role} {name}: another key",
    ),
    "changes.replaced_weeks": (
        "  * {role} {name}: กุญแจชุดใหม่ ถึงสัปดาห์ {until} เดิม {before}",
        "  * {role} {name}: other keys, until the week of {until}, was {before}",
    ),
    "changes.extended": (
        "  > {role} {name} ถึงสัปดาห์ {until} เดิม {before}",
        "  > {role} {name}: until the week of {until}, was {before}",
    ),
    "epochs.week": (
        "  สัปดาห์ {week}: เปิดได้ {count} วัตถุ ที่มาในสัปดาห์นั้น {of}",
        "  week {week}: opens {count} objects here; {of} came that week",
    ),
    "epochs.gone": (
        "  สัปดาห์ {week}: กุญแจถูกทำลายแล้ว เปิดได้ {count} วัตถุ ที่มาในสัปดาห์นั้น {of}",
        "  week {week}: gone, opens {count} objects; {of} came that week",
    ),
    "epochs.case": (
        "  กุญแจงานค้าง {kid}: เปิดได้ {count} จาก {of} วัตถุ",
        "  case key {kid}: opens {count} of {of} objects here",
    ),
}
