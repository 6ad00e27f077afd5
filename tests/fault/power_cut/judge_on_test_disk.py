"""A separate process on a disk that is recorded or made to fail (disk.c). Judges mark through the desk for a few
turns.

python -m tests.fault.power_cut.judge_on_test_disk URL recorded synchronous=FULL
python -m tests.fault.power_cut.judge_on_test_disk URL failing W|S TIMES
python -m tests.fault.power_cut.judge_on_test_disk URL keeping FILE
"""

import ctypes
import os
import signal
import sys
import threading
from contextlib import closing
from itertools import count
from pathlib import Path

from core.desk.maintenance import operations
from core.settings import sqlite_url
from core.store.database import connections
from core.store.engine import Store, connect
from tests.desk.contest_with_panel import CHIEF, CODES, LAN, MINH
from tests.fault.judge_process import mark, say, turn_of
from tests.fault.panel import nothing_lost

CHECKPOINT = "wal_autocheckpoint=20"  # pages: a low limit, so that the main database file is written to as well
TURNS = 5


def recorded(store: Store) -> None:
    """All judges mark at the same time, so that changes share a commit. The caller then closes the
    database normally.
    """
    panel = [(who, code) for who in (LAN, MINH, CHIEF) for code in CODES[:3]]
    judges = [threading.Thread(target=mark, args=(store, *pair, "1", range(TURNS))) for pair in panel]
    for judge in judges:
        judge.start()
    for judge in judges:
        judge.join()


def failing(store: Store, kind: str, times: int) -> None:
    """Fail the first, then the second, then every further write or sync of a turn. After each failure a full turn
    must succeed.
    """
    disk = ctypes.CDLL(None)
    nth = missed = 0
    while missed < 3:  # in three turns no such write was left to fail: each has failed once
        nth += 1
        disk.disk_fail(ord(kind), nth, times)
        mark(store, LAN, CODES[0], f"{kind}{times}", [nth])
        missed += disk.disk_left() == times
        disk.disk_fail(0, 0, 0)
        turn_of(store, LAN, CODES[0], f"whole-again-{kind}{times}-{nth:06}")
        nothing_lost(store, set())
    say(f"points {kind} {times} {nth - missed}")


def keeping(store: Store, copy: Path) -> None:
    """Back up to `copy` in a child process that is killed at its first, second, … write or sync. The copy is complete
    or missing. Ends with the backup that no kill interrupts.
    """
    disk = ctypes.CDLL(None)
    for nth in count(1):
        child = os.fork()
        if not child:
            disk.disk_fail(ord("K"), nth, 1)
            operations.backup(store, copy)
            os._exit(0)
        killed = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == -signal.SIGKILL
        if copy.exists():
            with closing(connect(sqlite_url(copy))) as copied:
                nothing_lost(copied, set())
            copy.unlink()
        if not killed:
            say(f"points K 1 {nth}")
            return


def main(url: str, what: str, *options: str) -> None:
    """Open the database as the desk does, with the tested SQLite settings appended: the last value of
    a setting wins.
    """
    tried = options if what == "recorded" else ()
    vars(connections).update(_PRAGMAS=(*connections._PRAGMAS, CHECKPOINT, *tried))
    store = connect(url)
    if what == "recorded":
        recorded(store)
    elif what == "keeping":
        keeping(store, Path(options[0]))
    else:
        failing(store, options[0], int(options[1]))
    store.close()


if __name__ == "__main__":
    main(*sys.argv[1:])
