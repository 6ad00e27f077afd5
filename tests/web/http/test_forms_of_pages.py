"""A form that a script sends is never sent by the browser: what was typed would be lost, or stand in an address."""

import re
from pathlib import Path

import pytest

from tests.serving.servers import ROOT

PAGES = sorted((ROOT / "core" / "web" / "templates").glob("*.html"))


def sent_by_the_browser(page: str) -> list[str]:
    """The forms without `method="dialog"`, which does nothing by itself (HTML Standard, form submission algorithm)."""
    return [tag for tag in re.findall(r"<form\b[^>]*>", page) if 'method="dialog"' not in tag]


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.name)
def test_each_form_waits_for_its_script(path: Path) -> None:
    assert sent_by_the_browser(path.read_text(encoding="utf-8")) == []


def test_a_planted_form_is_found() -> None:
    planted = '<form id="a" method="dialog">…</form><form id="b" novalidate>…</form>'
    assert sent_by_the_browser(planted) == ['<form id="b" novalidate>']
    assert any("<form" in path.read_text(encoding="utf-8") for path in PAGES)
