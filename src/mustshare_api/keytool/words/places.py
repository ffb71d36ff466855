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
    "procurement.wrong_length": (
        "{path}: {field}: เลขที่โครงการ e-GP มี 11 หลัก (เลขคุมสัญญาหรือเลขที่แผนเป็นคนละเลข)",
        "{path}: {field}: an e-GP number has eleven digits; a contract's or plan's is another.",
    ),
    "procurement.full_year": (
        "{path}: {field}: ใส่ปี พ.ศ. เพียงสองหลัก เช่น 69 แทน 2569",
        "{path}: {field}: the year has two digits: 69, not 2569 or 2026.",
    ),
    "procurement.not_digits": (
        "{path}: {field}: เลขที่โครงการ e-GP มีแต่ตัวเลข 0 ถึง 9",
        "{path}: {field}: an e-GP number is of the digits 0 to 9 alone.",
    ),
    "procurement.thai_digits": (
        "{path}: {field}: เขียนด้วยเลขอารบิก 0 ถึง 9 แทนเลขไทย",
        "{path}: {field}: write the Thai digits as 0 to 9.",
    ),
    "procurement.separators": (
        "{path}: {field}: เขียนติดกันโดยไม่มีช่องว่างหรือขีด",
        "{path}: {field}: write it without spaces or dashes.",
    ),
    "procurement.wrong_month": (
        "{path}: {field}: หลักที่ 3 และ 4 คือเดือน ต้องเป็น 01 ถึง 12",
        "{path}: {field}: the third and fourth digit are a month, 01 to 12.",
    ),
    "procurement.western_year": (
        "{path}: {field}: สองหลักแรกคือปี พ.ศ. เช่น 69 คือ 2569 (ค.ศ. 2026)",
        "{path}: {field}: the first two digits are the Buddhist year: 69 for 2569 (2026).",
    ),
    "procurement.in_future": (
        "{path}: {field}: ปีและเดือนในสี่หลักแรกยังมาไม่ถึง",
        "{path}: {field}: the first four digits are a month that is still to come.",
    ),
    "procurement.too_old": (
        "{path}: {field}: สองหลักแรกเป็นปีก่อนที่จะมีระบบ e-GP (พ.ศ. 2549)",
        "{path}: {field}: the first two digits are a year before e-GP, which began in 2549.",
    ),
    "procurement.ocid_prefix": (
        "{path}: {field}: OCID ขึ้นต้นด้วย ocds- รหัสผู้เผยแพร่ 6 ตัว และขีด",
        "{path}: {field}: an OCID begins with ocds-, six signs of its publisher, and a dash.",
    ),
    "procurement.ocid_rest": (
        "{path}: {field}: ส่วนหลังรหัสผู้เผยแพร่ของ OCID มีอักษร ASCII 1 ถึง 100 ตัว ไม่มีช่องว่าง",
        "{path}: {field}: behind its publisher an OCID has 1 to 100 ASCII signs, no space.",
    ),
}
