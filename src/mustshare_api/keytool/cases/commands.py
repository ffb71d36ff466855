"""The commands about pages: written in a folder, proposed by one officer, published by another.

new, edit, correct   a folder, from nothing or from the sealed draft
show                 what will be public, from a folder or from the draft
propose              seals the draft for all officers, and sends the page's digest
publish              opens the draft, shows it, asks, sends the page and its pictures
take-down            hides a page at once, with a public reason
"""

import re
import secrets
import sys
from argparse import Namespace
from collections.abc import Generator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass
from typing import Any

import msgspec

from mustshare_api.crypto.keyring import Officer
from mustshare_api.crypto.suite import sha256
from mustshare_api.domain.pages import PATHS, PageContent
from mustshare_api.errors import MustShareError
from mustshare_api.keytool.cases import desk, drafting, folder, newest
from mustshare_api.keytool.cases.desk import PageDetail
from mustshare_api.keytool.cases.drafting import OpenedDraft
from mustshare_api.keytool.cases.pictures import stripped_pictures
from mustshare_api.keytool.cases.rendering import as_text, facts_of
from mustshare_api.keytool.desk.directories import current_directory
from mustshare_api.keytool.desk.home import Home
from mustshare_api.keytool.desk.session import Session, load_server, unlock_officer
from mustshare_api.keytool.desk.terminal import quoted, visible
from mustshare_api.keytool.refusal import Exit, Refusal
from mustshare_api.keytool.staff_door.door import Door


@dataclass(frozen=True, slots=True)
class Work:
    """One officer at the staff door."""

    door: Door
    home: Home
    officer: Officer
    session: Session

    def opened(self, page_id: str, kind: str) -> OpenedDraft:
        """The sealed draft of a page."""
        found = self.opened_from(page_id, self.door.ask(f"/v1/drafts/{page_id}"))
        if found.kind != kind:
            raise Refusal("case.other_kind", kind=found.kind)
        return found

    def opened_from(self, page_id: str, octets: bytes) -> OpenedDraft:
        """A draft that was fetched."""
        directory = current_directory(self.home, self.session.today)
        opened = drafting.open_draft(page_id, octets, self.officer, directory)
        newest.is_newest(self.home, opened)
        return opened


@contextmanager
def working(args: Namespace, session: Session) -> Generator[Work]:
    """The officer's secrets and the staff door, until the block ends."""
    home = Home(args.home)
    server = load_server(home)
    current_directory(home, session.today)
    officer = unlock_officer(home, args, session)
    with closing(Door(server, officer, session.clock)) as door:
        yield Work(door, home, officer, session)


def new_page(args: Namespace, session: Session) -> Exit:
    """Makes a folder to write in."""
    page_id = secrets.token_hex(drafting.ID_BYTES)
    folder.write_folder(args.folder, args.kind, page_id, folder.TEMPLATES[args.kind])
    session.console.data({"id": page_id, "folder": str(args.folder)})
    session.console.say("case.made", path=str(folder.table_of(args.folder, args.kind)))
    return Exit.DONE


def edit_page(args: Namespace, session: Session) -> Exit:
    """Writes the sealed draft into a folder; `correct` also says what changes and why."""
    with working(args, session) as work:
        opened = work.opened(args.id, args.kind)
    page = dict(msgspec.to_builtins(opened.content))
    page.pop("version")
    page.pop("change", None)
    # Only once the folder is known to be free.
    if folder.table_of(args.folder, args.kind).exists():
        raise Refusal("case.folder_there", path=str(args.folder))
    names = drafting.write_pictures(args.folder / folder.PICTURES, opened)
    page["pictures"] = [
        {"file": name, "sha256": one.sha256, "alt": msgspec.to_builtins(one.alt)}
        for name, one in zip(names, opened.content.pictures, strict=True)
    ]
    folder.write_folder(args.folder, args.kind, opened.page_id, page)
    if args.change is not None:
        folder.write_change(args.folder, args.kind, args.change(args))
    session.console.data({"id": opened.page_id, "folder": str(args.folder)})
    session.console.say("case.made", path=str(folder.table_of(args.folder, args.kind)))
    return Exit.DONE


