"""A judge's queue and recorded watch time."""

from dataclasses import asdict
from datetime import timedelta

import pytest

from core.desk.judging import judge_queue, watch_time
from core.desk.judging.judge_assignment import BadText, NoSuchWork
from core.desk.judging.judge_sheets import Change, save, submit
from core.desk.judging.watch_time import NOTES_LIMIT, BadReport, TooManyNotes
from core.rules.judging.sheet_state import SheetState
from core.store.engine import Store
from tests.desk.contest_with_panel import (
    CHANNEL,
    CHIEF,
    CODES,
    LAN,
    MINH,
    MINUTES_4,
    NOW,
    SECRETARY,
    assigned_panel,
    film_of,
    person,
)

CODE = CODES[0]
OPEN = "[judging]\nblind = false\n"


@pytest.fixture
def desk(sqlite_store: Store) -> Store:
    return assigned_panel(sqlite_store)


class TestQueue:
    def test_lists_the_judge_s_own_works_in_an_order_of_their_own(self, desk: Store) -> None:
        lan = [queued.work.code for queued in judge_queue.queue(desk, LAN, NOW).works]
        assert sorted(lan) == list(CODES[:3])
        assert [queued.work.code for queued in judge_queue.queue(desk, LAN, NOW).works] == lan
        orders = {tuple(q.work.code for q in judge_queue.queue(desk, who, NOW).works) for who in (LAN, MINH, CHIEF)}
        assert len(orders) > 1

    def test_shows_which_works_are_open_in_draft_or_sealed(self, desk: Store) -> None:
        save(desk, LAN, CODES[0], Change({"ND": "30", "ST": "10"}), 0, NOW)
        submit(desk, LAN, CODES[0], 1, "0123456789abcdef", NOW)
        save(desk, LAN, CODES[1], Change({"ND": "30"}), 0, NOW)
        queue = judge_queue.queue(desk, LAN, NOW)
        assert {queued.work.code: queued.state for queued in queue.works} == {
            CODES[0]: SheetState.SEALED, CODES[1]: SheetState.DRAFT, CODES[2]: SheetState.NONE,
        }  # fmt: skip
        assert queue.next is not None
        assert queue.next.work.code == CODES[1]
        assert (queue.count(SheetState.SEALED), queue.closed) == (1, None)

    def test_a_blind_queue_and_sheet_hold_no_author_and_no_unit(self, desk: Store) -> None:
        seen = repr(judge_queue.queue(desk, LAN, NOW)) + repr(asdict(judge_queue.open_sheet(desk, LAN, CODE, NOW)))
        assert "TÁC-GIẢ" not in seen
        assert "ĐƠN-VỊ" not in seen

    def test_a_contest_that_is_not_blind_shows_author_and_unit(self, sqlite_store: Store) -> None:
        work = judge_queue.open_sheet(assigned_panel(sqlite_store, judging=OPEN), LAN, CODE, NOW).work
        assert (work.author, work.unit) == (f"TÁC-GIẢ-{CODE}", f"ĐƠN-VỊ-{CODE}")

    def test_each_sheet_links_to_the_next_work_still_to_be_marked(self, desk: Store) -> None:
        order = [queued.work.code for queued in judge_queue.queue(desk, LAN, NOW).works]
        following = [judge_queue.open_sheet(desk, LAN, code, NOW).next_code for code in order]
        assert following == [order[1], order[2], order[0]]

    def test_pages_of_a_judge_contain_no_marks_of_another_judge(self, desk: Store) -> None:
        save(desk, MINH, CODE, Change({"ND": "31,5", "ST": "11"}, {"": "LỜI-CỦA-MINH"}), 0, NOW)
        submit(desk, MINH, CODE, 1, "0123456789abcdef", NOW)
        seen = repr(judge_queue.open_sheet(desk, LAN, CODE, NOW)) + repr(judge_queue.queue(desk, LAN, NOW))
        assert "3150" not in seen
        assert "LỜI-CỦA-MINH" not in seen


class TestFilm:
    def test_is_shown_to_its_judges_and_to_the_organisers(self, desk: Store) -> None:
        for who in (LAN, CHIEF, SECRETARY):
            assert judge_queue.film(desk, who, CODE).video == film_of(CODE)
        assert judge_queue.film(desk, SECRETARY, "T-404").video == film_of("T-404")

    @pytest.mark.parametrize("code", [CODE, "T-999"])
    def test_all_others_get_the_same_refusal(self, desk: Store, code: str) -> None:
        for who in (None, CHANNEL, person("ai-do"), person("khac")):
            with pytest.raises(NoSuchWork):
                judge_queue.film(desk, who, code)

    def test_a_judge_without_assignment_gets_the_same_refusal(self, desk: Store) -> None:
        with pytest.raises(NoSuchWork):
            judge_queue.film(desk, LAN, "T-404")


