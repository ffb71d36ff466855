"""Which version of a page or draft a staff request was made from: `If-Match: "3"`.

`"0"` is said of what is not there yet, so that a new thing is as explicit as a change. The
header is among what a staff signature covers.
"""

import re
from typing import Final

from mustshare_api.api.bodies import AnyRequest
from mustshare_api.api.operation import Parameter
from mustshare_api.errors import Malformed, Unconditional

_VERSION: Final = re.compile(r'"(0|[1-9][0-9]{0,8})"')

IF_VERSION: Final = Parameter(
    "If-Match",
    "header",
    'The version that this was made from, in quotation marks; `"0"` of what is new.',
    {"type": "string", "pattern": '^"(0|[1-9][0-9]{0,8})"$'},
    required=True,
)


def seen_version(request: AnyRequest) -> int:
    """The version that the sender saw.

    Raises:
        Unconditional: none was sent.
        Malformed: not one number in quotation marks.
    """
    given = request.headers.getall("if-match", [])
    if not given:
        raise Unconditional
    found = _VERSION.fullmatch(given[0])
    if found is None or len(given) > 1:
        raise Malformed
    return int(found[1])
