"""Live standings: feeding ledger rows gives the same result as reading the database again."""

import random
from dataclasses import asdict

import pytest

from core.desk import context, rounds
from core.desk.accounts import accounts
from core.desk.accounts.reauthentication import Reauthenticated
from core.desk.judging import judge_assignment, judge_sheets, recusals
from core.desk.judging.judge_assignment import JudgingClosed
from core.desk.standings import panel_progress, standings_board
from core.desk.standings.live_standings import LiveStandings
from core.rules.access import NotAllowed, Principal, Role
from core.rules.ids import EntryId
from core.rules.words import Locale, Refusal
from core.store import tables as t
from core.store.engine import Store, WriteTransaction
from core.store.events.payloads import EntryAdded
from core.store.queries import standings as rows
from tests.desk.contest_with_panel import CHANNEL, CHIEF, LAN, MINH, NOW, SECRETARY, assigned_panel, person
from tests.serving.databases import owner_transaction

COMMITTEE = person("ban", Role.COMMITTEE)
ADMIN = person("quantri", Role.ADMIN)


def submit(store: Store, judge: Principal, code: str, *points: str) -> None:
    """Mark a work as this judge and submit the sheet."""
    keys = [criterion.key for criterion in context.contest(store).criteria]
    with store.read() as connection:
        version = judge_assignment.assignment_to_read(connection, judge, code).sheet.version
    saved = judge_sheets.save(
        store, judge, code, judge_sheets.Change(dict(zip(keys, points, strict=True))), version, NOW
    )
    key = f"{judge.username}-{code}-{saved.version}".ljust(16, "0")
    judge_sheets.submit(store, judge, code, saved.version, key, NOW)


def current_board(live: LiveStandings) -> standings_board.Board:
    live.catch_up()
    return standings_board.board(live, 0, 100)


def line(board: standings_board.Board, code: str) -> standings_board.Line:
    return next(each for each in board.lines if each.entry == code)


def test_before_the_first_sheet_every_work_is_listed_without_a_place(store: Store) -> None:
    board = current_board(LiveStandings(assigned_panel(store)))
    assert [(each.entry, each.place, each.score) for each in board.lines] == [
        ("T-101", None, None),
        ("T-202", None, None),
        ("T-303", None, None),
        ("T-404", None, None),
    ]
    assert (board.progress.sheets, board.progress.expected, board.progress.complete) == (0, 9, 0)
    assert board.leaders == () and board.margin is None


def test_a_submitted_sheet_changes_the_board_without_reading_the_database_again(store: Store) -> None:
    live = LiveStandings(assigned_panel(store))
    current_board(live)
    submit(store, LAN, "T-101", "30", "15")
    submit(store, MINH, "T-202", "35", "15.5")
    board = current_board(live)
    assert [(each.entry, each.place, each.score) for each in board.lines[:3]] == [
        ("T-202", 1, 5050),
        ("T-101", 2, 4500),
        ("T-303", None, None),
    ]
    assert board.margin == 550 and [leader.entry for leader in board.leaders] == ["T-202"]
    assert line(board, "T-202").prizes == ("Giải Nhất",) and line(board, "T-101").prizes == ()


@pytest.mark.parametrize("built", [True, False])
def test_a_database_that_fails_half_way_leaves_nothing_counted_twice(
    store: Store, monkeypatch: pytest.MonkeyPatch, *, built: bool
) -> None:
    live = LiveStandings(assigned_panel(store))
    if built:
        current_board(live)
    submit(store, LAN, "T-101", "30", "15")
    with monkeypatch.context() as broken:
        broken.setattr(rows, "sheets", lambda *_: (_ for _ in ()).throw(OSError("the disk is away")))
        with pytest.raises(OSError, match="away"):
            live.catch_up()
    assert current_board(live) == current_board(LiveStandings(store))


