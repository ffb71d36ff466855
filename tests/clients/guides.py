"""What the guides tell their readers to type, and how it is run."""

import re
import sys
from pathlib import Path

from tests.programs import program

_RUN_BY = {"python": ("guide.py", Path(sys.executable)), "js": ("guide.mjs", None)}


def blocks(guide: Path, language: str) -> list[str]:
    """What a guide says in one language, in its order."""
    found = re.findall(
        rf"^```{language}\n(.*?)^```$", guide.read_text("utf-8"), re.MULTILINE | re.DOTALL
    )
    assert found, f"{guide.name} has nothing in {language}"
    return found


def command(guide: Path, language: str, folder: Path) -> list[str | Path]:
    """The command that runs all of it."""
    script = "\n".join(blocks(guide, language))
    if language == "sh":
        return ["bash", "-euo", "pipefail", "-c", script]
    name, interpreter = _RUN_BY[language]
    (folder / name).write_text(script, "utf-8")
    return [interpreter or program("node"), folder / name]
