"""The table of figures: each measurement with the plain way for comparison, its target, and whether the target is reached.

The plain way is the same task done with the usual libraries and their defaults (`Figure.plain_is` names it).
"""

import argparse
import json
import os
import platform
import sys
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass

HEADINGS = ("what", "ours", "the plain way", "ratio", "to reach", "")
QUICK = "small sizes, for a look: the figures of the README come from `make bench`"


@dataclass(frozen=True, slots=True)
class Figure:
    """One row of the table. `ours` and `plain` are in `unit`; with `more` a larger number is better, otherwise a smaller."""

    what: str
    ours: float
    unit: str
    target: str
    reached: bool | None  # None where there is no target
    plain: float | None = None
    plain_is: str = ""
    more: bool = False
    elsewhere: str = ""  # figures of other systems, measured on another machine

    @property
    def ratio(self) -> str:
        """How many times better `ours` is than `plain`; below 1 it is worse. "" where there is nothing to compare."""
        if self.plain is None or not (self.plain and self.ours):
            return ""
        times = self.ours / self.plain if self.more else self.plain / self.ours
        return f"{times:,.0f}×" if times >= 100 else f"{times:.3g}×"

    def cells(self) -> tuple[str, ...]:
        """The cells of the row as printed, in the order of HEADINGS."""
        beside = "" if self.plain is None else f"{with_unit(self.plain, self.unit)} {self.plain_is}".rstrip()
        if self.elsewhere:
            beside += f"{'; ' if beside else ''}measured elsewhere: {self.elsewhere}"
        reached = {None: "", True: "reached", False: "MISSED"}[self.reached]
        return self.what, with_unit(self.ours, self.unit), beside, self.ratio, self.target, reached


def with_unit(value: float, unit: str) -> str:
    """A number with its unit: three significant digits, or no decimals from 100 on."""
    digits = f"{value:,.0f}" if abs(value) >= 100 or not value else f"{value:.3g}"
    return f"{digits} {unit}".rstrip()


def text(figures: Sequence[Figure]) -> str:
    """The table for a terminal."""
    rows = [HEADINGS, *(figure.cells() for figure in figures)]
    widths = [max(len(row[at]) for row in rows) for at in range(len(HEADINGS))]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows
    )


def markdown(figures: Iterable[Figure]) -> str:
    """The table for the README."""
    rows = [figure.cells() for figure in figures]
    lines = [" | ".join(row) for row in (HEADINGS, ("---",) * len(HEADINGS), *rows)]
    return "\n".join(f"| {line} |" for line in lines)


def machine() -> str:
    """The Python version, the number of cores and the load averages, as one line."""
    loads = " ".join(f"{load:.1f}" for load in os.getloadavg())
    return f"Python {platform.python_version()}, {os.cpu_count()} cores, load {loads} at the start"


def run(about: str | None, measure: Callable[[bool], Iterable[Figure]]) -> None:
    """The main function of a script of the bench: measure, print the table and exit with 0.

    `about` is the script's docstring, shown by --help. `measure` takes `quick`. With `--json` each figure is printed as
    one line of JSON, for `bench.all`.
    """
    parser = argparse.ArgumentParser(description=about, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="small sizes, seconds instead of minutes")
    parser.add_argument("--json", action="store_true", help="one figure a line")
    arguments = parser.parse_args()
    if not arguments.json:
        print(machine() + (f"; {QUICK}" if arguments.quick else ""))
    figures = []
    for figure in measure(arguments.quick):
        figures.append(figure)
        if arguments.json:
            print(json.dumps(asdict(figure), ensure_ascii=False), flush=True)
    if not arguments.json:
        print(text(figures))
    sys.exit(0)
