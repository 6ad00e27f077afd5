"""`python -m core rank` on a file of marks, against pandas averaging the same file. python -m bench.rank_from_files [--quick]

Both are whole processes that print the place and the score of each work. They take turns, so that a busy moment affects
both alike; the figure is the median. pandas adds floating-point numbers and checks nothing. `rank` adds integers in
hundredths, checks every mark, and explains tie-breaks and prizes.
"""

import random
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from csv import DictReader
from pathlib import Path
from tempfile import TemporaryDirectory

from bench import table
from bench.fill import Size, codes, contest_text, judges
from core.desk.context import now

ROOT = Path(__file__).resolve().parent.parent
RUNS = 7
MOST = 3  # the target: at most this many times the time of pandas
READ = {  # pandas code that reads a file of each form into one row per sheet, with its total
    "wide": 'f = pandas.read_csv(sys.argv[1]); f["total"] = f.drop(columns=["entry", "judge"]).sum(axis=1)',
    "long": 'f = pandas.read_csv(sys.argv[1]).groupby(["entry", "judge"])["points"].sum().reset_index(name="total")',
}
PLAIN = """
import sys, pandas
{read}
score = f.groupby("entry")["total"].mean().round(2)
place = score.rank(method="min", ascending=False).astype(int)
pandas.DataFrame({{"place": place, "score": score}}).sort_values("place").to_csv(sys.stdout)
"""


def measure(quick: bool) -> Iterator[table.Figure]:
    """The time of the whole command on a wide and on a long file."""
    size = Size(1_000 if quick else 10_000, 30, 5)
    with TemporaryDirectory() as name:
        folder = Path(name)
        write_files(folder, size)
        for form, read in READ.items():
            scores = str(folder / f"{form}.csv")
            ours = [sys.executable, "-m", "core", "rank", "--contest", str(folder / "contest.toml"), "--scores", scores]
            ours += ["--format", "csv"]
            plain = [sys.executable, "-c", PLAIN.format(read=read), scores]
            mine, pandas = median_times(ours, plain)
            yield table.Figure(
                f"rank from a {form} file, {size.works:,} × {size.judges} × {size.criteria} (whole process, median of {RUNS})",
                mine, "s", f"≤ {MOST} × pandas", mine <= MOST * pandas, plain=pandas, plain_is="pandas",
            )  # fmt: skip


def write_files(folder: Path, size: Size) -> None:
    """Write a contest file, and random marks in both forms, into the folder."""
    text = contest_text(size, now())
    (folder / "contest.toml").write_text(text, encoding="utf-8")
    rng, keys = random.Random(1), [f"C{number}" for number in range(1, size.criteria + 1)]
    most = 2 * (100 // size.criteria)
    with (folder / "wide.csv").open("w") as wide, (folder / "long.csv").open("w") as long:
        wide.write(f"entry,judge,{','.join(keys)}\n")
        long.write("entry,judge,criterion,points\n")
        for work in codes(size.works):
            for judge in judges(size.judges):
                marks = [f"{rng.randrange(most + 1) / 2:g}" for _ in keys]
                wide.write(f"{work},{judge},{','.join(marks)}\n")
                long.writelines(f"{work},{judge},{key},{mark}\n" for key, mark in zip(keys, marks, strict=True))


def median_times(*commands: list[str]) -> list[float]:
    """The median time of each command in seconds, run in turns. Raises RuntimeError where their scores differ."""
    times: list[list[float]] = [[] for _ in commands]
    for _ in range(RUNS):
        scores = list[dict[str, float]]()
        for command, spent in zip(commands, times, strict=True):
            began = time.perf_counter()
            done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
            spent.append(time.perf_counter() - began)
            scores.append({row["entry"]: float(row["score"]) for row in DictReader(done.stdout.splitlines())})
        if any(each != scores[0] for each in scores):
            raise RuntimeError("the two ways give different scores")
    return [statistics.median(spent) for spent in times]


if __name__ == "__main__":
    table.run(__doc__, measure)
