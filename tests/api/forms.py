"""The plain form as browsers send it."""

from typing import Any

import httpx

from tests.doors import Doors, made_up_receipt

HTML = {"accept": "text/html,application/xhtml+xml,*/*;q=0.8"}
Part = tuple[str, Any]
LEAD = b"------WebKitFormBoundaryA1"
X = "multipart/form-data; boundary=x"
NAMED = b"--x\r\nContent-Disposition: form-data; name="


def photo(octets: bytes, name: str = "IMG_4711.jpg") -> Part:
    return ("photos", (name, octets, "image/jpeg"))


async def sent(
    doors: Doors, *parts: Part, headers: dict[str, str] | None = None, **fields: Any
) -> httpx.Response:
    """The form as a browser sends it."""
    filled = {"receipt": made_up_receipt(), "text": "ถนนพัง", "category": "", **fields}
    nothing = ("photos", ("", b"", "application/octet-stream"))
    kind = {"content-type": f"multipart/form-data; boundary={LEAD[2:].decode()}"}
    body = encoded(filled, [*parts] or [nothing])
    told = {**HTML, **kind, **(headers or {})}
    return await doors.reporter.post("/v1/form", content=body, headers=told)


def encoded(fields: dict[str, Any], files: list[Part]) -> bytes:
    """As browsers do it: every part has its name, a file also a file name, if an empty one."""
    parts = [
        f'name="{name}"\r\n\r\n{value}'.encode()
        for name, values in fields.items()
        for value in (values if isinstance(values, list) else [values])
    ]
    for name, (file_name, octets, kind) in files:
        head = f'name="{name}"; filename="{file_name}"\r\nContent-Type: {kind}\r\n\r\n'
        parts.append(head.encode() + octets)
    opened = [LEAD + b"\r\nContent-Disposition: form-data; " + part for part in parts]
    return b"\r\n".join([*opened, LEAD + b"--\r\n"])


async def raw(doors: Doors, body: bytes, kind: str) -> httpx.Response:
    headers = {**HTML, "content-type": kind}
    return await doors.reporter.post("/v1/form", content=body, headers=headers)
