"""What the head of the award page leaves out, and the decisions that have no effect: both are told."""

from core.desk.awards import award_decisions
from core.desk.interactions import freeze
from core.store.engine import Store
from tests.desk.a_meeting import CHANNEL, COMMITTEE, MARKS, MEETING, SON_LA, TIED, judged, posted

WHY = "Hội đồng biểu quyết 5/5"


def closed(store: Store, marks: dict[str, tuple[int, ...]]) -> None:
    judged(store, marks)
    posted(store, "T-412", 900)
    freeze(store, CHANNEL, MEETING)


def test_the_money_of_undecided_prizes_and_of_awards_is_the_whole_fund(sqlite_store: Store) -> None:
    closed(sqlite_store, dict(TIED))
    shown = award_decisions.proposal(sqlite_store, COMMITTEE, MEETING)
    fund = sum(prize.amount * prize.quantity for prize in SON_LA.prizes)
    assert [(each.prize_name, each.quantity) for each in shown.document.undecided] == [
        ("Giải Ba", 3),
        ("Giải Khuyến khích", 1),
    ]
    assert shown.open_money == 3 * 2_000_000 + 1_000_000
    assert shown.document.total + shown.open_money == fund
    award_decisions.choose(sqlite_store, COMMITTEE, "BA", ("T-404", "T-405", "T-406"), WHY, MEETING)
    settled = award_decisions.proposal(sqlite_store, COMMITTEE, MEETING)
    assert (settled.document.undecided, settled.open_money, settled.document.total) == ((), 0, fund)


def test_where_nothing_hangs_nothing_is_open(sqlite_store: Store) -> None:
    closed(sqlite_store, dict(MARKS))
    shown = award_decisions.proposal(sqlite_store, COMMITTEE, MEETING)
    assert (shown.open_money, shown.moot) == (0, frozenset())


def test_a_decision_is_moot_while_others_keep_it_from_the_table(sqlite_store: Store) -> None:
    """Withholding two "Ba" leaves one between the four: the choice of three has no effect until that is taken back."""
    closed(sqlite_store, dict(TIED))
    three = award_decisions.choose(sqlite_store, COMMITTEE, "BA", ("T-404", "T-405", "T-406"), WHY, MEETING)
    assert award_decisions.proposal(sqlite_store, COMMITTEE, MEETING).moot == frozenset()
    withheld = award_decisions.withhold(sqlite_store, COMMITTEE, "BA", 2, WHY, MEETING)
    assert award_decisions.proposal(sqlite_store, COMMITTEE, MEETING).moot == {three}
    one = award_decisions.choose(sqlite_store, COMMITTEE, "BA", ("T-404",), WHY, MEETING)
    assert award_decisions.proposal(sqlite_store, COMMITTEE, MEETING).moot == {three}
    award_decisions.revoke(sqlite_store, COMMITTEE, withheld, MEETING)
    assert award_decisions.proposal(sqlite_store, COMMITTEE, MEETING).moot == {one}
