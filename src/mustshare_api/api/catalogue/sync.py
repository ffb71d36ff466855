"""Problems of staff tools that sync: frames, cursors, ranges."""

from mustshare_api.api.told import Told

SYNC: dict[str, Told] = {
    "frames.malformed": Told(
        400,
        "เนื้อหาไม่ใช่เฟรมที่ถูกรูปแบบ",
        "The body is not made of frames",
        "แต่ละเฟรมคือความยาว 4 ไบต์ (big-endian) ตามด้วยข้อมูล ส่งได้ 1 ถึง 100 เฟรม",
        "A frame is a length of 4 bytes, big-endian, and its octets; 1 to 100 of them.",
    ),
    "cursor.malformed": Told(
        400,
        "เคอร์เซอร์นี้ใช้ไม่ได้",
        "This cursor is not one of ours",
        "ใช้ค่า next ของหน้าก่อนกับ since เดิม หรือเริ่มใหม่โดยไม่ส่ง after",
        "Send the next of the page before with the same since, or begin without after.",
    ),
    "object.bad_range": Told(
        416,
        "ช่วงไบต์ที่ขอใช้ไม่ได้",
        "The object has no such range",
        "ขอช่วงเดียวที่อยู่ในขนาดของข้อมูล เช่น bytes=0-1023",
        "Ask for one range within its length, such as bytes=0-1023.",
    ),
}
