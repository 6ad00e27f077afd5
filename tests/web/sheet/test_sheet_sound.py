"""The sheet's script learns whether the contest requires sound: only then is a silent film reported as faulty."""

import pytest

from core.desk.judging import judge_queue
from core.rules.words import Locale
from core.store.engine import Store
from core.web.sheet import sheet_document
from tests.desk.contest_with_panel import CODES, LAN, NOW, assigned_panel


@pytest.mark.parametrize("rules,sound", [("", True), ("[entries.video]\naudio = false\n", False)])
def test_it_is_what_the_contest_says_of_films(sqlite_store: Store, rules: str, sound: bool) -> None:
    sheet = judge_queue.open_sheet(assigned_panel(sqlite_store, judging=rules), LAN, CODES[0], NOW)
    assert sheet_document.opened(sheet, Locale())["sound"] is sound
