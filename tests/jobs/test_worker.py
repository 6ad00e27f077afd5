"""The worker: what becomes of a job that is done, refused, broken, cancelled, interrupted or taken over."""

import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from core.jobs.job_kind import ATTEMPTS, JobKind, Result, RunningJob
from core.jobs.worker import Worker
from core.rules.words import Language, Locale, Refusal, Sentence
from core.speech import locale
from core.store.engine import DatabaseUnavailable, Store, WriteTransaction
from core.store.queries import jobs
from core.store.queries.jobs import Job, JobState

AT = 1_724_000_000_000
WAIT_S = 60.0


class NoFilm(Refusal):
    """A planted refusal."""

    def __init__(self) -> None:
        super().__init__("Không có tác phẩm {code}, hoặc tác phẩm không có phim.", code="T-1")


def kind(run: Callable[[RunningJob], Result], time_limit_s: int = 60) -> JobKind:
    return JobKind("planted", Sentence("Việc thử"), run, time_limit_s)


def worker(
    store: Store, run: Callable[[RunningJob], Result], *, beat_s: float = 0.05, abandoned_s: float = 0.3
) -> Worker:
    kinds = {"planted": kind(run)}
    return Worker(store, Path("library"), kinds, locale, lambda: AT, beat_s=beat_s, abandoned_s=abandoned_s)


def done(_job: RunningJob) -> Result:
    return Result((Sentence("Sơ loại"),))


def add(store: Store, subject: str = "T-1", name: str = "planted") -> int:
    job = store.change(lambda t: jobs.add(t.connection, name, subject, by=None, at=AT))
    assert job is not None
    return job


def found(store: Store, job: int) -> Job:
    with store.read() as connection:
        row = jobs.find(connection, job)
    assert row is not None
    return row


def report(store: Store, job: int, language: Language = Language.VI) -> list[str]:
    return list(json.loads(found(store, job).report or "{}").get(language.value, []))


@contextmanager
def running(worker: Worker) -> Iterator[None]:
    """The worker runs in a thread of its own during the block."""
    thread = threading.Thread(target=worker.run)
    thread.start()
    try:
        yield
    finally:
        worker.stop()
        thread.join(WAIT_S)
        assert not thread.is_alive()


def until(condition: Callable[[], bool]) -> None:
    end = time.monotonic() + WAIT_S
    while not condition():
        assert time.monotonic() < end, "it never happened"
        time.sleep(0.01)


def until_stopped(job: RunningJob) -> Result:
    """A job that goes on until it is told to stop."""
    while True:
        job.report_progress(0.5)
        time.sleep(0.01)


class TestEnds:
    def test_a_done_job_has_its_report_in_every_language(self, store: Store) -> None:
        job = add(store)
        assert worker(store, done).run_one()
        assert found(store, job).state is JobState.DONE
        assert [report(store, job, language) for language in (Language.VI, Language.EN)] == [["Sơ loại"], ["Screening"]]

    def test_the_effect_is_written_with_the_end(self, store: Store) -> None:
        def effect(transaction: WriteTransaction) -> None:
            jobs.add(transaction.connection, "planted", "effect", by=None, at=AT)

        job = add(store)
        assert worker(store, lambda _: Result((), apply=effect)).run_one()
        with store.read() as connection:
            assert {each.subject: each.state for each in jobs.latest(connection)}["effect"] is JobState.WAITING
        assert found(store, job).state is JobState.DONE

    def test_an_effect_that_fails_leaves_nothing_and_no_done_job(self, store: Store) -> None:
        def effect(transaction: WriteTransaction) -> None:
            jobs.add(transaction.connection, "planted", "effect", by=None, at=AT)
            raise NoFilm

        job = add(store)
        worker(store, lambda _: Result((), apply=effect)).run_one()
        with store.read() as connection:
            assert [each.subject for each in jobs.latest(connection)] == ["T-1"]
        assert found(store, job).state is JobState.FAILED

    def test_a_refused_job_failed_and_says_why(self, store: Store) -> None:
        def refuse(_job: RunningJob) -> Result:
            raise NoFilm

        job = add(store)
        worker(store, refuse).run_one()
        assert (found(store, job).state, found(store, job).attempts) == (JobState.FAILED, 1)
        assert report(store, job) == ["Không có tác phẩm T-1, hoặc tác phẩm không có phim."]

    def test_a_job_of_an_unknown_kind_failed_and_names_it(self, store: Store) -> None:
        job = add(store, name="from.later")
        worker(store, done).run_one()
        assert found(store, job).state is JobState.FAILED
        assert report(store, job) == ["Chương trình này không biết loại việc “from.later”."]

    def test_a_broken_job_is_tried_again_and_then_parked(self, store: Store) -> None:
        def broken(_job: RunningJob) -> Result:
            raise ZeroDivisionError("secret/path")

        job, other = add(store), add(store, "T-2")
        each = worker(store, broken)
        states = []
        for _ in range(ATTEMPTS):
            each.run_one()
            states.append(found(store, job).state)
        assert states == [*[JobState.WAITING] * (ATTEMPTS - 1), JobState.PARKED]
        assert report(store, job) == ["Gặp lỗi ngoài dự kiến ở lần thử thứ 3; chi tiết ở nhật ký của máy chủ."]
        assert found(store, other).state is JobState.WAITING

    def test_there_is_nothing_to_do(self, store: Store) -> None:
        assert not worker(store, done).run_one()


