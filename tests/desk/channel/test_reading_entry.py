"""Entering many readings at once: docs/design.md, Interactions. Bad rows are named, good ones are stored."""

from datetime import timedelta
from pathlib import Path

import pytest

from core.desk.channel import reading_entry, reading_reviews
from core.desk.channel.reading_entry import RowResult, TypedReading
from core.desk.channel.reading_refusals import (
    BadAddress,
    EnteredMeanwhile,
    NoScreenshot,
    NothingToCorrect,
    QuestionsOpen,
    TakenInTheFuture,
    WorkTwice,
)
from core.desk.interactions import InteractionsFrozen, UnknownWork, counts, freeze
from core.desk.judging.judge_assignment import BadText, ReasonMissing
from core.rules.access import NotAllowed, Principal
from core.rules.readings.reading_counts import BadCount
from core.store.engine import Store
from tests.desk.judged_contest import (
    BEFORE_CUT_OFF,
    CHANNEL,
    COMMITTEE,
    JUDGES,
    MEETING,
    SECRETARY,
    TOML,
    events,
    judged,
)
from tests.fixtures.readings import confirmed_reading

DAY_BEFORE = BEFORE_CUT_OFF - timedelta(days=1)
PICTURE = "ab" * 32


def typed(reactions: str = "120", **more: str) -> dict[str, str]:
    return {"reactions": reactions, "comments": "30", "shares": "12", "views": "4000"} | more


def row(code: str, reactions: str = "120", **more: object) -> TypedReading:
    return TypedReading(code, typed(reactions), **more)  # type: ignore[arg-type]


def saved(store: Store, *rows: TypedReading, library: Path | None = None) -> tuple[RowResult, ...]:
    return reading_entry.save(store, CHANNEL, rows, BEFORE_CUT_OFF, MEETING, library)


def history(store: Store, code: str) -> list[tuple[int, str, bool, bool]]:
    """(reactions, state, waits, counts) of each reading of the work, newest first."""
    found = next(work for work in counts(store, SECRETARY, MEETING).works if work.code == code)
    return [(each.reading.reactions, each.state.value, each.waits, each.counts) for each in found.history]


def test_good_rows_are_stored_and_bad_cells_are_named(store: Store) -> None:
    judged(store)
    results = saved(
        store, row("T-401"), TypedReading("T-402", typed("1.23", views="")), row("T-999"), row("T-403", "2.345"),
        row("T-401"), row("T-404", address="http://facebook.com/1"),
    )  # fmt: skip
    assert [result.fits for result in results] == [True, False, False, True, False, False]
    assert [result.number is None for result in results] == [False, True, True, False, True, True]
    found = [{cell: type(fault) for cell, fault in result.faults.items()} for result in results]
    bad = {"reactions": BadCount, "views": BadCount}
    assert found == [{}, bad, {"row": UnknownWork}, {}, {"row": WorkTwice}, {"address": BadAddress}]
    assert history(store, "T-403") == [(2345, "waiting", True, False)]
    assert [event["entry"] for event in events(store, "reading.entered")] == ["T-401", "T-403"]


def test_a_count_that_is_weighed_is_not_left_out(sqlite_store: Store) -> None:
    weighed = TOML.replace("\nviews = 0", "\nviews = 1")
    assert weighed != TOML
    store = judged(sqlite_store, toml=weighed)
    without = {kind: text for kind, text in typed().items() if kind != "views"}
    [result] = saved(store, TypedReading("T-401", without))
    assert {cell: type(fault) for cell, fault in result.faults.items()} == {"views": BadCount} and not result.fits
    assert history(store, "T-401") == []


def test_nothing_counts_before_another_person_confirmed_it(store: Store) -> None:
    saved(judged(store), row("T-401"))
    assert all(work.weighted is None for work in counts(store, COMMITTEE, MEETING).works)


def test_a_question_is_answered_before_the_reading_is_stored(sqlite_store: Store) -> None:
    store = judged(sqlite_store)
    confirmed_reading(store, CHANNEL, "T-401", typed("500"), DAY_BEFORE, MEETING)
    (asked,) = saved(store, row("T-401", "499"))
    assert [question.key for question in asked.questions] == ["fall.reactions"]
    assert asked.number is None and not asked.faults
    (other,) = saved(store, row("T-401", "499", explanation="Facebook gỡ lượt ảo.", asked=frozenset({"jump"})))
    assert other.number is None  # what was explained is not what is asked
    (done,) = saved(store, row("T-401", "499", explanation="Facebook gỡ lượt ảo.", asked=frozenset({"fall.reactions"})))
    assert done.number is not None
    entered = events(store, "reading.entered")[-1]
    assert (entered["questions"], entered["explanation"]) == (["fall.reactions"], "Facebook gỡ lượt ảo.")
    with pytest.raises(QuestionsOpen):
        reading_entry.enter(store, CHANNEL, "T-401", typed("498"), BEFORE_CUT_OFF, MEETING)


def test_what_is_asked_can_be_read_without_storing_anything(sqlite_store: Store) -> None:
    store = judged(sqlite_store)
    confirmed_reading(store, CHANNEL, "T-401", typed("500"), DAY_BEFORE, MEETING)
    (asked,) = reading_entry.examine(store, CHANNEL, [row("T-401", "499")], BEFORE_CUT_OFF)
    assert [question.key for question in asked.questions] == ["fall.reactions"] and not asked.fits
    assert len(history(store, "T-401")) == 1


