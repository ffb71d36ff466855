"""Problems of a partner that keeps its own webhooks."""

from mustshare_api.api.told import Told

WEBHOOKS: dict[str, Told] = {
    "webhook.url_malformed": Told(
        400,
        "ที่อยู่ของเว็บฮุกผิดรูปแบบ",
        "This is no address of a webhook",
        "ใช้ https:// และชื่อโฮสต์ ไม่มีผู้ใช้ รหัสผ่าน ส่วนหลัง # หรือช่องว่าง ไม่เกิน 512 ตัวอักษร",
        "Use https:// and a host, with no user, password, fragment or space; at most 512 "
        "characters.",
    ),
    "webhook.port_refused": Told(
        400,
        "ไม่ส่งเว็บฮุกไปยังพอร์ตนี้",
        "No webhook goes to this port",
        "ใช้พอร์ต 443 หรือถามผู้ดูแลระบบว่าใช้พอร์ตใดได้",
        "Use port 443, or ask the operator which others are allowed.",
    ),
    "webhook.host_refused": Told(
        400,
        "ไม่ส่งเว็บฮุกไปยังโฮสต์นี้",
        "No webhook goes to this host",
        "ใช้ชื่อโฮสต์บนอินเทอร์เน็ต ไม่ใช่ตัวเลข ไม่ใช่ชื่อในเครือข่ายภายใน",
        "Use a host of the Internet by its name: no number, no name of a network of your own.",
    ),
    "webhook.url_in_use": Told(
        409,
        "มีเว็บฮุกของท่านที่ที่อยู่นี้แล้ว",
        "You have a webhook at this address",
        "ดูรายการที่ GET /v1/partner/webhooks หรือลบอันเดิมก่อน",
        "See GET /v1/partner/webhooks, or remove that one first.",
    ),
    "webhook.too_many": Told(
        409,
        "มีเว็บฮุกครบจำนวนแล้ว",
        "You have as many webhooks as one partner may",
        "ลบอันที่ไม่ใช้แล้วก่อน",
        "Remove one that you no longer use.",
    ),
    "webhook.secret_replaced": Told(
        409,
        "กุญแจลับนี้ถูกเปลี่ยนไปแล้ว",
        "This secret was replaced meanwhile",
        "ใช้รหัสใหม่สำหรับกุญแจลับใหม่",
        "Make up another id for another secret.",
    ),
    "webhook.given_up": Told(
        409,
        "หยุดส่งไปยังเว็บฮุกนี้แล้ว",
        "This webhook was given up",
        "แก้ไขปลายทาง แล้วเรียก start ก่อน",
        "Mend the receiver, then start it again first.",
    ),
    "webhook.unproven": Told(
        409,
        "เว็บฮุกนี้ยังไม่เคยรับการทดสอบ",
        "This webhook has taken no test yet",
        "ให้ปลายทางตอบ 2xx แล้วเรียก test ดูผลที่ GET /v1/partner/webhooks",
        "Have the receiver answer 2xx and ask for a test; GET /v1/partner/webhooks says how it "
        "went.",
    ),
    "webhook.changed_too_often": Told(
        429,
        "เปลี่ยนเว็บฮุกบ่อยเกินไปในวันนี้",
        "Too many changes of webhooks today",
        "ทำต่อได้ในวันถัดไปตามเวลากรุงเทพฯ",
        "Go on on the next day, in Bangkok.",
    ),
}
