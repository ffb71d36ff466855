"""Pictures made here, with what phones put into them."""

import io

from PIL import Image

GPS, ORIENTATION, MAKE = 0x8825, 0x0112, 0x010F
SERIAL = "SN-0481-ลับ"


def jpeg(width: int = 64, height: int = 48, *, colour: int = 0x336699) -> bytes:
    """A JPEG that says where it was taken and with which camera."""
    exif = Image.Exif()
    exif[MAKE] = SERIAL
    exif.get_ifd(GPS)[1] = "N"
    exif.get_ifd(GPS)[2] = (13.0, 45.0, 0.0)
    made = io.BytesIO()
    Image.new("RGB", (width, height), colour).save(made, "JPEG", exif=exif)
    return made.getvalue()


def png(width: int = 8, height: int = 8) -> bytes:
    """A small PNG."""
    made = io.BytesIO()
    Image.new("RGB", (width, height), 0x663300).save(made, "PNG")
    return made.getvalue()
