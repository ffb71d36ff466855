"""What the tool says about campaigns and their points, in Thai and English, by code."""

from typing import Final

SAID_OF_CAMPAIGNS: Final[dict[str, tuple[str, str]]] = {
    "point.approved": (
        "อนุมัติจุดในช่อง {cell} ({metres} ม.) ของ {campaign} จะแสดงเมื่อครบจำนวน ภายในหลายสัปดาห์",
        "Cell {cell} ({metres} m) of {campaign} is approved. It shows in weeks, with others.",
    ),
    "point.known": (
        "จุดนี้อนุมัติไว้แล้วในช่อง {cell} ({metres} ม.) ของ {campaign}",
        "Cell {cell} ({metres} m) of {campaign} was approved for this before.",
    ),
    "point.line_shown": (
        "{point} ช่อง {cell} แสดงใน {shown} ตั้งแต่ {day}",
        "{point}  cell {cell}, shown in {shown} since {day}",
    ),
    "point.line_waits": (
        "{point} ช่อง {cell} รอ ไม่แสดงก่อน {day}",
        "{point}  cell {cell}, waits, not before {day}",
    ),
    "point.none": ("ยังไม่มีจุด", "There is no point yet."),
    "point.taken_back": (
        "ถอนจุด {point} จาก {campaign} แล้ว",
        "Point {point} is off {campaign}.",
    ),
    "point.no_place": (
        "ไม่มีพิกัด: ผู้แจ้งไม่ได้ให้ไว้ หากภาพเก็บพิกัดไว้ใช้ --photo",
        "There is no place: the reporter gave none. If a photo kept one, name it with --photo.",
    ),
    "point.no_such_photo": (
        "ไม่มีภาพนี้ในเบาะแส หรือรหัสสั้นเกินไป",
        "No photo of the tip has this id, or more than one has.",
    ),
    "point.other_grid": (
        "ประตูเจ้าหน้าที่บอกตาราง {door} เมตร แต่ร่างที่เจ้าหน้าที่ลงนามระบุ {signed} เมตร ตรวจสอบก่อน",
        (
            "The door says a grid of {door} m, the draft that an officer signed says "
            "{signed} m. Find out why before anything is shown."
        ),
    ),
    "point.no_draft": (
        "ไม่มีร่างที่เจ้าหน้าที่ลงนามให้เทียบขนาดตาราง ระบุด้วย --precision",
        "There is no signed draft to hold the grid against. Say it with --precision.",
    ),
    "point.older_draft": (
        "ประตูเจ้าหน้าที่คืนร่างที่เก่ากว่าฉบับล่าสุด ตรวจสอบก่อน หรือระบุขนาดตารางด้วย --precision",
        "The door gave back a draft that was replaced. Find out why, or say --precision.",
    ),
    "point.no_map": ("แคมเปญนี้ไม่มีแผนที่", "This campaign has no map."),
    "point.no_campaign": (
        "ไม่มีแคมเปญ {slug} ที่เผยแพร่อยู่",
        "No campaign {slug} is published.",
    ),
    "point.which_campaign": (
        "เบาะแสไม่ได้ระบุแคมเปญ ใช้ --campaign",
        "Name the campaign with --campaign; a tip or a point, not both.",
    ),
    "point.which_tip": ("ระบุเบาะแส หรือใช้ --point", "Name the tip, or a point with --point."),
    "point.other_place": (
        "จุด {point} อนุมัติไว้ในช่องอื่นแล้ว ถอนก่อนแล้วอนุมัติใหม่",
        "Point {point} was approved in another cell. Take it back first, then approve it anew.",
    ),
    "point.outside": ("พิกัดอยู่นอกประเทศไทย", "The place is not in Thailand."),
    "point.precision": (
        "พิกัดหยาบเกินกว่าช่องใด ๆ",
        "The place is coarser than any cell of a map.",
    ),
    "point.not_found": (
        "ไม่มีจุดนี้ อาจถูกถอนไปแล้ว",
        "There is no such point; it may have been taken back already.",
    ),
    "campaign.no_map": ("แคมเปญนี้ไม่มีแผนที่", "This campaign has no map."),
    "campaign.full": (
        "แคมเปญนี้มีจุดเต็มจำนวนแล้ว",
        "This campaign holds as many points as it may.",
    ),
    "campaign.other_draft": (
        "ร่างไม่ตรงกับที่เผยแพร่อยู่ ใช้ campaign correct แล้วกำหนดวันปิดในนั้น",
        "The draft is not what is published. Use campaign correct, and set its last day there.",
    ),
    "campaign.ends_first": (
        "วันปิดอยู่ก่อนวันเปิด",
        "The last day lies before the first.",
    ),
    "case.not_published": (
        "หน้านี้ยังไม่ได้เผยแพร่",
        "The page is not published yet.",
    ),
    "day.buddhist": (
        "วันที่เป็นปี พ.ศ. ให้ใช้ปี ค.ศ. (พ.ศ. ลบ 543)",
        "The day is of a Buddhist year. Take 543 away.",
    ),
    "day.to_come": ("วันที่ยังมาไม่ถึง", "That day has not come yet."),
    "campaign.closing": (
        "เสนอให้ปิดรับวันที่ {day} แล้ว ให้เจ้าหน้าที่อีกคนสั่ง mustshare-key campaign publish {id}",
        "Proposed: last day {day}. Another officer: mustshare-key campaign publish {id}",
    ),
}
