"""A page as people read it in a browser: no script, nothing from elsewhere, Thai and English.

The bodies are HTML already, made and filtered at publication (`domain/markup.py`); all else is
escaped here. The policy in the header lets one style and the page's own pictures stand, so
that even a hole in both would find nothing to run.
"""

import base64
import hashlib
from dataclasses import replace
from html import escape
from typing import Any, Final

import msgspec
from litestar import get
from litestar.params import FromPath

from mustshare_api.api.bodies import AnyRequest
from mustshare_api.api.operation import Answer as Told
from mustshare_api.api.operation import Octets, Operation
from mustshare_api.api.plane.shared import (
    IF_NONE_MATCH,
    SLUG,
    by_path,
    checked_slug,
    plane_of,
)
from mustshare_api.api.ready import Answer
from mustshare_api.domain.article import ArticleShown
from mustshare_api.domain.campaign import CampaignShown
from mustshare_api.domain.case import CaseShown
from mustshare_api.domain.case_outcome import shown_outcomes
from mustshare_api.domain.pages import (
    ARTICLE,
    CAMPAIGN,
    CASE,
    PATHS,
    Both,
    BothParagraphs,
    Change,
    PageShown,
)
from mustshare_api.flows.plane import PageGone

STYLE: Final = """
body{font:17px/1.7 system-ui,"Noto Sans Thai",Sarabun,sans-serif;max-width:44rem;
 margin:0 auto;padding:1.2rem;color:#1a1a1a;background:#fff}
h1{font-size:1.6rem;line-height:1.35}h2{font-size:1.2rem;margin-top:2rem}
[lang=en]{color:#4a4a4a}img{max-width:100%;height:auto}
blockquote,.reply{border-left:4px solid #0b5d3b;margin:1rem 0;padding:.2rem 1rem}
table{border-collapse:collapse}td,th{border:1px solid #ccc;padding:.3rem .6rem}
p{overflow-wrap:anywhere}
"""
_DIGEST: Final = base64.b64encode(hashlib.sha256(STYLE.encode()).digest()).decode()
HTML: Final = "text/html; charset=utf-8"
_POLICY: Final = (
    f"default-src 'none'; img-src 'self'; style-src 'sha256-{_DIGEST}'; base-uri 'none'; "
    "form-action 'none'; frame-ancestors 'none'"
)
HEADERS: Final = (
    (b"content-security-policy", _POLICY.encode()),
    (b"content-language", b"th, en"),
    (b"x-robots-tag", b"all"),
)
_STATES: Final = {
    "open": Both("เปิดรับหลักฐาน", "open for evidence"),
    "referred": Both("ส่งต่อหน่วยงานแล้ว", "referred to an agency"),
    "concluded": Both("มีข้อสรุปแล้ว", "concluded"),
}
_FORM: Final = Both("ส่งเบาะแสให้แคมเปญนี้", "Tell us something for this campaign")
_GONE: Final = Both("หน้านี้ถูกถอดออกแล้ว", "This page was taken down")
_HISTORY: Final = Both("ประวัติการแก้ไข", "What was corrected, and why")


def _both(said: Both | BothParagraphs, tag: str = "p") -> str:
    """A text in both languages, its lines kept."""
    parts = (("th", said.th), ("en", said.en))
    return "".join(
        f'<{tag} lang="{language}">{escape(text).replace(chr(10), "<br>")}</{tag}>'
        for language, text in parts
    )


def _section(title: Both, inner: str) -> str:
    head = f'<h2>{escape(title.th)} <span lang="en">{escape(title.en)}</span></h2>'
    return head + inner if inner else ""


def document(title: str, body: str) -> bytes:
    """A whole page around a body that is HTML already; its title is escaped here."""
    return (
        f'<!doctype html><html lang="th"><head><meta charset="utf-8"><title>{escape(title)}'
        '</title><meta name="viewport" content="width=device-width,initial-scale=1">'
        f"<style>{STYLE}</style></head><body>{body}</body></html>"
    ).encode()


def _pictures(page: PageShown) -> str:
    return "".join(
        f'<figure><img src="{escape(one.url)}" alt="{escape(one.alt.th)}" loading="lazy">'
        f"<figcaption>{_both(one.alt)}</figcaption></figure>"
        for one in page.pictures
    )


