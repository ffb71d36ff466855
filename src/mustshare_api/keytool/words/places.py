"""What the tool says of places and purchases."""

SAID_OF_PLACES: dict[str, tuple[str, str]] = {
    "open.place": ("  พื้นที่ (place): {place} {name}", "  place: {place} {name}"),
    "open.place_unknown": (
        "  พื้นที่ (place): {place} (ไม่มีพื้นที่รหัสนี้)",
        "  place: {place} (no place has this code)",
    ),
    "open.place_abolished": (
        "    รหัสนี้ถูกยกเลิกเมื่อ {on}",
        "    this code was abolished on {on}",
    ),
    "open.place_successor": (
        "    ปัจจุบันคือ {place} {name}",
        "    today it is {place} {name}",
    ),
    "place.no_such_code": (
        "ไม่มีพื้นที่รหัสนี้ ใช้รหัสสอง สี่ หรือหกหลัก หรือชื่อจังหวัดหรืออำเภอ",
        "No place has that code. A province has two digits, a district four; names do as well.",
    ),
    "place.no_such_name": (
        "ไม่มีจังหวัดหรืออำเภอชื่อนี้ ใกล้เคียง: {names}",
        "No province or district has that name. Near it: {names}",
    ),
    "place.several": (
        "มีหลายแห่งชื่อนี้ เติมชื่อจังหวัดหรือใช้รหัส: {names}",
        "Several places have that name. Add the province, or say the code: {names}",
    ),
    "open.purchase_odd": (
        "    ปีในเลขนี้ไม่น่าจะถูกต้อง ลองถามผู้แจ้ง",
        "    the year in this number can hardly be right; ask the reporter",
    ),
    "open.purchase_meant": (
        "    น่าจะหมายถึง {meant} (ปี พ.ศ. สองหลัก)",
        "    probably {meant} is meant: the year is Buddhist, in two digits",
    ),
    "open.link": ("    {name}: {url}", "    {name}: {url}"),
}
