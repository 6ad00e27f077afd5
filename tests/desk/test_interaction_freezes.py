"""Reopening frozen counts: a second person is needed, with a reason; a decision based on the old counts does not stay
silently.
"""

from datetime import timedelta

import pytest

from core.desk import rounds
from core.desk.accounts.reauthentication import Reauthenticated
from core.desk.awards import award_decisions
from core.desk.awards.award_refusals import AlreadyConfirmed, ChangedMeanwhile, NotYet
from core.desk.interaction_freezes import Freeze, FrozenByYourself, MovedOn, NotFrozen, reopen, reopening
from core.desk.interactions import InteractionsFrozen, counts, freeze
from core.desk.judging.judge_assignment import ReasonMissing
from core.desk.standings import standings_board
from core.desk.standings.live_standings import LiveStandings
from core.rules.access import NotAllowed, Principal, Role
from core.rules.ids import PrizeKey
from core.rules.words import Locale
from core.store import tables as t
from core.store.engine import Store
from core.store.queries import readings
from tests.desk.contest_with_panel import SALT
from tests.desk.judged_contest import (
    ADMIN,
    AFTER_CUT_OFF,
    CHANNEL,
    COMMITTEE,
    JUDGES,
    JUDGING,
    MEETING,
    SECRETARY,
    SON_LA,
    TIED,
    TOML,
    events,
    judged,
    person,
    posted,
)
from tests.fixtures.readings import confirmed_reading

WHY = "T-405 ghi 120 lượt cảm xúc, trang hiện 12."
LATER = MEETING + timedelta(minutes=20)
MARKS_BOTH = person("hai", "Hai vai", Role.CHIEF, Role.COMMITTEE)


@pytest.fixture
def frozen(store: Store) -> Store:
    """T-405 before T-401, frozen by the channel keeper."""
    judged(store, TIED)
    posted(store, "T-405", 120)
    posted(store, "T-401", 80)
    freeze(store, CHANNEL, MEETING)
    return store


def opened(store: Store, who: Principal = COMMITTEE, reason: str = WHY) -> None:
    reopen(store, who, reason, reopening(store, COMMITTEE).seen, LATER)


def popular(store: Store) -> list[str]:
    table = award_decisions.proposal(store, COMMITTEE, LATER).document
    return [row.code for row in table.awards if row.prize == "PHU"]


def decided(store: Store) -> list[tuple[str, str]]:
    return [(row.prize, row.kind) for row in award_decisions.proposal(store, COMMITTEE, LATER).decisions]


class TestReopening:
    def test_counts_are_corrected_and_frozen_anew(self, frozen: Store) -> None:
        assert popular(frozen) == ["T-405"]
        opened(frozen)
        table = counts(frozen, CHANNEL, LATER)
        assert table.frozen_at is None and table.may_enter and table.may_freeze
        posted(frozen, "T-405", 12)
        freeze(frozen, CHANNEL, LATER)
        assert popular(frozen) == ["T-401"]
        read = next(work for work in counts(frozen, CHANNEL, LATER).works if work.code == "T-405")
        assert [(each.reading.reactions, each.counts) for each in read.history] == [(12, True), (120, False)]

    def test_what_is_read_after_the_cut_off_counts_no_more_than_before(self, frozen: Store) -> None:
        opened(frozen)
        typed = {"reactions": "9000", "comments": "0", "shares": "0", "views": "0"}
        confirmed_reading(frozen, CHANNEL, "T-401", typed, AFTER_CUT_OFF, LATER)
        freeze(frozen, CHANNEL, LATER)
        assert popular(frozen) == ["T-405"]

    def test_the_ledger_has_one_row_with_the_reason_and_what_was_counted(self, frozen: Store) -> None:
        opened(frozen)
        form = {"reason": WHY, "frozen_by": "kenh", "frozen_at": int(MEETING.timestamp() * 1000), "decisions": []}
        assert events(frozen, "interactions.reopened") == [{**form, "counted": [["T-401", 80], ["T-405", 120]]}]

    def test_everybody_who_reads_the_counts_sees_who_when_and_why(self, frozen: Store) -> None:
        assert reopening(frozen, SECRETARY).by == CHANNEL.name
        opened(frozen)
        for who in (CHANNEL, SECRETARY, COMMITTEE):
            form = reopening(frozen, who)
            assert form.freezes == (Freeze(CHANNEL.name, MEETING, COMMITTEE.name, LATER, WHY),)
            assert (form.may, form.own, form.by) == (False, False, "")
        freeze(frozen, CHANNEL, LATER)
        assert [each.reason for each in reopening(frozen, CHANNEL).freezes] == [WHY, None]
        opened(frozen, reason="Một lần nữa.")
        assert [each.reason for each in reopening(frozen, CHANNEL).freezes] == [WHY, "Một lần nữa."]

    def test_an_open_board_is_updated_at_once(self, frozen: Store) -> None:
        """The round is not closed by hand: the prize by counts is on the board only while the counts are frozen."""
        live, prize = LiveStandings(frozen), SON_LA.prize(PrizeKey("PHU")).name

        def holders() -> list[str]:
            live.catch_up()
            return [line.entry for line in standings_board.board(live, 0, 100).lines if prize in line.prizes]

        assert holders() == ["T-405"]
        before = live.revision
        opened(frozen)
        assert holders() == [] and live.revision > before
        posted(frozen, "T-405", 12)
        freeze(frozen, CHANNEL, LATER)
        assert holders() == ["T-401"]


