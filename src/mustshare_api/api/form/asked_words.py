"""What the form of a campaign says beside the campaign's own words."""

from mustshare_api.api.form.intake import Said

ONLY_IF = Said(
    "ตอบข้อนี้เฉพาะเมื่อข้อ “{question}” คือ {answers}", "Only if “{question}” is: {answers}"
)
REQUIRED = Said("ต้องตอบ", "has to be answered")
YES = Said("ใช่", "Yes")
NO = Said("ไม่ใช่", "No")
NOT_SAID = Said("ไม่ระบุ", "Not said")
OR = Said(" หรือ ", " or ")
DATE = Said("ปี ค.ศ. เช่น 2026-11-23", "As in 2026-11-23.")
PLACE = Said("รหัส 2, 4 หรือ 6 หลัก", "A code of 2, 4 or 6 digits.")
PROCUREMENT = Said(
    "เลขโครงการ e-GP 11 หลัก หรือรหัส ocds-",
    "An e-GP number of 11 digits, or an id that begins with ocds-.",
)
RANGE = Said("ตั้งแต่ {low} ถึง {high} {unit}", "From {low} to {high} {unit}")
POINT = Said("จุดบนแผนที่ (ปิดผนึก)", "A place on the map, sealed")
POINT_HINT = Said(
    "คัดลอกจากแผนที่ในเครื่อง เช่น 18.79, 98.98 ระบบปัดให้หยาบตามที่เลือกก่อนปิดผนึก",
    "As a map shows it: 18.79, 98.98. It is made as coarse as you choose before it is sealed.",
)
PRECISION = Said("บอกใกล้เคียงแค่ไหน", "How closely")
METRES = Said("ภายใน {metres} เมตร", "to about {metres} m")
CORRECT = Said("แก้ช่องที่มีเครื่องหมายแล้วส่งใหม่", "Correct what is marked, and send again")
PHOTOS_AGAIN = Said(
    "ถ้าเลือกภาพไว้ ต้องเลือกใหม่ ระบบไม่ได้เก็บอะไรไว้",
    "Choose your photos again: nothing of what you sent was kept.",
)
CLOSED = Said("แคมเปญนี้ไม่ได้เปิดรับในวันนี้", "This campaign takes no tips today")
PHOTO_WANTED = Said("แคมเปญนี้ต้องการภาพ", "This campaign asks for a photo.")
