"""A full disk refuses the save with one sentence, keeps what was saved, and saves again once there is room
(docs/security.md, Faults).
"""

import subprocess
import sys

import pytest

pytestmark = pytest.mark.fault

_FILL = """
import resource, signal, sys
import sqlalchemy as sa
from core.store import tables as t
from core.store.engine import NotSaved, connect
from core.store.events.payloads import FilmOpened
from core.store.verification.verify import verify

signal.signal(signal.SIGXFSZ, signal.SIG_IGN)  # a write beyond the limit fails, as on a full disk
store = connect(sys.argv[1])
def save(size):
    return store.change(lambda u: u.record(at=1, actor="system", payload=FilmOpened("đ" * size))).id
def checked(rows):
    with store.read() as connection:
        verdict = verify(connection, ())
    assert (verdict.rows, verdict.findings) == (rows, ()), verdict
saved = save(10)
resource.setrlimit(resource.RLIMIT_FSIZE, (600_000, resource.RLIM_INFINITY))
refused = 0
while refused < 5:
    try:
        saved = save(20_000)
    except NotSaved as full:
        assert str(full).startswith("Cơ sở dữ liệu đang không ghi được"), full
        refused += 1
    checked(saved)  # reading goes on, and a refused save has left nothing
assert saved > 3
resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
assert save(20_000) == saved + 1
checked(saved + 1)
store.close()
"""


def test_on_a_full_disk_saves_are_refused_data_is_kept_and_work_resumes(sqlite_url: str) -> None:
    done = subprocess.run(
        [sys.executable, "-c", _FILL, sqlite_url], capture_output=True, text=True, timeout=120, check=False
    )
    assert done.returncode == 0, done.stderr
