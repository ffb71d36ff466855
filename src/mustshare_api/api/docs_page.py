"""The contract as a page: HTML without a script, a foreign host, or anything to load.

The usual documentation pages fetch scripts from three foreign hosts, each of which would learn
who reads about reporting corruption.
"""

import base64
import hashlib
import json
from functools import lru_cache
from html import escape
from typing import Any

from mustshare_api.api.catalogue.table import CATALOGUE

_BELOW = "A problem, see below."

STYLE = """
body{font:16px/1.6 system-ui,sans-serif;max-width:56rem;margin:2rem auto;padding:0 1rem;
color:#1b1b1b;background:#fff}
h1{font-size:1.6rem}
h2{font-size:1.15rem;margin-top:2.5rem;border-top:1px solid #ccc;padding-top:1rem}
code,pre{font:14px/1.5 ui-monospace,monospace;background:#f4f4f4;border-radius:4px}
code{padding:.1em .3em}
pre{padding:.8rem;overflow-x:auto}table{border-collapse:collapse;width:100%}
td,th{border:1px solid #ccc;padding:.3rem .5rem;text-align:left;vertical-align:top}
.door{color:#666;font-weight:400}
"""


@lru_cache(maxsize=1)
def docs_page(contract: bytes) -> tuple[bytes, str]:
    """The page and the Content-Security-Policy under which its one style may stand."""
    document = json.loads(contract)
    body = "".join(
        [
            _head(document["info"]),
            *(
                _operation(path, method, operation)
                for path, item in document["paths"].items()
                for method, operation in item.items()
            ),
            _problems(),
        ]
    )
    title = escape(document["info"]["title"])
    page = (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{title}</title>'
        '<meta name="viewport" content="width=device-width">'
        f"<style>{STYLE}</style></head><body>{body}</body></html>"
    )
    digest = base64.b64encode(hashlib.sha256(STYLE.encode()).digest()).decode()
    policy = (
        f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; "
        "form-action 'none'; frame-ancestors 'none'"
    )
    return page.encode(), policy


def _head(info: dict[str, Any]) -> str:
    return (
        f"<h1>{escape(info['title'])} {escape(info['version'])}</h1>"
        f"<p>{escape(info['summary'])}</p><p>{escape(info['description'])}</p>"
        '<p>For machines: <a href="/openapi.json">/openapi.json</a></p>'
    )


def _operation(path: str, method: str, operation: dict[str, Any]) -> str:
    parts = [
        f"<h2><code>{method.upper()} {escape(path)}</code> {escape(operation['summary'])} ",
        f'<span class="door">({escape(operation["tags"][0])})</span></h2>',
        f"<p>{escape(operation['description'])}</p>",
    ]
    taken = operation.get("requestBody", {}).get("content", {})
    if taken:
        kinds = ", ".join(f"<code>{escape(kind)}</code>" for kind in taken)
        parts.append(f"<p>Takes {kinds}</p>")
    parts += [
        _example(content["example"]) for content in taken.values() if "example" in content
    ]
    parts.append(_answers(operation["responses"]))
    return "".join(parts)


def _example(example: object) -> str:
    return f"<pre>{escape(json.dumps(example, ensure_ascii=False, indent=2))}</pre>"


def _answers(responses: dict[str, Any]) -> str:
    rows = "".join(
        f"<tr><td>{status}</td><td>{escape(answer.get('description', _BELOW))}</td></tr>"
        for status, answer in responses.items()
    )
    return f"<table><tr><th>Status</th><th>Answer</th></tr>{rows}</table>"


def _problems() -> str:
    rows = "".join(
        f"<tr><td>{told.status}</td><td><code>{escape(code)}</code></td>"
        f'<td lang="th">{escape(told.title_th)}<br>{escape(told.advice_th)}</td>'
        f"<td>{escape(told.title_en)}<br>{escape(told.advice_en)}</td></tr>"
        for code, told in CATALOGUE.items()
    )
    return (
        "<h2>Problems</h2><table><tr><th>Status</th><th>Code</th>"
        f'<th lang="th">ไทย</th><th>English</th></tr>{rows}</table>'
    )
