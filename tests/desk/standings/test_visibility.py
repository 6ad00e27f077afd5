"""Who still has to mark a work reads nobody else's marks of it; this includes the chief until their own sheet is
sealed.
"""

import random
from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest

from core.desk import context, rounds
from core.desk.accounts.reauthentication import Reauthenticated
from core.desk.award_table import gather
from core.desk.awards import award_decisions, award_files
from core.desk.judging import judge_sheets, recusals
from core.desk.judging.sheet_refusals import SheetIsSealed
from core.desk.standings import panel_progress, standings_board
from core.desk.standings.live_standings import LiveStandings, live_standings_of
from core.desk.standings.visibility import StillMarking, hidden_works
from core.rules.access import Principal, Role
from core.rules.ids import EntryId, JudgeId
from core.rules.scoring.ranking import MarkRow, rank_panels
from core.rules.words import Locale
from core.store.engine import Store
from core.web.board import board_json, chart_json
from tests.desk.contest_with_panel import CHIEF, CONTEST, LAN, MINH, NOW, SECRETARY, assigned_panel, joined, person
from tests.desk.standings.test_live_standings import submit

COMMITTEE = person("ban", Role.COMMITTEE)
LATER = NOW + timedelta(days=30)
MINE = ("T-101", "T-202", "T-303")  # the chief's works


def hidden_from(store: Store, who: Principal, now: datetime) -> frozenset[EntryId]:
    with store.read() as connection:
        return hidden_works(connection, who, context.contest_state_in(connection), now)


@pytest.fixture
def desk(store: Store) -> Iterator[Store]:
    """Two judges have sealed their sheets of three works; no other number on a page equals their marks."""
    assigned_panel(store)
    joined(store, COMMITTEE)
    for judge, content in ((LAN, ("23.5", "27.5", "31.5")), (MINH, ("24.5", "28.5", "33.5"))):
        for code, points in zip(MINE, content, strict=True):
            submit(store, judge, code, points, "11")
    yield store
    live_standings_of.cache_clear()


def board(store: Store, who: Principal) -> standings_board.Board:
    live = LiveStandings(store)
    live.catch_up()
    return standings_board.board(live, 0, 100, who, NOW)


def sent(store: Store, who: Principal) -> str:
    """All text of the board and the charts that is sent to this reader."""
    live = LiveStandings(store)
    live.catch_up()
    picture = board_json.board(standings_board.board(live, 0, 100, who, NOW), Locale())
    charts = chart_json.charts(panel_progress.panel(live, who, 0, NOW), 0, Locale())
    return f"{picture} {charts} {panel_progress.panel(live, who, 0, NOW).gaps}"


def test_a_chief_who_has_not_marked_reads_no_marks(desk: Store) -> None:
    found = board(desk, CHIEF)
    assert [(line.entry, line.place) for line in found.lines] == [("T-404", None)]
    assert (found.leaders, found.margin, found.hidden) == ((), None, 3)
    for planted in ("34,50", "35,50", "34.50", "35.50", "3450", "3550", "3500", "35,00", "35.00"):
        assert planted not in sent(desk, CHIEF)
    assert "34.50" in sent(desk, COMMITTEE)


def test_she_reads_a_works_marks_once_her_own_sheet_is_sealed(desk: Store) -> None:
    submit(desk, CHIEF, "T-202", "20", "10")
    found = board(desk, CHIEF)
    assert [(line.entry, line.place, line.sheets) for line in found.lines if line.place] == [("T-202", 1, 3)]
    assert found.hidden == 2
    panel = panel_progress.panel(LiveStandings(desk), CHIEF, 0, NOW)
    assert {entry for entry, totals in panel.totals.items() if totals} == {"T-202"}
    assert panel.scores == {"T-202": found.lines[0].score, "T-404": None, "T-101": None, "T-303": None}


def test_a_draft_gives_no_access(desk: Store) -> None:
    judge_sheets.save(desk, CHIEF, "T-101", judge_sheets.Change({"ND": "20", "ST": "10"}), 0, NOW)
    assert "T-101" in hidden_from(desk, CHIEF, NOW)


def test_a_returned_sheet_hides_the_work_again(desk: Store) -> None:
    submit(desk, CHIEF, "T-202", "20", "10")
    judge_sheets.return_sheet(desk, COMMITTEE, "truong", "T-202", "Cộng nhầm.", NOW)
    assert hidden_from(desk, CHIEF, NOW) == frozenset(MINE)


