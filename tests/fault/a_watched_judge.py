"""A process of its own on a disk that is watched or fails (disk.c): judges mark through the desk, a few turns each.

python -m tests.fault.a_watched_judge URL recorded synchronous=FULL
python -m tests.fault.a_watched_judge URL failing W|S TIMES
python -m tests.fault.a_watched_judge URL keeping FILE
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
from tests.desk.a_panel import CHIEF, CODES, LAN, MINH
from tests.fault.a_judge import mark, say, turn_of
from tests.fault.panel import nothing_lost

CHECKPOINT = "wal_autocheckpoint=20"  # pages: often, so that the database's own file is written to as well
TURNS = 5


def recorded(store: Store) -> None:
    """All at once, so that changes share commits; then the database is closed as at the end of a day."""
    panel = [(who, code) for who in (LAN, MINH, CHIEF) for code in CODES[:3]]
    judges = [threading.Thread(target=mark, args=(store, *seat, "1", range(TURNS))) for seat in panel]
    for judge in judges:
        judge.start()
    for judge in judges:
        judge.join()


def failing(store: Store, kind: str, times: int) -> None:
    """Let each write or sync of a turn fail in its turn; after each the desk goes on as if nothing had been."""
    disk = ctypes.CDLL(None)
    nth = missed = 0
    while missed < 3:  # three turns had no such write left to fail: every one has failed once
        nth += 1
        disk.disk_fail(ord(kind), nth, times)
        mark(store, LAN, CODES[0], f"{kind}{times}", [nth])
        missed += disk.disk_left() == times
        disk.disk_fail(0, 0, 0)
        turn_of(store, LAN, CODES[0], f"whole-again-{kind}{times}-{nth:06}")
        nothing_lost(store, set())
    say(f"points {kind} {times} {nth - missed}")


def keeping(store: Store, copy: Path) -> None:
    """Back up, killed at each write and each sync in its turn: the copy is whole or is not there. Then, undisturbed."""
    disk = ctypes.CDLL(None)
    for nth in count(1):
        child = os.fork()
        if not child:
            disk.disk_fail(ord("K"), nth, 1)
            operations.backup(store, copy)
            os._exit(0)
        killed = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == -signal.SIGKILL
        if copy.exists():
            with closing(connect(sqlite_url(copy))) as kept:
                nothing_lost(kept, set())
            copy.unlink()
        if not killed:
            say(f"points K 1 {nth}")
            return


def main(url: str, what: str, *options: str) -> None:
    """Open the database as the desk does, but for what is to be tried: the last word on a setting holds."""
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
