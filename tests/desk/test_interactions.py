"""Interactions of the posted works: entered by the channel keeper, counted at the cut-off, frozen once."""

from datetime import UTC, datetime, timedelta

import pytest

from core.desk import interactions
from core.desk.channel.reading_entry import enter
from core.desk.channel.reading_refusals import TakenInTheFuture
from core.desk.interactions import CutOffNotReached, InteractionsFrozen, UnknownWork, counts, freeze
from core.rules.access import NotAllowed, Principal, Role
from core.rules.readings.reading_counts import BadCount
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
    events,
    judged,
    person,
)
from tests.fixtures.readings import EXPLANATION, confirmed_reading

TYPED = {"reactions": "120", "comments": "30", "shares": "12", "views": "4000"}


def work(store: Store, code: str, who: Principal = CHANNEL) -> interactions.PostedWork:
    return next(each for each in counts(store, who, MEETING).works if each.code == code)


def test_a_reading_counts_by_the_weights_of_the_regulation(store: Store) -> None:
    """docs/design.md, Interactions: reaction 1, comment 1, share 2, view 0."""
    confirmed_reading(judged(store), CHANNEL, "T-401", TYPED, BEFORE_CUT_OFF, MEETING)
    assert work(store, "T-401").weighted == 120 + 30 + 2 * 12
    assert work(store, "T-402").weighted is None
    payload = {"reactions": 120, "comments": 30, "shares": 12, "views": 4000}
    taken_at = int(BEFORE_CUT_OFF.timestamp() * 1000)
    detail: dict[str, object] = {"corrects": None, "questions": [], "reason": None, "address": None, "screenshot": None}
    entered = {"entry": "T-401", "taken_at": taken_at, **payload, **detail, "explanation": EXPLANATION}
    assert events(store, "reading.entered") == [entered]
    assert events(store, "reading.confirmed") == [{"entry": "T-401", "reading": 1}]


def test_a_reading_a_second_after_the_cut_off_is_shown_and_not_counted(store: Store) -> None:
    confirmed_reading(judged(store), CHANNEL, "T-401", TYPED, BEFORE_CUT_OFF, MEETING)
    confirmed_reading(store, CHANNEL, "T-401", {**TYPED, "reactions": "9000"}, AFTER_CUT_OFF, MEETING)
    row = work(store, "T-401")
    assert row.weighted == 174
    assert [(each.reading.reactions, each.counts, each.late) for each in row.history] == [
        (9000, False, True),
        (120, True, False),
    ]


def test_a_correction_is_another_reading_and_the_first_stays_in_the_history(store: Store) -> None:
    confirmed_reading(judged(store), CHANNEL, "T-401", TYPED, BEFORE_CUT_OFF, MEETING)
    confirmed_reading(store, CHANNEL, "T-401", {**TYPED, "reactions": "121"}, BEFORE_CUT_OFF, MEETING)
    row = work(store, "T-401")
    assert row.weighted == 175 and [each.counts for each in row.history] == [True, False]
    assert row.history[0].entered_by == "Tòng Văn Sơn" and row.history[0].entered_at == MEETING


def test_a_reading_from_the_future_or_of_an_unknown_work_is_refused(store: Store) -> None:
    judged(store)
    with pytest.raises(TakenInTheFuture):
        enter(store, CHANNEL, "T-401", TYPED, MEETING + timedelta(seconds=1), MEETING)
    with pytest.raises(UnknownWork):
        enter(store, CHANNEL, "T-999", TYPED, BEFORE_CUT_OFF, MEETING)
    with pytest.raises(BadCount):
        enter(store, CHANNEL, "T-401", {}, BEFORE_CUT_OFF, MEETING)
    assert events(store, "reading.entered") == []


class TestFreezing:
    """Plan IV.6: the interactions are fixed at the cut-off."""

    def test_not_before_the_cut_offs_last_second_has_passed(self, sqlite_store: Store) -> None:
        judged(sqlite_store)
        with pytest.raises(CutOffNotReached):
            freeze(sqlite_store, CHANNEL, BEFORE_CUT_OFF)
        freeze(sqlite_store, CHANNEL, AFTER_CUT_OFF)
        assert counts(sqlite_store, CHANNEL, MEETING).frozen_at == AFTER_CUT_OFF

    def test_nothing_is_entered_afterwards(self, store: Store) -> None:
        confirmed_reading(judged(store), CHANNEL, "T-401", TYPED, BEFORE_CUT_OFF, MEETING)
        enter(store, CHANNEL, "T-402", TYPED, BEFORE_CUT_OFF, MEETING)
        freeze(store, COMMITTEE, MEETING)
        with pytest.raises(InteractionsFrozen):
            enter(store, CHANNEL, "T-401", TYPED, BEFORE_CUT_OFF, MEETING)
        with pytest.raises(InteractionsFrozen):
            freeze(store, CHANNEL, MEETING)
        assert events(store, "interactions.frozen") == [{"counted": [["T-401", 174]], "waiting": [["T-402", 1]]}]
        assert not counts(store, CHANNEL, MEETING).may_enter


class TestPermissions:
    """docs/design.md, People: the channel keeper enters; a judge must never see a like count."""

    @pytest.mark.parametrize("who", [COMMITTEE, SECRETARY, ADMIN, *JUDGES])
    def test_only_the_channel_keeper_enters(self, sqlite_store: Store, who: Principal) -> None:
        judged(sqlite_store)
        with pytest.raises(NotAllowed):
            enter(sqlite_store, who, "T-401", TYPED, BEFORE_CUT_OFF, MEETING)

    @pytest.mark.parametrize("who", [*JUDGES, ADMIN, person("hai", "Hai vai", Role.JUDGE, Role.CHANNEL)])
    def test_a_judge_sees_no_count(self, sqlite_store: Store, who: Principal) -> None:
        judged(sqlite_store)
        with pytest.raises(NotAllowed):
            counts(sqlite_store, who, MEETING)
        with pytest.raises(NotAllowed):
            freeze(sqlite_store, who, MEETING)

    @pytest.mark.parametrize("who", [CHANNEL, SECRETARY, COMMITTEE])
    def test_the_other_roles_see_counts(self, sqlite_store: Store, who: Principal) -> None:
        table = counts(judged(sqlite_store), who, MEETING)
        assert len(table.works) == 12 and table.closes == datetime(2024, 9, 10, 16, 59, 59, tzinfo=UTC)
        assert (table.may_enter, table.may_freeze) == (who is CHANNEL, who is not SECRETARY)
