"""Documents that mislead are worse than none: links lead somewhere, commands exist."""

import re
from pathlib import Path
from urllib.parse import unquote

from tests.shape.tree import ROOT, SOURCE, kept_files, shown

BINARY = {".png", ".jpg", ".jpeg", ".bin", ".ico", ".woff2"}

FOREIGN = re.compile(
    r"(?:pypi|pythonhosted|npmjs|crates)\.(?:org|io|com)"  # a registry's host
    r"|--(?:extra-)?index-url|--find-links"  # or a way to name one
    r"|/(?:work|root|home|Users)/\w"  # or somebody's own machine
)


def documents() -> list[Path]:
    return list(kept_files(ROOT, ".md"))


def prose_of(path: Path) -> str:
    """A document without its code blocks, in which a bracket is not a link."""
    return re.sub(r"```.*?```", "", path.read_text(encoding="utf-8"), flags=re.DOTALL)


def anchors_of(path: Path) -> set[str]:
    """The fragments by which a document's headings can be reached."""
    headings = re.findall(r"^#+ (.+)$", path.read_text(encoding="utf-8"), re.MULTILINE)
    kept = (re.sub(r"[^\w\- ]", "", heading.lower()) for heading in headings)
    return {heading.strip().replace(" ", "-") for heading in kept}


def leads_nowhere(document: Path, link: str) -> bool:
    path, _, fragment = unquote(link).partition("#")
    target = (document.parent / path).resolve() if path else document
    if not target.exists():
        return True
    return bool(fragment) and target.suffix == ".md" and fragment not in anchors_of(target)


def test_every_link_between_documents_leads_somewhere() -> None:
    """A relative link names a file that is there, and a heading that is in it."""
    astray = [
        f"{shown(document)}: {link}"
        for document in documents()
        for link in re.findall(r"\]\(([^)\s]+)\)", prose_of(document))
        if not re.match(r"[a-z]+:", link) and leads_nowhere(document, link)
    ]

    assert astray == []


def code_of(document: Path) -> list[str]:
    """What a document sets as code: spans between backticks, and the lines of blocks."""
    text = document.read_text(encoding="utf-8")
    blocks = "\n".join(re.findall(r"```\w*\n(.*?)```", text, flags=re.DOTALL))
    return re.findall(r"`([^`\n]+)`", prose_of(document)) + blocks.splitlines()


def test_every_make_target_that_a_document_names_exists() -> None:
    """Nobody is told to run a command that is not there."""
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    unknown = {
        f"{shown(document)}: make {name}"
        for document in documents()
        for line in code_of(document)
        if (told := re.match(r"make ((?:[a-z-]+ ?)+)", line))
        for name in told[1].split()
        if name not in targets
    }

    assert unknown == set()


def test_every_setting_that_a_document_names_exists() -> None:
    """Nobody is told of a setting that the service would refuse."""
    settings = set(re.findall(r"MUSTSHARE_[A-Z_]+", (ROOT / ".env.example").read_text("utf-8")))
    unknown = {
        f"{shown(document)}: {name}"
        for document in documents()
        for name in re.findall(r"MUSTSHARE_[A-Z_]*[A-Z]", document.read_text(encoding="utf-8"))
        if name not in settings
    }

    assert unknown == set()


def test_every_column_has_its_line_in_the_threat_model() -> None:
    """Nothing is stored of which nobody has said what it tells whoever seizes it."""
    schema = "".join(path.read_text(encoding="utf-8") for path in kept_files(SOURCE, ".sql"))
    columns = set(re.findall(r"COMMENT ON COLUMN (\w+\.\w+)", schema))
    text = (ROOT / "docs" / "threat-model.md").read_text(encoding="utf-8")
    told = set(re.findall(r"`(\w+\.\w+)`", text))

    assert columns
    assert columns - told == set()


def test_every_decision_is_numbered_once_and_says_what_it_costs() -> None:
    """A decision without its price is an advertisement."""
    records = sorted((ROOT / "docs" / "decisions").glob("[0-9]*.md"))
    numbers = [int(record.name[:4]) for record in records]

    assert numbers == list(range(1, len(records) + 1))
    assert [shown(r) for r in records if "## What it costs" not in r.read_text("utf-8")] == []


def test_no_file_names_a_registry_or_a_machine() -> None:
    """The tree builds anywhere, and says nothing of where it was written."""
    found = [
        f"{shown(path)}: {match[0]}"
        for path in kept_files()
        if path.suffix not in BINARY and path != Path(__file__)
        for match in FOREIGN.finditer(path.read_text(encoding="utf-8", errors="replace"))
    ]

    assert found == []