class TestStops:
    def test_a_cancelled_job_stops(self, store: Store) -> None:
        job = add(store)
        with running(worker(store, until_stopped)):
            until(lambda: found(store, job).progress == 500)
            store.change(lambda t: jobs.cancel(t.connection, job, AT))
            until(lambda: found(store, job).state is JobState.CANCELLED)
        assert found(store, job).report is None

    def test_a_stopped_worker_gives_its_job_back(self, store: Store) -> None:
        job = add(store)
        with running(worker(store, until_stopped)):
            until(lambda: found(store, job).state is JobState.RUNNING)
        assert (found(store, job).state, found(store, job).attempts) == (JobState.WAITING, 0)

    def test_a_result_after_the_stop_is_not_stored(self, store: Store) -> None:
        def heedless(job: RunningJob) -> Result:
            until(job.stopped)
            return Result((Sentence("đạt"),))

        job = add(store)
        with running(worker(store, heedless)):
            until(lambda: found(store, job).state is JobState.RUNNING)
            store.change(lambda t: jobs.cancel(t.connection, job, AT))
            until(lambda: found(store, job).state is JobState.CANCELLED)
        assert found(store, job).report is None

    def test_a_worker_that_lost_its_claim_stores_nothing(self, store: Store) -> None:
        seen: list[Job] = []

        def taken_over(job: RunningJob) -> Result:
            with job.store.read() as connection:
                mine = jobs.running(connection)[0]
            seen.append(mine)
            new = job.store.change(lambda t: jobs.claim_abandoned(t.connection, mine, "another"))
            return Result((Sentence("đạt"),)) if new else until_stopped(job)

        job = add(store)
        worker(store, taken_over, beat_s=60).run_one()
        assert found(store, job).worker == "another"
        assert (found(store, job).state, found(store, job).report) == (JobState.RUNNING, None)
        assert len(seen) == 1


class TestDeadWorkers:
    def test_a_job_of_a_dead_worker_is_done_by_the_next(self, store: Store) -> None:
        job = add(store)
        store.change(lambda t: jobs.claim_waiting(t.connection, "dead"))
        with running(worker(store, done)):
            until(lambda: found(store, job).state is JobState.DONE)
        assert found(store, job).attempts == 2

    def test_a_living_worker_is_left_alone(self, store: Store) -> None:
        job = add(store)
        with running(worker(store, until_stopped)):
            until(lambda: found(store, job).state is JobState.RUNNING)
            other = worker(store, done, abandoned_s=2.0)  # forty beats: a busy machine may delay a few
            end = time.monotonic() + 2 * other.abandoned_s
            while time.monotonic() < end:
                assert not other.run_one()
                time.sleep(0.02)
            assert found(store, job).attempts == 1

    def test_a_job_that_ended_its_workers_is_parked_and_named(self, store: Store) -> None:
        job = add(store)
        dead = store.change(lambda t: jobs.claim_waiting(t.connection, "dead"))
        for _ in range(ATTEMPTS - 1):
            assert dead is not None
            dead = store.change(lambda t, seen=dead: jobs.claim_abandoned(t.connection, seen, "dead"))  # type: ignore[misc]
        with running(worker(store, done)):
            until(lambda: found(store, job).state is JobState.PARKED)
        assert report(store, job) == ["Chương trình xử lý đã dừng đột ngột 3 lần khi làm việc này, nên không thử nữa."]


class TestDatabaseAway:
    def test_the_job_is_claimed_again_when_the_database_answers(self, store: Store) -> None:
        tries = []

        def away_once(_job: RunningJob) -> Result:
            tries.append(1)
            if len(tries) == 1:
                raise DatabaseUnavailable
            return Result((Sentence("đạt"),))

        job, each = add(store), worker(store, away_once)
        with pytest.raises(DatabaseUnavailable):
            each.run_one()
        assert found(store, job).state is JobState.RUNNING
        until(lambda: each.run_one() or found(store, job).state is JobState.DONE)
        assert (found(store, job).state, found(store, job).attempts) == (JobState.DONE, 2)


@pytest.mark.parametrize("ends", ["done", "refused", "broken", "effect refused"])
def test_a_job_s_resources_are_closed_after_its_end_is_stored(store: Store, ends: str) -> None:
    seen: list[bool] = []

    def effect(_transaction: WriteTransaction) -> None:
        seen.append(False)  # not closed yet
        if ends == "effect refused":
            raise NoFilm

    def run(job: RunningJob) -> Result:
        job.resources.callback(seen.append, True)
        if ends == "refused":
            raise NoFilm
        if ends == "broken":
            raise ValueError(ends)
        return Result((Sentence("đạt"),), apply=effect)

    add(store)
    worker(store, run).run_one()
    assert seen[-1] is True and seen.count(True) == 1
    assert (False in seen) is (ends in {"done", "effect refused"})


def test_progress_is_limited_to_its_range() -> None:
    job = RunningJob("T-1", None, Path())  # type: ignore[arg-type]  # the database is not used
    for given, kept in ((-1.0, 0), (0.1234, 123), (7.0, 1000)):
        job.report_progress(given)
        assert job.progress == kept


def test_a_locale_is_asked_for_each_language(store: Store) -> None:
    asked: list[Language] = []

    def locales(language: Language) -> Locale:
        asked.append(language)
        return Locale(language, str.upper)

    job = add(store)
    Worker(store, Path(), {"planted": kind(done)}, locales, lambda: AT, beat_s=0.05).run_one()
    assert asked == list(Language)
    assert report(store, job) == ["SƠ LOẠI"]