def test_a_draft_is_shown_nowhere(store: Store) -> None:
    live = LiveStandings(assigned_panel(store))
    before = current_board(live)
    judge_sheets.save(store, LAN, "T-101", judge_sheets.Change({"ND": "40", "ST": "20"}), 0, NOW)
    assert current_board(live) == before


def test_a_returned_sheet_counts_no_longer_until_it_is_submitted_again(store: Store) -> None:
    live = LiveStandings(assigned_panel(store))
    submit(store, LAN, "T-101", "30", "15")
    assert line(current_board(live), "T-101").sheets == 1
    judge_sheets.return_sheet(store, CHIEF, "lan", "T-101", "Cộng nhầm", NOW)
    assert line(current_board(live), "T-101").score is None
    submit(store, LAN, "T-101", "31", "15")
    assert line(current_board(live), "T-101").score == 4600


def test_a_recused_judge_is_no_longer_expected(store: Store) -> None:
    live = LiveStandings(assigned_panel(store))
    submit(store, LAN, "T-101", "30", "15")
    assert line(current_board(live), "T-101").expected == 3
    recusals.declare(store, LAN, "T-101", "Người nhà", NOW)
    found = line(current_board(live), "T-101")
    assert (found.sheets, found.expected, found.score) == (0, 2, None)


def test_spread_and_gap_are_those_of_the_panel(store: Store) -> None:
    live = LiveStandings(assigned_panel(store, judging=""))
    submit(store, LAN, "T-101", "30", "15")
    submit(store, MINH, "T-101", "10", "5.5")
    found = line(current_board(live), "T-101")
    assert found.spread == 2950 and not found.wide  # the contest names no gap


def test_tied_leaders_share_first_place_and_the_prize_is_undecided(store: Store) -> None:
    live = LiveStandings(assigned_panel(store))
    submit(store, LAN, "T-101", "30", "15")
    submit(store, LAN, "T-202", "30", "15")
    board = current_board(live)
    assert [leader.entry for leader in board.leaders] == ["T-101", "T-202"] and board.margin is None
    assert [each.undecided for each in board.lines[:2]] == [("Giải Nhất",), ("Giải Nhất",)]
    assert [each.place for each in board.lines[:2]] == [1, 1]


def test_a_broken_tie_names_the_step_of_the_ladder_that_broke_it(store: Store) -> None:
    live = LiveStandings(assigned_panel(store))
    submit(store, LAN, "T-101", "30", "15")
    submit(store, LAN, "T-202", "31", "14")
    first = current_board(live).lines[0]
    assert first.entry == "T-202" and first.tie_break is not None
    assert "Nội dung, thông điệp" in first.tie_break.localize(Locale())


def test_feeding_ledger_rows_and_reading_the_database_give_the_same_board(sqlite_store: Store) -> None:
    """For any sequence of events, feeding ledger rows and reading the database give the same board."""
    store, chance = assigned_panel(sqlite_store), random.Random(20240820)
    live = LiveStandings(store)
    current_board(live)
    for _ in range(60):
        judge, code = chance.choice([LAN, MINH, CHIEF]), chance.choice(["T-101", "T-202", "T-303"])
        try:
            match chance.randrange(4):
                case 0 | 1:
                    submit(store, judge, code, str(chance.randrange(41)), str(chance.randrange(21)))
                case 2:
                    judge_sheets.return_sheet(store, CHIEF, judge.username, code, "Xem lại", NOW)
                case _ if chance.random() < 0.2:
                    recusals.declare(store, judge, code, "Người nhà", NOW)
        except Refusal:
            continue
        fed, fresh = current_board(live), current_board(LiveStandings(store))
        assert fed.lines == fresh.lines and fed.leaders == fresh.leaders
        assert asdict(fed.progress) | {"revision": 0} == asdict(fresh.progress) | {"revision": 0}


