"""Which tips are one matter, as officers decided on opened text.

A merged tip stays a tip: it is answered, kept and deleted by itself, and nothing of it moves.
What is merged into what is a tree, whose root stands for the matter. Two officers who were both
offline can close a circle between them; then the smallest id stands for all of it, on every
machine alike, until somebody parts one again.
"""

from collections.abc import Mapping

from mustshare_api.keytool.inbox.at_desk import AtDesk
from mustshare_api.keytool.refusal import Refusal
from mustshare_api.keytool.staff_door.wire import TipEntry


def check_merge(desk: AtDesk, tip: TipEntry, into: TipEntry | None) -> None:
    """Refuses a merge that changes nothing or leads nowhere.

    Raises:
        Refusal: `merge.itself`, `merge.circle`, `merge.not_merged`, `tip.gone`.
    """
    if into is None:
        if desk.summary_of(tip.tip_id).merged_into is None:
            raise Refusal("merge.not_merged")
        return
    if into.bundle is None:
        raise Refusal("tip.gone")
    if into.tip_id == tip.tip_id:
        raise Refusal("merge.itself")
    if tip.tip_id in path_from(links_of(desk), into.tip_id):
        raise Refusal("merge.circle")


def links_of(desk: AtDesk) -> dict[str, str]:
    """Into what each merged tip was merged, where that tip still lives."""
    links: dict[str, str] = {}
    for tip_id in desk.written_on():
        into = desk.summary_of(tip_id).merged_into
        if into is not None and desk.lives(into):
            links[tip_id] = into
    return links


def path_from(links: Mapping[str, str], tip_id: str) -> list[str]:
    """From a tip along what it was merged into, itself first, each once."""
    path = [tip_id]
    while (following := links.get(path[-1])) is not None and following not in path:
        path.append(following)
    return path


def root_of(links: Mapping[str, str], tip_id: str) -> str:
    """The tip that stands for the matter."""
    path = path_from(links, tip_id)
    last = path[-1]
    back = links.get(last)
    return last if back is None else min(path[path.index(back) :])


def merged_with(desk: AtDesk, tip_id: str) -> list[str]:
    """The other tips of the same matter, in the order of their ids."""
    links = links_of(desk)
    root = root_of(links, tip_id)
    everyone = {*links, *links.values()}
    return sorted(each for each in everyone - {tip_id} if root_of(links, each) == root)
