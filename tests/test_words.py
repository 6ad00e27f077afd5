"""The catalogues have no gaps, and no page speaks past them."""

import ast
import re
from pathlib import Path

import pytest

from core.rules.words import Language
from tests import words

ROOT = Path(__file__).resolve().parent.parent
SHOWN = frozenset(
    [
        "title",
        "header",
        "subheader",
        "markdown",
        "caption",
        "text",
        "button",
        "link_button",
        "download_button",
        "text_input",
        "text_area",
        "number_input",
        "selectbox",
        "multiselect",
        "radio",
        "checkbox",
        "toggle",
        "metric",
        "info",
        "warning",
        "error",
        "success",
        "toast",
        "expander",
        "tabs",
        "form_submit_button",
        "page_link",
        "write",
        "popover",
        "status",
        "spinner",
        "date_input",
        "time_input",
        "segmented_control",
        "pills",
    ]
)
LETTER = re.compile(r"[^\W\d_]{2,}")


@pytest.mark.parametrize("language", list(Language))
def test_every_sentence_of_the_house_stands_in_the_catalogue(language: Language) -> None:
    known = words.read(language)
    said = {text for text in words.sources() if (entry := known.get(text)) is not None and entry.string}
    assert sorted(words.sources().keys() - said) == [], "run `make words`, then translate"


@pytest.mark.parametrize("language", list(Language))
def test_no_sentence_stands_in_the_catalogue_that_nobody_says(language: Language) -> None:
    assert sorted({str(each.id) for each in words.read(language) if each.id} - words.sources().keys()) == []


@pytest.mark.parametrize("language", list(Language))
def test_a_translation_keeps_the_facts_of_its_sentence(language: Language) -> None:
    different = [
        (each.id, each.string)
        for each in words.read(language)
        if each.id and each.string and words.fields(str(each.id)) != words.fields(str(each.string))
    ]
    assert different == []


def test_no_page_shows_words_that_cannot_be_translated() -> None:
    found = [
        f"{path.relative_to(ROOT)}:{line}: {text}"
        for path in sorted(ROOT.glob("pages/**/*.py"))
        for text, line in untranslated(path.read_text())
    ]
    assert found == []


def test_words_past_the_catalogue_are_caught() -> None:
    planted = 'st.title("Bảng điểm")\nst.title(_("Bảng điểm"))\nst.html("<b>Điểm</b>")\nst.caption(f"{n} phiếu")\n'
    assert list(untranslated(planted)) == [("Bảng điểm", 1), (" phiếu", 4)]


def test_a_sentence_is_found_however_it_is_said() -> None:
    code = (
        '_("a")\nSentence("b {x}", {})\nclass R(Refusal):\n  def __init__(self):\n    super().__init__("Không được")\n'
    )
    assert sorted(text for text, _ in words.in_code(code)) == ["Không được", "a", "b {x}"]
    assert list(words.in_template('<p>{{ _("Điểm") }}</p>')) == [("Điểm", 1)]


def untranslated(code: str) -> list[tuple[str, int]]:
    """The literal words that a page hands to Streamlit without asking the catalogue."""
    calls = (each for each in ast.walk(ast.parse(code)) if isinstance(each, ast.Call))
    shown = (each for each in calls if isinstance(each.func, ast.Attribute) and each.func.attr in SHOWN and each.args)
    return [
        (text, call.lineno)
        for call in shown
        for text in _bare(call.args[0])
        if LETTER.search(re.sub(r"[*`:_]|:material/\w+:", "", text))
    ]


def _bare(argument: ast.expr) -> list[str]:
    if isinstance(argument, ast.Constant) and isinstance(argument.value, str):
        return [argument.value]
    if isinstance(argument, ast.JoinedStr):
        return [str(part.value) for part in argument.values if isinstance(part, ast.Constant)]
    if isinstance(argument, ast.BinOp):
        return _bare(argument.left) + _bare(argument.right)
    return []
