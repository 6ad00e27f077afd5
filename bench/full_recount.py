"""A full recount from the database, beside SQLite's own GROUP BY and RANK() over the same rows. python -m bench.full_recount [--quick]"""

import random
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from bench import table
from bench.fill import Size, contest_text
from core.desk import opening, recounting
from core.desk.house import now
from core.rules.access import Role
from core.settings import sqlite_url
from core.store import tables as t
from core.store.engine import Store, Unit, connect
from core.store.migrate import migrate

PLAIN = "select entry_id, rank() over (order by sum(hundredths) desc) from mark group by entry_id"  # in the key's order
RUNS = 9


def measure(_quick: bool) -> Iterator[table.Figure]:
    """The places and what broke their ties, beside the database's own sums and ranks of the same rows."""
    size = Size(10_000, 30, 5)  # smaller ones measure the readers' threads
    with tempfile.TemporaryDirectory() as folder:
        store = connect(sqlite_url(Path(folder) / "bench.db"))
        migrate(store)
        filled(store, size)

        def plain() -> None:
            with store.read() as connection:
                connection.exec_driver_sql(PLAIN).fetchall()

        ours, theirs = taken(lambda: recounting.recount(store), plain)
        store.close()
    yield table.Figure(
        f"full recount from the database, {size.works:,} × {size.judges} × {size.criteria} (best of {RUNS}, by turns)",
        ours * 1000, "ms", "no slower", ours <= theirs, plain=theirs * 1000, plain_is="GROUP BY + RANK()",
    )  # fmt: skip


def taken(*acts: Callable[[], object]) -> list[float]:
    """The shortest time of each, in seconds: they take turns, so that a busy moment falls on all alike."""
    best = [float("inf")] * len(acts)
    for _ in range(RUNS):
        for at, act in enumerate(acts):
            began = time.perf_counter()
            act()
            best[at] = min(best[at], time.perf_counter() - began)
    return best


def filled(store: Store, size: Size) -> None:
    """The marks alone: works, judges, and one mark for each criterion."""
    moment, chance = now(), random.Random(1)
    contest = opening.open_contest(store, contest_text(size, moment), "bench", moment, is_demo=True)

    def act(unit: Unit) -> None:
        run = unit.connection.execute
        people = [{"id": n, "username": f"gk{n}", "name": f"gk{n}", "password": "x"} for n in range(1, size.judges + 1)]
        run(
            t.account.insert(),
            [{**one, "must_change": 0, "active": 1, "is_demo": 0, "created_at": 0} for one in people],
        )
        run(t.account_role.insert(), [{"account_id": one["id"], "role": Role.JUDGE.value} for one in people])
        entries = [
            {"id": n, "code": f"T-{n:05}", "title": "x", "author": "x", "unit": "x"} for n in range(1, size.works + 1)
        ]
        run(t.entry.insert(), entries)
        insert = "insert into mark (entry_id, criterion, judge_id, hundredths) values (?, ?, ?, ?)"
        marks = [
            (work, at, judge, c.step * chance.randrange(c.maximum // c.step + 1))
            for work in range(1, size.works + 1)
            for at, c in enumerate(contest.criteria)
            for judge in range(1, size.judges + 1)
        ]
        unit.connection.exec_driver_sql(insert, marks)

    store.change(act)


if __name__ == "__main__":
    table.run(__doc__, measure)
