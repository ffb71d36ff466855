"""Problems of files: what can't be taken, and what to send in its place."""

from mustshare_api.api.told import Told

_PRINT_TH = "บันทึกหรือพิมพ์เป็น PDF แล้วส่ง หรือถ่ายภาพหน้าจอทีละหน้าแล้วส่งเป็น JPEG หรือ PNG"
_PRINT_EN = "Save or print it as a PDF and send that, or send screenshots of its pages."
_AGAIN_TH = "เปิดเอกสารแล้วพิมพ์เป็น PDF ใหม่ หรือถ่ายภาพหน้าจอทีละหน้าแล้วส่งเป็น JPEG หรือ PNG"
_AGAIN_EN = "Open it and print it to a new PDF, or send screenshots of its pages."
_FILM_TH = "ตัดต่อหรือบันทึกใหม่เป็น MP4 (H.264 และ AAC) แล้วส่ง หรือส่งภาพหน้าจอของช่วงสำคัญ"
_FILM_EN = (
    "Save it anew as MP4 with H.264 and AAC and send that, or screenshots of what matters."
)

FILES: dict[str, Told] = {
    "media.office_document": Told(
        415, "ไม่รับไฟล์เอกสารสำนักงาน", "Office documents are not taken", _PRINT_TH, _PRINT_EN
    ),
    "media.archive": Told(
        415,
        "ไม่รับไฟล์บีบอัด",
        "Archives are not taken",
        "แตกไฟล์ก่อน แล้วส่งภาพหรือเอกสารข้างในทีละไฟล์",
        "Unpack it and send the pictures and documents inside one by one.",
    ),
    "media.drawing": Told(
        415, "ไม่รับไฟล์ภาพวาดแบบเวกเตอร์", "Vector drawings are not taken", _PRINT_TH, _PRINT_EN
    ),
    "media.web_page": Told(
        415, "ไม่รับไฟล์หน้าเว็บ", "Web pages are not taken as files", _PRINT_TH, _PRINT_EN
    ),
    "media.mail": Told(
        415,
        "ไม่รับไฟล์อีเมล",
        "E-mails are not taken as files",
        "คัดลอกข้อความลงในเบาะแส ถ่ายภาพหน้าจอของอีเมล และส่งไฟล์แนบทีละไฟล์",
        "Put its words into the tip, send a screenshot of it, and its files one by one.",
    ),
    "media.raw_photo": Told(
        415,
        "ไม่รับไฟล์ RAW จากกล้อง",
        "Raw camera files are not taken",
        "บันทึกภาพเป็น JPEG จากกล้องหรือโปรแกรมแต่งภาพแล้วส่งอีกครั้ง",
        "Export the picture as a JPEG and send that.",
    ),
    "media.layered_picture": Told(
        415,
        "ไม่รับไฟล์งานของโปรแกรมแต่งภาพ",
        "Files of picture editors are not taken",
        "ส่งออกเป็น JPEG หรือ PNG แล้วส่งอีกครั้ง",
        "Export it as JPEG or PNG and send that.",
    ),
    "media.unsupported_codec": Told(
        415,
        "ไม่รับวิดีโอหรือเสียงรูปแบบนี้",
        "Video or sound of this kind is not taken",
        _FILM_TH,
        _FILM_EN,
    ),
    "media.no_documents": Told(
        415,
        "ที่นี่ไม่รับ PDF",
        "PDFs are not taken here",
        "ถ่ายภาพหน้าจอหรือถ่ายภาพเอกสารทีละหน้า แล้วส่งเป็น JPEG หรือ PNG",
        "Send a screenshot or photo of each page, as JPEG or PNG.",
    ),
    "media.no_films": Told(
        415,
        "ที่นี่ไม่รับวิดีโอและเสียง",
        "Video and sound are not taken here",
        "ส่งภาพหน้าจอของช่วงสำคัญ และเล่าสิ่งที่เห็นหรือได้ยินเป็นข้อความ",
        "Send screenshots of what matters, and put what is seen or heard into words.",
    ),
    "media.broken_document": Told(
        422,
        "เปิด PDF นี้ไม่ได้ จึงลบข้อมูลแฝงไม่ได้",
        "This PDF cannot be read, so it cannot be made safe",
        _AGAIN_TH,
        _AGAIN_EN,
    ),
    "media.locked": Told(
        422,
        "PDF นี้ใส่รหัสผ่านไว้",
        "This PDF is locked with a password",
        "เปิดด้วยรหัสผ่านแล้วพิมพ์เป็น PDF ใหม่ หรือถ่ายภาพหน้าจอทีละหน้า",
        "Open it with the password and print it to a new PDF, or send screenshots.",
    ),
    "media.too_many_pages": Told(
        422,
        "PDF นี้มีหน้ามากเกินไป (ไม่เกิน 60 หน้า)",
        "This PDF has too many pages (60 at most)",
        "แบ่งเป็นหลายไฟล์ หรือส่งเฉพาะหน้าที่สำคัญ",
        "Send it in parts, or only the pages that matter.",
    ),
    "media.page_too_large": Told(
        422,
        "หน้าของ PDF นี้ใหญ่เกินไป",
        "A page of this PDF is too large",
        _AGAIN_TH,
        _AGAIN_EN,
    ),
    "media.result_too_large": Told(
        422,
        "PDF นี้ใหญ่เกินไปเมื่อวาดใหม่",
        "This PDF is too large once it is redrawn",
        "แบ่งเป็นหลายไฟล์ หรือส่งเฉพาะหน้าที่สำคัญ",
        "Send it in parts, or only the pages that matter.",
    ),
    "media.broken_film": Told(
        422,
        "เปิดวิดีโอหรือเสียงนี้ไม่ได้ จึงลบข้อมูลแฝงไม่ได้",
        "This video or sound cannot be read, so it cannot be made safe",
        _FILM_TH,
        _FILM_EN,
    ),
    "media.too_long": Told(
        422,
        "วิดีโอหรือเสียงนี้ยาวเกินไป",
        "This video or sound is too long",
        "ตัดให้สั้นลง หรือแบ่งเป็นหลายไฟล์",
        "Cut it shorter, or send it in parts.",
    ),
}
