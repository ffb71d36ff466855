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
    "media.sandbox_unavailable": (
        "เครื่องนี้ลบข้อมูลแฝงอย่างปลอดภัยไม่ได้ ต้องใช้ Linux",
        "This machine cannot strip safely: that needs Linux.",
    ),
}
