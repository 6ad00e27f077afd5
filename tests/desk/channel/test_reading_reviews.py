"""Readings are confirmed or rejected by another person: docs/design.md, Interactions."""

import pytest

from core.desk.channel import reading_entry, reading_reviews
from core.desk.channel.reading_entry import TypedReading
from core.desk.channel.reading_refusals import EnteredByYourself, NotWaiting
from core.desk.interactions import InteractionsFrozen, counts, freeze
from core.desk.judging.judge_assignment import ReasonMissing
from core.rules.access import NotAllowed, Principal, Role
from core.store.engine import Store
from tests.desk.judged_contest import (
    ADMIN,
    BEFORE_CUT_OFF,
    CHANNEL,
    COMMITTEE,
    JUDGES,
    MEETING,
    SECRETARY,
    events,
    judged,
    person,
)

TYPED = {"reactions": "120", "comments": "30", "shares": "12", "views": "4000"}


def entered(store: Store, *codes: str) -> list[int]:
    rows = [TypedReading(code, TYPED) for code in codes]
    return [each.number or 0 for each in reading_entry.save(store, CHANNEL, rows, BEFORE_CUT_OFF, MEETING)]


def weighted(store: Store) -> dict[str, int]:
    return {work.code: work.weighted for work in counts(store, SECRETARY, MEETING).works if work.weighted is not None}


def test_several_are_confirmed_at_once_and_count_from_then_on(store: Store) -> None:
    numbers = entered(judged(store), "T-401", "T-402", "T-403")
    assert reading_reviews.confirm(store, SECRETARY, numbers[:2], MEETING) == 2
    assert weighted(store) == {"T-401": 174, "T-402": 174}
    assert events(store, "reading.confirmed") == [{"entry": code, "reading": 1} for code in ("T-401", "T-402")]


def test_a_rejected_one_stays_in_the_history_with_its_reason(store: Store) -> None:
    (number,) = entered(judged(store), "T-401")
    with pytest.raises(ReasonMissing):
        reading_reviews.reject(store, COMMITTEE, number, " ", MEETING)
    reading_reviews.reject(store, COMMITTEE, number, "Ảnh là của bài khác.", MEETING)
    assert weighted(store) == {}
    assert events(store, "reading.rejected") == [{"entry": "T-401", "reading": 1, "reason": "Ảnh là của bài khác."}]
    row = next(work for work in counts(store, CHANNEL, MEETING).works if work.code == "T-401").history[0].row
    assert (row.verdict, row.review_reason, row.reviewed_by) == ("rejected", "Ảnh là của bài khác.", COMMITTEE.name)


def test_a_reading_is_decided_once_and_all_or_none(store: Store) -> None:
    first, second = entered(judged(store), "T-401", "T-402")
    reading_reviews.confirm(store, SECRETARY, [first], MEETING)
    for numbers in ([first], [first, second], [second, 999], []):
        with pytest.raises(NotWaiting):
            reading_reviews.confirm(store, COMMITTEE, numbers, MEETING)
    with pytest.raises(NotWaiting):
        reading_reviews.reject(store, COMMITTEE, first, "x", MEETING)
    assert weighted(store) == {"T-401": 174}


def test_nobody_confirms_their_own_reading_whatever_else_they_are(sqlite_store: Store) -> None:
    (number,) = entered(judged(sqlite_store), "T-401")
    both = person(CHANNEL.username, CHANNEL.name, Role.CHANNEL, Role.COMMITTEE)
    for who in (CHANNEL, both):
        with pytest.raises(EnteredByYourself):
            reading_reviews.confirm(sqlite_store, who, [number], MEETING)
        with pytest.raises(EnteredByYourself):
            reading_reviews.reject(sqlite_store, who, number, "x", MEETING)


@pytest.mark.parametrize("who", [ADMIN, *JUDGES])
def test_who_sees_no_counts_confirms_none(sqlite_store: Store, who: Principal) -> None:
    (number,) = entered(judged(sqlite_store), "T-401")
    with pytest.raises(NotAllowed):
        reading_reviews.confirm(sqlite_store, who, [number], MEETING)
    with pytest.raises(NotAllowed):
        reading_reviews.reject(sqlite_store, who, number, "x", MEETING)


def test_nothing_is_confirmed_after_the_freeze(sqlite_store: Store) -> None:
    (number,) = entered(judged(sqlite_store), "T-401")
    freeze(sqlite_store, COMMITTEE, MEETING)
    with pytest.raises(InteractionsFrozen):
        reading_reviews.confirm(sqlite_store, SECRETARY, [number], MEETING)
