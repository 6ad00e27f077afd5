"""Every heading, decision, file and test that a comment, docstring or document refers to is in the repository."""

import ast
import io
import re
import tokenize
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
FOLDERS = ("core", "pages", "tests", "bench", "docs", "data/contests", "data/locale", ".streamlit", ".ci")
TOP = ("*.py", "*.md", "*.toml", "*.txt", "Makefile")
NAMING = ("design", "security", "platform")  # documents that name modules and tests
CITATION = re.compile(r"docs/([a-z-]+)\.md,[\s#/*>]*[\"“]?")  # a heading follows
DECISION = re.compile(r"DECISIONS (\d+(?:(?:, | and )\d+)*)")
HEADING = re.compile(r"^#{1,6} (?:\d+\. )?(.+?)\s*$", re.MULTILINE)
FENCE = re.compile(r"^```.*?^```", re.MULTILINE | re.DOTALL)
NUMBERED = re.compile(r"^## (\d+)\.", re.MULTILINE)
NAMED = re.compile(r"`((?:core|pages|tests|bench|data)/[\w./-]+)(?:::([\w:]+))?`")
OUTSIDE = re.compile(  # documents that are not in the repository
    r"\b(?:DESIGN|SECURITY|PLATFORM|STYLE|ANCHORS)\b(?! DEFINER)|\b[Pp]ractice(?:\.md| §)|\bcontest/(?:plan|practice)"
    r"|\bfindings?(?:/| [A-Z]\d)|\([ADFHT]\d{1,2}(?:[,;] [ADFHT]\d{1,2})*\)|\b[Ii]ssue(?:'s| of| \d)"
)


@cache
def texts() -> dict[str, str]:
    """The text files of the repository, by path, without this file, whose patterns would match."""
    paths = [path for folder in FOLDERS for path in (ROOT / folder).rglob("*") if path.is_file()]
    paths += [path for pattern in TOP for path in ROOT.glob(pattern)]
    found = {}
    for path in sorted(set(paths) - {Path(__file__)}):
        content = path.read_bytes()
        if b"\0" not in content and "__pycache__" not in path.parts and "shots" not in path.parts:
            found[str(path.relative_to(ROOT))] = content.decode("utf-8", "replace")
    return found


@cache
def headings(document: str) -> tuple[str, ...]:
    """The headings of a document in `docs`, without their numbers; empty if there is no such document."""
    path = ROOT / "docs" / f"{document}.md"
    return tuple(HEADING.findall(FENCE.sub("", path.read_text(encoding="utf-8")))) if path.exists() else ()


@cache
def decisions() -> frozenset[str]:
    return frozenset(NUMBERED.findall((ROOT / "DECISIONS.md").read_text(encoding="utf-8")))


def lost_headings(text: str) -> Iterator[str]:
    """Each citation of a heading that its document does not have."""
    for found in CITATION.finditer(text):
        rest = text[found.end() :]
        if not any(re.match(re.escape(heading) + r"(?!\w)", rest) for heading in headings(found[1])):
            yield f"docs/{found[1]}.md, {rest[:40].splitlines()[0] if rest else ''}"


def lost_decisions(text: str) -> Iterator[str]:
    for found in DECISION.finditer(text):
        yield from (f"DECISIONS {number}" for number in re.findall(r"\d+", found[1]) if number not in decisions())


def outside(path: str, text: str) -> Iterator[str]:
    """Each citation of a document outside the repository; in Python, only in comments and docstrings."""
    for part in remarks(text) if path.endswith(".py") else [text]:
        yield from (found[0] for found in OUTSIDE.finditer(part))


def remarks(source: str) -> Iterator[str]:
    """The comments and docstrings of a module."""
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        if token.type == tokenize.COMMENT:
            yield token.string
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
            yield ast.get_docstring(node, clean=False) or ""


def lost_names(text: str) -> Iterator[str]:
    """Each file or test that a document names and that does not exist."""
    for path, test in NAMED.findall(text):
        if not (ROOT / path).exists():
            yield path
        elif test and not defines(ast.parse((ROOT / path).read_text(encoding="utf-8")), test.split("::")):
            yield f"{path}::{test}"


def defines(node: ast.AST, names: list[str]) -> bool:
    """True if there is a class or function of the first name, inside it one of the second, and so on."""
    if not names:
        return True
    within = [each for each in ast.iter_child_nodes(node) if getattr(each, "name", None) == names[0]]
    return any(defines(each, names[1:]) for each in within)


