"""One state, one word: on the queue, the sheet, the panel, the charts and the papers."""

import re

import pytest

from core.desk.judging.judge_queue import WorkState
from core.papers.standings_page import RECUSED
from core.rules.words import Locale
from core.web.assets import STATIC
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
OF_THE_QUEUE = {"none": WorkState.LEFT, **{state: WorkState(state) for state in STATES if state != "none"}}
SHEET = STATIC.with_name("templates").joinpath("sheet.html").read_text("utf-8")
ELSEWHERE = {  # other words of the same states and facts, which no text says any longer
    r"\bĐã rút\b": "a judge who doesn't mark a work: Không chấm",
    r"\bHạn chấm\b": "until when sheets may come: Hạn nộp phiếu",
    r"^Đã chấm$": "a sheet that is in: Đã nộp",
    r"^chưa mở$": "a sheet not begun: Chưa chấm",
    r"^[Tt]rả lại$": "a sheet given back: Được trả lại",
    r"Hạng \{from\}": "works with and without a place: Tác phẩm",
}


@pytest.mark.parametrize("state", STATES)
def test_queue_and_charts_say_the_same(state: str) -> None:
    charts = board_words.charts(Locale())["desk"]
    assert isinstance(charts, dict)
    assert cards.state_name(OF_THE_QUEUE[state]) == STATES[state]
    assert charts[state] == STATES[state].lower()


def test_the_sheet_s_chip_says_it_too() -> None:
    chips = re.findall(r'state-chip[^>]*>\{\{ _\("([^"]+)"\) \}\}', SHEET)
    assert sorted([*chips, sheet_words(str)["draft"]]) == sorted(set(STATES.values()) - {"Không chấm"})


def test_the_panel_s_columns_and_the_papers_say_it_too() -> None:
    panel = {
        text
        for text, places in words.sources().items()
        if any(place.path == "pages/chief/panel.py" for place in places)
    }
    assert {STATES[state] for state in ("draft", "returned", "sealed", "recused")} <= panel
    assert STATES["recused"].lower() == RECUSED


@pytest.mark.parametrize("other", ELSEWHERE)
def test_no_text_says_another_word(other: str) -> None:
    assert [text for text in words.sources() if re.search(other, text)] == []