class TestWatched:
    def test_the_first_minute_of_four_watched_twice_is_a_quarter(self, desk: Store) -> None:
        watch_time.begin(desk, LAN, CODE, NOW)
        shares = [watch_time.report(desk, LAN, CODE, [(0, 60_000)], NOW + timedelta(minutes=at)) for at in (1, 2)]
        assert shares == [2500, 2500]
        assert judge_queue.open_sheet(desk, LAN, CODE, NOW).watched_share == 2500

    def test_everything_claimed_right_after_opening_earns_almost_nothing(self, desk: Store) -> None:
        watch_time.begin(desk, LAN, CODE, NOW)
        assert watch_time.report(desk, LAN, CODE, [(0, MINUTES_4)], NOW + timedelta(seconds=1)) == 41

    def test_a_report_before_opening_earns_nothing(self, desk: Store) -> None:
        assert watch_time.report(desk, LAN, CODE, [(0, MINUTES_4)], NOW) == 0

    def test_opening_a_second_window_keeps_the_count(self, desk: Store) -> None:
        watch_time.begin(desk, LAN, CODE, NOW)
        watch_time.report(desk, LAN, CODE, [(0, 10_000)], NOW + timedelta(seconds=10))
        watch_time.begin(desk, LAN, CODE, NOW + timedelta(hours=9))
        assert watch_time.report(desk, LAN, CODE, [(0, MINUTES_4)], NOW + timedelta(hours=9)) == 416

    def test_two_films_in_two_windows_share_the_time_that_passes(self, desk: Store) -> None:
        """Two films at once share the time (“Nothing counted faster than time passes”)."""
        for code in CODES[:2]:
            watch_time.begin(desk, LAN, code, NOW)
        shares = [
            watch_time.report(desk, LAN, code, [(0, at * 10_000)], NOW + timedelta(seconds=at * 10))
            for at in range(1, 13)
            for code in CODES[:2]
        ]
        assert shares[-2] + shares[-1] <= 5000  # of two films of four minutes, in two minutes
        assert shares[-2] > 0

    def test_a_clock_set_back_takes_no_time_from_another_film(self, desk: Store) -> None:
        watch_time.begin(desk, LAN, CODES[1], NOW + timedelta(days=1))
        watch_time.begin(desk, LAN, CODE, NOW)
        assert watch_time.report(desk, LAN, CODE, [(0, 60_000)], NOW + timedelta(minutes=1)) == 2500

    @pytest.mark.parametrize("played", [[(5, 1)], [(-5, 1)]])
    def test_a_report_no_player_sends_is_refused(self, desk: Store, played: list[tuple[int, int]]) -> None:
        with pytest.raises(BadReport):
            watch_time.report(desk, LAN, CODE, played, NOW)


class TestNotes:
    def test_have_a_position_in_the_film_and_are_private_to_the_judge(self, desk: Store) -> None:
        later = watch_time.add_note(desk, LAN, CODE, 90_000, "Tiếng nhỏ", NOW)
        watch_time.add_note(desk, LAN, CODE, 5_000, "Mở đầu hay", NOW)
        assert [note.text for note in judge_queue.open_sheet(desk, LAN, CODE, NOW).notes] == ["Mở đầu hay", "Tiếng nhỏ"]
        assert judge_queue.open_sheet(desk, MINH, CODE, NOW).notes == ()
        watch_time.remove_note(desk, MINH, CODE, later.id, NOW)
        assert len(judge_queue.open_sheet(desk, LAN, CODE, NOW).notes) == 2
        for _ in range(2):
            watch_time.remove_note(desk, LAN, CODE, later.id, NOW)
        assert [note.text for note in judge_queue.open_sheet(desk, LAN, CODE, NOW).notes] == ["Mở đầu hay"]

    def test_need_a_text_and_a_position_in_the_film(self, desk: Store) -> None:
        for at, text in ((0, " "), (-1, "x"), (MINUTES_4 + 1, "x"), (0, "x" * 501)):
            with pytest.raises(BadText):
                watch_time.add_note(desk, LAN, CODE, at, text, NOW)

    def test_are_bounded_in_number(self, desk: Store) -> None:
        for at in range(NOTES_LIMIT):
            watch_time.add_note(desk, LAN, CODE, at, "x", NOW)
        with pytest.raises(TooManyNotes):
            watch_time.add_note(desk, LAN, CODE, 0, "x", NOW)