def test_a_recused_chief_reads_the_work(desk: Store) -> None:
    recusals.declare(desk, CHIEF, "T-303", "Người nhà.", NOW)
    assert [line.entry for line in board(desk, CHIEF).lines if line.place] == ["T-303"]


def test_a_closed_round_shows_everything(desk: Store) -> None:
    rounds.close(desk, Reauthenticated(CHIEF), "Hết giờ.", NOW)
    assert board(desk, CHIEF).hidden == 0
    assert len([line for line in board(desk, CHIEF).lines if line.place]) == 3
    assert award_decisions.proposal(desk, CHIEF, NOW).document.awards


def test_the_end_of_the_window_shows_everything(desk: Store) -> None:
    assert hidden_from(desk, CHIEF, LATER) == frozenset()


@pytest.mark.parametrize("form", ["xlsx", "csv"])
def test_the_award_table_waits_for_the_last_sheet(desk: Store, form: str) -> None:
    for left, code in ((3, "T-101"), (2, "T-202"), (1, "T-303")):
        with pytest.raises(StillMarking) as refused:
            award_decisions.proposal(desk, CHIEF, NOW)
        assert refused.value.sentence.facts["left"] == left
        with pytest.raises(StillMarking):
            award_files.export(desk, CHIEF, form, NOW)
        submit(desk, CHIEF, code, "20", "10")
    assert award_decisions.proposal(desk, CHIEF, NOW).document.awards
    assert award_files.export(desk, CHIEF, form, NOW).content


@pytest.mark.parametrize("who", [COMMITTEE, SECRETARY, person("pho", Role.CHIEF)], ids=lambda who: who.username)
def test_an_organiser_who_does_not_mark_reads_everything(desk: Store, who: Principal) -> None:
    assert board(desk, who).hidden == 0


def test_a_board_with_hidden_works_shows_no_prize(desk: Store) -> None:
    """The prize of a work would reveal its place among the hidden works."""
    submit(desk, CHIEF, "T-202", "40", "20")
    assert board(desk, COMMITTEE).lines[0].prizes == ("Giải Nhất",)
    assert board(desk, CHIEF).lines[0].prizes == ()


def test_the_order_of_the_charts_reveals_nothing_about_hidden_works(desk: Store) -> None:
    charts = chart_json.charts(panel_progress.panel(LiveStandings(desk), CHIEF, 0, NOW), 0, Locale())
    assert [work["code"] for work in charts["works"]] == ["T-404", "T-101", "T-202", "T-303"]  # type: ignore[index, union-attr, call-overload]


@pytest.mark.parametrize("method", ["mean", "median", "rank_sum"])
def test_live_and_reread_partial_standings_are_those_of_the_visible_works(sqlite_store: Store, method: str) -> None:
    contest_file = CONTEST.replace('method = "mean"', f'method = "{method}"')
    assert contest_file.count(method)
    store, chance = assigned_panel(sqlite_store, method=method), random.Random(7)
    joined(store, COMMITTEE)
    live = LiveStandings(store)
    live.catch_up()
    for _ in range(40):
        judge, code = chance.choice([LAN, MINH, CHIEF]), chance.choice(MINE)
        try:
            submit(store, judge, code, str(chance.randrange(41)), str(chance.randrange(21)))
        except SheetIsSealed:
            by = COMMITTEE if judge is CHIEF else CHIEF
            judge_sheets.return_sheet(store, by, judge.username, code, "Xem lại.", NOW)
        live.catch_up()
        fed = standings_board.board(live, 0, 100, CHIEF, NOW)
        assert fed.lines == board(store, CHIEF).lines
        with store.read() as connection:
            gathered = gather(connection, context.contest_state_in(connection), with_interactions=False)
        seen = [code for code in gathered.works if code not in hidden_from(store, CHIEF, NOW)]
        panels: dict[EntryId, dict[JudgeId, MarkRow]] = {EntryId(code): {} for code in seen}
        for sheet in gathered.sheets:
            if sheet.entry in panels and (sheet.judge, sheet.entry) not in gathered.recusals:
                panels[sheet.entry][sheet.judge] = sheet.marks
        alone = rank_panels(gathered.contest, panels)
        assert [(line.entry, line.place, line.score) for line in fed.lines] == [
            (standing.entry, standing.place, standing.score) for standing in alone
        ]