def show_page(args: Namespace, session: Session) -> Exit:
    """Shows what will be public: from a folder offline, or from the sealed draft."""
    if args.page.is_dir():
        page_id, table = folder.read_folder(args.page, args.kind)
        named, _ = stripped_pictures(args.page, page_id, table.get("pictures", []), session)
        full = _complete(table, named, 2 if "change" in table else 1)
        octets = folder.octets_of(args.kind, full, str(args.page), session.today)
        told = {"id": page_id, "kind": args.kind, "page": msgspec.json.decode(octets)}
        session.console.data(told)
        _show(session, args.kind, page_id, folder.parse(args.kind, octets))
        return Exit.DONE
    if not is_page_id(str(args.page)):
        raise Refusal("case.no_such_folder", path=str(args.page))
    with working(args, session) as work:
        opened = work.opened(str(args.page), args.kind)
    about = {"id": opened.page_id, "kind": opened.kind, "by": opened.by}
    session.console.data(about | {"page": msgspec.to_builtins(opened.content)})
    _show_opened(args, session, opened)
    return Exit.DONE


def list_pages(args: Namespace, session: Session) -> Exit:
    """Lists drafts and published pages."""
    with working(args, session) as work:
        drafts = [_draft_line(work, one) for one in desk.drafts(work.door)]
        published = [msgspec.to_builtins(one) for one in desk.pages(work.door, args.kind)]
    drafts = [one for one in drafts if one["kind"] in (args.kind, None)]
    session.console.data({"drafts": drafts, "published": published})
    for one in drafts:
        session.console.say("case.draft_line", **_told(one, "id", "slug", "version", "by"))
    for one in published:
        fields = ("page_id", "slug", "version", "state", "changed_on")
        session.console.say("case.page_line", **_told(one, *fields))
    if not drafts and not published:
        session.console.say("case.none")
    return Exit.DONE


def is_page_id(text: str) -> bool:
    """Whether this could name a page."""
    return re.fullmatch("[0-9a-f]{32}", text) is not None


def _told(line: dict[str, Any], *names: str) -> dict[str, str]:
    return {name: visible(str(line[name] if line[name] is not None else "?")) for name in names}


def _draft_line(work: Work, one: desk.ListedDraft) -> dict[str, Any]:
    """What a draft is about; nothing but its id where it can't be opened."""
    octets = work.door.ask(f"/v1/drafts/{one.draft_id}")
    line: dict[str, Any] = {"id": one.draft_id, "slug": None, "version": None, "by": None}
    try:
        opened = work.opened_from(one.draft_id, octets)
    except MustShareError as refused:
        work.session.console.refuse(refused)
        return {**line, "kind": None}
    content = opened.content
    told = {"slug": content.slug, "version": content.version, "by": opened.by}
    return {**line, **told, "kind": opened.kind}


def propose_page(args: Namespace, session: Session) -> Exit:
    """Seals the draft for all officers, and signs for its publication."""
    page_id, table = folder.read_folder(args.folder, args.kind)
    # Whatever is wrong in the folder is said before a passphrase is asked for.
    folder.octets_of(args.kind, _complete(table, [], 1), str(args.folder), session.today)
    with working(args, session) as work:
        listed = table.get("pictures", [])
        named, pictures = stripped_pictures(args.folder, page_id, listed, session)
        page = desk.find_page(work.door, args.kind, page_id)
        version = (page.version if page else 0) + 1
        if version > 1 and "change" not in table:
            raise Refusal("case.change_missing")
        full = _complete(table, named, version)
        octets = folder.octets_of(args.kind, full, str(args.folder), session.today)
        draft(work, args.kind, page_id, [octets, *pictures])
        propose(work.door, args.kind, page_id, version, octets)
    digest = sha256(octets).hex()
    session.console.data({"id": page_id, "version": version, "digest": digest})
    session.console.say("case.proposed", id=page_id, version=version, kind=args.kind)
    return Exit.DONE


def _complete(
    table: Mapping[str, Any], named: list[dict[str, Any]], version: int
) -> dict[str, Any]:
    """A folder's page with its version; a first one has changed nothing."""
    full = {**table, "pictures": named, "version": version}
    if version == 1:
        full.pop("change", None)
    return full


def draft(work: Work, kind: str, page_id: str, parts: list[bytes]) -> None:
    """Seals a page and its pictures for all officers, in place of the draft before."""
    directory = current_directory(work.home, work.session.today)
    now = work.session.clock.now()
    sealed = drafting.seal(page_id, kind, parts, work.officer, directory, now)
    seen = desk.draft_version(work.door, page_id)
    work.door.send("PUT", f"/v1/drafts/{page_id}", sealed, str(seen))


