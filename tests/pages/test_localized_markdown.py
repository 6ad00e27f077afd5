"""Sentences go into Markdown through `localized_markdown`, which escapes their facts; `localized` gives bare text."""

import ast
from collections.abc import Iterator

from pages.kit.pages_registry import FOLDER

TEXT = {"text", "html", "selectbox", "multiselect", "text_input", "text_area", "append", "setdefault", "Page", "join"}


def misplaced(source: str) -> Iterator[int]:
    """The lines where `localized` is inside a call that reads Markdown."""
    for call in ast.walk(ast.parse(source)):
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Attribute) and call.func.attr not in TEXT:
            for inner in ast.walk(call):
                if isinstance(inner, ast.Call) and isinstance(inner.func, ast.Name) and inner.func.id == "localized":
                    yield inner.lineno


def test_no_page_puts_a_sentence_into_markdown_unescaped() -> None:
    pages = {
        page.relative_to(FOLDER): list(misplaced(page.read_text(encoding="utf-8"))) for page in FOLDER.rglob("*.py")
    }
    assert {page: lines for page, lines in pages.items() if lines} == {}


def test_one_that_did_would_be_found() -> None:
    assert list(misplaced('st.error(localized(refused.sentence), icon="x")\nst.text(localized(x))')) == [1]
