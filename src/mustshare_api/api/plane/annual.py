"""The annual table in the formats that others read: CSV for programs, HTML for people.

It decides nothing: which figure is told was decided before. What is withheld is an empty cell
in the one and a dash in the other, never a zero.
"""

import csv
import io
from collections.abc import Iterable
from html import escape
from typing import Final

from mustshare_api.api.plane.wire import Annual, AnnualTotals, AnnualYear
from mustshare_api.domain.pages import Both

COLUMNS: Final = (
    *("year", "buddhist_year", "is_over", "tips", "cases_published", "referred"),
    "outcomes_known",
)
_TITLE: Final = Both("ตัวเลขรายปี", "Figures by year")
_HEADS: Final = (
    Both("ปี", "Year"),
    Both("เบาะแสที่ได้รับ", "Tips received"),
    Both("ประเด็นที่เผยแพร่", "Cases published"),
    Both("ส่งต่อหน่วยงาน", "Referred to agencies"),
    Both("ผลลัพธ์ที่ทราบ", "Outcomes known"),
)
_TOTAL: Final = Both("รวม", "Total")
_RUNNING: Final = Both("ยังไม่สิ้นปี", "not over yet")
_NOTE: Final = Both(
    "ขีด (–) คือตัวเลขที่ปิดไว้หรือยังไม่สิ้นปี ไม่ใช่ศูนย์ จำนวน 1 ถึง 4 จะไม่บอก เพื่อไม่ให้รู้ว่าเป็นใคร "
    "ผลรวมนับเฉพาะปีที่บอกตัวเลข",
    "A dash (–) is a figure that is withheld, or of a year that is not over; it is not zero. "
    "From 1 to 4 are not told, so that nobody is recognised. Totals are of the years that are "
    "told.",
)


def csv_of(annual: Annual) -> bytes:
    """RFC 4180, a heading, and the totals as the last line."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    for one in annual.years:
        over = "true" if one.is_over else "false"
        writer.writerow([one.year, one.buddhist_year, over, *_four(one)])
    writer.writerow(["total", "", "", *_four(annual.totals)])
    return out.getvalue().encode()


def html_of(annual: Annual) -> tuple[str, str]:
    """Title and body of a page."""
    heads = "".join(f"<th>{_both(head)}</th>" for head in _HEADS)
    rows = "".join(_row(_year(one), _four(one)) for one in annual.years)
    total = _row(_both(_TOTAL), _four(annual.totals))
    return _TITLE.th, (
        f"<h1>{_both(_TITLE)}</h1><table><tr>{heads}</tr>{rows}{total}</table>"
        f'<p lang="th">{escape(_NOTE.th)}</p><p lang="en">{escape(_NOTE.en)}</p>'
        '<p><a href="/v1/statistics.csv">CSV</a> <a href="/v1/statistics">JSON</a></p>'
    )


def _four(one: AnnualYear | AnnualTotals) -> tuple[int | None, int, int | None, int]:
    return one.tips, one.cases_published, one.referred, one.outcomes_known


def _year(one: AnnualYear) -> str:
    running = "" if one.is_over else f" ({_both(_RUNNING)})"
    return f"{one.buddhist_year} ({one.year}){running}"


def _row(name: str, cells: Iterable[int | None]) -> str:
    told = "".join(f"<td>{'–' if cell is None else f'{cell:,}'}</td>" for cell in cells)
    return f"<tr><th>{name}</th>{told}</tr>"


def _both(text: Both) -> str:
    return f'{escape(text.th)} <span lang="en">{escape(text.en)}</span>'