def test_a_second_tab_is_refused_and_stores_nothing(sqlite_store: Store) -> None:
    store = judged(sqlite_store)
    (first,) = saved(store, row("T-401", seen=0))
    (second,) = saved(store, row("T-401", "121", seen=0))
    assert type(second.faults["row"]) is EnteredMeanwhile
    (third,) = saved(store, row("T-401", "121", seen=first.number))
    assert third.number is not None and len(history(store, "T-401")) == 2


def test_evidence_is_an_https_address_and_a_picture_in_the_library(sqlite_store: Store, tmp_path: Path) -> None:
    store = judged(sqlite_store)
    for address in ("https://", "javascript:alert(1)", "https://a b", "https://x.vn/" + "a" * 300, "https://é.vn/"):
        assert type(saved(store, row("T-401", address=address))[0].faults["address"]) is BadAddress, address
    for picture in (PICTURE, "../desk", "AB" * 32):
        assert (
            type(saved(store, row("T-401", screenshot=picture), library=tmp_path)[0].faults["screenshot"])
            is NoScreenshot
        )
    (tmp_path / f"{PICTURE}.jpg").write_bytes(b"x")
    address = "https://www.facebook.com/trang/posts/1?x=2#y"
    assert saved(store, row("T-401", address=address, screenshot=PICTURE), library=tmp_path)[0].number is not None
    entered = events(store, "reading.entered")[-1]
    assert (entered["address"], entered["screenshot"]) == (address, PICTURE)


class TestCorrections:
    """A correction is a new row with a reason; nothing is edited."""

    def test_it_takes_the_place_of_a_confirmed_reading_once_it_is_confirmed(self, store: Store) -> None:
        first = confirmed_reading(judged(store), CHANNEL, "T-401", typed("1200"), BEFORE_CUT_OFF, MEETING)
        later = MEETING - timedelta(days=1)
        correction = row("T-401", "120", corrects=first, reason="Gõ thừa một số 0.")
        (result,) = reading_entry.save(store, CHANNEL, [correction], DAY_BEFORE, later)
        assert result.number is not None
        assert history(store, "T-401") == [(120, "waiting", True, False), (1200, "confirmed", False, True)]
        reading_reviews.confirm(store, SECRETARY, [result.number], MEETING)
        assert history(store, "T-401") == [(120, "confirmed", False, True), (1200, "confirmed", False, False)]
        entered = events(store, "reading.entered")[-1]
        assert (entered["corrects"], entered["reason"]) == (1, "Gõ thừa một số 0.")

    def test_it_needs_a_reason_and_a_reading_that_can_be_corrected(self, sqlite_store: Store) -> None:
        store = judged(sqlite_store)
        first = confirmed_reading(store, CHANNEL, "T-401", typed(), BEFORE_CUT_OFF, MEETING)
        (no_reason,) = saved(store, row("T-401", "121", corrects=first))
        assert type(no_reason.faults["reason"]) is ReasonMissing
        for code, number in (("T-402", first), ("T-401", first + 1)):
            (other,) = saved(store, row(code, corrects=number, reason="x"))
            assert type(other.faults["row"]) is NothingToCorrect
        saved(store, row("T-401", "121", corrects=first, reason="x"))
        (twice,) = saved(store, row("T-401", "122", corrects=first, reason="x"))
        assert type(twice.faults["row"]) is NothingToCorrect

    def test_what_it_corrects_is_no_earlier_reading_of_the_questions(self, sqlite_store: Store) -> None:
        first = confirmed_reading(judged(sqlite_store), CHANNEL, "T-401", typed("501"), BEFORE_CUT_OFF, MEETING)
        (result,) = saved(sqlite_store, row("T-401", "105", corrects=first, reason="x"))
        assert result.questions == () and result.number is not None


def test_long_and_unusable_texts_are_faults(sqlite_store: Store) -> None:
    store = judged(sqlite_store)
    for text in ("x" * 1001, "a\x07b"):
        assert type(saved(store, row("T-401", explanation=text))[0].faults["explanation"]) is BadText


@pytest.mark.parametrize("who", [COMMITTEE, SECRETARY, *JUDGES])
def test_only_the_channel_keeper_enters(sqlite_store: Store, who: Principal) -> None:
    judged(sqlite_store)
    with pytest.raises(NotAllowed):
        reading_entry.save(sqlite_store, who, [row("T-401")], BEFORE_CUT_OFF, MEETING)
    with pytest.raises(NotAllowed):
        reading_entry.examine(sqlite_store, who, [row("T-401")], BEFORE_CUT_OFF)


def test_nothing_is_entered_for_the_future_or_after_the_freeze(sqlite_store: Store) -> None:
    store = judged(sqlite_store)
    with pytest.raises(TakenInTheFuture):
        reading_entry.save(store, CHANNEL, [row("T-401")], MEETING + timedelta(seconds=1), MEETING)
    freeze(store, COMMITTEE, MEETING)
    with pytest.raises(InteractionsFrozen):
        saved(store, row("T-401"))
