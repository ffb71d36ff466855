"""What the tool says of handing over: refusals and results, Thai first. See `words.wording`."""

from typing import Final

HAND_OVER: Final[dict[str, tuple[str, str]]] = {
    "age.malformed": (
        "ไฟล์กุญแจของหน่วยงานไม่ถูกต้อง ต้องเป็นกุญแจ age1pq บรรทัดละหนึ่งดอก",
        "The agency's key file is malformed: one age1pq key on a line, each once, 16 at most.",
    ),
    "age.too_many": (
        "ปิดผนึกให้ผู้รับเกิน 64 กุญแจไม่ได้",
        "A file is sealed to 64 keys at most.",
    ),
    "age.classical": (
        "กุญแจของหน่วยงานเป็นแบบเก่า สิ่งที่คัดลอกวันนี้จะเปิดได้วันหลัง ใช้ age-keygen -pq",
        "An agency's key is classical: what is copied today opens later. Use age-keygen -pq",
    ),
    "agency.malformed": (
        "ชื่อหน่วยงานต้องเป็นข้อความบรรทัดเดียว ไม่เกิน 200 ไบต์",
        "An agency's name is one line of text, of at most 200 bytes.",
    ),
    "certificate.malformed": (
        "{path} ไม่ใช่หนังสือรับรองการส่งต่อ หรือข้อความไม่ครบ",
        "{path} is no hand-over certificate, or not all of it.",
    ),
    "certificate.wrong_proof": (
        "ผู้ถือใบรับแจ้งไม่ได้ทำหลักฐานนี้ หรือมีการแก้ไข",
        "The receipt's holder did not make this proof, or it was changed since.",
    ),
    "certificate.other_agency": (
        "หนังสือรับรองนี้ออกให้หน่วยงานอื่น หรือโดยเจ้าหน้าที่อื่น",
        "This certificate is for another agency, or by another officer.",
    ),
    "certificate.no_first_message": (
        "ยังเปิดข้อความแรกของเบาะแสไม่ได้ จึงออกหนังสือรับรองไม่ได้",
        "The tip's first message cannot be opened here, so no certificate can name it.",
    ),
    "export.nothing": (
        "ยังไม่ได้เลือกสิ่งที่จะส่ง ใช้ --messages หรือ --attachments ดูรายการด้วย --preview",
        "Nothing is chosen. Use --messages or --attachments; --preview lists what there is.",
    ),
    "export.incomplete": (
        "ต้องมี --to, --agency และ --out หรือ --preview",
        "--to, --agency and --out are needed, or --preview.",
    ),
    "export.unknown_message": (
        "ไม่มีข้อความนี้ หรือมีหลายข้อความที่ขึ้นต้นเช่นนี้",
        "No such message, or several begin like this.",
    ),
    "export.unknown_attachment": (
        "ไม่มีไฟล์แนบนี้ หรือมีหลายไฟล์ที่ขึ้นต้นเช่นนี้",
        "No such attachment, or several begin like this.",
    ),
    "export.bad_cut": (
        "ช่วงที่จะตัดต้องเป็น ข้อความ:เริ่ม-สิ้นสุด อยู่ในข้อความที่เลือก ดูเลขด้วย --preview",
        "A cut is MESSAGE:START-END within a chosen message; --preview shows the numbers.",
    ),
    "export.original": (
        "{object} เป็นต้นฉบับที่ยังไม่ลบข้อมูลแฝง ไม่ส่งต่อโดยไม่มี --unsafe-original",
        "{object} is an untouched original; it does not go without --unsafe-original.",
    ),
    "export.unsafe": (
        "ลบข้อมูลแฝงของ {object} ที่นี่ไม่ได้ ไม่ส่งต่อโดยไม่มี --unsafe-original",
        "{object} cannot be stripped here; it does not go without --unsafe-original.",
    ),
    "export.missing": (
        "ไฟล์แนบ {object} ไม่ได้อยู่ในเครื่อง สั่ง mustshare-key sync",
        "Attachment {object} is not on this machine. Run mustshare-key sync.",
    ),
    "hand_over.unknown_directory": (
        "ไม่มีสารบัญกุญแจฉบับที่เอกสารระบุ ระบุด้วย --directory",
        "The directory that it names is not at hand. Give it with --directory.",
    ),
    "hand_over.other_deployment": (
        "เป็นเอกสารของระบบอื่น",
        "It belongs to another deployment.",
    ),
    "hand_over.unknown_officer": (
        "ไม่มีเจ้าหน้าที่คนนี้ในสารบัญกุญแจของวันนั้น",
        "No directory of that day lists this officer.",
    ),
    "hand_over.wrong_signature": (
        "ลายเซ็นของเจ้าหน้าที่ไม่ถูกต้อง หรือมีการแก้ไขข้อความ",
        "The officer's signature does not hold, or the text was changed since.",
    ),
    "manifest.malformed": (
        "{path} ไม่ใช่บัญชีรายการส่งต่อ หรือเสียหาย",
        "{path} is no manifest, or it is damaged.",
    ),
    "manifest.missing": (
        "ไม่มีไฟล์ {path} ที่อยู่ในบัญชี",
        "{path} is listed and not there.",
    ),
    "manifest.changed": (
        "ไฟล์ {path} ไม่ตรงกับบัญชี",
        "{path} is not what the manifest lists.",
    ),
    "manifest.stranger": (
        "ไฟล์ {path} ไม่อยู่ในบัญชี",
        "{path} is there and not listed.",
    ),
    # What was done, and what is shown.
    "agency.trial": (
        "สำหรับทดลองเท่านั้น หน่วยงานจริงสร้างกุญแจเองด้วย age-keygen -pq",
        "For trying things out. A real agency makes its own: age-keygen -pq",
    ),
    "export.message": (
        "{number}. ข้อความ {object} จาก {who}",
        "{number}. message {object}, {who}",
    ),
    "export.reporter": ("ผู้แจ้งเบาะแส", "from the reporter"),
    "export.officer": ("เจ้าหน้าที่ {name}", "from staff ({name})"),
    "export.as_cut": ("   หลังตัดจะเป็น:", "   with its cuts:"),
    "export.goes": ("   [ส่ง]", "   [goes]"),
    "export.stays": ("   [ไม่ส่ง]", "   [does not go]"),
    "export.field": ("   {mark} {name}: {value}", "   {mark} {name}: {value}"),
    "export.file": (
        "   {mark} ไฟล์แนบ {object} {type} {size} ไบต์",
        "   {mark} attachment {object}, {type}, {size} bytes",
    ),
    "export.file_original": (
        "   {mark} ! ต้นฉบับ {object} {type} {size} ไบต์",
        "   {mark} ! untouched original {object}, {type}, {size} bytes",
    ),
    "export.left": ("ไม่ส่ง: {kind} {count}", "withheld: {kind} {count}"),
    "export.writing": ("กำลังเขียน", "writing"),
    "certificate.said": (
        "หนังสือรับรองออกโดย {officer} ให้ {agency} วันที่ {day} สารบัญกุญแจฉบับที่ {serial}",
        "Certificate by {officer} for {agency}, on {day}, directory {serial}",
    ),
    "certificate.proven": (
        "ผู้ถือใบรับแจ้งทำหลักฐานนี้ขึ้นเพื่อ: {purpose}",
        "The holder of the receipt made this proof for: {purpose}",
    ),
    "certificate.held": (
        "สำเนาของผู้แจ้งปิดผนึกรอส่ง สั่ง mustshare-key resend ในวันอื่น",
        "The reporter's copy is sealed and waits. Send it on another day: mustshare-key resend",
    ),
    "hand_over.revoked": (
        "กุญแจของเจ้าหน้าที่คนนี้ถูกเพิกถอนแล้ว ผู้ขโมยกุญแจอาจลงนามย้อนหลังได้ สอบถามองค์กร",
        "This officer's key was revoked since; a thief could date back. Ask the organisation.",
    ),
    "manifest.said": (
        "ครบถ้วน: {count} ไฟล์ ส่งโดย {officer} ให้ {agency} วันที่ {day}",
        "Whole: {count} files, handed over by {officer} to {agency} on {day}",
    ),
}

CERTIFICATE_SENT: Final = """\
หนังสือรับรองการส่งต่อ
ข้อมูลจากเบาะแสของคุณถูกส่งต่อให้ {agency} เมื่อ {day} \
หากวันหนึ่งคุณเลือกจะพิสูจน์ว่าคุณเป็นผู้แจ้ง ให้เก็บข้อความนี้ทั้งหมดไว้พร้อมใบรับแจ้ง \
ไม่มีใครทำหลักฐานแทนคุณได้ และคุณไม่จำเป็นต้องทำ \
ผู้ใดพบข้อความนี้ในเครื่องของคุณจะรู้ว่าคุณเป็นผู้แจ้ง หากไม่ต้องการ ให้ลบทิ้ง

Hand-over certificate
Material of your tip was handed to {agency} on {day}. If you ever choose to prove that you \
were its source, keep all of this text, and your receipt. Nobody can make that proof for you, \
and you need not make it. Whoever finds this text with you knows that you sent the tip: if you \
don't want that, delete it.

{copy}
"""
"""The answer in which a reporter gets their copy."""
