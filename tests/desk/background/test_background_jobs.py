"""Who sees and changes background jobs, what the ledger says of it, and what a film check finds."""

import errno
import json
from pathlib import Path

import pytest
import sqlalchemy as sa

from core.desk.background import background_jobs
from core.desk.background.background_jobs import JobLine, JobNotEnded, JobNotLiving
from core.desk.background.film_checks import (
    FILM_CHECK,
    PASSED,
    FilmDiffers,
    FilmMissing,
    FilmUnreadable,
    WorkGone,
    check_film,
    film_check_of,
)
from core.desk.background.job_kinds import JOB_KINDS
from core.desk.maintenance import operations
from core.jobs.job_kind import JobStopped, RunningJob
from core.jobs.worker import Worker
from core.media.inspect import Inspection
from core.media.monitor import ProgressMonitor
from core.rules.access import NotAllowed, Principal, Role
from core.rules.entries.film_rules import FilmRule, FilmVerdict, Level, failed, passed
from core.rules.words import Language, Sentence
from core.speech import locale
from core.store import tables as t
from core.store.engine import Store, WriteTransaction
from core.store.queries import jobs
from core.store.queries.jobs import JobState
from tests.desk.contest_with_panel import (
    CHANNEL,
    CHIEF,
    CODES,
    LAN,
    NOW,
    SECRETARY,
    assigned_panel,
    film_bytes,
    film_of,
    joined,
    person,
)  # fmt: skip
from tests.fixtures.ledger_payloads import acts

ADMIN = person("quantri", Role.ADMIN)
LIBRARY = Path("/no/library")  # where films are looked for to see whether they lack copies
BAD = Sentence("Không có âm thanh; thể lệ yêu cầu phải có.")


GOOD = passed(FilmRule.PICTURE_SIZE, Sentence("Khung hình 1280×720."))


@pytest.fixture
def desk(store: Store) -> Store:
    """The contest, with an administrator and without the film of the last work."""
    joined(assigned_panel(store), ADMIN)
    without = sa.update(t.entry).where(t.entry.c.code == CODES[3]).values(video=None, sha256=None)
    store.change(lambda transaction: transaction.connection.execute(without).close())
    return store


@pytest.fixture
def library(tmp_path: Path) -> Path:
    for code in CODES[:3]:
        (tmp_path / film_of(code)).write_bytes(film_bytes(code))
    return tmp_path


def inspected(monkeypatch: pytest.MonkeyPatch, *faults: Sentence) -> None:
    """The inspection of media files is tested in tests/media; here it finds these faults."""

    def inspect(_path: Path, _rules: object, monitor: ProgressMonitor) -> Inspection:
        monitor.report(0.5)
        return Inspection((GOOD, *(failed(FilmRule.LENGTH, fault) for fault in faults)), None)

    monkeypatch.setattr("core.desk.background.film_checks.inspect", inspect)


def lines(store: Store) -> tuple[JobLine, ...]:
    """The jobs that check films. Copies are requested with them (tests/desk/background/test_film_copies.py)."""
    return tuple(line for line in background_jobs.lines(store, Language.VI) if line.title == FILM_CHECK.title)


def run_all(store: Store, library: Path) -> None:
    worker = Worker(store, library, JOB_KINDS, locale, lambda: 0)
    while worker.run_one():
        pass


def content(monkeypatch: pytest.MonkeyPatch, *found: FilmVerdict) -> None:
    """The decoding of a whole film is tested in tests/media; here it finds these."""
    monkeypatch.setattr("core.desk.background.film_checks._content", lambda *_: found)


