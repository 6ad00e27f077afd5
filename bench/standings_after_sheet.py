"""Standings after one sheet changes, against a full recomputation in pandas. python -m bench.standings_after_sheet [--quick]"""

import random
import statistics
import time
from collections.abc import Iterator

import pandas as pd

from bench import table
from bench.fill import Size, codes, contest_text, judges
from core.desk.context import now
from core.rules.contest_file.reader import load
from core.rules.ids import EntryId, JudgeId
from core.rules.scoring.ranking import Tally


def measure(quick: bool) -> Iterator[table.Figure]:
    """The time to put one sheet into a `Tally` and read the work's place, and to recompute everything with pandas."""
    size = Size(500 if quick else 5_000, 30, 5)
    contest = load(contest_text(size, now()), "bench")
    rng, works, panel = random.Random(1), codes(size.works), judges(size.judges)
    sheets = {
        (judge, work): {c.key: c.step * rng.randrange(c.maximum // c.step + 1) for c in contest.criteria}
        for work in works
        for judge in panel
    }
    tally = Tally(contest, map(EntryId, works))
    for (judge, work), marks in sheets.items():
        tally.put(JudgeId(judge), EntryId(work), marks)
    ours = []
    changes = [(rng.choice(panel), rng.choice(works)) for _ in range(2_000)]
    for judge, work in changes:
        marks = sheets[rng.choice(panel), rng.choice(works)]
        began = time.perf_counter()
        tally.put(JudgeId(judge), EntryId(work), marks)
        tally.standing_unexplained(EntryId(work))
        ours.append(time.perf_counter() - began)
    totals = pd.DataFrame(
        {judge: [sum(sheets[judge, work].values()) for work in works] for judge in panel}, index=works, dtype="int64"
    )
    plain = []
    for judge, work in changes[:50]:
        began = time.perf_counter()
        totals.loc[work, judge] = 5_000
        totals.mean(axis=1).round(2).rank(method="min", ascending=False)
        plain.append(time.perf_counter() - began)
    mine, pandas = statistics.median(ours) * 1000, statistics.median(plain) * 1000
    yield table.Figure(
        f"standings after one sheet, {size.works:,} × {size.judges} × {size.criteria}: its total and place (median)",
        mine, "ms", "≤ 0.2 ms", mine <= 0.2, plain=pandas, plain_is="everything with pandas",
    )  # fmt: skip


if __name__ == "__main__":
    table.run(__doc__, measure)
