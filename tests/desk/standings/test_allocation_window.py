"""The prize allocation from the live standings reads no further than prizes reach, and its result is the same."""

from dataclasses import replace
from datetime import UTC, datetime

from hypothesis import given, settings
from hypothesis import strategies as st

from core.desk.standings.allocation_window import projected_allocation
from core.rules.contest import Contest, PrizeBy
from core.rules.ids import EntryId, PrizeKey
from core.rules.interactions import Count, Reading
from core.rules.prizes.allocation import Choice, Decision, Withhold, allocate
from core.rules.scoring.ranking import Tally
from tests.rules.sample_contest import ENTRIES, Panel, contests, panels, prize, sheets
from tests.rules.sheets import rank

AT = datetime(2024, 9, 10, 16, 59, 59, tzinfo=UTC)
kinds = st.tuples(st.integers(1, 3), st.sampled_from([PrizeBy.SCORE, PrizeBy.SCORE, PrizeBy.INTERACTION]))
prizes = st.lists(kinds, max_size=4).map(
    lambda rows: tuple(prize(f"P{at}", quantity, 1000 - at, by) for at, (quantity, by) in enumerate(rows))
)
liked = st.dictionaries(st.sampled_from(ENTRIES), st.integers(0, 3)).map(
    lambda rows: {entry: Count(weight, Reading(entry, AT, weight, 0, 0)) for entry, weight in rows.items()}
)
keys = st.sampled_from([PrizeKey(f"P{at}") for at in range(4)])
chosen = st.lists(st.sampled_from(ENTRIES), min_size=1, max_size=3, unique=True).map(tuple)
decisions = st.lists(st.builds(Choice, keys, chosen) | st.builds(Withhold, keys, st.integers(1, 3)), max_size=3)


@settings(max_examples=300, deadline=None, derandomize=True)
@given(st.builds(lambda rules, offered: replace(rules, prizes=offered), contests, prizes), panels, liked, decisions)
def test_the_allocation_needs_only_the_places_that_prizes_reach(
    rules: Contest, panel: Panel, counts: dict[EntryId, Count], decided: list[Decision]
) -> None:
    tally = Tally(rules, ENTRIES)
    for one in sheets(panel):
        tally.put(one.judge, one.entry, one.marks)
    allocation = projected_allocation(rules, tally, counts, decided)
    assert allocation == allocate(rules, rank(rules, ENTRIES, sheets(panel)), counts, decided)
