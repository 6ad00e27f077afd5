"""The frame of the figures: the row of each measurement, and that no script is left out."""

from pathlib import Path

from bench import durable_saves
from bench.all import SCRIPTS
from bench.table import Figure, markdown
from core.desk.maintenance import operations
from core.store.engine import Store

FRAME = {"__main__", "all", "fill", "served", "sse", "table"}


def test_every_script_that_measures_is_run() -> None:
    scripts = {path.stem for path in (Path(__file__).parents[2] / "bench").glob("*.py")} - FRAME
    assert scripts == set(SCRIPTS)


def test_a_ratio_states_how_many_times_better_ours_is() -> None:
    faster = Figure("a wait", 2, "ms", "≤ 10 ms", reached=True, plain=50, plain_is="the plain way")
    fewer = Figure("a rate", 50, "/s", "≥ 100/s", reached=False, plain=100, more=True)
    assert (faster.ratio, fewer.ratio) == ("25×", "0.5×")


def test_figures_published_by_others_are_labelled_as_measured_elsewhere() -> None:
    line = Figure("a wait", 0.25, "s", "≤ 1 s", reached=True, elsewhere="theirs 7 s")
    assert (
        markdown([line]).splitlines()[2] == "| a wait | 0.25 s | measured elsewhere: theirs 7 s |  | ≤ 1 s | reached |"
    )


def test_a_missed_figure_is_reported() -> None:
    assert Figure("a rate", 50, "/s", "≥ 100/s", reached=False).cells()[-1] == "MISSED"


def test_the_contest_whose_saves_are_measured_verifies(sqlite_store: Store) -> None:
    """The script refuses to print a figure of a ledger that does not."""
    durable_saves.fill_database(sqlite_store)
    assert operations.verify(sqlite_store).findings == ()
