"""Problems of campaigns, their points, and what is read of them in other formats."""

from mustshare_api.api.told import Told

CAMPAIGNS: dict[str, Told] = {
    "about.malformed": Told(
        400,
        "หัวข้อ Tip-About ไม่ถูกรูปแบบ",
        "The header Tip-About is not of the right form",
        "ส่ง case/ชื่อ หรือ campaign/ชื่อ เพียงครั้งเดียว หรือไม่ต้องส่งเลย",
        "Send case/<slug> or campaign/<slug> once, or leave it out.",
    ),
    "about.unknown": Told(
        400,
        "ไม่มีประเด็นหรือแคมเปญนี้",
        "There is no such case or campaign",
        "ดูชื่อที่เผยแพร่แล้วได้ที่ GET /v1/intake หรือไม่ต้องส่งหัวข้อ Tip-About",
        "GET /v1/intake names those that are published; or leave Tip-About out.",
    ),
    "campaign.no_map": Told(
        404,
        "แคมเปญนี้ไม่มีแผนที่",
        "This campaign has no map",
        "ดูกติกาของแผนที่ได้ที่ GET /v1/campaigns/{slug}",
        "GET /v1/campaigns/{slug} says whether it has one.",
    ),
    "campaign.full": Told(
        413,
        "แคมเปญนี้มีจุดเต็มจำนวนแล้ว",
        "This campaign holds as many points as it may",
        "ถอนจุดที่ไม่ใช้แล้ว หรือเปิดแคมเปญใหม่",
        "Take points back that are not wanted, or begin another campaign.",
    ),
    "point.outside": Told(
        400,
        "พิกัดอยู่นอกประเทศไทย",
        "The place is not in Thailand",
        "ตรวจว่าไม่ได้สลับละติจูดกับลองจิจูด",
        "See whether latitude and longitude changed places.",
    ),
    "point.not_found": Told(
        404,
        "ไม่มีจุดนี้",
        "There is no such point",
        "จุดอาจถูกถอนไปแล้ว ดูรายการใหม่",
        "It may have been taken back already; list them again.",
    ),
    "open311.read_only": Told(
        403,
        "รับเรื่องทางนี้ไม่ได้ ทางนี้มีไว้อ่านเท่านั้น",
        "Nothing is taken here: this is for reading only",
        "ส่งเบาะแสที่ POST /v1/tips ซึ่งปิดผนึกก่อนจัดเก็บ หรือใช้แบบฟอร์มที่ /v1/form",
        "Send tips to POST /v1/tips, where they are sealed before they are stored, or by "
        "/v1/form.",
    ),
    "open311.bad_query": Told(
        400,
        "เงื่อนไขการค้นหาไม่ถูกรูปแบบ",
        "The query is not of the right form",
        "start_date และ end_date เป็น 2026-11-23T00:00:00Z, status เป็น open หรือ closed",
        "start_date and end_date as 2026-11-23T00:00:00Z, status as open or closed.",
    ),
    "open311.not_found": Told(
        404,
        "ไม่มีรายการนี้",
        "There is no such service or request",
        "ดูรายการทั้งหมดที่ /v1/open311/services.json และ /v1/open311/requests.json",
        "/v1/open311/services.json and /v1/open311/requests.json list all there are.",
    ),
}
