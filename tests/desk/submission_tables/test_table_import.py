"""Taking the good rows of a table: in one transaction, once, and only as they were shown."""

from dataclasses import replace

import pytest
import sqlalchemy as sa

from core.desk.entries.entry_refusals import LateNeedsReason
from core.desk.entries.submission_views import of_office
from core.desk.maintenance import operations
from core.desk.submission_tables.table_import import Chosen, NothingToTake, PreviewOutdated, RowPastLimit, take
from core.rules.access import NotAllowed
from core.rules.entries.form import Author
from core.rules.entries.states import NeedsReason
from core.store import tables as t
from core.store.engine import Store
from tests.desk.contest_with_panel import CHIEF, assigned_panel
from tests.desk.entries.entered import LATE, OFFICE, OPEN, enter
from tests.desk.submission_tables.filled import SECOND, shown, table, taken


@pytest.fixture
def desk(store: Store) -> Store:
    """A contest inside its window, with a secretary."""
    assigned_panel(store)
    return store


def stored(desk: Store) -> int:
    with desk.read() as connection:
        return int(connection.scalar(sa.select(sa.func.count()).select_from(t.submission)) or 0)


def test_good_rows_are_taken_without_the_bad_ones_and_both_are_named(desk: Store) -> None:
    done = taken(desk, table({}, {**SECOND, "phone.1": None}, {**SECOND, "title": "Mã QR"}))
    assert [(row.number, row.code) for row in done.rows] == [(2, "TP-001"), (4, "TP-002")]
    assert [(row.number, row.outcome.value) for row in done.left] == [(3, "faulty")]
    view = of_office(desk, OFFICE, "TP-001")
    assert view.form.authors[0].phone == "0912345678" and view.history[0].person == "THUKY"
    assert operations.verify(desk).findings == ()


def test_the_same_file_sent_twice_enters_nothing_twice(desk: Store) -> None:
    data = table({}, SECOND)
    chosen = Chosen(shown(desk, data).seen)
    take(desk, OFFICE, data, "don.xlsx", chosen, OPEN)
    with pytest.raises(PreviewOutdated) as again:
        take(desk, OFFICE, data, "don.xlsx", chosen, OPEN)
    assert [row.outcome.value for row in again.value.preview.rows] == ["same", "same"] and stored(desk) == 2


def test_a_file_other_than_the_one_that_was_shown_is_not_taken(desk: Store) -> None:
    seen = shown(desk, table({})).seen
    with pytest.raises(PreviewOutdated):
        take(desk, OFFICE, table(SECOND), "don.xlsx", Chosen(seen), OPEN)


def test_differences_are_taken_only_where_they_were_chosen_and_with_a_reason(desk: Store) -> None:
    enter(desk, "một", summary="")
    enter(desk, "hai", title="Hai", summary="")
    data = table({"unit": "Xã Mường La"}, {"title": "Hai", "unit": "Xã Mường La"})
    with pytest.raises(NothingToTake):
        taken(desk, data)
    with pytest.raises(NeedsReason):
        taken(desk, data, 3, reason=" ")
    done = taken(desk, data, 3, reason="Theo đơn giấy")
    assert [(row.code, row.outcome.value) for row in done.rows] == [("TP-002", "differs")]
    assert of_office(desk, OFFICE, "TP-001").form.unit == "Xã Chiềng Xôm"
    assert of_office(desk, OFFICE, "TP-002").history[-1].reason == "Theo đơn giấy"
    assert operations.verify(desk).findings == ()


def test_outside_the_window_new_works_need_a_reason(desk: Store) -> None:
    with pytest.raises(LateNeedsReason):
        taken(desk, table({}), now=LATE)
    taken(desk, table({}), now=LATE, late="Bưu điện đến chậm")
    view = of_office(desk, OFFICE, "TP-001")
    assert view.row.late and view.history[0].reason == "Bưu điện đến chậm"


def test_corrections_and_new_works_together_keep_the_limit_of_an_author(desk: Store) -> None:
    other = (Author("Cà Văn Pản", "1985-01-02", "0987654321"),)
    code = enter(desk, authors=other, summary="").code
    works = [{"title": title} for title in ("Hai", "Ba", "Bốn")]
    with pytest.raises(RowPastLimit, match="Dòng 5"):
        taken(desk, table({"code": code}, *works), 2, reason="Đổi tác giả")
    assert stored(desk) == 1
    assert len(taken(desk, table({"code": code}, *works)).rows) == 3


def test_only_the_office_takes_tables(desk: Store) -> None:
    seen = shown(desk, table({})).seen
    with pytest.raises(NotAllowed):
        take(desk, CHIEF, table({}), "don.xlsx", Chosen(seen), OPEN)
    with pytest.raises(NotAllowed):
        take(desk, replace(OFFICE, roles=frozenset()), table({}), "don.xlsx", Chosen(seen), OPEN)
