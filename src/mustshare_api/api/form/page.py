"""The plain form as HTML: no script, nothing to load, nothing but what stands here.

Thai first, English beneath it. A policy in the header lets one style stand, by its hash, and
lets the form go nowhere but here. `Referrer-Policy: same-origin` is for the form's own sending:
under the stricter policy of other answers a browser hides from us, too, where a form came from.
"""

import base64
import hashlib
from html import escape

from mustshare_api.api.catalogue.table import CATALOGUE
from mustshare_api.api.form import words
from mustshare_api.api.form.intake import SEEN, Said
from mustshare_api.domain import receipt
from mustshare_api.domain.category import LABELS
from mustshare_api.domain.deadlines import deadlines
from mustshare_api.errors import Busy, MustShareError, Unavailable
from mustshare_api.flows.form import PhotoTold
from mustshare_api.flows.intake import Taken
from mustshare_api.flows.pictures import Attached

STYLE = """
*{box-sizing:border-box}
body{font:17px/1.65 system-ui,"Noto Sans Thai","Sarabun",sans-serif;max-width:40rem;
 margin:0 auto;padding:1.2rem;color:#1a1a1a;background:#fff}
h1{font-size:1.5rem;line-height:1.3;margin:.4rem 0 1rem}
h2{font-size:1.1rem;margin:1.6rem 0 .3rem}
.en{color:#595959;font-size:.9em;display:block}
h1 .en{font-weight:400;font-size:.65em}
label,legend{font-weight:600}
label .en,legend .en{font-weight:400}
label.choice{display:block;font-weight:400;margin:.35rem 0 .35rem 1.9rem;text-indent:-1.9rem}
label.choice .en{text-indent:0}
label.choice input{width:1.2rem;height:1.2rem;margin:0 .7rem 0 0;vertical-align:-.15rem}
textarea,select,input[type=file],input[type=text],input[type=date]{width:100%;font:inherit;padding:.6rem;
 border:1px solid #767676;border-radius:6px;background:#fff;margin:.3rem 0}
fieldset{border:1px solid #d0d0d0;border-radius:6px;margin:1rem 0;padding:.4rem 1rem .6rem}
p{margin:.5rem 0}
.field{margin:1.2rem 0}
.hint{font-size:.9rem;color:#404040}
button{font:inherit;font-weight:700;width:100%;padding:.8rem;border:0;border-radius:6px;
 background:#0b5d3b;color:#fff}
button .en{color:#e4f2eb;font-weight:400}
.receipt{font:700 1.5rem/1.7 ui-monospace,monospace;border:3px solid #0b5d3b;
 border-radius:8px;padding:.8rem;text-align:center;overflow-wrap:break-word}
.warning{border-left:5px solid #b00020;background:#fdf0f1;padding:.5rem .9rem}
li{margin:.8rem 0}
"""

_DIGEST = base64.b64encode(hashlib.sha256(STYLE.encode()).digest()).decode()
HEADERS = {
    "content-security-policy": f"default-src 'none'; style-src 'sha256-{_DIGEST}'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    "referrer-policy": "same-origin",
    "content-language": "th, en",
}

_TEXT_CHARACTERS = 13_000
"""What a browser lets somebody type: in Thai about the limit, which is one of bytes."""


def form_page(takes: list[str], *, evaluation: bool) -> str:
    """The empty form, with a fresh receipt in it; `takes` are the types of files taken."""
    notice = warning(words.EVALUATION) if evaluation else ""
    return page(
        words.TITLE,
        notice + '<form method="post" action="/v1/form" enctype="multipart/form-data" '
        'autocomplete="off">'
        f'<input type="hidden" name="receipt" value="{receipt.mint()}">'
        + text_field()
        + _categories()
        + photos_field(takes)
        + keep_fields()
        + f"{hint(words.SLOW)}<button>{both(words.SEND)}</button></form>"
        + section(words.SEES, SEEN.server_sealed)
        + section(words.RECEIPT, words.RECEIPT_TEXT),
    )


def taken_page(taken: Taken, digits: str, photos: list[PhotoTold]) -> str:
    """The receipt, and what became of each photo."""
    due = deadlines(taken.received_on)
    days = {"acknowledge": due.acknowledge_by.isoformat(), "answer": due.answer_by.isoformat()}
    shown = "".join(_photo(number, told) for number, told in enumerate(photos, 1))
    return page(
        words.TAKEN,
        f"<h2>{both(words.YOUR_RECEIPT)}</h2>"
        f'<p class="receipt">{receipt.grouped(digits)}</p>'
        f"<p>{both(words.RECEIPT_TEXT)}</p><p>{both(filled(words.DEADLINES, **days))}</p>"
        + (f"<ol>{shown}</ol>" if shown else ""),
    )


def refused_page(error: MustShareError) -> str:
    """Why nothing was taken, and what to do."""
    title, advice = _told(error)
    return page(
        words.NOT_TAKEN,
        f'<div class="warning"><p><b>{both(title)}</b></p><p>{both(advice)}</p></div>'
        f"<p>{both(words.AGAIN)}</p>"
        f'<p><a href="/v1/form">{both(words.FORM_AGAIN)}</a></p>',
    )


