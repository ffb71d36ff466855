"""Problems of HTTP itself: of a request that is no request, or one for somebody else."""

from mustshare_api.api.told import Told

HTTP: dict[str, Told] = {
    "request.wrong_host": Told(
        421,
        "ชื่อเครื่องในคำขอไม่ใช่ของระบบนี้",
        "The request is meant for another host",
        "ใช้ที่อยู่ที่ประกาศไว้ของหน้านี้ และส่งหัวข้อ Host ตรงตามนั้น",
        "Use this page's published address, and send that name as Host.",
    ),
    "request.unknown_method": Told(
        501,
        "ไม่รู้จักวิธี HTTP นี้",
        "No page here knows this HTTP method",
        "ใช้วิธีที่ /docs ระบุไว้",
        "Use one of those that /docs names.",
    ),
    "request.unknown_expectation": Told(
        417,
        "ไม่รองรับสิ่งที่ขอในหัวข้อ Expect",
        "What the Expect header asks for is not done here",
        "ส่งใหม่โดยไม่มีหัวข้อ Expect หรือใช้ 100-continue เท่านั้น",
        "Send it again without Expect; of expectations only 100-continue is met.",
    ),
}
