"""What the agencies are called to which tips of this country go first: partner records."""

from typing import Final, NamedTuple


class Record(NamedTuple):
    """What an agency is called, and what kind of agency it is."""

    title_th: str
    title_en: str
    kind: str


KINDS: Final = (
    "anti_corruption", "audit", "inspection", "ministry", "local_government", "media", "other",
)  # fmt: skip

KNOWN: Final[dict[str, Record]] = {
    "nacc": Record(
        "สำนักงาน ป.ป.ช. (ศูนย์ CDC)",
        "National Anti-Corruption Commission, Corruption Deterrence Center",
        "anti_corruption",
    ),
    "pacc": Record(
        "สำนักงาน ป.ป.ท.",
        "Office of Public Sector Anti-Corruption Commission",
        "anti_corruption",
    ),
    "sao": Record("สำนักงานการตรวจเงินแผ่นดิน", "State Audit Office", "audit"),
    "isra": Record("สำนักข่าวอิศรา", "Isra News Agency", "media"),
}
"""By the names that the directory gives them; of others, an officer says all of it."""
