"""What is looked at before a tip is believed: the lines of the verification checklist.

A page adds lines of its own, as slugs; these are the ones that every page has use for, in the
order in which a desk gets to them.
"""

from typing import Final

ITEMS: Final[dict[str, tuple[str, str]]] = {
    "procurement-found": (
        "พบข้อมูลจัดซื้อจัดจ้าง (e-GP, ACT Ai)",
        "procurement record found (e-GP, ACT Ai)",
    ),
    "price-compared": ("เทียบราคากับราคากลางและที่อื่นแล้ว", "price compared with others'"),
    "place-confirmed": ("ยืนยันสถานที่แล้ว", "place confirmed"),
    "date-confirmed": ("ยืนยันวันเวลาแล้ว", "date confirmed"),
    "picture-genuine": ("ตรวจแล้วว่าภาพเป็นของจริง", "picture found genuine"),
    "second-source": ("มีแหล่งข้อมูลที่สอง", "second source"),
    "agency-named": ("ระบุหน่วยงานที่รับผิดชอบได้", "agency concerned named"),
    "not-identifying": ("ไม่มีสิ่งที่ระบุตัวผู้แจ้ง", "nothing in it names the reporter"),
}
"""Thai, English."""