class TestWhoMay:
    @pytest.mark.parametrize("who", [LAN, CHIEF, CHANNEL, person("ban", Role.COMMITTEE)], ids=lambda who: who.username)
    def test_only_the_secretary_and_the_administrator(self, desk: Store, who: Principal) -> None:
        if who.username == "ban":
            joined(desk, who)
        for act in (
            lambda: background_jobs.request_film_checks(desk, who, LIBRARY, NOW),
            lambda: background_jobs.cancel(desk, who, 1, NOW),
            lambda: background_jobs.retry(desk, who, 1, NOW),
        ):
            with pytest.raises(NotAllowed):
                act()
        assert lines(desk) == ()

    @pytest.mark.parametrize("who", [SECRETARY, ADMIN], ids=lambda who: who.username)
    def test_each_film_is_requested_once(self, desk: Store, who: Principal) -> None:
        assert background_jobs.request_film_checks(desk, who, LIBRARY, NOW) == 3
        assert background_jobs.request_film_checks(desk, who, LIBRARY, NOW) == 0
        assert [line.subject for line in lines(desk)] == list(CODES[:3])
        assert acts(desk, "jobs.film_checks_requested") == [(who.username, {"count": 3})]
        with desk.read() as connection:
            assert {job.requested_by for job in jobs.latest(connection)} == {who.username}


class TestCancelAndRetry:
    def test_a_cancelled_job_can_be_tried_again(self, desk: Store) -> None:
        background_jobs.request_film_checks(desk, SECRETARY, LIBRARY, NOW)
        first = lines(desk)[0]
        background_jobs.cancel(desk, SECRETARY, first.id, NOW)
        cancelled = next(line for line in lines(desk) if line.id == first.id)
        assert (cancelled.state, cancelled.living, cancelled.ended_at) == (JobState.CANCELLED, False, NOW)
        background_jobs.retry(desk, ADMIN, first.id, NOW)
        assert [line.state for line in lines(desk)] == [JobState.WAITING] * 3
        facts = {"job": first.id, "kind": "film.check", "entry": CODES[0]}
        assert acts(desk, "job.cancelled") == [(SECRETARY.username, facts)]
        assert acts(desk, "job.retried") == [(ADMIN.username, facts)]

    def test_an_ended_job_is_not_cancelled_and_a_living_one_not_tried_again(self, desk: Store) -> None:
        background_jobs.request_film_checks(desk, SECRETARY, LIBRARY, NOW)
        first = lines(desk)[0].id
        with pytest.raises(JobNotEnded):
            background_jobs.retry(desk, SECRETARY, first, NOW)
        background_jobs.cancel(desk, SECRETARY, first, NOW)
        with pytest.raises(JobNotLiving):
            background_jobs.cancel(desk, SECRETARY, first, NOW)
        for unknown in (0, 10**9):
            with pytest.raises(JobNotLiving):
                background_jobs.cancel(desk, SECRETARY, unknown, NOW)
            with pytest.raises(JobNotEnded):
                background_jobs.retry(desk, SECRETARY, unknown, NOW)
        assert len(acts(desk, "job.cancelled")) == 1 and acts(desk, "job.retried") == []

    def test_the_ledger_verifies_afterwards(self, desk: Store) -> None:
        background_jobs.request_film_checks(desk, SECRETARY, LIBRARY, NOW)
        background_jobs.cancel(desk, ADMIN, lines(desk)[0].id, NOW)
        assert not [each for each in operations.verify(desk).findings if "job" in str(each.facts)]


