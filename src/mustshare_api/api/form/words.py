"""What the plain form says, in Thai and English."""

from mustshare_api.api.form.intake import Said

REMOVED: dict[str, Said] = {
    "location": Said("ตำแหน่งที่ถ่าย", "where it was taken"),
    "camera": Said("ข้อมูลกล้องและหมายเลขเครื่อง", "camera and serial number"),
    "time": Said("เวลาที่ถ่าย", "when it was taken"),
    "author": Said("ชื่อผู้ถ่าย", "its author"),
    "thumbnail": Said("ภาพย่อ", "a thumbnail"),
    "maker_note": Said("บันทึกของผู้ผลิตกล้อง", "the maker's notes"),
    "xmp": Said("ข้อมูล XMP", "XMP data"),
    "iptc": Said("ข้อมูล IPTC", "IPTC data"),
    "profile": Said("โพรไฟล์สี", "a colour profile"),
    "comment": Said("ความเห็น", "a comment"),
    "text": Said("ข้อความ", "text"),
    "second_picture": Said("ภาพที่สองที่ซ่อนอยู่", "a hidden second picture"),
    "provenance": Said("ข้อมูลที่มาของภาพ", "provenance data"),
    "transparency": Said("พิกเซลใต้ส่วนโปร่งใส", "pixels under transparency"),
    "animation": Said("ภาพเคลื่อนไหว", "an animation"),
    "trailing_data": Said("ข้อมูลต่อท้ายไฟล์", "data after the end"),
    "other": Said("ข้อมูลแฝงอื่น", "other hidden data"),
    "text_layer": Said("ข้อความที่คัดลอกได้ (หน้ายังอ่านได้)", "text as text (pages stay readable)"),
    "link": Said("ลิงก์", "links"),
    "embedded_file": Said("ไฟล์ที่ฝังอยู่", "an embedded file"),
    "form": Said("ช่องกรอกแบบฟอร์ม", "form fields"),
    "annotation": Said("ความเห็นและผู้เขียนความเห็น", "annotations and their authors"),
    "javascript": Said("โปรแกรมที่ฝังอยู่", "a script"),
    "layer": Said("ชั้นภาพที่ซ่อนได้", "layers that can be hidden"),
    "outline": Said("สารบัญและโครงสร้างเอกสาร", "an outline and structure"),
    "earlier_version": Said("ฉบับก่อนแก้ไข", "an earlier version"),
    "signature": Said("ลายเซ็นดิจิทัล", "a digital signature"),
    "software": Said("ชื่อโปรแกรมที่สร้างไฟล์", "the software's name"),
    "track": Said("ข้อมูลที่บันทึกพร้อมวิดีโอ", "further tracks"),
    "chapter": Said("ชื่อช่วงของวิดีโอ", "chapters"),
    "frame_note": Said("บันทึกที่ฝังในแต่ละเฟรม", "notes inside frames"),
}

KEPT: dict[str, Said] = {
    "location": Said("ตำแหน่งที่ถ่าย", "where it was taken"),
    "time": Said("เวลาที่ถ่าย", "when it was taken"),
    "original": Said("ไฟล์ต้นฉบับ", "the original file"),
}

