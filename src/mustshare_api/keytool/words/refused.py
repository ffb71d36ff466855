"""The sentences of refusals, Thai first, each with what to do about it. See `words.wording`."""

from typing import Final

REFUSED: Final[dict[str, tuple[str, str]]] = {
    "internal": (
        "เกิดข้อผิดพลาดภายใน",
        "Something failed inside the tool.",
    ),
    "argument.not_text": (
        "อาร์กิวเมนต์มีอักขระที่ไม่ใช่ UTF-8",
        "An argument is not UTF-8.",
    ),
    "bundle.malformed": (
        "กุญแจของผู้แจ้งเสียหาย",
        "The reporter's key is malformed.",
    ),
    "card.malformed": (
        "ไฟล์บัตรกุญแจเสียหายหรือถูกแก้ไข ขอไฟล์ใหม่จากเจ้าหน้าที่",
        "This is no key card, or it was changed. Ask the officer for it again.",
    ),
    "directory.malformed": (
        "สารบัญกุญแจอ่านไม่ได้หรือถูกแก้ไข",
        "The directory cannot be read, or was changed.",
    ),
    "directory.too_few_signatures": (
        "ลายเซ็นของกุญแจรากที่ปักหมุดไว้ยังไม่ครบหรือไม่ถูกต้อง",
        "Too few of the pinned roots signed the directory, or a signature is wrong.",
    ),
    "directory.expired": (
        "สารบัญกุญแจหมดอายุ ให้ผู้ถือกุญแจรากลงนามฉบับใหม่",
        "The directory has expired. Have the roots sign a new one.",
    ),
    "directory.not_yet": (
        "สารบัญกุญแจยังไม่ถึงวันเริ่มใช้ ตรวจวันที่ของเครื่อง",
        "The directory is dated in the future. Check this machine's date.",
    ),
    "directory.rolled_back": (
        "สารบัญกุญแจเก่ากว่าที่เคยเห็นหรือถูกสลับ ห้ามใช้ และแจ้งผู้ดูแล",
        "The directory is older than one seen before, or was swapped. Report it.",
    ),
    "directory.other_deployment": (
        "สารบัญกุญแจเป็นของระบบอื่น",
        "The directory belongs to another deployment.",
    ),
    "directory.no_recipients": (
        "สารบัญกุญแจไม่มีกุญแจของสัปดาห์นี้ สั่ง mustshare-key epochs extend แล้วให้กุญแจรากลงนามใหม่",
        "No key of this week is listed. Run mustshare-key epochs extend; have the roots sign.",
    ),
    "directory.missing": (
        "ยังไม่มีสารบัญกุญแจ ให้สั่ง mustshare-key sync ก่อน",
        "There is no directory yet. Run mustshare-key sync first.",
    ),
    "door.unreachable": (
        "ติดต่อประตูเจ้าหน้าที่ไม่ได้ ({reason}) ตรวจเครือข่ายและที่อยู่แล้วลองใหม่",
        "The staff door was not reached ({reason}). Check network and address, then try again.",
    ),
    "door.asks_to_wait": ("ระบบขอให้รอ {seconds} วินาที", "It asks for {seconds} s."),
    "door.refused": (
        "ประตูเจ้าหน้าที่ปฏิเสธ: {reason}",
        "The staff door refused: {reason}.",
    ),
    "door.nonsense": (
        "คำตอบจากประตูเจ้าหน้าที่ผิดรูปแบบ",
        "The staff door's answer is not what the tool expects.",
    ),
    "holder.malformed": (
        "ไฟล์นี้ไม่ใช่กุญแจสาธารณะชนิดที่ต้องการ หรือถูกแก้ไข ขอไฟล์ใหม่จากเจ้าของ",
        "This is no public key of the kind asked for, or it was changed. Ask its owner again.",
    ),
    "escrow.malformed": (
        "ชุดกุญแจสำรองเสียหาย หรือจำนวนผู้ถือไม่ถูกต้อง (2 ถึง 7 คน ชื่อและกุญแจไม่ซ้ำ)",
        "This is no escrow set, or it was changed. A set has 2 to 7 custodians, each once.",
    ),
    "escrow.malformed_release": (
        "ไฟล์ส่วนแบ่งเสียหาย ขอไฟล์ใหม่จากผู้ถือ",
        "This is no release, or it was changed. Ask the custodian for it again.",
    ),
    "escrow.other_set": (
        "ส่วนแบ่งนี้มาจากชุดกุญแจสำรองอื่น",
        "This was released from another escrow set.",
    ),
    "escrow.other_box": (
        "ส่วนแบ่งนี้ปิดผนึกถึงกล่องกู้คืนอื่น",
        "A share was released to another recovery box.",
    ),
    "escrow.wrong_share": (
        "ส่วนแบ่งไม่ตรงกับชุดกุญแจสำรอง ชุดหรือส่วนแบ่งถูกแก้ไข",
        "A share is not the one that belongs in this set: one of them was changed.",
    ),
    "escrow.other_key": (
        "ส่วนแบ่งประกอบเป็นกุญแจอื่น ชุดนี้ทำมาผิด ต้องทำชุดใหม่",
        "The shares make another key: the set was made wrong. Make a new one.",
    ),
    "escrow.too_few": (
        "ผู้ถือกุญแจสำรองยังมาไม่ครบ",
        "Too few custodians released their shares.",
    ),
    "escrow.not_a_custodian": (
        "กุญแจนี้ไม่ใช่ของผู้ถือในชุดนี้",
        "This key is no custodian's of this set.",
    ),
    "escrow.superseded": (
        "สารบัญกุญแจฉบับที่ {serial} ไม่มีกุญแจของชุดนี้ ชุดนี้ถูกแทนที่แล้ว",
        "Directory {serial} does not list this set's key: the set was superseded.",
    ),
    "file.cannot_read": (
        "อ่านไฟล์ {path} ไม่ได้: {reason}",
        "Cannot read {path}: {reason}.",
    ),
    "file.cannot_write": (
        "เขียนไฟล์ {path} ไม่ได้: {reason}",
        "Cannot write {path}: {reason}.",
    ),
    "file.empty": (
        "ไฟล์ {path} ว่างเปล่า",
        "{path} is empty.",
    ),
    "file.exists": (
        "มี {path} อยู่แล้ว ไม่เขียนทับ",
        "{path} is there already and is not written over.",
    ),
    "file.exposed": (
        "ผู้อื่นอ่าน {path} ได้ สั่ง: chmod 600 {path}",
        "Others can read {path}. Run: chmod 600 {path}",
    ),
    "home.missing": (
        "ไม่มีกุญแจเจ้าหน้าที่ใน {path} ให้สั่ง mustshare-key init ก่อน",
        "There is no officer's key in {path}. Run mustshare-key init first.",
    ),
    "home.malformed": (
        "ไฟล์ {path} เสียหาย ลบไฟล์นี้แล้วสั่ง mustshare-key sync",
        "{path} is damaged. Remove it and run mustshare-key sync.",
    ),
    "home.in_use": (
        "มีอีกคำสั่งใช้ {path} อยู่ รอให้เสร็จก่อน",
        "Another command is using {path}. Wait for it to end.",
    ),
    "home.not_connected": (
        "ยังไม่ได้ตั้งค่าประตูเจ้าหน้าที่ ให้สั่ง mustshare-key connect ก่อน",
        "No staff door is set. Run mustshare-key connect first.",
    ),
    "key_file.malformed": (
        "ไฟล์นี้ไม่ใช่ไฟล์กุญแจ หรือเสียหาย",
        "This is no key file, or it is damaged.",
    ),
    "key_file.wrong_kind": (
        "เป็นไฟล์กุญแจคนละชนิด",
        "This key file holds another kind of key.",
    ),
    "key_file.cannot_open": (
        "เปิดไฟล์กุญแจไม่ได้: รหัสผ่านไม่ถูกต้องหรือไฟล์ถูกแก้ไข",
        "The key file does not open: wrong passphrase, or the file was changed.",
    ),
    "key_file.weak_passphrase": (
        "รหัสผ่านสั้นเกินไป ใช้อย่างน้อย 12 ตัวอักษร",
        "The passphrase is too short. Use at least 12 characters.",
    ),
    "key_file.no_memory": (
        "หน่วยความจำไม่พอ ต้องใช้ประมาณ 1 GiB ปิดโปรแกรมอื่นแล้วลองใหม่",
        "Not enough memory: about 1 GiB is needed. Close other programs and try again.",
    ),
    "message.malformed": (
        "ข้อความว่าง ยาวเกินไป หรือไม่ใช่ UTF-8",
        "The text is empty, too long, or not UTF-8.",
    ),
    "name.malformed": (
        "ชื่อใช้ได้เฉพาะ a-z A-Z 0-9 . _ - ไม่เกิน 48 ตัว",
        "A name has letters a-z, digits, dot, dash and underscore, 48 at most.",
    ),
    "number.malformed": (
        "ตัวเลขหรือวันที่ไม่ถูกต้อง",
        "A number or date is out of range.",
    ),
    "object.malformed": (
        "เซิร์ฟเวอร์ส่งวัตถุ {object} ที่ไม่ตรงกับดัชนี จึงไม่เก็บ",
        "The server's object {object} is not what its index says; it was not kept.",
    ),
    "open.bad_padding": ("ซองปิดผนึกถูกแก้ไข", "The envelope was changed."),
    "open.no_key": (
        "ไม่มีกุญแจสำหรับซองนี้",
        "None of your keys is for this envelope.",
    ),
    "open.tampered": ("ซองปิดผนึกถูกแก้ไข", "The envelope was changed."),
    "open.unfinished": ("ซองปิดผนึกไม่ครบ", "The envelope is not whole."),
    "open.unknown_signer": (
        "ไม่รู้จักผู้ลงนามข้อความ",
        "Nobody in the directory signed this message.",
    ),
    "open.wrong_prefix": (
        "ซองนี้ไม่ใช่ของเบาะแสที่ขอ",
        "The envelope belongs somewhere else.",
    ),
    "open.wrong_signature": (
        "ลายเซ็นของข้อความไม่ถูกต้อง",
        "The message's signature does not hold.",
    ),
    "open.some": (
        "เปิดไม่ได้ {count} รายการ",
        "{count} of its parts could not be opened.",
    ),
    "envelope.length_mismatch": (
        "ไฟล์แนบเปลี่ยนระหว่างอ่าน ลองใหม่",
        "A file changed while it was read. Try again.",
    ),
    "envelope.malformed": ("ซองปิดผนึกเสียหาย", "This is no envelope, or it is damaged."),
    "envelope.not_padded": ("ซองปิดผนึกเสียหาย", "This is no envelope, or it is damaged."),
    "passphrase.none": (
        "ต้องมีรหัสผ่าน: ใช้เทอร์มินัลหรือ --passphrase-file",
        "A passphrase is needed: use a terminal, or --passphrase-file.",
    ),
    "passphrase.differs": (
        "รหัสผ่านสองครั้งไม่ตรงกัน",
        "The two passphrases differ.",
    ),
    "roots.malformed": (
        "ไฟล์กุญแจรากเสียหาย หรือจำนวน k ไม่ถูกต้อง",
        "The roots are malformed: each named once, and k between one and their number.",
    ),
    "roots.differ": (
        "กุญแจรากไม่ตรงกับที่ปักหมุดไว้ใน {path} ถ้ามีการประกาศเปลี่ยน ให้ลบไฟล์นั้นเอง",
        "Other roots are pinned in {path}. If a change was announced, remove that file.",
    ),
    "roots.missing": (
        "ยังไม่ได้ปักหมุดกุญแจราก ให้สั่ง mustshare-key connect --roots",
        "No roots are pinned. Run mustshare-key connect with --roots.",
    ),
    "tip.unknown": (
        "ไม่พบเบาะแสนี้ในเครื่อง",
        "No such tip on this machine.",
    ),
    "tip.ambiguous": (
        "มีหลายเบาะแสขึ้นต้นด้วยตัวเลขนี้ พิมพ์ให้ยาวขึ้น",
        "Several tips begin like this. Type more of it.",
    ),
    "tip.bundle_changed": (
        "เซิร์ฟเวอร์ให้กุญแจผู้แจ้งคนละดอกสำหรับเบาะแส {tip} ยังใช้ดอกเดิม และแจ้งผู้ดูแล",
        "The server gave another reporter's key for tip {tip}. The first is kept; report it.",
    ),
    "tip.rotated": (
        "ผู้แจ้งเปลี่ยนใบรับแจ้งระหว่างส่ง สั่ง mustshare-key resend",
        "The reporter exchanged the receipt meanwhile. Run mustshare-key resend.",
    ),
    "rotation.wrong_signature": (
        "ลายเซ็นการเปลี่ยนใบรับแจ้งไม่ถูกต้อง",
        "A signature of the rotation does not hold.",
    ),
    "tip.gone": (
        "เบาะแสนี้ถูกถอนหรือหมดอายุแล้ว",
        "This tip was withdrawn or has expired.",
    ),
    # What the staff door says most often.
    "attachment.too_large": (
        "ไฟล์แนบใหญ่เกินที่ระบบรับ",
        "A file is larger than the service takes.",
    ),
    "busy": ("ระบบไม่ว่าง ลองใหม่ในอีกสักครู่", "The service is busy. Try again shortly."),
    "directory.out_of_date": (
        "สารบัญกุญแจหมดอายุหรือยังไม่ถึงวันเริ่มใช้",
        "The directory is out of date.",
    ),
    "envelope.wrong_recipients": (
        "คำตอบปิดผนึกถึงกุญแจชุดเก่า เขียนคำตอบใหม่",
        "The answer is sealed to keys that are no longer current. Write it anew.",
    ),
    "signature.skewed": (
        "เวลาของเครื่องนี้กับระบบต่างกันเกินหนึ่งนาที ตั้งนาฬิกาใหม่",
        "This machine's clock is more than a minute off. Set it.",
    ),
    "signature.unknown_key": (
        "ระบบไม่รู้จักกุญแจของคุณ ตรวจว่าอยู่ในสารบัญกุญแจฉบับที่ใช้อยู่",
        "The service does not know your key. See that the directory in force lists it.",
    ),
    "tip.full": (
        "เบาะแสนี้รับข้อความหรือไฟล์เพิ่มไม่ได้แล้ว",
        "This tip takes no more messages or files.",
    ),
    "tip.not_found": (
        "ไม่มีเบาะแสนี้แล้ว สั่ง mustshare-key sync",
        "The tip is not there any more. Run mustshare-key sync.",
    ),
    "url.malformed": (
        "ที่อยู่ต้องขึ้นต้นด้วย https:// และไม่มีเส้นทาง",
        "The address starts with https:// and has no path.",
    ),
}
