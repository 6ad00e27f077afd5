"""A grid of 1,500 rows is one transaction: a fault in its last row leaves nothing of it."""

from collections.abc import Sequence
from typing import Any

import pytest
import sqlalchemy as sa

from core.desk.channel import reading_entry
from core.desk.channel.reading_entry import TypedReading
from core.store import tables as t
from core.store.engine import Connection, Store, WriteTransaction
from core.store.queries import readings
from tests.desk.judged_contest import BEFORE_CUT_OFF, CHANNEL, MEETING, judged

CODES = [f"T-{1000 + number}" for number in range(1500)]
COUNTS = {"reactions": "7", "comments": "1", "shares": "0"}
GRID = [TypedReading(code, COUNTS, explanation="Đã đối chiếu với bài đăng.") for code in CODES]


class Broken(Exception):
    """The planted fault."""


@pytest.fixture
def large(store: Store) -> Store:
    """A contest with 1,500 works."""

    def act(transaction: WriteTransaction) -> None:
        works = [{"code": code, "title": code, "author": "A", "unit": "U"} for code in CODES]
        transaction.connection.execute(t.entry.insert(), works)

    judged(store, {}).change(act)
    return store


def stored(store: Store) -> list[int]:
    """How many rows of readings, of what belongs to them, of the ledger and of its texts."""
    with store.read() as connection:
        return [
            int(connection.execute(sa.select(sa.func.count()).select_from(table)).scalar_one())
            for table in (t.reading, t.reading_detail, t.ledger, t.disclosure)
        ]


def saved(store: Store, rows: Sequence[TypedReading] = GRID) -> int:
    results = reading_entry.save(store, CHANNEL, rows, BEFORE_CUT_OFF, MEETING)
    return sum(result.number is not None for result in results)


def test_a_fault_in_the_last_row_saves_nothing(large: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    inserted, insert, before = set[int](), readings.insert_reading, stored(large)

    def breaking(connection: Connection, work: int, *given: Any) -> int:
        number = insert(connection, work, *given)
        inserted.add(work)
        if len(inserted) == len(GRID):
            raise Broken
        return number

    monkeypatch.setattr(readings, "insert_reading", breaking)
    with pytest.raises(Broken):
        saved(large)
    assert len(inserted) == len(GRID) and stored(large) == before
    monkeypatch.undo()
    assert saved(large) == len(GRID) and stored(large)[0] == len(GRID)


def test_a_cell_that_is_refused_in_the_last_row_keeps_that_row_alone(large: Store) -> None:
    """A refusal is no fault of the desk: the row is named, and the good rows are stored."""
    assert saved(large, [*GRID[:-1], TypedReading(CODES[-1], COUNTS | {"shares": "1.23"})]) == len(GRID) - 1
