"""A sheet's total is the same number everywhere: on the queue's card, the sheet, the review, the panel and the
charts.
"""

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.desk.judging import judge_sheets
from core.desk.judging.judge_queue import Queue, QueuedWork, VisibleWork
from core.desk.standings.live_standings import LiveStandings
from core.desk.standings.panel_progress import panel
from core.rules.contest import Contest
from core.rules.contest_file.reader import load
from core.rules.judging.sheet_state import SheetState
from core.rules.words import Locale
from core.store.engine import Store
from core.web.board import chart_json
from core.web.sheet import sheet_document
from pages.judge import cards
from tests.desk.judged_contest import COMMITTEE, TOML, judged

WEIGHTS = st.sampled_from(("1", "1/3", "2/3", "1.5", "0.1", "3/7", "1/8", "2"))
STEPS = st.sampled_from(("1", "0.5", "0.1", "0.25"))


def contest(first: str, second: str, step: str = "0.5", decimals: int = 2) -> Contest:
    rows = "".join(
        f'[[criteria]]\nkey = "{key}"\nname = "{key}"\nmax = "10"\nstep = "{step}"\nweight = "{weight}"\n'
        for key, weight in (("A", first), ("B", second))
    )
    scoring = f'[scoring]\nmethod = "mean"\ndecimals = {decimals}\n'
    return load(f'[contest]\nkey = "x"\nname = "x"\n{rows}{scoring}', "x")


def on_the_card(of: Contest, marks: Mapping[str, int]) -> str:
    """The total as the queue's card prints it."""
    work = QueuedWork(
        VisibleWork("T-1", "", 0, False, None, None), SheetState.SEALED, 2, judge_sheets.subtotal(of, marks), 0
    )
    queue = Queue(of, (work,), None, 0, None)
    return cards.card_grid(queue.contest, queue.works, Locale()).partition('judge-facts">')[2].partition(" điểm")[0]


def on_the_sheet(of: Contest, marks: Mapping[str, int]) -> str:
    document = sheet_document.values(of, 1, marks, {}, judge_sheets.subtotal(of, marks), Locale())
    return str(document["total"])


@given(WEIGHTS, WEIGHTS, STEPS, st.integers(0, 3), st.data())
def test_card_and_sheet_print_the_same_total_rounded_once_halves_up(
    first: str, second: str, step: str, decimals: int, data: st.DataObject
) -> None:
    of = contest(first, second, step, decimals)
    steps = int(Fraction(step) * 100)
    marks = {str(c.key): data.draw(st.integers(0, 1000 // steps)) * steps for c in of.criteria}
    total = on_the_sheet(of, marks)
    assert on_the_card(of, marks) == total
    exact = sum(c.weight * marks[str(c.key)] for c in of.criteria) / 100
    places = len(total.partition(",")[2])
    assert Fraction(total.replace(",", ".")) == Fraction(int(exact * 10**places + Fraction(1, 2)), 10**places)
    if all(c.weight.denominator == 1 for c in of.criteria):
        assert Fraction(total.replace(",", ".")) == exact
    else:
        assert places == max(2, decimals)


@pytest.mark.parametrize(
    "first, second, given_marks, total",
    [
        ("1/3", "2/3", (850, 775), "8,00"),  # 2,8333… + 5,1666…
        ("1/3", "2/3", (50, 0), "0,17"),  # 0,1666…: a card that rounds down shows 0,16
        ("1.5", "1", (50, 50), "1,25"),
        ("0.1", "1", (50, 0), "0,05"),
        ("1", "1", (850, 750), "16,0"),
    ],
)
def test_totals_worked_by_hand(first: str, second: str, given_marks: tuple[int, int], total: str) -> None:
    of = contest(first, second)
    marks = dict(zip((str(c.key) for c in of.criteria), given_marks, strict=True))
    assert (on_the_card(of, marks), on_the_sheet(of, marks)) == (total, total)


@pytest.mark.parametrize("decimals", [0, 1])
def test_panel_and_charts_show_a_sheet_s_total_as_the_sheet_does(sqlite_store: Store, decimals: int) -> None:
    toml = TOML.replace("decimals = 2 ", f"decimals = {decimals} ").replace('weight = "1"', 'weight = "1/4"')
    assert toml.count(f"decimals = {decimals} ") == 1 and toml.count('weight = "1/4"') == 5
    points = {f"T-{401 + at}": (39 - at, 18, 17, 13, 4) for at in range(3)}  # a quarter of 91 is 22,75
    judged(sqlite_store, points, toml=toml)
    sent: Any = chart_json.charts(panel(LiveStandings(sqlite_store), COMMITTEE), 0, Locale())
    of = load(toml, "x")
    for work in sent["works"]:
        marks = dict(zip((str(c.key) for c in of.criteria), (100 * each for each in points[work["code"]]), strict=True))
        total = Fraction(on_the_sheet(of, marks).replace(",", "."))
        assert (
            {Fraction(sheet["total"]) for sheet in work["sheets"]}
            == {total}
            == {Fraction(sum(points[work["code"]]), 4)}
        )
    assert Fraction(sent["highest"]) == 25
