"""`mustshare demo`: plays a tip from a phone photo to an answer, with the real tools.

    service      `mustshare serve` in a folder of its own, on ports that are free
    front end    mints a receipt, sends a tip in Thai and a photo with position and serial
    staff        `mustshare-key sync`, `list`, `open`, `answer`
    reporter     reads the answer with the receipt, acknowledges it

Every step is checked, and the first that fails ends the demo with a non-zero exit. The folder
is gone afterwards.
"""

import contextlib
import hashlib
import http.client
import json
import os
import secrets
import signal
import socket
import ssl
import subprocess
import sys
import tempfile
import time
from collections.abc import Generator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from mustshare_api.domain import receipt
from mustshare_api.errors import MustShareError

TEXT = "ถนนหน้าโรงเรียนพังหลังตรวจรับงานหนึ่งเดือน งบ ๔ ล้านบาท ผมกลัว ช่วยดูให้ด้วยครับ"
ANSWER = "ได้รับแล้วครับ ขอบคุณมาก มีรูปป้ายโครงการไหมครับ"
STEPS = 7
START_S = 120
_HEAD_SHOWN = 72


class Failed(Exception):
    """A step did not do what it has to; its text says which and how."""


@dataclass(slots=True)
class Stage:
    """Where the demo plays."""

    folder: Path
    ports: tuple[int, int, int]
    step: int = 0
    started: float = field(default_factory=time.monotonic)

    @property
    def evaluation(self) -> Path:
        """The evaluation organisation of the service."""
        return self.folder / "evaluation"

    def say(self, what: str) -> None:
        """Announces the next step."""
        self.step += 1
        elapsed = time.monotonic() - self.started
        print(f"\n[{self.step}/{STEPS}] {elapsed:4.1f} s  {what}", flush=True)

    def show(self, label: str, value: object) -> None:
        """Shows something found."""
        print(f"      {label:<18} {value}", flush=True)


def play(photo: Path) -> int:
    """Plays it all; 0 when every step did what it has to."""
    try:
        original = photo.read_bytes()
        with tempfile.TemporaryDirectory(prefix="mustshare-demo-") as folder:
            stage = Stage(Path(folder), _free_ports())
            with _service(stage):
                _story(stage, original)
    except (Failed, MustShareError, OSError, subprocess.SubprocessError) as error:
        print(f"\ndemo: failed: {error}", file=sys.stderr)
        return 1
    print(f"\nDone in {time.monotonic() - stage.started:.0f} s; nothing of it is left.")
    return 0


def _story(stage: Stage, original: bytes) -> None:
    digits = _send_tip(stage)
    _send_photo(stage, digits, original)
    _show_stored(stage)
    tip_id = _open(stage, original)
    _answer(stage, tip_id)
    _read_answer(stage, digits)


def _send_tip(stage: Stage) -> str:
    stage.say("A front end mints a receipt and sends a tip in Thai")
    digits = receipt.mint()
    body = {"text": TEXT, "language": "th", "category": "road", "place": "100101"}
    answer = _call(stage, "POST", "/v1/tips", digits, body)
    again = _call(stage, "POST", "/v1/tips", digits, body)
    _demand(answer == again, "a retry has to get the same answer")
    stage.show("receipt", receipt.grouped(digits))
    stage.show("answer", answer)
    return digits


def _send_photo(stage: Stage, digits: str, original: bytes) -> None:
    stage.say(f"It attaches a photo of {len(original):,} bytes, as the phone made it")
    path = f"/v1/tip/attachments/{secrets.token_hex(16)}"
    answer = _call(stage, "PUT", path, digits, original)
    _demand({"location", "camera"} <= set(answer["removed"]), "position and camera must go")
    stage.show("now", f"{answer['media_type']}, {answer['width']} x {answer['height']}")
    stage.show("removed", ", ".join(answer["removed"]))


def _show_stored(stage: Stage) -> None:
    stage.say("Staff fetch what is stored; this is all the server has of it")
    print(_key_tool(stage, "sync", locked=True).rstrip())
    for sealed in sorted((stage.evaluation / "desk" / "objects").iterdir()):
        octets = sealed.read_bytes()
        _demand(TEXT.encode() not in octets, "a tip must not be readable where it is stored")
        stage.show(f"{len(octets):,} bytes", f"{octets[:_HEAD_SHOWN].hex(' ', 8)} ...")


def _open(stage: Stage, original: bytes) -> str:
    stage.say("An officer opens the tip, offline")
    tips = json.loads(_key_tool(stage, "list", "--json"))
    _demand(len(tips) == 1, "there has to be one tip, in spite of the retry")
    tip_id: str = tips[0]["tip_id"]
    where = ["--attachments", str(stage.folder / "opened")]
    shown = _key_tool(stage, "open", tip_id, *where, locked=True)
    print(shown.rstrip())
    _demand(TEXT in shown, "the tip has to read as it was written")
    pictures = [path for path in (stage.folder / "opened").rglob("*") if path.is_file()]
    _demand(len(pictures) == 1, "the photo has to be there")
    _check_clean(stage, original, pictures[0].read_bytes())
    return tip_id


