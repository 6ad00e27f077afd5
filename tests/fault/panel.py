"""Judges in processes of their own, killed while they save; what they were told is then looked for."""

import subprocess
import sys
import tempfile
import time

import sqlalchemy as sa

from core.desk.maintenance import operations
from core.rules.words import Locale
from core.store import tables as t
from core.store.engine import Store
from tests.fixtures.told import told as payloads
from tests.serving.servers import OUTLIVES_NOBODY, gone


class Judges:
    """Processes that mark through the desk, and all that they were told was saved."""

    def __init__(self, url: str) -> None:
        self.url, self.rounds = url, 0
        self.running: list[subprocess.Popen[bytes]] = []
        self.told: set[tuple[str, str, str, int]] = set()
        self.words = tempfile.TemporaryFile()  # noqa: SIM115  # closed when they are over

    def start(self, processes: int) -> None:
        """Let them begin, and wait until each is saving."""
        for _ in range(processes):
            self.rounds += 1
            self.running.append(
                subprocess.Popen(
                    [*OUTLIVES_NOBODY, sys.executable, "-m", "tests.fault.a_judge", self.url, str(self.rounds)],
                    stdout=subprocess.PIPE,
                    stderr=self.words,
                    start_new_session=True,
                )
            )
        for each in self.running:
            assert each.stdout is not None
            self._hear(each.stdout.readline())

    def kill(self) -> None:
        """Kill -9, then read what they had been told until then."""
        for each in self.running:
            each.kill()
        for each in self.running:
            assert each.stdout is not None
            for line in each.stdout.read().splitlines():
                self._hear(line)
            each.stdout.close()
            each.wait()
        self.running = []

    def localize(self) -> str:
        """What they complained of."""
        self.words.seek(0)
        return self.words.read().decode(errors="replace")[-8_000:]

    def over(self) -> None:
        """Whatever became of the test, none of them is left."""
        for each in self.running:
            gone(each)
            if each.stdout is not None:
                each.stdout.close()
        self.words.close()

    def _hear(self, line: bytes) -> None:
        what, judge, code, number = line.decode().split()
        self.told.add((what, judge, code, int(number)))


Told = set[tuple[str, str, str, int]]  # "draft" or "sealed", judge, work, version or revision


def nothing_lost(store: Store, told: Told) -> None:
    """All that was acknowledged is there, nothing is half there, and ledger and tables verify."""
    verdict = operations.verify(store)
    findings = [finding.localize(Locale()) for finding in verdict.findings]
    assert findings == [], findings
    with store.read() as connection:
        sealed = {tuple(row) for row in connection.execute(_SEALED)}
    kept = {_fact(event, payload) for event in ("sheet.drafted", "sheet.sealed") for payload in payloads(store, event)}
    assert told - kept == set()
    assert {(judge, code, number) for what, judge, code, number in told if what == "sealed"} - sealed == set()


_SEALED = (
    sa.select(t.account.c.username, t.entry.c.code, t.sheet_revision.c.number)
    .join(t.account, t.account.c.id == t.sheet_revision.c.judge_id)
    .join(t.entry, t.entry.c.id == t.sheet_revision.c.entry_id)
)


def _fact(event: str, told: dict[str, object]) -> tuple[str, str, str, int]:
    if event == "sheet.drafted":
        return "draft", str(told["judge"]), str(told["entry"]), int(str(told["version"]))
    return "sealed", str(told["judge"]), str(told["entry"]), int(str(told["revision"]))


def in_time(seconds: float, began: float) -> bool:
    """Whether another round still fits."""
    return time.monotonic() - began < seconds