def text_field(typed: str = "", wrong: str = "") -> str:
    """Where the tip's words go; `wrong` is HTML that stands beside it."""
    return (
        f'<div class="field"><label for="text">{both(words.TEXT)}</label>'
        f'{hint(words.TEXT_HINT)}{wrong}<textarea id="text" name="text" rows="9" required '
        f'maxlength="{_TEXT_CHARACTERS}" spellcheck="false">{escape(typed)}</textarea></div>'
    )


def _categories() -> str:
    options = "".join(
        f'<option value="{code.value}">{escape(th)} · {escape(en)}</option>'
        for code, (th, en) in LABELS.items()
    )
    nothing = f"{escape(words.ANY.th)} · {escape(words.ANY.en)}"
    return (
        f'<div class="field"><label for="category">{both(words.CATEGORY)}</label>'
        f'<select id="category" name="category"><option value="">{nothing}</option>{options}'
        "</select></div>"
    )


def photos_field(takes: list[str]) -> str:
    """Where files are chosen."""
    accept = ",".join(["image/*", *(kind for kind in takes if not kind.startswith("image/"))])
    return (
        f'<div class="field"><label for="photos">{both(words.PHOTOS)}</label>'
        f"{hint(words.PHOTOS_HINT)}"
        f'<input id="photos" type="file" name="photos" accept="{accept}" multiple>'
        f"{choice('checkbox', 'first_frame', 'true', words.FIRST_FRAME)}</div>"
    )


def keep_fields() -> str:
    """What of a picture is kept for staff."""
    radios = "".join(
        choice("radio", "location", value, said, checked=not value)
        for value, said in words.LOCATION.items()
    )
    boxes = "".join(
        choice("checkbox", "keep", value, said) for value, said in words.KEEP_CHOICES.items()
    )
    return (
        f"<fieldset><legend>{both(words.KEEP)}</legend>{hint(words.KEEP_HINT)}"
        f"{radios}{boxes}</fieldset>"
    )


def choice(kind: str, name: str, value: str, said: Said, *, checked: bool = False) -> str:
    """A button or box with its words."""
    mark = " checked" if checked else ""
    return (
        f'<label class="choice"><input type="{kind}" name="{name}" value="{value}"{mark}>'
        f"{both(said)}</label>"
    )


def _photo(number: int, told: PhotoTold) -> str:
    heading = f"<b>{both(filled(words.PHOTO, number=str(number)))}</b>"
    if isinstance(told, MustShareError):
        title, advice = _told(told)
        passing = isinstance(told, Busy | Unavailable)
        said = (words.PHOTO_REFUSED, title, words.RELOAD if passing else advice)
        lines = "".join(f"<p>{both(line)}</p>" for line in (*said, words.TIP_IS_SAFE))
        return f'<li class="warning">{heading}{lines}</li>'
    return f"<li>{heading}<p>{both(words.PHOTO_TAKEN)}</p>{_what(told)}</li>"


def _what(attached: Attached | None) -> str:
    """What was removed of a photo and what was kept."""
    if attached is None:
        return ""
    removed = _listed(words.WAS_REMOVED, words.REMOVED, attached.removed)
    kept = _listed(words.WAS_KEPT, words.KEPT, attached.kept)
    return (removed or f"<p>{both(words.NOTHING_REMOVED)}</p>") + kept


def _listed(said: Said, names: dict[str, Said], kinds: tuple[str, ...]) -> str:
    if not kinds:
        return ""
    known = [names.get(kind, words.REMOVED["other"]) for kind in kinds]
    th, en = ", ".join(k.th for k in known), ", ".join(k.en for k in known)
    return f"<p>{both(Said(said.th.format(kinds=th), said.en.format(kinds=en)))}</p>"


def _told(error: MustShareError) -> tuple[Said, Said]:
    told = CATALOGUE.get(error.code, CATALOGUE["internal"])
    return Said(told.title_th, told.title_en), Said(told.advice_th, told.advice_en)


def filled(said: Said, **values: str) -> Said:
    """A text with its values."""
    return Said(said.th.format(**values), said.en.format(**values))


def section(heading: Said, text: Said) -> str:
    """A heading and what is under it."""
    return f"<h2>{both(heading)}</h2><p>{both(text)}</p>"


def warning(said: Said) -> str:
    """A paragraph that stands out."""
    return f'<p class="warning">{both(said)}</p>'


def hint(said: Said) -> str:
    """A smaller paragraph."""
    return f'<p class="hint">{both(said)}</p>'


def both(said: Said) -> str:
    """Thai, and English beneath it."""
    return f'{escape(said.th)}<span class="en" lang="en">{escape(said.en)}</span>'


def page(title: Said, body: str) -> str:
    """A whole page in the one style."""
    return (
        '<!doctype html><html lang="th"><head><meta charset="utf-8">'
        f"<title>{escape(title.th)} · {escape(title.en)}</title>"
        '<meta name="viewport" content="width=device-width">'
        f"<style>{STYLE}</style></head><body><h1>{both(title)}</h1>{body}</body></html>"
    )
