"""A contest that takes works now, served once for a module, with a secretary who has the demo's password."""

import subprocess
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import bcrypt
import pytest

from core.desk.accounts import accounts
from core.desk.demo.material import PASSWORD
from core.desk.setup.contest_setup import open_contest
from core.media import programs
from core.rules.access import Role
from core.settings import sqlite_url
from core.store import tables as t
from core.store.engine import connect
from core.store.migrate import migrate
from tests.desk.contest_with_panel import CONTEST
from tests.serving.servers import Server, serving

DAYS = {"submission": (-10, 10), "screening": (11, 20), "judging": (21, 40)}
MOMENTS = {"interactions_close": 50, "award_meeting": 60, "ceremony": 70}


def contest_now(now: datetime) -> str:
    """The small contest with a calendar in which works are received now."""
    before, _, after = CONTEST.partition("[phases]\n")
    windows = (f"{name} = {{ opens = {_day(now, a)}, closes = {_day(now, b)} }}" for name, (a, b) in DAYS.items())
    moments = (f"{name} = {_day(now, days)}" for name, days in MOMENTS.items())
    video = "[entries.video]\nsizes = [[320, 180]]\nseconds = [1, 5]\ntolerance_s = 1"
    entries = '[entries]\nforms = ["Tiểu phẩm", "Hoạt cảnh"]\ncategories = ["Nhân dân", "Học sinh, sinh viên"]'
    rest = after[after.index("[[criteria]]") :]
    return "\n".join([before, "[phases]", *windows, *moments, entries, video, rest])


def _day(now: datetime, days: int) -> str:
    return (now + timedelta(days=days)).replace(microsecond=0).isoformat()


@pytest.fixture(scope="module")
def entries(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """The served contest."""
    folder: Path = tmp_path_factory.mktemp("entries")
    now = datetime.now(UTC)
    with closing(connect(sqlite_url(folder / "desk.db"))) as store:
        migrate(store)
        open_contest(store, contest_now(now), "contest.toml", now)
        accounts.add(store, accounts.SYSTEM, "thuky", "Lò Thị Thư", frozenset({Role.SECRETARY}), now)
        hashed = bcrypt.hashpw(PASSWORD.encode(), bcrypt.gensalt(4)).decode()
        store.change(
            lambda transaction: transaction.connection.execute(
                t.account.update().values(password=hashed, must_change=0)
            ).close()
        )
    with serving(folder) as server:
        yield server


@pytest.fixture(scope="module")
def film_files(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Two films that meet the contest's rules, one that is too long, and a text with a film's name."""
    folder = tmp_path_factory.mktemp("sent")
    for name, seconds in (("good", 2), ("other", 3), ("long", 8)):
        sources = ["-f", "lavfi", "-i", f"testsrc=s=320x180:r=10:d={seconds}", "-f", "lavfi", "-i", f"sine=d={seconds}"]
        encoded = ["-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p", "-c:a", "aac"]
        command = [programs.ffmpeg(), "-v", "error", *sources, *encoded, str(folder / f"{name}.mp4")]
        subprocess.run(command, check=True, stdin=subprocess.DEVNULL)
    (folder / "text.mp4").write_text("Không phải phim")
    return {path.stem: path for path in folder.iterdir()}
