"""The job that makes a film's copies: what it makes and stores, when it is requested, and what is left after a fault."""

import hashlib
import subprocess
from pathlib import Path

import pytest
import sqlalchemy as sa

from core.desk import context
from core.desk.background import background_jobs, film_copies
from core.desk.background.film_checks import FilmDiffers, FilmMissing
from core.desk.background.film_copies import COMPLETE, make_copies
from core.desk.background.job_kinds import JOB_KINDS
from core.desk.maintenance import operations
from core.desk.setup import contest_setup
from core.jobs.job_kind import JobStopped, RunningJob
from core.jobs.worker import Worker
from core.media import library as library_of_films
from core.media import programs
from core.rules.access import NotAllowed
from core.rules.words import Locale
from core.speech import locale
from core.store import tables as t
from core.store.engine import Store
from core.store.events.payloads import FilmCopied
from core.store.films import film_copies as rows
from core.store.films.film_copies import CopyKind, FilmCopy
from core.store.queries import jobs
from core.store.queries.setup import NewWork
from tests.desk.contest_with_panel import CHIEF, CODES, LAN, NOW, SECRETARY, assigned_panel
from tests.fixtures.ledger_payloads import acts

CODE = CODES[0]
ENCODED = ["-f", "lavfi", "-i", "testsrc=s=320x180:r=10:d=2", "-f", "lavfi", "-i", "sine=d=2", "-pix_fmt", "yuv420p"]
BOTH = [CopyKind.ANONYMOUS, CopyKind.LIGHT]