def test_every_heading_that_is_cited_is_there() -> None:
    lost = {path: list(lost_headings(text)) for path, text in texts().items()}
    assert {path: citations for path, citations in lost.items() if citations} == {}
    assert sum(len(CITATION.findall(text)) for text in texts().values()) > 50


def test_every_decision_that_is_cited_was_made() -> None:
    lost = {path: list(lost_decisions(text)) for path, text in texts().items()}
    assert {path: citations for path, citations in lost.items() if citations} == {}
    assert sum(len(DECISION.findall(text)) for text in texts().values()) > 20


def test_no_document_outside_the_repository_is_cited() -> None:
    found = {path: list(outside(path, text)) for path, text in texts().items()}
    assert {path: citations for path, citations in found.items() if citations} == {}


@pytest.mark.parametrize("document", NAMING)
def test_every_file_and_test_that_a_document_names_is_there(document: str) -> None:
    text = texts()[f"docs/{document}.md"]
    assert list(lost_names(text)) == []
    assert len(NAMED.findall(text)) > 20


class TestTheSearch:
    """Each kind of broken citation is found; other text is not reported."""

    @pytest.mark.parametrize(
        "cited", ["Sheets", "Sheets.", "Sheets)", "\n# Sheets: kept", "Recount from files, and more"]
    )
    def test_a_heading_that_is_there(self, cited: str) -> None:
        assert list(lost_headings(f"(docs/{'design'}.md, {cited}")) == []

    @pytest.mark.parametrize("cited", ["Sheet", "Sheetsful", "sheets", "and the rest", ""])
    def test_one_that_is_not(self, cited: str) -> None:
        assert len(list(lost_headings(f"docs/{'design'}.md, {cited}"))) == 1

    def test_a_document_that_is_not_there(self) -> None:
        assert len(list(lost_headings(f"docs/{'nowhere'}.md, Sheets"))) == 1

    def test_a_numbered_heading_and_text_in_code(self) -> None:
        found = headings("operating")
        assert "The service" in found and "Several processes" in found
        assert not any("DATABASE_URL" in heading for heading in found)

    def test_decisions(self) -> None:
        assert list(lost_decisions("(DECISIONS 1, 9999 and 37; DECISIONS 0)")) == ["DECISIONS 9999", "DECISIONS 0"]

    @pytest.mark.parametrize(
        "text",
        [
            "(SECURITY §2.10)",
            "DESIGN 3.4",
            "`contest/practice.md`",
            "practice §1.4",
            "finding H18",
            "(H9, H10)",
            "issue 12",
        ],
    )
    def test_a_document_outside(self, text: str) -> None:
        assert list(outside("x.md", text))
        assert list(outside("x.py", f'"""{text}"""\n')) and list(outside("x.py", f"x = 1  # {text}\n"))

    @pytest.mark.parametrize(
        "code", ["PLATFORM = 1\n", "x = 'a DESIGN'\n", "# a SECURITY DEFINER function\n", "# ISO 14496 §4.2, A4\n"]
    )
    def test_what_is_none(self, code: str) -> None:
        assert list(outside("x.py", code)) == []

    def test_a_name_that_is_not_there(self) -> None:
        here = "tests/project/test_citations.py"
        assert list(lost_names(f"`{here}`, `{here}::TestTheSearch::test_decisions`")) == []
        named = f"`core/nowhere.py`, `{here}::test_nothing`, `{here}::TestTheSearch::test_nothing`"
        assert len(list(lost_names(named))) == 3


def undefined_names(document: str) -> list[tuple[str, str]]:
    """The (module, name) of a document that the module does not define: "`core/x.py` (`name`)" or "`core/x.py`, `name`"."""
    pairs = re.findall(r"`((?:core|pages|tests|bench)/[\w/]+\.py)`(?: \(|,\s+)`([A-Za-z_]\w*)`(?!/)", document)
    defined = r"^\s*(?:async )?(?:def|class) {0}\b|^{0}\b.*="
    return [
        (module, name)
        for module, name in pairs
        if not re.search(defined.format(re.escape(name)), texts().get(module, ""), re.MULTILINE)
    ]


@pytest.mark.parametrize(
    "document", sorted(path for path in texts() if path.endswith(".md") and path != "DECISIONS.md")
)
def test_every_name_of_a_module_that_a_document_gives_is_defined_there(document: str) -> None:
    assert undefined_names(texts()[document]) == []


def test_a_name_that_is_gone_would_be_found() -> None:
    gone = "`core/desk/award_table.py` (`drawn`) and `core/rules/scoring/marks.py`, `apart`"
    assert [name for _, name in undefined_names(gone)] == ["drawn", "apart"]