class TestFilmCheck:
    def test_a_good_film_is_reported_so(self, desk: Store, library: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        inspected(monkeypatch)
        background_jobs.request_film_checks(desk, SECRETARY, LIBRARY, NOW)
        run_all(desk, library)
        assert [(line.state, line.good, line.report) for line in lines(desk)] == [
            (JobState.DONE, True, (PASSED.text, "Đạt: Khung hình 1280×720."))
        ] * 3

    def test_faults_are_named_and_come_first(self, desk: Store, library: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        background_jobs.request_film_checks(desk, SECRETARY, LIBRARY, NOW)
        inspected(monkeypatch, BAD, BAD)
        worker = Worker(desk, library, JOB_KINDS, locale, lambda: 0)
        worker.run_one()
        inspected(monkeypatch)
        worker.run_one()
        found = [(line.subject, line.state, line.good, len(line.report), line.asks) for line in lines(desk)]
        assert found == [
            (CODES[2], JobState.WAITING, True, 0, 0),
            (CODES[0], JobState.DONE, False, 3, 2),
            (CODES[1], JobState.DONE, True, 2, 0),
        ]
        with desk.read() as connection:
            stored = json.loads(str(jobs.latest(connection)[-1].report))
        assert set(stored) == {"good", "asks", "vi", "en"}

    def test_what_the_whole_film_shows_is_reported_failures_first(
        self, desk: Store, library: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        inspected(monkeypatch)
        still = FilmVerdict(Level.WARNING, FilmRule.WHOLE, Sentence("Hình đứng yên."))
        dark = failed(FilmRule.WHOLE, Sentence("Hình đen."))
        content(monkeypatch, still, dark)
        found = check_film(RunningJob(CODES[0], desk, library))
        assert (found.report, found.facts, found.good) == ((dark.line, still.line), (GOOD.line,), False)
        content(monkeypatch, still)
        assert not check_film(RunningJob(CODES[0], desk, library)).good
        summary = passed(FilmRule.WHOLE, Sentence("Đã giải mã cả phim."))
        content(monkeypatch, summary)
        found = check_film(RunningJob(CODES[0], desk, library))
        assert (found.report, found.facts, found.good) == ((PASSED,), (GOOD.line, summary.line), True)

    def test_a_film_that_comes_during_the_check_of_another_is_checked_after_it(
        self, desk: Store, library: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        inspected(monkeypatch)
        background_jobs.request_film_checks(desk, SECRETARY, LIBRARY, NOW)
        claimed = desk.change(lambda u: jobs.claim_waiting(u.connection, "played"))
        assert claimed is not None and claimed.subject == CODES[0]
        found = check_film(RunningJob(CODES[0], desk, library))
        replaced = sa.update(t.entry).where(t.entry.c.code == CODES[0]).values(sha256="b" * 64, video="b.mp4")
        desk.change(lambda u: u.connection.execute(replaced).close())

        def end(transaction: WriteTransaction) -> None:
            jobs.end(transaction.connection, claimed.claim, JobState.DONE, None, 0)
            found.apply(transaction)

        desk.change(end)
        with desk.read() as connection:
            newest = film_check_of(connection, CODES[0])
        assert newest is not None and newest.state is JobState.WAITING

    def test_another_file_under_the_same_name_is_found(self, desk: Store, library: Path) -> None:
        for path in library.glob("*.mp4"):
            path.write_bytes(path.read_bytes() + b"!")
        with pytest.raises(FilmDiffers):
            check_film(RunningJob(CODES[0], desk, library))

    def test_a_missing_file_is_found(self, desk: Store, tmp_path: Path) -> None:
        with pytest.raises(FilmMissing):
            check_film(RunningJob(CODES[0], desk, tmp_path / "empty"))

    def test_a_file_that_cannot_be_read_is_named_with_the_reason(self, desk: Store, tmp_path: Path) -> None:
        (tmp_path / film_of(CODES[0])).mkdir()
        with pytest.raises(FilmUnreadable, match="Is a directory"):
            check_film(RunningJob(CODES[0], desk, tmp_path))

    def test_a_disk_that_fails_while_it_is_decoded_is_named(
        self, desk: Store, library: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def fail(*_: object) -> Inspection:
            raise OSError(errno.EIO, "Input/output error")

        monkeypatch.setattr("core.desk.background.film_checks.inspect", fail)
        with pytest.raises(FilmUnreadable, match="Input/output error"):
            check_film(RunningJob(CODES[0], desk, library))

    @pytest.mark.parametrize("code", [CODES[3], "T-000"])
    def test_a_work_without_a_film_is_refused(self, desk: Store, library: Path, code: str) -> None:
        with pytest.raises(WorkGone):
            check_film(RunningJob(code, desk, library))

    def test_a_stopped_check_ends_before_the_next_block(self, desk: Store, library: Path) -> None:
        job = RunningJob(CODES[0], desk, library)
        job.stop()
        with pytest.raises(JobStopped):
            check_film(job)


def test_a_job_of_a_later_release_is_listed_by_its_key(desk: Store) -> None:
    desk.change(lambda u: jobs.add(u.connection, "from.later", "x", by=None, at=0))
    (line,) = background_jobs.lines(desk, Language.VI)
    assert line.title.text == "from.later"


def test_every_state_has_its_words() -> None:
    assert set(background_jobs.STATE_NAMES) == set(JobState)
    names = [name.text for name in background_jobs.STATE_NAMES.values()]
    assert len(set(names)) == len(names)
