"""What the tool says about pictures that it strips, in Thai and English, by code."""

from typing import Final

SAID_OF_PICTURES: Final[dict[str, tuple[str, str]]] = {
    "strip.written": ("{source} -> {path}", "{source} -> {path}"),
    "strip.refused": (
        "{path}: ไม่ถูกเขียน {why}",
        "{path}: not written. {why}",
    ),
    "answer.unsafe": (
        "ลบข้อมูลแฝงใน {path} ไม่ได้ ({why}) คำตอบไม่ถูกเขียน ใช้ --unsafe-original หากจำเป็นจริง",
        "{path} cannot be stripped ({why}) Not sealed without --unsafe-original.",
    ),
    "answer.original": (
        "! {path} ไม่ได้ลบข้อมูลแฝง อาจระบุตัวคุณหรือเครื่องของคุณต่อผู้แจ้งเบาะแส",
        "! {path} goes untouched: what it hides may name you or your machine to the reporter.",
    ),
    "media.unsupported_type": (
        "ไม่ใช่รูปภาพที่รับ",
        "It is no kind of picture that is taken.",
    ),
    "media.too_large": ("ไฟล์ใหญ่กว่า 64 MB", "It is larger than 64 MB."),
    "media.too_many_pixels": ("รูปมีพิกเซลมากเกินไป", "It has too many pixels."),
    "media.undecodable": ("รูปเสียหายหรือไม่ครบ", "It is damaged, or not whole."),
    "media.animated": ("เป็นภาพเคลื่อนไหว", "It is animated; send one frame of it."),
    "media.multi_image": ("มีหลายหน้า", "It has several pages; send one of them."),
    "media.timeout": ("ใช้เวลานานเกินไป", "It takes too long to draw."),
    "media.result_too_large": ("ผลลัพธ์ใหญ่เกินไป", "What comes of it is too large."),
    "media.broken_document": ("PDF เสียหายหรือไม่ครบ", "The PDF is damaged, or not whole."),
    "media.locked": ("PDF มีรหัสผ่าน", "The PDF has a password."),
    "media.too_many_pages": ("PDF เกิน 60 หน้า", "The PDF has more than 60 pages."),
    "media.page_too_large": ("หน้า PDF ใหญ่เกินไป", "A page of the PDF is too large."),
    "media.no_documents": (
        "เครื่องนี้ยังไม่ได้ติดตั้งส่วนเสริม pdf",
        "The extra for PDF is not installed here.",
    ),
    "media.broken_film": ("ไฟล์วิดีโอหรือเสียงเสียหาย", "The film or recording is damaged."),
    "media.too_long": ("วิดีโอหรือเสียงยาวเกินไป", "The film or recording is too long."),
    "media.unsupported_codec": (
        "รูปแบบการบีบอัดของวิดีโอหรือเสียงใช้ไม่ได้",
        "How the film or recording is coded is not taken.",
    ),
    "media.no_films": (
        "เครื่องนี้ยังไม่ได้ติดตั้งส่วนเสริม video",
        "The extra for video is not installed here.",
    ),
    "media.office_document": ("เป็นไฟล์เอกสาร บันทึกเป็น PDF ก่อน", "Save it as a PDF first."),
    "media.archive": ("เป็นไฟล์บีบอัด แยกไฟล์ก่อน", "It is an archive; unpack it first."),
    "media.web_page": ("เป็นหน้าเว็บ บันทึกเป็น PDF ก่อน", "It is a page; save it as a PDF first."),
    "media.mail": ("เป็นอีเมล บันทึกเป็น PDF ก่อน", "It is a mail; save it as a PDF first."),
    "media.drawing": ("เป็นภาพวาด บันทึกเป็นรูปก่อน", "It is a drawing; save it as a picture."),
    "media.raw_photo": ("เป็นภาพดิบ บันทึกเป็น JPEG ก่อน", "It is a raw photo; save it as JPEG."),
    "media.layered_picture": (
        "เป็นรูปหลายชั้น บันทึกเป็น PNG ก่อน",
        "It has layers; save it as PNG.",
    ),
    "media.busy": ("ตัวลบข้อมูลแฝงไม่ว่าง ลองใหม่", "The stripper is busy. Try again."),
    "media.sandbox_unavailable": (
        "เครื่องนี้ลบข้อมูลแฝงอย่างปลอดภัยไม่ได้ ต้องใช้ Linux",
        "This machine cannot strip safely: that needs Linux.",
    ),
}
