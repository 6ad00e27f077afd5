"""`make run` gives 12 finalists, 5 judges and every other role, half of the sheets submitted, a near tie and a
recusal.
"""

import os
import resource
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import psutil
import pytest
import sqlalchemy as sa

from core.desk import context
from core.desk.accounts import accounts, passwords
from core.desk.demo import build, material
from core.desk.judging import judge_queue
from core.desk.maintenance import operations
from core.media.film.script import MOTIFS
from core.media.mp4.boxes import walk
from core.rules.access import Principal, Role
from core.rules.contest_file.reader import load
from core.rules.judging.sheet_state import SheetState
from core.settings import sqlite_url
from core.store import tables as t
from core.store.engine import Store, connect
from core.store.queries import setup as opening_rows


@dataclass(frozen=True, slots=True)
class Built:
    """A demo on disk."""

    store: Store
    folder: Path
    environment: dict[str, str]

    def run(self, *words: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "core", "demo", "--videos", "short", *words]
        return subprocess.run(command, env=self.environment, capture_output=True, text=True, check=False)


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Built]:
    """A demo whose build was killed after its third film and run again."""
    folder = tmp_path_factory.mktemp("demo")
    url = sqlite_url(folder / "desk.db")
    environment = {**os.environ, "DATA_DIR": str(folder), "DATABASE_URL": url, "PYTHONUNBUFFERED": "1"}
    command = [sys.executable, "-m", "core", "demo", "--videos", "short"]
    with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True) as first:
        assert first.stdout is not None
        for line in first.stdout:
            if "3/12" in line:
                first.send_signal(signal.SIGKILL)
                break
    store = connect(url)
    made = Built(store, folder, environment)
    with store.read() as connection:
        before = len(opening_rows.files(connection))
    assert 3 <= before < 12
    assert build.missing(store, folder / "library")
    again = made.run()
    assert again.returncode == 0, again.stderr
    assert f"/{12 - before}:" in again.stdout
    yield made
    store.close()


def _worked() -> float:
    """CPU seconds of the child processes so far: other programs on the machine do not count."""
    spent = resource.getrusage(resource.RUSAGE_CHILDREN)
    return spent.ru_utime + spent.ru_stime


def count(store: Store, what: sa.FromClause, *where: sa.ColumnElement[bool]) -> int:
    with store.read() as connection:
        return connection.execute(sa.select(sa.func.count()).select_from(what).where(*where)).scalar_one()


def test_a_run_that_was_killed_is_completed_by_the_next(built: Built) -> None:
    assert not build.missing(built.store, built.folder / "library")
    assert count(built.store, t.entry) == 12
    assert operations.verify(built.store).good
    assert sorted(path.name for path in built.folder.iterdir() if "making" in path.name) == []


def test_running_it_again_changes_nothing_and_prints_the_accounts(built: Built) -> None:
    before = count(built.store, t.ledger)
    worked = _worked()
    again = built.run("--if-missing")
    assert again.returncode == 0
    assert _worked() - worked < 10  # about one; the films alone take twenty
    assert built.run().returncode == 0
    assert count(built.store, t.ledger) == before
    assert build.PASSWORD in again.stdout
    assert all(person.username in again.stdout for person in material.people())


def test_a_film_that_was_deleted_is_drawn_anew(built: Built) -> None:
    with built.store.read() as connection:
        films = opening_rows.files(connection)
    (built.folder / "library" / str(films["T-417"][0])).unlink()
    assert build.missing(built.store, built.folder / "library")
    again = built.run("--if-missing")
    assert "1/1: T-417" in again.stdout
    assert not build.missing(built.store, built.folder / "library")
    with built.store.read() as connection:
        assert opening_rows.files(connection) == films
    assert operations.verify(built.store).good


def test_half_the_sheets_are_in_a_few_begun_and_one_judge_has_withdrawn(built: Built) -> None:
    assert count(built.store, t.sheet, t.sheet.c.state == "sealed") == 30
    assert count(built.store, t.sheet, t.sheet.c.state == "draft") == 5
    assert count(built.store, t.recusal) == 1
    assert count(built.store, t.assignment) == 5 * 12
    assert count(built.store, t.reading) == len(material.readings())


def test_two_works_nearly_tie_for_the_first_prize(built: Built) -> None:
    contest = context.contest(built.store)
    scores: dict[str, list[int]] = {}
    with built.store.read() as connection:
        query = sa.select(t.entry.c.code, t.mark.c.judge_id, sa.func.sum(t.mark.c.hundredths)).join(t.entry)
        for code, _, total in connection.execute(query.group_by(t.entry.c.code, t.mark.c.judge_id)):
            scores.setdefault(code, []).append(total)
    means = sorted(
        (sum(each) / len(each) / 100 for each in scores.values() if len(each) >= contest.scoring.min_sheets),
        reverse=True,
    )
    assert 0 < means[0] - means[1] <= 0.2
    assert len(means) == 7


def test_every_film_is_complete_in_the_library_with_its_poster(built: Built) -> None:
    with built.store.read() as connection:
        films = list(connection.execute(sa.select(t.entry)))
    for film in films:
        assert walk(built.folder / "library" / film.video).problem is None
        assert film.video == f"{film.sha256}.mp4"
        assert (built.folder / "library" / film.poster).is_file()
        assert (film.width, film.height) == (1280, 720)
        assert film.milliseconds >= 10_000


