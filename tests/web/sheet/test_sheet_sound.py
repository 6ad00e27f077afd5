"""The sheet's script is told whether the contest asks for sound: only then may a film without any be called faulty."""

import pytest

from core.desk.judging import judge_queue
from core.rules.words import Locale
from core.store.engine import Store
from core.web.sheet import sheet_document
from tests.desk.a_panel import CODES, LAN, NOW, seated


@pytest.mark.parametrize("rules,sound", [("", True), ("[entries.video]\naudio = false\n", False)])
def test_it_is_what_the_contest_says_of_films(sqlite_store: Store, rules: str, sound: bool) -> None:
    sheet = judge_queue.open_sheet(seated(sqlite_store, judging=rules), LAN, CODES[0], NOW)
    assert sheet_document.opened(sheet, Locale())["sound"] is sound
