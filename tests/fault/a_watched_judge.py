"""A process of its own on a disk that is watched or fails (disk.c): judges mark through the desk, a few turns each.

python -m tests.fault.a_watched_judge URL recorded synchronous=FULL
python -m tests.fault.a_watched_judge URL failing W|S TIMES
"""

import ctypes
import sys
import threading

from core.store import connections
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


def main(url: str, what: str, *options: str) -> None:
    """Open the database as the desk does, but for what is to be tried: the last word on a setting holds."""
    tried = options if what == "recorded" else ()
    vars(connections).update(_PRAGMAS=(*connections._PRAGMAS, CHECKPOINT, *tried))
    store = connect(url)
    if what == "recorded":
        recorded(store)
    else:
        failing(store, options[0], int(options[1]))
    store.close()


if __name__ == "__main__":
    main(*sys.argv[1:])