def propose(door: Door, kind: str, page_id: str, version: int, octets: bytes) -> None:
    """Signs for a page's publication; the second officer sends it."""
    body = msgspec.json.encode({"digest": sha256(octets).hex()})
    door.send("PUT", desk.publication(kind, page_id), body, str(version - 1))


def publish_page(args: Namespace, session: Session) -> Exit:
    """Publishes what another officer proposed, having shown it."""
    with working(args, session) as work:
        door, opened = work.door, work.opened(args.id, args.kind)
        _show_opened(args, session, opened)
        if not args.yes and not _agreed(session):
            raise Refusal("case.not_agreed")
        path, seen = desk.publication(args.kind, opened.page_id), opened.content.version - 1
        if door.send("PUT", path, opened.octets, str(seen)) == desk.ACCEPTED:
            session.console.data({"id": opened.page_id, "published": False})
            session.console.say("case.only_proposed")
            return Exit.DONE
        _send_pictures(door, args.kind, opened)
    session.console.data({"id": opened.page_id, "slug": opened.content.slug, "published": True})
    public = f"/v1/{PATHS[args.kind]}/{opened.content.slug}"
    session.console.say("case.published", path=public, version=opened.content.version)
    return Exit.DONE


def _send_pictures(door: Door, kind: str, opened: OpenedDraft) -> None:
    page = desk.find_page(door, kind, opened.page_id)
    missing = page.missing_pictures if page else []
    path = f"{desk.publication(kind, opened.page_id)}/pictures"
    for picture, octets in zip(opened.content.pictures, opened.pictures, strict=True):
        if picture.id in missing:
            door.send("PUT", f"{path}/{picture.id}", octets)


def _agreed(session: Session) -> bool:
    """Whether the officer typed yes; anything else is no, and `--json` has shown nothing."""
    print(session.console.sentence("case.ask"), file=session.console.err, end=" ", flush=True)
    return not session.console.as_json and sys.stdin.readline().strip() in {"yes", "ใช่"}


def take_down(args: Namespace, session: Session) -> Exit:
    """Hides a page, with the reason that the public is told."""
    reason = {
        "what": {"th": "ถอดหน้านี้ออก", "en": "This page was taken down."},
        "why": {"th": args.reason_th, "en": args.reason_en},
    }
    with working(args, session) as work:
        door, page = work.door, _published(work.door, args)
        path = f"/v1/{PATHS[args.kind]}/{args.id}/taking-down"
        door.send("PUT", path, msgspec.json.encode({"reason": reason}), str(page.version))
    session.console.data({"id": args.id, "taken_down": True})
    session.console.say("case.taken_down", slug=page.slug)
    return Exit.DONE


def _published(door: Door, args: Namespace) -> PageDetail:
    page = desk.find_page(door, args.kind, args.id)
    if page is None:
        raise Refusal("page.not_found")
    return page


def drop_draft(args: Namespace, session: Session) -> Exit:
    """Deletes a sealed draft; a published page stays as it is."""
    with working(args, session) as work:
        seen = desk.draft_version(work.door, args.id)
        work.door.write("DELETE", f"/v1/drafts/{args.id}", if_match=str(seen))
    session.console.data({"id": args.id, "dropped": True})
    session.console.say("case.dropped", id=args.id)
    return Exit.DONE


def _show_opened(args: Namespace, session: Session, opened: OpenedDraft) -> None:
    session.console.say("case.by", name=visible(opened.by))
    _show(session, opened.kind, opened.page_id, opened.content)
    if args.pictures is not None:
        for name in drafting.write_pictures(args.pictures, opened):
            session.console.say("done.written", path=str(args.pictures / name))
    elif opened.pictures:
        session.console.say("case.look_at_pictures", count=len(opened.pictures))


def _show(session: Session, kind: str, page_id: str, content: PageContent) -> None:
    console = session.console
    console.say("case.shown", kind=kind, id=page_id, version=content.version)
    for name, value in facts_of(content):
        console.show(f"{name}:")
        console.show(quoted(value))
    body = msgspec.to_builtins(content)["body"]
    for language in ("th", "en"):
        console.show(f"body.{language}:")
        console.show(quoted(as_text(body[language])))