def test_a_new_work_appears(store: Store) -> None:
    live = LiveStandings(assigned_panel(store))
    current_board(live)

    def add(transaction: WriteTransaction) -> None:
        columns = "(id, code, title, author, unit) values (9, 'T-909', 'Mới', 'A', 'B')"
        transaction.connection.exec_driver_sql(f"insert into entry {columns}")
        title, author, owner = (transaction.commit_text(text) for text in ("Mới", "A", "B"))
        transaction.record(at=1, actor="thuky", payload=EntryAdded("T-909", title, author, owner, "0" * 64, 0, 0, 0))

    store.change(add)
    assert line(current_board(live), "T-909").title == "Mới"


class TestPermissions:
    """Judges see no standings until they may; the public sees only the progress."""

    @pytest.mark.parametrize("who", [CHIEF, SECRETARY, COMMITTEE])
    def test_organisers_may(self, sqlite_store: Store, who: Principal) -> None:
        assert standings_board.may_see(assigned_panel(sqlite_store), who)

    @pytest.mark.parametrize("who", [LAN, CHANNEL, ADMIN])
    def test_others_may_not(self, sqlite_store: Store, who: Principal) -> None:
        assert not standings_board.may_see(assigned_panel(sqlite_store), who)

    def test_judges_may_once_the_round_is_closed_where_the_contest_says_so(self, sqlite_store: Store) -> None:
        store = assigned_panel(sqlite_store, judging='[judging]\nstandings_for_judges = "after_judging"\n')
        assert not standings_board.may_see(store, LAN)
        rounds.close(store, Reauthenticated(CHIEF), "Hết giờ", NOW)
        assert standings_board.may_see(store, LAN)

    @pytest.mark.parametrize("who", [LAN, CHANNEL, ADMIN])
    def test_only_organisers_see_the_panels_marks(self, sqlite_store: Store, who: Principal) -> None:
        with pytest.raises(NotAllowed):
            panel_progress.panel(LiveStandings(assigned_panel(sqlite_store)), who)

    def test_where_the_contest_withholds_names_no_name_is_in_the_panel(self, sqlite_store: Store) -> None:
        store = assigned_panel(sqlite_store, judging='[judging]\nnames_beside_marks = ["chief"]\n')
        submit(store, LAN, "T-101", "30", "15")
        named = panel_progress.panel(LiveStandings(store), CHIEF)
        unnamed = panel_progress.panel(LiveStandings(store), COMMITTEE)
        assert {str(judge.name) for judge in named.judges} == {"LAN", "MINH", "TRUONG"}
        assert [judge.name for judge in unnamed.judges] == ["GK11", "GK12", "GK13"]


