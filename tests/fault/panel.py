"""Starts judges in separate processes, kills them while they save, and checks that everything
acknowledged is stored.
"""

import select
import subprocess
import sys
import tempfile
import time

import sqlalchemy as sa

from core.desk.maintenance import operations
from core.rules.words import Locale
from core.store import tables as t
from core.store.engine import Store
from tests.fixtures.ledger_payloads import payloads_of
from tests.serving.servers import KILLED_WITH_PARENT, kill_group


class Judges:
    """Processes that mark through the desk, and every save that was acknowledged to them."""

    def __init__(self, url: str) -> None:
        self.url, self.rounds = url, 0
        self.running: list[subprocess.Popen[bytes]] = []
        self.acknowledged: set[tuple[str, str, str, int]] = set()
        self.errors = tempfile.TemporaryFile()  # noqa: SIM115  # closed in close()

    def start(self, processes: int) -> None:
        """Start this many processes and wait until each has had its first save acknowledged."""
        for _ in range(processes):
            self.rounds += 1
            self.running.append(
                subprocess.Popen(
                    [
                        *KILLED_WITH_PARENT,
                        sys.executable,
                        "-m",
                        "tests.fault.judge_process",
                        self.url,
                        str(self.rounds),
                    ],
                    stdout=subprocess.PIPE,
                    stderr=self.errors,
                    start_new_session=True,
                )
            )
        for each in self.running:
            assert each.stdout is not None
            self._hear(each.stdout.readline())

    def heard(self) -> int:
        """The number of acknowledgements printed so far."""
        for each in self.running:
            assert each.stdout is not None
            while select.select([each.stdout], [], [], 0)[0]:
                if not (line := each.stdout.readline()):
                    break
                self._hear(line)
        return len(self.acknowledged)

    def kill(self) -> None:
        """Send SIGKILL, then read the acknowledgements printed until then."""
        for each in self.running:
            each.kill()
        for each in self.running:
            assert each.stdout is not None
            for line in each.stdout.read().splitlines():
                self._hear(line)
            each.stdout.close()
            each.wait()
        self.running = []

    def output(self) -> str:
        """The last 8,000 characters of what the processes wrote to standard error."""
        self.errors.seek(0)
        return self.errors.read().decode(errors="replace")[-8_000:]

    def close(self) -> None:
        """Kill every process that still runs and close the files, whatever the result of the test."""
        for each in self.running:
            kill_group(each)
            if each.stdout is not None:
                each.stdout.close()
        self.errors.close()

    def _hear(self, line: bytes) -> None:
        what, judge, code, number = line.decode().split()
        self.acknowledged.add((what, judge, code, int(number)))


Acknowledged = set[tuple[str, str, str, int]]  # "draft" or "sealed", judge, work, version or revision


def nothing_lost(store: Store, acknowledged: Acknowledged) -> None:
    """Check that everything acknowledged is stored, nothing is partly stored, and the ledger and the tables verify."""
    verdict = operations.verify(store)
    findings = [finding.localize(Locale()) for finding in verdict.findings]
    assert findings == [], findings
    with store.read() as connection:
        sealed = {tuple(row) for row in connection.execute(_SEALED)}
    stored = {
        _fact(event, payload) for event in ("sheet.drafted", "sheet.sealed") for payload in payloads_of(store, event)
    }
    assert acknowledged - stored == set()
    assert {(judge, code, number) for what, judge, code, number in acknowledged if what == "sealed"} - sealed == set()


_SEALED = (
    sa.select(t.account.c.username, t.entry.c.code, t.sheet_revision.c.number)
    .join(t.account, t.account.c.id == t.sheet_revision.c.judge_id)
    .join(t.entry, t.entry.c.id == t.sheet_revision.c.entry_id)
)


def _fact(event: str, payload: dict[str, object]) -> tuple[str, str, str, int]:
    if event == "sheet.drafted":
        return "draft", str(payload["judge"]), str(payload["entry"]), int(str(payload["version"]))
    return "sealed", str(payload["judge"]), str(payload["entry"]), int(str(payload["revision"]))


def in_time(seconds: float, began: float) -> bool:
    """True while fewer than `seconds` have passed since `began`."""
    return time.monotonic() - began < seconds