@pytest.fixture(scope="module")
def film(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("film") / "film.mp4"
    words = [*ENCODED, "-c:v", "libx264", "-c:a", "aac", "-metadata", "title=Bí mật", str(path)]
    subprocess.run([programs.ffmpeg(), "-nostdin", "-v", "error", *words], check=True)
    return path


@pytest.fixture
def library(tmp_path: Path) -> Path:
    (tmp_path / "library").mkdir()
    return tmp_path / "library"


@pytest.fixture
def desk(sqlite_store: Store, film: Path, library: Path, monkeypatch: pytest.MonkeyPatch) -> Store:
    """The panel's contest; the first work alone has a film, a real one, and nobody has requested its copies yet."""
    monkeypatch.setattr(context, "now", lambda: NOW)
    assigned_panel(sqlite_store)
    without = sa.update(t.entry).values(video=None, sha256=None)
    sqlite_store.change(lambda transaction: transaction.connection.execute(without).close())
    registered(sqlite_store, library, film)
    sqlite_store.change(lambda transaction: transaction.connection.execute(t.job.delete()).close())
    return sqlite_store


def registered(store: Store, library: Path, film: Path) -> None:
    """Give the work this film."""
    stored = library_of_films.store(film, library)
    work = NewWork(CODE, "", "", "", stored.name, None, stored.sha256, 2000, 320, 180)
    contest_setup.replace_film(store, work, NOW)


def request(store: Store) -> bool:
    return store.change(lambda transaction: film_copies.request(transaction, CODE, 0))


def run_all(store: Store, library: Path) -> None:
    worker = Worker(store, library, JOB_KINDS, locale, lambda: 0)
    while worker.run_one():
        pass


def copies(store: Store) -> dict[CopyKind, FilmCopy]:
    with store.read() as connection:
        return {copy.kind: copy for _, copy in rows.of_works(connection)}


def states(store: Store) -> list[tuple[str, str]]:
    with store.read() as connection:
        return [(job.kind, job.state.value) for job in jobs.latest(connection)]


def of_copies(store: Store) -> list[str]:
    """What verification finds wrong about copies."""
    found = (finding.localize(Locale()) for finding in operations.verify(store).findings)
    return [each for each in found if "ản sao" in each or "film.copied" in each]


def test_a_film_gets_its_two_copies_once(desk: Store, library: Path, film: Path) -> None:
    assert request(desk) and not request(desk)
    run_all(desk, library)
    made = copies(desk)
    assert list(made) == BOTH and states(desk) == [("film.copies", "done")]
    for copy in made.values():
        content = (library / copy.file).read_bytes()
        assert (hashlib.sha256(content).hexdigest(), len(content)) == (copy.sha256, copy.bytes)
        assert "Bí mật".encode() not in content
    names = {path.name for path in library.iterdir()}
    assert names == {copy.file for copy in made.values()} | {f"{hashlib.sha256(film.read_bytes()).hexdigest()}.mp4"}
    assert [(who, payload["kind"]) for who, payload in acts(desk, "film.copied")] == [
        ("system", "anonymous"), ("system", "light"),
    ]  # fmt: skip
    assert of_copies(desk) == []
    request(desk)
    run_all(desk, library)
    assert len(acts(desk, "film.copied")) == 2 and states(desk) == [("film.copies", "done")]
    assert make_copies(RunningJob(CODE, desk, library)).report == (COMPLETE,)


@pytest.mark.parametrize("harm", [Path.unlink, lambda path: path.write_bytes(b"x")], ids=["missing", "damaged"])
def test_a_copy_that_is_missing_or_damaged_is_made_again(desk: Store, library: Path, harm: object) -> None:
    request(desk)
    run_all(desk, library)
    before = copies(desk)
    harm(library / before[CopyKind.LIGHT].file)  # type: ignore[operator]
    request(desk)
    run_all(desk, library)
    assert copies(desk) == before  # the same film gives the same copy
    content = (library / before[CopyKind.LIGHT].file).read_bytes()
    assert hashlib.sha256(content).hexdigest() == before[CopyKind.LIGHT].sha256
    assert of_copies(desk) == []


def test_a_copy_of_a_film_that_was_replaced_meanwhile_is_not_stored(desk: Store, library: Path, tmp_path: Path) -> None:
    job = RunningJob(CODE, desk, library)
    result = make_copies(job)
    (other := tmp_path / "other.mp4").write_bytes(b"another film")
    registered(desk, library, other)
    desk.change(lambda transaction: transaction.connection.execute(t.job.delete()).close())
    desk.change(result.apply)
    job.resources.close()
    assert copies(desk) == {} and states(desk) == [("film.copies", "waiting")]  # the new film's
    assert len(list(library.iterdir())) == 2


def test_a_cancelled_job_leaves_nothing(desk: Store, library: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    class Stopping(RunningJob):
        def report_progress(self, done: float) -> None:
            seen.update(path.name for path in library.rglob("*.mp4"))
            if done > 0.5:
                self.stop()
            RunningJob.report_progress(self, done)

    seen: set[str] = set()
    job = Stopping(CODE, desk, library)
    with pytest.raises(JobStopped):
        make_copies(job)
    job.resources.close()
    assert "anonymous.mp4" in seen
    assert len(list(library.iterdir())) == 1 and copies(desk) == {}


def test_what_a_killed_worker_left_is_removed(desk: Store, library: Path, film: Path) -> None:
    left = library / f".{hashlib.sha256(film.read_bytes()).hexdigest()[:16]}-old"
    left.mkdir()
    (left / "light.mp4").write_bytes(b"half")
    request(desk)
    run_all(desk, library)
    assert list(copies(desk)) == BOTH and not left.exists()


def test_a_film_that_is_missing_or_another_is_refused(desk: Store, library: Path) -> None:
    (name,) = library.iterdir()
    name.write_bytes(name.read_bytes() + b"!")
    with pytest.raises(FilmDiffers):
        make_copies(RunningJob(CODE, desk, library))
    name.unlink()
    with pytest.raises(FilmMissing):
        make_copies(RunningJob(CODE, desk, library))


class TestRequests:
    @pytest.mark.parametrize("who", [LAN, CHIEF], ids=lambda who: who.username)
    def test_only_the_secretary_and_the_administrator(self, desk: Store, library: Path, who: object) -> None:
        with pytest.raises(NotAllowed):
            background_jobs.request_film_copies(desk, who, library, NOW)  # type: ignore[arg-type]
        assert states(desk) == []

    def test_films_that_lack_a_copy_and_no_others(self, desk: Store, library: Path) -> None:
        assert background_jobs.request_film_copies(desk, SECRETARY, library, NOW) == 1
        assert background_jobs.request_film_copies(desk, SECRETARY, library, NOW) == 0
        run_all(desk, library)
        assert background_jobs.request_film_copies(desk, SECRETARY, library, NOW) == 0
        (library / copies(desk)[CopyKind.ANONYMOUS].file).unlink()
        assert background_jobs.request_film_copies(desk, SECRETARY, library, NOW) == 1
        assert acts(desk, "jobs.film_copies_requested") == [(SECRETARY.username, {"count": 1})] * 2
        assert of_copies(desk) == []

    def test_a_film_that_comes_into_the_contest(self, desk: Store, library: Path, film: Path) -> None:
        registered(desk, library, film)
        assert states(desk) == [("film.copies", "waiting")]

    def test_checks_of_films_request_them_too(self, desk: Store, library: Path) -> None:
        assert background_jobs.request_film_checks(desk, SECRETARY, library, NOW) == 1
        assert sorted(states(desk)) == [("film.check", "waiting"), ("film.copies", "waiting")]


def test_verification_finds_a_changed_row_and_a_copy_of_another_film(desk: Store, library: Path) -> None:
    request(desk)
    run_all(desk, library)
    forged = sa.update(t.film_copy).where(t.film_copy.c.kind == "light").values(bytes=1)
    desk.change(lambda transaction: transaction.connection.execute(forged).close())
    assert ["khác với sổ cái (bytes)" in each for each in of_copies(desk)] == [True]
    payload = FilmCopied(CODE, "b" * 64, "light", "c" * 64, 1, 1, 1, 1)
    desk.change(lambda u: u.record(at=u.not_before(0), actor="system", payload=payload))
    assert any("bản sao không phải của phim của tác phẩm" in each for each in of_copies(desk))