def test_while_sheets_may_still_come_frozen_counts_stay_off_the_board(sqlite_store: Store) -> None:
    """A chief who still marks sees the board; the prize by counts would reveal popular works."""
    early = TOML.replace(
        "interactions_close = 2024-09-10T23:59:59+07:00", "interactions_close = 2024-08-15T23:59:59+07:00"
    )
    judged(sqlite_store, TIED, toml=early)
    posted(sqlite_store, "T-405", 120, JUDGING - timedelta(days=9), JUDGING)
    live, prize = LiveStandings(sqlite_store), SON_LA.prize(PrizeKey("PHU")).name

    def holders() -> list[str]:
        live.catch_up()
        return [line.entry for line in standings_board.board(live, 0, 100).lines if prize in line.prizes]

    freeze(sqlite_store, CHANNEL, JUDGING)
    assert holders() == []
    rounds.close(sqlite_store, Reauthenticated(JUDGES[2]), "", JUDGING)
    assert holders() == ["T-405"]


class TestPermissions:
    @pytest.mark.parametrize("who", [CHANNEL, SECRETARY, ADMIN, MARKS_BOTH, *JUDGES], ids=lambda who: who.username)
    def test_only_the_committee_reopens(self, frozen: Store, who: Principal) -> None:
        with pytest.raises(NotAllowed):
            opened(frozen, who)
        assert counts(frozen, COMMITTEE, LATER).frozen_at == MEETING and events(frozen, "interactions.reopened") == []

    @pytest.mark.parametrize("who", [ADMIN, MARKS_BOTH, *JUDGES], ids=lambda who: who.username)
    def test_a_role_that_may_not_see_counts_learns_nothing(self, frozen: Store, who: Principal) -> None:
        with pytest.raises(NotAllowed):
            reopening(frozen, who)

    def test_only_the_committee_sees_the_button(self, frozen: Store) -> None:
        assert [reopening(frozen, who).may for who in (CHANNEL, SECRETARY, COMMITTEE)] == [False, False, True]

    def test_the_one_who_froze_may_not_reopen(self, store: Store) -> None:
        freeze(judged(store), COMMITTEE, MEETING)
        form = reopening(store, COMMITTEE)
        assert (form.may, form.own) == (False, True)
        with pytest.raises(FrozenByYourself):
            opened(store)
        other = person("pho", "Phó ban", Role.COMMITTEE)
        account = {"id": 99, "number": 99, "username": "pho", "name": "Phó ban", "password": "x", "must_change": 0}
        added = t.account.insert().values(**account, active=1, is_demo=0, created_at=0)
        role = t.account_role.insert().values(account_id=99, role="committee")
        for each in (added, role):
            store.change(lambda transaction, each=each: transaction.connection.execute(each).close())  # type: ignore[misc]
        opened(store, other)
        assert counts(store, CHANNEL, LATER).may_enter