class TestPanel:
    def test_judges_are_in_the_order_of_a_vietnamese_list(self, store: Store) -> None:
        assigned_panel(store)
        names = {"lan": "Đỗ Văn An", "minh": "Lò Văn Đức", "truong": "Doãn Thị An"}
        account = t.account
        with owner_transaction(store) as connection:
            for username, name in names.items():
                connection.execute(account.update().where(account.c.username == username).values(name=name))
        judge_names = [str(judge.name) for judge in panel_progress.panel(LiveStandings(store), CHIEF).judges]
        assert judge_names == ["Doãn Thị An", "Đỗ Văn An", "Lò Văn Đức"]

    def test_the_panel_shows_every_judges_progress(self, store: Store) -> None:
        assigned_panel(store)
        submit(store, LAN, "T-101", "30", "15")
        judge_sheets.save(store, MINH, "T-101", judge_sheets.Change({"ND": "40"}), 0, NOW)
        recusals.declare(store, MINH, "T-202", "Người nhà", NOW)
        panel = panel_progress.panel(LiveStandings(store), CHIEF)
        states = {str(judge.key): dict(judge.states) for judge in panel.judges}
        assert states["lan"] == {"T-101": "sealed", "T-202": "none", "T-303": "none"}
        assert states["minh"] == {"T-101": "draft", "T-202": "recused", "T-303": "none"}
        assert panel.totals[EntryId("T-101")] == {"lan": 4500} and panel.highest == 6000

    def test_a_closed_account_that_sealed_a_sheet_stays_expected_and_is_named(self, store: Store) -> None:
        """A missing sheet of a judge who has marked is for the chief to settle, not for an administrator (DECISIONS
        36).
        """
        live = LiveStandings(assigned_panel(store))
        submit(store, LAN, "T-101", "30", "15")
        before = panel_progress.panel(live, CHIEF)
        assert all(judge.sits for judge in before.judges)
        accounts.deactivate(store, accounts.SYSTEM, "lan", NOW)
        after = panel_progress.panel(live, CHIEF)
        assert (after.counts.sheets, after.counts.expected) == (before.counts.sheets, before.counts.expected)
        assert {str(judge.key): judge.sits for judge in after.judges} == {"lan": False, "minh": True, "truong": True}

    def test_a_judge_without_a_sheet_leaves_with_their_account_or_role(self, store: Store) -> None:
        live = LiveStandings(assigned_panel(store))
        submit(store, LAN, "T-101", "30", "15")
        accounts.set_roles(store, accounts.SYSTEM, "minh", [Role.SECRETARY], NOW)
        panel = panel_progress.panel(live, CHIEF)
        assert [str(judge.key) for judge in panel.judges] == ["lan", "truong"]
        assert panel.counts.expected == 8  # of the two remaining judges, at each of the four works

    def test_a_sheet_far_from_the_panels_mean_is_reported(self, store: Store) -> None:
        assigned_panel(store)
        with_gap(store)
        for judge, points in ((LAN, "40"), (MINH, "40"), (CHIEF, "10")):
            submit(store, judge, "T-101", points, "10")
        gaps = panel_progress.panel(LiveStandings(store), CHIEF).gaps
        assert [(gap.entry, gap.judge, gap.total, gap.mean, gap.apart) for gap in gaps] == [
            ("T-101", "truong", 2000, 4000, -2000)
        ]

    def test_without_names_the_sheets_of_a_work_are_in_the_order_of_pseudonyms(self, store: Store) -> None:
        """In the order of the accounts they would tell whose pseudonym is whose."""
        assigned_panel(store, judging='[judging]\nnames_beside_marks = ["chief"]\n')
        with_gap(store)
        with owner_transaction(store) as connection:
            connection.execute(t.account.update().where(t.account.c.username == "lan").values(number=30))
        for judge, points in ((LAN, ("40", "20")), (MINH, ("5", "5")), (CHIEF, ("25", "10"))):
            submit(store, judge, "T-101", *points)
        gaps = panel_progress.panel(LiveStandings(store), COMMITTEE).gaps
        assert [(gap.name, gap.apart) for gap in gaps] == [("GK12", -2500), ("GK30", 2500)]


def with_gap(store: Store) -> None:
    """Make the contest report gaps of more than 15 points."""
    with owner_transaction(store) as connection:
        connection.exec_driver_sql(
            "update contest set rule_card = 'sha256:1', toml = replace(toml, 'min_sheets = 1', 'min_sheets = 1\ngap_alert = \"15\"')"
        )


class TestClosing:
    def test_the_chief_closes_the_round_with_a_reason_while_sheets_are_missing(self, store: Store) -> None:
        live = LiveStandings(assigned_panel(store))
        with pytest.raises(rounds.SheetsMissing):
            rounds.close(store, Reauthenticated(CHIEF), "  ", NOW)
        rounds.close(store, Reauthenticated(CHIEF), "Hết hạn", NOW)
        assert current_board(live).progress.closed
        with pytest.raises(JudgingClosed):
            rounds.close(store, Reauthenticated(CHIEF), "Lần nữa", NOW)

    @pytest.mark.parametrize("who", [LAN, SECRETARY, COMMITTEE, ADMIN])
    def test_no_other_role_may(self, sqlite_store: Store, who: Principal) -> None:
        with pytest.raises(NotAllowed):
            rounds.close(assigned_panel(sqlite_store), Reauthenticated(who), "x", NOW)
