"""Strips a picture for staff and hands it back: nothing is stored, nothing remembered.

    1. park     into anonymous memory, as a reporter's
    2. strip    in the same queue, at the same bounds; staff take turns with reporters' tips
    3. answer   what came out, from its sealed memory file; the sender's octets are gone by then

A photo of a case that goes on a page, or into a file that is passed on, names the officer who
took it as surely as a reporter's names the reporter.
"""

from collections.abc import AsyncIterator

from mustshare_api.flows.attach import park
from mustshare_api.flows.workbench import Workbench
from mustshare_api.media.strip import Stripped


async def strip_picture(
    bench: Workbench, sender: bytes, body: AsyncIterator[bytes], *, first_frame: bool
) -> Stripped:
    """Strips one picture. Whoever gets it closes its `fd`.

    Args:
        bench: The service.
        sender: Whose turn in the queue it takes.
        body: The picture's octets.
        first_frame: Take the first picture of several instead of refusing them.

    Raises:
        Malformed, Unsupported, TooLarge: it can't be made safe, or nothing came.
        Busy, Unavailable: see their classes.
    """
    with bench.parking.park() as parked:
        await park(parked, body, bench.limits.attachment_bytes)
        return await bench.stripper.strip(
            parked.fd, parked.size_bytes, first_frame=first_frame, sender=sender
        )
