"""The grid, a work's readings, and the minutes of a freeze."""

from datetime import timedelta

import pytest

from core.desk import interaction_freezes
from core.desk.channel import freeze_minutes, reading_entry, reading_reviews, reading_views
from core.desk.channel.freeze_minutes import Minutes, NoSuchFreeze
from core.desk.channel.reading_entry import TypedReading
from core.desk.interactions import UnknownWork, freeze
from core.rules.access import NotAllowed, Principal
from core.store.engine import Store
from tests.desk.judged_contest import (
    ADMIN,
    AFTER_CUT_OFF,
    BEFORE_CUT_OFF,
    CHANNEL,
    COMMITTEE,
    JUDGES,
    MEETING,
    SECRETARY,
    judged,
)
from tests.fixtures.readings import confirmed_reading

DAY_BEFORE = BEFORE_CUT_OFF - timedelta(days=1)
LATER = MEETING + timedelta(minutes=10)


def typed(reactions: str) -> dict[str, str]:
    return {"reactions": reactions, "comments": "3", "shares": "2", "views": "40"}


def entered(store: Store, code: str, reactions: str, **more: object) -> int:
    row = TypedReading(code, typed(reactions), **more)  # type: ignore[arg-type]
    (result,) = reading_entry.save(store, CHANNEL, [row], BEFORE_CUT_OFF, MEETING)
    assert result.number is not None
    return result.number


def test_the_grid_has_the_last_confirmed_figure_and_what_waits(sqlite_store: Store) -> None:
    store = judged(sqlite_store)
    first = confirmed_reading(store, CHANNEL, "T-401", typed("50"), DAY_BEFORE, MEETING)
    other = entered(store, "T-401", "61", address="https://x.vn/1")
    grid = reading_views.grid(store, SECRETARY, MEETING)
    row = grid.rows[0]
    assert row.last is not None
    assert (row.code, row.last.reactions, row.seen, row.waits, row.address) == (
        "T-401",
        50,
        other,
        True,
        "https://x.vn/1",
    )
    assert (grid.rows[1].last, grid.rows[1].seen, grid.rows[1].waits) == (None, 0, False)
    (waiting,) = grid.waiting
    assert (waiting.code, waiting.entered.number, waiting.own) == ("T-401", other, False)
    assert waiting.before is not None and waiting.before.reactions == 50 and waiting.corrected is None
    assert reading_views.grid(store, CHANNEL, MEETING).waiting[0].own
    correction = entered(store, "T-401", "51", corrects=first, reason="Gõ nhầm.")
    line = reading_views.grid(store, SECRETARY, MEETING).waiting[-1]
    assert line.entered.number == correction and line.corrected is not None and line.corrected.reactions == 50
    work = reading_views.work_readings(store, COMMITTEE, "T-401", MEETING)
    assert work.numbers == {first: 1, other: 2, correction: 3}


@pytest.mark.parametrize("who", [ADMIN, *JUDGES])
def test_who_marks_sees_nothing_of_it(sqlite_store: Store, who: Principal) -> None:
    store = judged(sqlite_store)
    freeze(store, COMMITTEE, MEETING)
    for look in (
        lambda: reading_views.grid(store, who, MEETING), lambda: reading_views.work_readings(store, who, "T-401", MEETING),
        lambda: freeze_minutes.minutes(store, who, 1, MEETING),
    ):  # fmt: skip
        with pytest.raises(NotAllowed):
            look()


def test_what_is_not_there_is_refused(sqlite_store: Store) -> None:
    store = judged(sqlite_store)
    with pytest.raises(UnknownWork):
        reading_views.work_readings(store, CHANNEL, "T-999", MEETING)
    for number in (0, 1):
        with pytest.raises(NoSuchFreeze):
            freeze_minutes.minutes(store, CHANNEL, number, MEETING)


class TestMinutes:
    """Who froze, when, what was read, and what did not count, as it stood at the freeze."""

    def minutes(self, store: Store) -> Minutes:
        return freeze_minutes.minutes(store, SECRETARY, 1, LATER)

    def frozen(self, store: Store) -> int:
        """A freeze with a counted, a waiting, a late and a rejected reading; returns the waiting one's id."""
        judged(store)
        confirmed_reading(store, CHANNEL, "T-402", typed("50"), DAY_BEFORE, MEETING)
        confirmed_reading(store, CHANNEL, "T-403", typed("80"), BEFORE_CUT_OFF, MEETING)
        confirmed_reading(store, CHANNEL, "T-403", typed("95"), AFTER_CUT_OFF, MEETING)
        waiting = entered(store, "T-404", "33")
        reading_reviews.reject(store, SECRETARY, entered(store, "T-402", "51"), "Ảnh khác.", MEETING)
        freeze(store, CHANNEL, MEETING)
        return waiting

    def test_they_say_what_counted_and_what_did_not(self, store: Store) -> None:
        self.frozen(store)
        made = self.minutes(store)
        assert (made.freeze.name, made.number, made.closes) == (CHANNEL.name, 1, BEFORE_CUT_OFF)
        counted = [(line.work.code, line.count.weighted) for line in made.lines if line.count]
        assert counted == [("T-403", 87), ("T-402", 57)] and len(made.lines) == 12
        assert [line.row.counts["reactions"] for line in made.lines if line.row] == [80, 50]
        assert [(row.entry, row.counts["reactions"]) for row in made.unconfirmed] == [("T-404", 33)]
        assert [(row.entry, row.counts["reactions"]) for row in made.late] == [("T-403", 95)]
        assert [(row.entry, row.review_reason) for row in made.rejected] == [("T-402", "Ảnh khác.")]

    def test_what_happens_after_a_reopening_does_not_change_them(self, store: Store) -> None:
        waiting = self.frozen(store)
        before = self.minutes(store)
        seen = interaction_freezes.reopening(store, COMMITTEE).seen
        interaction_freezes.reopen(store, COMMITTEE, "Sót.", seen, LATER)
        reading_reviews.confirm(store, SECRETARY, [waiting], LATER)
        confirmed_reading(store, CHANNEL, "T-405", typed("20"), BEFORE_CUT_OFF, LATER)
        freeze(store, CHANNEL, LATER)
        after = self.minutes(store)
        assert (after.lines, after.unconfirmed, after.late) == (before.lines, before.unconfirmed, before.late)
        second = freeze_minutes.minutes(store, SECRETARY, 2, LATER)
        assert second.unconfirmed == () and sum(line.count is not None for line in second.lines) == 4
