"""What a kind of job is: its name, its limits, and its function, which gets a `RunningJob` and returns a `Result`."""

import threading
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path

from core.rules.words import Sentence
from core.store.engine import Store, WriteTransaction

ATTEMPTS = 3  # a job that ended its worker, or failed unexpectedly, this often is parked


class JobStopped(Exception):
    """The job must stop now: it was cancelled, its worker stops, or another worker has claimed it."""


@dataclass(frozen=True, slots=True)
class Result:
    """What a job found, as sentences, and whether nobody needs to act on it.

    `facts`: sentences that follow the report and never ask for anything. `apply` writes the job's effect, in the
    transaction that marks it as done.
    """

    report: tuple[Sentence, ...]
    good: bool = True
    facts: tuple[Sentence, ...] = ()
    apply: Callable[[WriteTransaction], None] = lambda _transaction: None


@dataclass(slots=True)
class RunningJob:
    """The job at hand, for its kind's function: the subject, the database, and the way to report progress.

    The function calls `check` or `report_progress` at least every few seconds, and never keeps `store.change` waiting.
    """

    subject: str
    store: Store
    library: Path  # the folder of the films
    progress: int = 0  # per mille
    resources: ExitStack = field(default_factory=ExitStack)  # closed after the job's end is stored
    _stop: threading.Event = field(default_factory=threading.Event)

    def report_progress(self, done: float) -> None:
        """Set the share that is done, from 0 to 1; the worker stores it every few seconds. Raises JobStopped."""
        self.progress = max(0, min(1000, round(1000 * done)))
        self.check()

    def check(self) -> None:
        """Raise JobStopped if the job must stop."""
        if self._stop.is_set():
            raise JobStopped

    def stopped(self) -> bool:
        """Whether the job must stop; for subprocesses, which are killed then."""
        return self._stop.is_set()

    def stop(self) -> None:
        """Called by the worker: the next `check` raises."""
        self._stop.set()


@dataclass(frozen=True, slots=True)
class JobKind:
    """A kind of background work. `run` raises Refusal for a job that cannot be done, however often it is tried."""

    key: str
    title: Sentence
    run: Callable[[RunningJob], Result]
    time_limit_s: int = 3600  # of one attempt; a worker that exceeds it ends its own process
