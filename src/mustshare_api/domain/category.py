"""What a tip can be about, as a front end offers it; the choice travels sealed."""

from enum import StrEnum


class Category(StrEnum):
    """The matters the page takes up, by what was done with public money or power."""

    ROAD = "road"
    BUILDING = "building"
    PROCUREMENT = "procurement"
    BRIBERY = "bribery"
    POSITION = "position"
    BUDGET = "budget"
    OTHER = "other"


LABELS: dict[Category, tuple[str, str]] = {
    Category.ROAD: (
        "ถนนและทางเท้าชำรุดหรือไม่ได้มาตรฐาน",
        "Roads and pavements, broken or below standard",
    ),
    Category.BUILDING: ("อาคาร เสาไฟ และสิ่งก่อสร้าง", "Buildings, lamp posts and structures"),
    Category.PROCUREMENT: ("จัดซื้อจัดจ้างแพงเกินจริงหรือล็อกสเปก", "Overpriced or rigged procurement"),
    Category.BRIBERY: ("เรียกรับสินบน", "Bribery"),
    Category.POSITION: ("ซื้อขายตำแหน่งหรือใช้อำนาจโดยมิชอบ", "Traded positions or abuse of power"),
    Category.BUDGET: ("งบประมาณหายหรือใช้ผิดวัตถุประสงค์", "Missing or misused budget"),
    Category.OTHER: ("เรื่องอื่น", "Something else"),
}
"""Thai, English."""
