"""What the tool says about cases and articles, in Thai and English, by code."""

from typing import Final

SAID_OF_CASES: Final[dict[str, tuple[str, str]]] = {
    "case.made": ("เขียนต่อได้ที่ {path}", "Go on writing in {path}"),
    "case.shown": (
        "{kind} {id} ฉบับที่ {version} สิ่งที่สาธารณะจะเห็น:",
        "{kind} {id}, version {version}. What will be public:",
    ),
    "case.by": ("ร่างโดย {name}", "Drafted by {name}"),
    "case.look_at_pictures": (
        "มีรูป {count} รูป ดูด้วย --pictures DIR",
        "It has pictures ({count}): look at them with --pictures DIR",
    ),
    "case.proposed": (
        "ปิดผนึกร่างและเสนอฉบับที่ {version} แล้ว ให้เจ้าหน้าที่อีกคนสั่ง mustshare-key {kind} publish {id}",
        "Version {version} is proposed. Another officer: mustshare-key {kind} publish {id}",
    ),
    "case.ask": (
        "เผยแพร่ตามนี้หรือไม่ พิมพ์ ใช่ เพื่อยืนยัน:",
        "Publish exactly this? Type yes:",
    ),
    "case.not_agreed": ("ไม่ได้เผยแพร่", "Not published."),
    "case.only_proposed": (
        "คุณเป็นผู้เสนอฉบับนี้ และยังไม่มีใครอื่นเสนอ ให้เจ้าหน้าที่อีกคนเผยแพร่",
        "You have proposed this, and nobody else yet. Another officer publishes it.",
    ),
    "case.published": (
        "เผยแพร่ฉบับที่ {version} แล้วที่ {path}",
        "Version {version} is public at {path}",
    ),
    "case.taken_down": ("ถอด {slug} แล้ว", "{slug} is taken down."),
    "case.dropped": ("ลบร่าง {id} แล้ว", "Draft {id} is deleted."),
    "case.none": ("ไม่มีร่างและไม่มีหน้าที่เผยแพร่", "No drafts, and nothing published."),
    "case.draft_line": (
        "ร่าง {id} {slug} ฉบับที่ {version} โดย {by}",
        "draft {id} {slug} version {version} by {by}",
    ),
    "case.page_line": (
        "หน้า {page_id} {slug} ฉบับที่ {version} {state} {changed_on}",
        "page {page_id} {slug} version {version} {state} {changed_on}",
    ),
    "case.folder_there": (
        "มีไฟล์ใน {path} อยู่แล้ว เลือกโฟลเดอร์อื่น",
        "{path} holds a page already. Choose another folder.",
    ),
    "case.no_such_folder": (
        "ไม่มีโฟลเดอร์ {path} และไม่ใช่รหัสของหน้า",
        "{path} is no folder, and no id of a page.",
    ),
    "case.bad_toml": ("{path} ไม่ใช่ TOML ที่ถูกต้อง", "{path} is no valid TOML."),
    "case.bad_field": (
        "{path}: ช่อง {field} ไม่ถูกต้องหรือขาดไป",
        "{path}: {field} is not right, or is missing.",
    ),
    "case.buddhist_year": (
        "{path}: ช่อง {field} เป็นปี พ.ศ. ให้ใช้ปี ค.ศ. (พ.ศ. ลบ 543)",
        "{path}: {field} is of a Buddhist year. Take 543 away.",
    ),
    "case.too_large": ("{path} ใหญ่เกินไป ลดข้อความหรือรูป", "{path} is too large: shorten it."),
    "case.picture_name": (
        "{path}: รูปต้องเป็นชื่อไฟล์ในโฟลเดอร์ pictures",
        "{path}: a picture is the name of a file in its folder pictures.",
    ),
    "case.picture_kind": (
        "{path} ต้องเป็น JPEG หรือ PNG ไม่เกิน 8 MB",
        "{path} has to be a JPEG or PNG of at most 8 MB.",
    ),
    "case.malformed": (
        "ร่างนี้เสียหายหรือไม่ถูกต้อง ห้ามเผยแพร่ ถามผู้ร่าง",
        "This draft is malformed. Do not publish it; ask who wrote it.",
    ),
    "case.other_kind": ("ร่างนี้เป็น {kind}", "This is a draft of another kind: {kind}."),
    "case.change_missing": (
        "หน้านี้เผยแพร่แล้ว ระบุ change (แก้อะไรและเพราะอะไร) ใน TOML หรือใช้ correct",
        "This page is public: say what changes and why (change in the TOML, or use correct).",
    ),
    "draft.malformed": ("ร่างเสียหาย", "The draft is malformed."),
    "draft.not_found": (
        "ไม่มีร่างนี้ หรือไม่ได้ปิดผนึกถึงคุณ",
        "There is no such draft, or none that is sealed to you.",
    ),
    "draft.changed": (
        "มีผู้แก้ร่างนี้ไปแล้ว ดึงใหม่ด้วย edit",
        "Somebody changed the draft meanwhile. Fetch it with edit.",
    ),
    "draft.full": ("มีร่างค้างมากเกินไป", "There are too many drafts: delete some."),
    "page.not_found": ("ไม่มีหน้านี้", "There is no such page."),
    "page.stale": (
        "หน้ามีฉบับใหม่กว่าแล้ว ดึงร่างล่าสุด",
        "The page has another version by now. Start from that.",
    ),
    "page.hidden_already": ("หน้านี้ถูกถอดไปแล้ว", "The page is taken down already."),
    "page.slug_taken": (
        "slug นี้เป็นของหน้าอื่นแล้ว เลือกชื่ออื่น",
        "Another page has this slug. Choose another.",
    ),
    "page.slug_changed": (
        "เปลี่ยน slug ของหน้าที่เผยแพร่แล้วไม่ได้",
        "The slug of a published page never changes.",
    ),
    "page.picture_changed": (
        "รหัสรูปซ้ำกับรูปอื่น",
        "A picture id of this page is another picture's.",
    ),
    "page.picture_not_named": (
        "หน้าฉบับล่าสุดไม่มีรูปนี้",
        "The newest version does not name this picture.",
    ),
    "page.content_missing": (
        "เจ้าหน้าที่อีกคนเสนอฉบับเดียวกันแล้ว เผยแพร่ด้วย publish",
        "Another officer has proposed the very same: publish it with publish.",
    ),
    "page.kept_too_short": (
        "retain_until ต้องเป็นวันในอนาคต",
        "retain_until has to be a day to come.",
    ),
}