class TestReopeningRefused:
    @pytest.mark.parametrize("reason", ["", "  \n"])
    def test_without_a_reason(self, frozen: Store, reason: str) -> None:
        with pytest.raises(ReasonMissing):
            opened(frozen, reason=reason)
        with pytest.raises(InteractionsFrozen):
            posted(frozen, "T-405", 12)

    def test_while_nothing_is_frozen(self, frozen: Store) -> None:
        opened(frozen)
        with pytest.raises(NotFrozen):
            opened(frozen)
        assert len(events(frozen, "interactions.reopened")) == 1

    def test_after_the_awards_are_confirmed(self, frozen: Store) -> None:
        award_decisions.choose(frozen, COMMITTEE, "BA", ("T-404", "T-405", "T-406"), WHY, MEETING)
        seen = reopening(frozen, COMMITTEE).seen
        award_decisions.confirm(
            frozen, Reauthenticated(COMMITTEE), award_decisions.proposal(frozen, COMMITTEE, MEETING).seen, MEETING, SALT
        )
        assert not reopening(frozen, COMMITTEE).may and reopening(frozen, COMMITTEE).by == CHANNEL.name
        with pytest.raises(AlreadyConfirmed, match="đã được xác nhận lúc"):
            reopen(frozen, COMMITTEE, WHY, seen, LATER)

    def test_a_change_that_cannot_be_written_completely_is_not_written(
        self, frozen: Store, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        award_decisions.withhold(frozen, COMMITTEE, "PHU", 1, WHY, MEETING)

        def broken(*_: object) -> None:
            raise RuntimeError

        monkeypatch.setattr(readings, "reopen", broken)
        with pytest.raises(RuntimeError):
            opened(frozen)
        assert decided(frozen) == [("PHU", "withhold")]
        assert events(frozen, "interactions.reopened") == events(frozen, "decision.revoked") == []


class TestEarlierDecisions:
    """A decision about the prize by counts depends on the old counts: it is revoked, and the committee is told in
    advance.
    """

    def test_only_the_decision_on_the_prize_by_counts_is_revoked(self, frozen: Store) -> None:
        withheld = award_decisions.withhold(frozen, COMMITTEE, "KK", 1, WHY, MEETING)
        fallen = award_decisions.withhold(frozen, COMMITTEE, "PHU", 1, WHY, MEETING)
        assert [each.localize(Locale()) for each in reopening(frozen, COMMITTEE).falls] == [
            "Giải phụ: tác phẩm có lượng tương tác cao: không trao 1 giải"
        ]
        assert reopening(frozen, CHANNEL).falls == ()
        opened(frozen)
        assert decided(frozen) == [("KK", "withhold")]
        assert events(frozen, "decision.revoked") == [{"decision": fallen}]
        assert events(frozen, "interactions.reopened")[0]["decisions"] == [fallen]
        assert withheld != fallen

    def test_a_choice_among_tied_works_is_revoked_too(self, store: Store) -> None:
        judged(store)
        posted(store, "T-405", 80)
        posted(store, "T-401", 80)
        freeze(store, CHANNEL, MEETING)
        award_decisions.choose(store, COMMITTEE, "PHU", ("T-401",), WHY, MEETING)
        assert "chọn T-401" in reopening(store, COMMITTEE).falls[0].localize(Locale())
        opened(store)
        freeze(store, CHANNEL, LATER)
        proposal = award_decisions.proposal(store, COMMITTEE, LATER)
        assert decided(store) == [] and [open_.codes for open_ in proposal.document.undecided] == [("T-401", "T-405")]

    def test_a_decision_made_meanwhile_must_be_shown_first(self, frozen: Store) -> None:
        seen = reopening(frozen, COMMITTEE).seen
        award_decisions.withhold(frozen, COMMITTEE, "PHU", 1, WHY, MEETING)
        with pytest.raises(MovedOn):
            reopen(frozen, COMMITTEE, WHY, seen, LATER)
        assert decided(frozen) == [("PHU", "withhold")]

    def test_a_freeze_made_meanwhile_must_be_shown_first(self, frozen: Store) -> None:
        seen = reopening(frozen, COMMITTEE).seen
        opened(frozen)
        freeze(frozen, CHANNEL, LATER)
        with pytest.raises(MovedOn):
            reopen(frozen, COMMITTEE, WHY, seen, LATER)

    def test_nothing_is_confirmed_meanwhile_nor_from_a_table_shown_before(self, frozen: Store) -> None:
        award_decisions.choose(frozen, COMMITTEE, "BA", ("T-404", "T-405", "T-406"), WHY, MEETING)
        looked_at = award_decisions.proposal(frozen, COMMITTEE, MEETING).seen
        opened(frozen)
        proposal = award_decisions.proposal(frozen, COMMITTEE, LATER)
        assert not proposal.may_decide and "Lượt tương tác chưa chốt" in proposal.missing[0].localize(Locale())
        with pytest.raises(NotYet):
            award_decisions.confirm(frozen, Reauthenticated(COMMITTEE), proposal.seen, LATER, SALT)
        freeze(frozen, CHANNEL, LATER)  # identical counts
        with pytest.raises(ChangedMeanwhile):
            award_decisions.confirm(frozen, Reauthenticated(COMMITTEE), looked_at, LATER, SALT)
        table = award_decisions.confirm(
            frozen, Reauthenticated(COMMITTEE), award_decisions.proposal(frozen, COMMITTEE, LATER).seen, LATER, SALT
        )
        assert [row.code for row in table.awards if row.prize == "PHU"] == ["T-405"]