def _facts(case: CaseShown) -> str:
    agency = _both(case.agency) if case.agency else ""
    sums = "".join(
        f"<tr><td>{_both(one.label)}</td><td>{one.baht:,} ฿</td></tr>" for one in case.budget
    )
    refs = "".join(
        f"<p>{escape(one.scheme)} {escape(one.id)} "
        + " ".join(
            f'<a href="{escape(link.url)}" rel="noopener nofollow">{escape(link.name)}</a>'
            for link in one.links
        )
        + "</p>"
        for one in case.procurement
    )
    moments = "".join(f"<p>{one.on}</p>{_both(one.text)}" for one in case.timeline)
    replies = "".join(
        f'<div class="reply">{_both(one.by)}<p>{one.on}</p>{_both(one.text)}</div>'
        for one in case.right_of_reply
    )
    outcomes = "".join(
        f'<div id="outcome-{escape(one.name)}">'
        f"{f'<p>{one.on}</p>' if one.on else ''}{_both(one.agency) if one.agency else ''}"
        f"{_both(one.text)}</div>"
        # Feeds lead to what came of a case also where it is told by its summary alone.
        for one in case.outcomes or shown_outcomes([], case.state, case.summary)
    )
    call = _both(case.call_for_evidence) if case.call_for_evidence else ""
    return (
        _section(Both("คำชี้แจงของผู้ถูกกล่าวถึง", "In reply"), replies)
        + _section(Both("หน่วยงาน", "Agency"), agency)
        + _section(Both("งบประมาณ", "Money"), f"<table>{sums}</table>" if sums else "")
        + _section(Both("การจัดซื้อจัดจ้าง", "Procurement"), refs)
        + _section(Both("ลำดับเหตุการณ์", "What happened when"), moments)
        + _section(Both("ผลลัพธ์", "What came of it"), outcomes)
        + _section(Both("ช่วยกันหาหลักฐาน", "Can you help?"), call)
    )


def _called(campaign: CampaignShown) -> str:
    """On which days it takes tips, and where."""
    days = f"<p>{campaign.opens_on} – {campaign.closes_on or ''}</p>"
    form = f'<p><a href="{escape(campaign.links.form)}">{escape(_FORM.th)} '
    return f'{days}{form}<span lang="en">{escape(_FORM.en)}</span></a></p>'


def page_of(kind: str, page: PageShown) -> bytes:
    """A page that is shown."""
    state = _both(_STATES[page.state]) if isinstance(page, CaseShown) else ""
    facts = _facts(page) if isinstance(page, CaseShown) else ""
    facts += _called(page) if isinstance(page, CampaignShown) else ""
    body = f'<div lang="th">{page.body_html.th}</div><div lang="en">{page.body_html.en}</div>'
    history = (
        f'<p><a href="/v1/{PATHS[kind]}/{page.slug}/history">{escape(_HISTORY.th)}</a></p>'
    )
    return document(
        page.title.th,
        f"{_both(page.title, 'h1')}{state}<p>{page.published_on} / {page.changed_on}</p>"
        f"{_both(page.summary)}{_pictures(page)}{body}{facts}{history}",
    )


def gone_page(on: str, reason: Change) -> bytes:
    """What stands in the place of one that was taken down."""
    why = f"<p>{escape(on)}</p>{_both(reason.what)}{_both(reason.why)}"
    return document(_GONE.th, f"{_both(_GONE, 'h1')}{why}")


def readable(kind: str, form: type[PageShown]) -> Any:  # noqa: ANN401 - a handler
    """The route that shows a page to people."""

    @get(
        f"/{PATHS[kind]}/{{slug:str}}",
        operation=Operation(
            f"read{kind.capitalize()}",
            f"A {kind} to read in a browser",
            "HTML without a script, in both languages. 410 with the reason where it was "
            "taken down.",
            {200: Told("The page.", Octets("HTML.", ("text/html",)))},
            parameters=(SLUG, IF_NONE_MATCH),
            problems=("page.not_found", "page.taken_down"),
            public=True,
        ),
        name=f"read_{kind}",
    )
    async def read(request: AnyRequest, slug: FromPath[str]) -> Answer:
        async def made() -> Answer:
            octets = await plane_of(request).page(kind, checked_slug(slug))
            html = page_of(kind, msgspec.json.decode(octets, type=form))
            return Answer.public(html, HTML, HEADERS)

        try:
            return await by_path(request, made())
        except PageGone as gone:
            html = gone_page(gone.on.isoformat(), gone.reason)
            # Never 304: the reason is said again to whoever asks.
            return replace(Answer.public(html, HTML, HEADERS), status=410)

    return read


ROUTES: list[Any] = [
    readable(CASE, CaseShown),
    readable(ARTICLE, ArticleShown),
    readable(CAMPAIGN, CampaignShown),
]