def test_everybody_can_sign_in_and_every_role_is_held(built: Built) -> None:
    listed = accounts.demo_accounts(built.store)
    assert frozenset().union(*(each.roles for each in listed)) == frozenset(Role)
    assert sum(Role.JUDGE in each.roles for each in listed) == 5
    assert not any(each.must_change for each in listed)
    with built.store.read() as connection:
        hashes = connection.scalars(sa.select(t.account.c.password)).all()
    assert passwords.matching(build.PASSWORD, hashes[0])


def test_a_judge_finds_work_to_do_now(built: Built) -> None:
    queue = judge_queue.queue(built.store, Principal("gk05", "", frozenset({Role.JUDGE}), ""), datetime.now(UTC))
    assert queue.closed is None
    assert queue.count(SheetState.NONE) > 2
    assert queue.count(SheetState.RECUSED) == queue.count(SheetState.DRAFT) == 1


def test_a_taken_port_is_one_clear_line_before_anything_is_built(built: Built) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        refused = built.run("--if-missing", "--port", str(port))
    assert (refused.returncode, refused.stdout, refused.stderr.count("\n")) == (1, "", 1)
    assert str(port) in refused.stderr


def test_a_demo_is_refused_in_a_real_contest(tmp_path: Path, built: Built) -> None:
    url = sqlite_url(tmp_path / "real.db")
    environment = {**built.environment, "DATABASE_URL": url, "DATA_DIR": str(tmp_path)}
    core = [sys.executable, "-m", "core"]
    opened = subprocess.run([*core, "init"], env=environment, capture_output=True, text=True, check=False)
    assert opened.returncode == 0, opened.stderr
    refused = subprocess.run([*core, "demo"], env=environment, capture_output=True, text=True, check=False)
    assert (refused.returncode, refused.stderr.count("\n")) == (1, 1)
    assert "cuộc thi thật" in refused.stderr
    served = subprocess.run(
        [*core, "demo", "--if-missing"], env=environment, capture_output=True, text=True, check=False
    )
    assert (served.returncode, served.stderr) == (0, "")
    assert build.PASSWORD not in served.stdout
    twice = subprocess.run([*core, "init"], env=environment, capture_output=True, text=True, check=False)
    assert (twice.returncode, twice.stderr.count("\n")) == (1, 1)


class TestDemoFiles:
    """The files of data/demo are valid on any date."""

    @pytest.mark.parametrize("now", [datetime(2027, 1, 1, tzinfo=UTC), datetime(2028, 2, 29, 23, 59, tzinfo=UTC)])
    def test_the_contest_is_open_for_judging_whenever_it_is_made(self, now: datetime) -> None:
        contest = load(material.contest_file(now), "demo")
        assert contest.phases is not None
        for days in (-5, 0, 29):
            assert contest.phases.judging.holds(now + timedelta(days=days))
        assert contest.phases.submission.closes < contest.phases.judging.opens
        assert contest.name.endswith("(bản dùng thử)")

    def test_every_sheet_comes_to_its_total_in_whole_steps(self) -> None:
        contest = load(material.contest_file(datetime.now(UTC)), "demo")
        for turn, planned in enumerate(material.sheets()):
            marks = material.marks(contest, planned.total, turn)
            assert sum(marks.values()) == planned.total
            for criterion in contest.criteria:
                assert 0 <= marks[criterion.key] <= criterion.maximum
                assert marks[criterion.key] % criterion.step == 0

    def test_each_film_is_different_and_as_long_as_the_plan_requires(self) -> None:
        works = material.works("Cuộc thi")
        assert len(works) == 12
        assert len({work.script.palette for work in works}) == 12
        assert len({work.script.tune for work in works}) == 12
        assert len({work.unit for work in works}) == 12
        assert len({work.script.seconds for work in works}) == 12
        for work in works:
            assert 240 <= work.script.seconds <= 300
            assert len(work.script.scenes) == 6
            assert {scene.motif for scene in work.script.scenes} <= set(MOTIFS)
            assert all(len(scene.caption) <= 60 for scene in work.script.scenes)
            assert "minh hoạ" in work.author

    def test_nobody_marks_a_work_from_which_they_withdrew(self) -> None:
        marked = {(sheet.judge, sheet.work) for sheet in material.sheets()}
        assert not marked & {(one.judge, one.work) for one in material.recusals()}
        assert len(marked) == len(material.sheets())


def test_ctrl_c_ends_it_at_once_with_one_line(tmp_path: Path, built: Built) -> None:
    """As in a terminal, every process gets the signal. No film is finished and no other is begun."""
    environment = {**built.environment, "DATABASE_URL": "", "DATA_DIR": str(tmp_path)}
    command = [sys.executable, "-m", "core", "demo"]
    worked = _worked()
    with subprocess.Popen(command, env=environment, stderr=subprocess.PIPE, text=True, start_new_session=True) as demo_:
        while not list(tmp_path.glob("films-in-the-making/.film-*")):
            assert demo_.poll() is None
            time.sleep(0.05)
        mother = psutil.Process(demo_.pid)
        worked += sum(sum(each.cpu_times()[:4]) for each in (mother, *mother.children(recursive=True)))
        os.killpg(demo_.pid, signal.SIGINT)
        _, out = demo_.communicate(timeout=60)
    assert (demo_.returncode, out) == (130, "Đã dừng theo yêu cầu.\n")
    assert _worked() - worked < 2  # after the signal; to finish a film takes twenty
    assert not (tmp_path / "films-in-the-making").exists()
