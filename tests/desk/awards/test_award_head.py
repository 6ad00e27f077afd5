"""What the head of the award page leaves out, and decisions without effect: both are reported."""

from core.desk.awards import award_decisions
from core.desk.interactions import freeze
from core.store.engine import Store
from tests.desk.judged_contest import CHANNEL, COMMITTEE, MARKS, MEETING, SON_LA, TIED, judged, posted

WHY = "Hội đồng biểu quyết 5/5"


def closed(store: Store, marks: dict[str, tuple[int, ...]]) -> None:
    judged(store, marks)
    posted(store, "T-412", 900)
    freeze(store, CHANNEL, MEETING)


def test_the_money_of_undecided_prizes_and_of_awards_is_the_whole_fund(sqlite_store: Store) -> None:
    closed(sqlite_store, dict(TIED))
    proposed = award_decisions.proposal(sqlite_store, COMMITTEE, MEETING)
    fund = sum(prize.amount * prize.quantity for prize in SON_LA.prizes)
    assert [(each.prize_name, each.quantity) for each in proposed.document.undecided] == [
        ("Giải Ba", 3),
        ("Giải Khuyến khích", 1),
    ]
    assert proposed.open_money == 3 * 2_000_000 + 1_000_000
    assert proposed.document.total + proposed.open_money == fund
    award_decisions.choose(sqlite_store, COMMITTEE, "BA", ("T-404", "T-405", "T-406"), WHY, MEETING)
    settled = award_decisions.proposal(sqlite_store, COMMITTEE, MEETING)
    assert (settled.document.undecided, settled.open_money, settled.document.total) == ((), 0, fund)


def test_without_undecided_prizes_no_money_is_open(sqlite_store: Store) -> None:
    closed(sqlite_store, dict(MARKS))
    proposed = award_decisions.proposal(sqlite_store, COMMITTEE, MEETING)
    assert (proposed.open_money, proposed.moot) == (0, frozenset())


def test_a_decision_has_no_effect_while_others_prevent_it(sqlite_store: Store) -> None:
    """Withholding two "Ba" leaves one for the four: the choice of three has no effect until that
    decision is revoked.
    """
    closed(sqlite_store, dict(TIED))
    three = award_decisions.choose(sqlite_store, COMMITTEE, "BA", ("T-404", "T-405", "T-406"), WHY, MEETING)
    assert award_decisions.proposal(sqlite_store, COMMITTEE, MEETING).moot == frozenset()
    withheld = award_decisions.withhold(sqlite_store, COMMITTEE, "BA", 2, WHY, MEETING)
    assert award_decisions.proposal(sqlite_store, COMMITTEE, MEETING).moot == {three}
    one = award_decisions.choose(sqlite_store, COMMITTEE, "BA", ("T-404",), WHY, MEETING)
    assert award_decisions.proposal(sqlite_store, COMMITTEE, MEETING).moot == {three}
    award_decisions.revoke(sqlite_store, COMMITTEE, withheld, MEETING)
    assert award_decisions.proposal(sqlite_store, COMMITTEE, MEETING).moot == {one}
