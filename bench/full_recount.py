"""The full recount that `verify` makes, against SQLite's GROUP BY and RANK(). python -m bench.full_recount [--quick]

Both read the same rows over one connection each.
"""

import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from bench import table
from bench.fill import Size, fill
from core.desk.award_table import gather
from core.desk.context import contest_state_in
from core.settings import sqlite_url
from core.store.engine import connect
from core.store.migrate import migrate

# It reads the marks in the order of the primary key.
PLAIN = "select entry_id, rank() over (order by sum(hundredths) desc) from mark group by entry_id"
RUNS = 9


def measure(quick: bool) -> Iterator[table.Figure]:
    """The time of the recount: every sealed sheet, places, prizes and explanations. The SQL query does only sums and ranks."""
    size = Size(1_000 if quick else 10_000, 30, 5)
    with tempfile.TemporaryDirectory() as folder:
        store = connect(sqlite_url(Path(folder) / "bench.db"))
        migrate(store)
        fill(store, size)

        def recount() -> None:
            with store.read() as connection:
                gather(connection, contest_state_in(connection), with_interactions=True)

        def plain() -> None:
            with store.read() as connection:
                connection.exec_driver_sql(PLAIN).fetchall()

        ours, theirs = best_times(recount, plain)
        store.close()
    yield table.Figure(
        f"full recount by verify, {size.works:,} × {size.judges} × {size.criteria} (best of {RUNS}, by turns)",
        ours * 1000, "ms", "", None, plain=theirs * 1000, plain_is="GROUP BY + RANK()",
    )  # fmt: skip


def best_times(*acts: Callable[[], object]) -> list[float]:
    """The shortest time of each function, in seconds. They take turns, so that a busy moment affects all of them alike."""
    best = [float("inf")] * len(acts)
    for _ in range(RUNS):
        for at, act in enumerate(acts):
            began = time.perf_counter()
            act()
            best[at] = min(best[at], time.perf_counter() - began)
    return best


if __name__ == "__main__":
    table.run(__doc__, measure)