def _check_clean(stage: Stage, original: bytes, stripped: bytes) -> None:
    _demand(b"Exif\0\0" in original, "the photo given has no metadata to strip; choose another")
    for marker in (b"Exif\0\0", b"http://ns.adobe.com", b"ICC_PROFILE", b"GPS"):
        _demand(marker not in stripped, "metadata is left in the picture")
    stage.show(
        "photo",
        f"{len(stripped):,} bytes, SHA-256 {hashlib.sha256(stripped).hexdigest()[:16]}...",
    )
    stage.show("metadata left", "none")


def _answer(stage: Stage, tip_id: str) -> None:
    stage.say("The officer answers; the answer is sealed to the reporter's receipt")
    print(_key_tool(stage, "answer", tip_id, "--text", ANSWER, locked=True).rstrip())


def _read_answer(stage: Stage, digits: str) -> None:
    stage.say("The reporter comes back with the thirty digits")
    waiting = _call(stage, "GET", "/v1/tip/follow-ups", digits)["follow_ups"]
    _demand([one["text"] for one in waiting] == [ANSWER], "the answer has to arrive")
    _demand(waiting[0]["verified"], "an officer's signature has to hold")
    stage.show("from", f"{waiting[0]['signed_by']} (signature holds)")
    stage.show("text", waiting[0]["text"])
    _call(stage, "DELETE", f"/v1/tip/follow-ups/{waiting[0]['id']}", digits)
    left = _call(stage, "GET", "/v1/tip", digits)["follow_ups_waiting"]
    _demand(left == 0, "an acknowledged answer has to be gone")
    stage.show("acknowledged", "deleted from the server")


@contextlib.contextmanager
def _service(stage: Stage) -> Generator[None]:
    stage.say("Starting the service: database, keys, three doors (a few seconds)")
    inherited = os.environ.items()  # noqa: TID251 - not a setting: what a child is started with
    doors = zip(("REPORTER", "STAFF", "OPERATOR"), stage.ports, strict=True)
    environment = {
        **{name: value for name, value in inherited if not name.startswith("MUSTSHARE_")},
        **{f"MUSTSHARE_{door}_ADDRESS": f"127.0.0.1:{port}" for door, port in doors},
        "MUSTSHARE_DATA_DIR": str(stage.folder),
    }
    log = stage.folder / "service.log"
    with log.open("wb") as output:
        process = subprocess.Popen(
            [sys.executable, "-m", "mustshare_api", "serve"],
            cwd=stage.folder,
            env=environment,
            stdout=output,
            stderr=output,
        )
    try:
        _wait_until_ready(stage, process, log)
        yield
    finally:
        process.send_signal(signal.SIGINT)
        try:
            process.wait(30)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _wait_until_ready(stage: Stage, process: "subprocess.Popen[bytes]", log: Path) -> None:
    until = time.monotonic() + START_S
    while time.monotonic() < until:
        if process.poll() is not None:
            last = log.read_text(errors="replace").strip().splitlines()[-1:]
            raise Failed(f"the service ended: {last[0] if last else 'no reason given'}")
        with contextlib.suppress(OSError):
            _demand(_call(stage, "GET", "/v1/intake", None)["open"], "intake has to be open")
            return
        time.sleep(0.2)
    raise Failed(f"the service was not ready within {START_S} s")


def _call(
    stage: Stage,
    method: str,
    path: str,
    digits: str | None,
    body: Any = None,  # noqa: ANN401 - JSON or octets
) -> Any:  # noqa: ANN401 - JSON
    """One HTTPS request to the reporter door; what it answered."""
    context = ssl.create_default_context(cafile=stage.evaluation / "ca.pem")
    connection = http.client.HTTPSConnection(
        "127.0.0.1", stage.ports[0], context=context, timeout=60
    )
    octets = isinstance(body, bytes)
    headers = {"Content-Type": "application/octet-stream" if octets else "application/json"}
    if digits:
        headers["Authorization"] = f"Receipt {digits}"
    sent = body if octets or body is None else json.dumps(body).encode()
    with contextlib.closing(connection):
        connection.request(method, path, sent, headers)
        response = connection.getresponse()
        answer = response.read()
    if response.status >= 300:  # noqa: PLR2004 - anything but success
        raise Failed(f"{method} {path} answered {response.status}: {answer.decode()}")
    return json.loads(answer) if answer else None


def _key_tool(stage: Stage, *arguments: str, locked: bool = False) -> str:
    """Runs `mustshare-key` at the evaluation's desk, `locked` with its passphrase."""
    desk = ["--home", str(stage.evaluation / "desk")]
    key = ["--passphrase-file", str(stage.evaluation / "passphrase")] if locked else []
    command: Sequence[str] = ["-m", "mustshare_api.keytool.main", *arguments, *desk, *key]
    ran = subprocess.run(  # noqa: S603 - our own module
        [sys.executable, *command, "--lang", "en"],
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    if ran.returncode:
        raise Failed(
            f"mustshare-key {arguments[0]} ended with {ran.returncode}: {ran.stderr.strip()}"
        )
    return ran.stdout


def _free_ports() -> tuple[int, int, int]:
    with contextlib.ExitStack() as held:
        opened = [held.enter_context(socket.create_server(("127.0.0.1", 0))) for _ in range(3)]
        first, second, third = (one.getsockname()[1] for one in opened)
    return first, second, third


def _demand(held: object, otherwise: str) -> None:
    if not held:
        raise Failed(otherwise)