TITLE = Said("ส่งเบาะแส", "Send a tip")
EVALUATION = Said(
    "ชุดทดลอง: ห้ามส่งเบาะแสจริง", "A try-out with throw-away keys: send no real tips."
)
TEXT = Said(
    "เกิดอะไรขึ้น ที่ไหน เมื่อไร ใครเกี่ยวข้อง", "What happened, where, when, and who was involved"
)
TEXT_HINT = Said(
    "อย่าเขียนสิ่งที่มีแต่คุณเท่านั้นที่รู้ เพราะอาจบอกได้ว่าคุณเป็นใคร",
    "Leave out what only you could know: it may tell who you are.",
)
CATEGORY = Said("เรื่องเกี่ยวกับ", "It is about")
ANY = Said("ไม่ระบุ", "Not said")
PHOTOS = Said("ภาพหรือไฟล์ (เลือกได้หลายไฟล์)", "Photos or files (several if you like)")
PHOTOS_HINT = Said(
    "ระบบวาดใหม่และลบข้อมูลแฝงทั้งหมด แต่ใบหน้า เสียงพูด ป้ายทะเบียน และเงาสะท้อนยังอยู่",
    "All are made anew and lose all hidden data. Faces, voices, plates and reflections stay.",
)
FIRST_FRAME = Said(
    "ถ้าไฟล์มีหลายภาพหรือเคลื่อนไหว ให้ใช้ภาพแรก",
    "Of a file that moves or holds several pictures, take the first",
)
KEEP = Said("เก็บไว้เป็นหลักฐานให้เจ้าหน้าที่ (ปิดผนึก)", "Keep as evidence for staff, sealed")
KEEP_HINT = Said(
    "ไม่เลือกคือไม่เก็บ ปลอดภัยที่สุด", "Nothing is kept unless you choose it, which is safest."
)
LOCATION = {
    "": Said("ไม่เก็บตำแหน่ง", "not where it was taken"),
    "coarse": Said("เก็บตำแหน่งโดยประมาณ (ราว 1 กม.)", "where, to about 1 km"),
    "exact": Said("เก็บตำแหน่งจริง", "where, exactly"),
}
KEEP_CHOICES = {
    "time": Said("เวลาที่ถ่าย", "when it was taken"),
    "original": Said(
        "ไฟล์ต้นฉบับทั้งไฟล์ (อาจระบุตัวคุณได้)", "the whole original file (it may name you)"
    ),
}
SEND = Said("ส่ง", "Send")
SEES = Said("เซิร์ฟเวอร์เห็นอะไร", "What the server sees")
RECEIPT = Said("ใบรับแจ้งคืออะไร", "What the receipt is")
RECEIPT_TEXT = Said(
    "เมื่อส่งแล้วจะได้ตัวเลข 30 หลัก ใช้กลับมาดูคำตอบ ส่งเพิ่ม หรือถอนเรื่อง "
    "จดลงกระดาษแล้วเก็บให้ดี ใครมีเลขนี้ก็อ่านคำตอบของคุณได้ ระบบไม่เก็บเลขนี้และออกให้ใหม่ไม่ได้",
    "After sending you get 30 digits. With them you come back to read answers, add to the tip "
    "or withdraw it. Write them on paper. Whoever has them can read your answers; we do not "
    "keep them and cannot give them again.",
)
SLOW = Said(
    "การส่งภาพอาจใช้เวลา โปรดรอจนเห็นใบรับแจ้ง กดส่งซ้ำได้ ไม่ทำให้เป็นสองเรื่อง",
    "Photos take a while. Wait until you see the receipt; sending again does no harm.",
)
TAKEN = Said("ได้รับเบาะแสแล้ว", "Your tip is here")
YOUR_RECEIPT = Said("ใบรับแจ้งของคุณ จดไว้ตอนนี้", "Your receipt. Write it down now")
DEADLINES = Said(
    "รับเรื่องภายใน {acknowledge} ตอบภายใน {answer}",
    "Acknowledged by {acknowledge}, answered by {answer}.",
)
PHOTO = Said("ภาพที่ {number}", "Photo {number}")
PHOTO_TAKEN = Said("ได้รับแล้ว", "Taken")
NOTHING_REMOVED = Said("ไม่พบข้อมูลแฝง", "Nothing hidden was found in it")
WAS_REMOVED = Said("ลบแล้ว: {kinds}", "Removed: {kinds}")
WAS_KEPT = Said("เก็บให้เจ้าหน้าที่: {kinds}", "Kept for staff: {kinds}")
PHOTO_REFUSED = Said("ไม่ได้รับภาพนี้", "This photo was not taken")
TIP_IS_SAFE = Said("ข้อความและภาพอื่นได้รับแล้ว", "Your words and the other photos are safe.")
RELOAD = Said(
    "รอสักครู่แล้วโหลดหน้านี้ซ้ำเพื่อส่งภาพนี้อีกครั้ง ไม่ทำให้เป็นสองเรื่อง",
    "Wait a moment and reload this page to send it again. Nothing is doubled.",
)
NOT_TAKEN = Said("ยังไม่ได้รับเบาะแส", "Your tip was not taken")
AGAIN = Said(
    "กดย้อนกลับเพื่อแก้ไข หรือโหลดหน้านี้ซ้ำเพื่อส่งอีกครั้ง การส่งซ้ำไม่ทำให้เป็นสองเรื่อง",
    "Go back to correct it, or reload this page to send it again. Sending twice does no harm.",
)
FORM_AGAIN = Said("เปิดแบบฟอร์มใหม่", "Open a new form")
