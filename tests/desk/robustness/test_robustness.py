"""How robust the result is: who may read it and when, which prizes change, and that judges are numbers."""

from collections.abc import Mapping
from datetime import datetime

import pytest
import sqlalchemy as sa

from core.desk.accounts.reauthentication import Reauthenticated
from core.desk.awards import award_decisions
from core.desk.interactions import freeze
from core.desk.robustness import robustness
from core.desk.robustness.robustness import NotYet, Robustness
from core.rules.access import Principal
from core.rules.contest import Method
from core.rules.ids import EntryId
from core.rules.scoring.methods import METHODS
from core.rules.words import Locale
from core.store import tables as t
from core.store.engine import Store
from tests.desk.judged_contest import (
    ADMIN,
    CHANNEL,
    COMMITTEE,
    JUDGES,
    JUDGING,
    MARKS,
    MEETING,
    SECRETARY,
    TIED,
    judged,
)
from tests.serving.databases import owner_transaction
from tests.store.verification.test_verify import altered

CHIEF, JUDGE = JUDGES[2], JUDGES[0]
MEDIAN = METHODS[Method.MEDIAN].name.localize(Locale())


def read(store: Store, who: Principal = COMMITTEE, now: datetime = MEETING) -> Robustness:
    return robustness.robustness(store, who, now)


def confirm(store: Store) -> None:
    freeze(store, CHANNEL, MEETING)
    seen = award_decisions.proposal(store, COMMITTEE, MEETING).seen
    award_decisions.confirm(store, Reauthenticated(COMMITTEE), seen, MEETING, "ab" * 16)


def names(found: Robustness) -> list[str]:
    return [each.name.localize(Locale()) for each in found.alternatives]


def test_the_committee_reads_it_once_judging_is_over_and_organisers_after_the_confirmation(store: Store) -> None:
    judged(store)
    for who in (COMMITTEE, SECRETARY, CHIEF):
        with pytest.raises(NotYet):
            read(store, who, JUDGING)
    assert read(store).sheets == 3 * len(MARKS)
    for who in (SECRETARY, CHIEF, JUDGE, CHANNEL, ADMIN):
        assert not robustness.is_open(store, who, MEETING)
    confirm(store)
    open_to = {
        who.username
        for who in (COMMITTEE, SECRETARY, CHIEF, JUDGE, CHANNEL, ADMIN)
        if robustness.is_open(store, who, MEETING)
    }
    assert open_to == {COMMITTEE.username, SECRETARY.username, CHIEF.username}


def test_judges_are_numbers_and_equal_judges_change_nothing(store: Store) -> None:
    found = read(judged(store))
    assert [each.number for each in found.judges] == ["GK11", "GK12", "GK13"]
    assert not any(who.name in repr(found) or who.username in repr(found) for who in JUDGES)
    assert names(found) == [
        "Không có GK11",
        "Không có GK12",
        "Không có GK13",
        *(METHODS[each].name.localize(Locale()) for each in (Method.MEDIAN, Method.TRIMMED_MEAN, Method.RANK_MEAN)),
        "Cân độ nghiêm",
    ]
    assert {each.changed for each in found.alternatives} == {0}
    assert (found.agreement.alpha, found.agreement.kendall, found.agreement.complete) == (1.0, 1.0, len(MARKS))
    assert [(each.above, each.below, each.margin, each.one_sheet) for each in found.boundaries] == [
        ("T-401", "T-402", 100, 300), ("T-403", "T-404", 100, 300), ("T-406", "T-407", 100, 300), ("T-411", "T-412", 100, 300),
    ]  # fmt: skip


def test_a_tie_across_a_prize_is_shown_as_to_be_chosen(store: Store) -> None:
    found = read(judged(store, TIED))
    tied = {entry for entry, given in found.official.items() if given.open}
    assert tied == {"T-404", "T-405", "T-406", "T-407"}
    assert found.official[EntryId("T-401")].prize == "NHAT" and not found.official[EntryId("T-401")].open


def test_one_generous_judge_is_seen_and_which_prizes_hang_on_them(store: Store) -> None:
    """GK11 gives the second work more: without GK11, and by the median, the first two change places."""
    judged(store)
    raise_one_sheet(store, "hoa", "T-402", 400)
    found = read(store)
    columns = dict(zip(names(found), found.alternatives, strict=True))
    assert found.official[EntryId("T-402")].prize == "NHAT" and columns["Không có GK11"].changed == 2
    assert columns["Không có GK12"].changed == 0 and columns[MEDIAN].changed == 2
    of_hoa = next(each for each in found.judges if each.number == "GK11")
    assert max(of_hoa.distances) == pytest.approx(4 * 2 / 3) and of_hoa.mean == pytest.approx(4 * 2 / 3 / 12)
    assert found.boundaries[0].above == "T-402"


def raise_one_sheet(store: Store, judge: str, code: str, hundredths: int) -> None:
    with owner_transaction(store) as connection:
        account = sa.select(t.account.c.id).where(t.account.c.username == judge).scalar_subquery()
        entry = sa.select(t.entry.c.id).where(t.entry.c.code == code).scalar_subquery()
        where = (t.mark.c.judge_id == account, t.mark.c.entry_id == entry, t.mark.c.criterion == 0)
        altered(connection, t.mark.update().where(*where).values(hundredths=t.mark.c.hundredths + hundredths))


@pytest.mark.parametrize("works", [4, 5])
def test_too_few_works_give_no_agreement(store: Store, works: int) -> None:
    few: Mapping[str, tuple[int, ...]] = dict(list(MARKS.items())[:works])
    found = read(judged(store, few)).agreement
    enough = works >= robustness.LEAST_WORKS
    assert [value is not None for value in (found.alpha, found.panel, found.kendall)] == [enough] * 3
    assert found.order is None  # fewer than twenty sheets


def test_nothing_was_marked(store: Store) -> None:
    found = read(judged(store, {}))
    assert (found.sheets, found.official, found.boundaries, found.judges) == (0, {}, (), ())
    assert found.alternatives[-1].prizes is None
