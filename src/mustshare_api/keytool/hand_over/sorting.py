"""Of several tips, to which each thing that was typed belongs: ids, and the cuts within them.

Whoever refers several tips in one file names messages and files as for one. Each name has to
begin the id of exactly one thing in all of them: one that is in none is a slip, and one that is
in two could hand over the wrong words.
"""

from collections.abc import Sequence

from mustshare_api.keytool.hand_over import cuts
from mustshare_api.keytool.hand_over.choosing import (
    Chosen,
    Wanted,
    choose,
    named_files,
    text_of,
)
from mustshare_api.keytool.refusal import Refusal
from mustshare_api.keytool.tips.opened import OpenedTip


def choose_each(opened: Sequence[OpenedTip], wanted: Wanted) -> list[Chosen]:
    """What goes of each opened tip, in their order.

    Raises:
        Refusal: as `choose`; `referral.nothing_of`, one of whom nothing was chosen.
    """
    if len(opened) == 1:
        return [choose(opened[0], wanted)]
    texts = [[m.object_id for m in one.messages if text_of(m) is not None] for one in opened]
    files = [list(named_files(one)) for one in opened]
    messages = _sorted(wanted.messages, wanted.messages, texts, "export.unknown_message")
    marks = [cuts.parse(one)[0] for one in wanted.cuts]
    to_cut = _sorted(wanted.cuts, marks, texts, "export.unknown_message")
    attached = _sorted(
        wanted.attachments, wanted.attachments, files, "export.unknown_attachment"
    )
    chosen: list[Chosen] = []
    for place, one in enumerate(opened):
        if not messages[place] and not attached[place]:
            raise Refusal("referral.nothing_of", tip=one.tip.tip_id)
        mine = Wanted(messages[place], to_cut[place], attached[place], wanted.fields)
        chosen.append(choose(one, mine))
    return chosen


def _sorted(
    typed: Sequence[str], marks: Sequence[str], ids: Sequence[Sequence[str]], code: str
) -> list[list[str]]:
    """What was typed, by the tip in which the thing lies that its mark begins."""
    found: list[list[str]] = [[] for _ in ids]
    for one, mark in zip(typed, marks, strict=True):
        places = [
            place
            for place, there in enumerate(ids)
            if any(each.startswith(mark.lower()) for each in there)
        ]
        if len(places) != 1:
            raise Refusal(code)
        found[places[0]].append(one)
    return found
