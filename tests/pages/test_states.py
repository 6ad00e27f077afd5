"""Each state has one name on the queue, the sheet, the panel, the charts and the papers."""

import re

import pytest

from core.papers.standings_page import RECUSED
from core.rules.judging.sheet_state import SHEET_STATES, SheetState
from core.rules.words import Locale
from core.web.board import board_words
from core.web.sheet.sheet_words import words as sheet_words
from pages.judge import cards
from tests import words

STATES = {
    "none": "Chưa chấm",
    "draft": "Đang chấm",
    "returned": "Được trả lại",
    "sealed": "Đã nộp",
    "recused": "Không chấm",
}
ELSEWHERE = {  # other words of the same states and facts, which no text says any longer
    r"\bĐã rút\b": "a judge who doesn't mark a work: Không chấm",
    r"\bHạn chấm\b": "until when sheets may come: Hạn nộp phiếu",
    r"^Đã chấm$": "a sheet that is in: Đã nộp",
    r"^chưa mở$": "a sheet not begun: Chưa chấm",
    r"^[Tt]rả lại$": "a sheet given back: Được trả lại",
    r"Hạng \{from\}": "works with and without a place: Tác phẩm",
}


@pytest.mark.parametrize("state", STATES)
def test_queue_and_charts_use_the_same_words(state: str) -> None:
    charts = board_words.charts(Locale())["desk"]
    assert isinstance(charts, dict)
    assert cards.state_name(SheetState(state)) == charts[state] == STATES[state]


def test_the_register_is_the_one_place_that_names_a_state() -> None:
    """A literal elsewhere would go on when the register's word changes; in a sentence the words are free."""
    assert list(SHEET_STATES) == list(SheetState) == list(STATES)
    named = {text: {place.path for place in places} for text, places in words.sources().items()}
    register = {"core/rules/judging/sheet_state.py"}
    assert {name: named[name] for name in STATES.values()} == dict.fromkeys(STATES.values(), register)
    assert [name for name in STATES.values() if name.lower() in named] == []


def test_the_sheet_and_the_papers_say_it_too() -> None:
    assert sheet_words(Locale())["draft"] == STATES["draft"]
    assert STATES["recused"].lower() == RECUSED


@pytest.mark.parametrize("other", ELSEWHERE)
def test_no_text_uses_another_word(other: str) -> None:
    assert [text for text in words.sources() if re.search(other, text)] == []
