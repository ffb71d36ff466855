"""The files of handing over, among every kind that the tool reads.

nacc.age.pub      the agency's key          certificate.txt   the agency's half
received/         what the agency unpacked
"""

from pathlib import Path
from typing import Final

from tests.keytool.conftest import Tool
from tests.keytool.file_kind import Kind
from tests.keytool.hand_over.agencies import NAME, Agency

EXPORT: Final = (
    "export", "@@", "--messages", "@@", "--agency", NAME, "--to", "@nacc.age.pub",
    "--certificate", "@certificate.txt", "--out", "@out/again.age",
)  # fmt: skip
MANIFEST: Final = ("manifest", "verify", "@received", "--roots", "@roots")
CERTIFICATE: Final = (
    "certificate", "verify", "@certificate.txt", "--roots", "@roots",
    "--directory", "@received/directory.txt",
)  # fmt: skip

HANDED: Final[dict[str, Kind]] = {
    "an agency's key": Kind(
        "nacc.age.pub",
        EXPORT,
        ("export --to", "agency init --age-key"),
        home="somsri",
        stays_foreign=False,
    ),
    "a certificate": Kind(
        "certificate.txt",
        CERTIFICATE,
        ("certificate verify file", "export --certificate", "refer --certificate"),
    ),
    "a manifest": Kind(
        "received/manifest.txt",
        MANIFEST,
        ("manifest verify folder", "manifest verify --roots", "certificate verify --roots"),
    ),
    "a directory handed over": Kind(
        "received/directory.txt",
        CERTIFICATE,
        ("certificate verify --directory", "manifest verify --directory"),
    ),
    "a file handed over": Kind(
        "received/report.txt", MANIFEST, versioned=False, stays_foreign=False
    ),
}


def hand_over(tool: Tool, tip: str, message: str) -> None:
    """Certifies and exports a message of a tip, and unpacks it as the agency."""
    agency = Agency(tool.folder)
    key = Path(agency.public).rename(tool.folder / "nacc.age.pub")
    where = ("--agency", NAME, "--out")
    half = tool.path("certificate.txt")
    assert tool.unlocked("certificate", "issue", tip, *where, half, "--hold").code == 0
    out = tool.path("out.age")
    ended = tool.unlocked(
        "export", tip, "--messages", message, "--to", str(key), "--certificate", half,
        *where, out,
    )  # fmt: skip
    assert ended.code == 0, ended.err
    agency.unpack(Path(out).read_bytes())
