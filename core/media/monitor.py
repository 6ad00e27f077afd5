"""How long work on a film tells its progress, and learns that it must stop."""

from collections.abc import Callable
from dataclasses import dataclass


def _ignore(_share: float) -> None:
    return


def _never() -> bool:
    return False


@dataclass(frozen=True, slots=True)
class ProgressMonitor:
    """`report` is called with the share that is done, from 0 to 1, and may raise to stop the work.

    `cancelled` is called four times a second while a program runs; once it returns True the program is killed.
    """

    report: Callable[[float], None] = _ignore
    cancelled: Callable[[], bool] = _never

    def part(self, begins: float, ends: float) -> "ProgressMonitor":
        """The monitor of a part of the work, which begins and ends at these shares of the whole."""
        return ProgressMonitor(lambda share: self.report(begins + (ends - begins) * share), self.cancelled)


UNMONITORED = ProgressMonitor()
