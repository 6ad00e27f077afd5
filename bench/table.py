"""The frame of every figure: what was measured, the plain way beside it, what is to be reached, and whether it is."""

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
    """One line. `ours` and `plain` are in `unit`; where `more` is set more is better, else less."""

    what: str
    ours: float
    unit: str
    target: str
    reached: bool | None  # None where the line only tells
    plain: float | None = None
    plain_is: str = ""
    more: bool = False
    elsewhere: str = ""  # published of others, on another machine

    @property
    def ratio(self) -> str:
        """How many times better ours is; below 1 it is worse."""
        if self.plain is None or not (self.plain and self.ours):
            return ""
        times = self.ours / self.plain if self.more else self.plain / self.ours
        return f"{times:,.0f}×" if times >= 100 else f"{times:.3g}×"

    def cells(self) -> tuple[str, ...]:
        """The line as it is printed."""
        beside = "" if self.plain is None else f"{said(self.plain, self.unit)} {self.plain_is}".rstrip()
        if self.elsewhere:
            beside += f"{'; ' if beside else ''}measured elsewhere: {self.elsewhere}"
        reached = {None: "", True: "reached", False: "MISSED"}[self.reached]
        return self.what, said(self.ours, self.unit), beside, self.ratio, self.target, reached


def said(value: float, unit: str) -> str:
    """A number with as many digits as it deserves, and its unit."""
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
    """What the figures were measured on, and how busy it was."""
    loads = " ".join(f"{load:.1f}" for load in os.getloadavg())
    return f"Python {platform.python_version()}, {os.cpu_count()} cores, load {loads} at the start"


def run(about: str | None, measure: Callable[[bool], Iterable[Figure]]) -> None:
    """A script of this folder: measure, print the table; `--json` prints the figures for `bench.all`."""
    parser = argparse.ArgumentParser(description=about, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="small sizes, seconds instead of minutes")
    parser.add_argument("--json", action="store_true", help="one figure a line")
    told = parser.parse_args()
    if not told.json:
        print(machine() + (f"; {QUICK}" if told.quick else ""))
    figures = []
    for figure in measure(told.quick):
        figures.append(figure)
        if told.json:
            print(json.dumps(asdict(figure), ensure_ascii=False), flush=True)
    if not told.json:
        print(text(figures))
    sys.exit(0)
