"""The worker: claims jobs, runs one at a time, and stores how each ended.

A job's function runs in the caller's thread. A second thread writes a heartbeat every BEAT_S seconds and reads whether
somebody cancelled the job. A worker that was killed writes no more heartbeats: the next worker that sees its count stand
still for ABANDONED_S seconds, by its own monotonic clock, claims the job again.
"""

import json
import logging
import os
import secrets
import socket
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from core.jobs.job_kind import ATTEMPTS, JobKind, JobStopped, Result, RunningJob
from core.rules.words import Language, Locale, Refusal, Sentence, Unavailable
from core.store.engine import Store, WriteTransaction
from core.store.queries import jobs
from core.store.queries.jobs import Job, JobState

BEAT_S = 2.0
ABANDONED_S = 15.0  # no heartbeat for so long: the worker is dead
IDLE_S = 1.0  # between looks for a job
AWAY_S = 5.0  # after an error of the database
TOO_LONG_STATUS = 75  # exit status of a worker that exceeded a job's time limit
UNEXPECTED = Sentence("Gặp lỗi ngoài dự kiến ở lần thử thứ {attempt}; chi tiết ở nhật ký của máy chủ.")
DIED = Sentence("Chương trình xử lý đã dừng đột ngột {attempts} lần khi làm việc này, nên không thử nữa.")
TOO_LONG = Sentence("Việc chạy quá {minutes} phút nên đã bị dừng.")
UNKNOWN = Sentence("Chương trình này không biết loại việc “{kind}”.")
LOG = logging.getLogger("judging-desk.jobs")
Locales = Callable[[Language], Locale]


@dataclass(slots=True)
class Worker:
    """Does the jobs of one database, one at a time. `locales` translates reports; every language is stored."""

    store: Store
    library: Path
    kinds: Mapping[str, JobKind]
    locales: Locales
    now_ms: Callable[[], int]  # UTC ms
    name: str = field(default_factory=lambda: f"{socket.gethostname()}:{os.getpid()}:{secrets.token_hex(4)}")
    beat_s: float = BEAT_S
    abandoned_s: float = ABANDONED_S
    _stop: threading.Event = field(default_factory=threading.Event)
    _current: RunningJob | None = None
    _seen: dict[tuple[int, int, int], float] = field(default_factory=dict)  # (job, attempt, beats) -> first seen at

    def run(self) -> None:
        """Do jobs until `stop` is called."""
        while not self._stop.is_set():
            try:
                idle = not self.run_one()
            except Unavailable as error:
                LOG.warning("%s %s; trying again in %s s", error, error.why, AWAY_S)
                self._stop.wait(AWAY_S)
            else:
                if idle:
                    self._stop.wait(IDLE_S)

    def stop(self) -> None:
        """Stop after giving the job at hand back, so that another worker does it. Safe in a signal handler."""
        self._stop.set()
        if self._current is not None:
            self._current.stop()

    def run_one(self) -> bool:
        """Claim one job and do it; False if there is none. Raises Unavailable."""
        job = self._claim()
        if job is None:
            return False
        LOG.info("job %d (%s %s) begins, attempt %d", job.id, job.kind, job.subject, job.attempts)
        kind = self.kinds.get(job.kind)
        if kind is None:
            self._end(job, JobState.FAILED, (Sentence(UNKNOWN.text, {"kind": job.kind}),))
        else:
            self._run(job, kind)
        return True

    def _claim(self) -> Job | None:
        """The oldest waiting job, or one whose worker has died, claimed; a job that ended ATTEMPTS workers is parked."""
        with self.store.read() as connection:  # an idle worker never waits for the lock of writers
            running, waiting = jobs.running(connection), jobs.any_waiting(connection)
        self._seen = {each: since for each, since in self._seen.items() if each in set(map(_beating, running))}
        for job in running:
            if time.monotonic() - self._seen.setdefault(_beating(job), time.monotonic()) < self.abandoned_s:
                continue
            claimed = self._take_over(job)
            if claimed is not None:
                return claimed
        return self.store.change(lambda t: jobs.claim_waiting(t.connection, self.name)) if waiting else None

    def _take_over(self, job: Job) -> Job | None:
        """Claim a job whose worker has died, or park it after ATTEMPTS deaths; None if there is nothing to run."""
        if job.attempts < ATTEMPTS:
            return self.store.change(lambda t: jobs.claim_abandoned(t.connection, job, self.name))
        report = self._written((Sentence(DIED.text, {"attempts": job.attempts}),))
        if self.store.change(lambda t: jobs.park_abandoned(t.connection, job, report, self.now_ms())):
            LOG.error("job %d (%s %s) ended %d workers: parked", job.id, job.kind, job.subject, job.attempts)
        return None

    def _run(self, job: Job, kind: JobKind) -> None:
        running = self._current = RunningJob(job.subject, self.store, self.library)
        if self._stop.is_set():  # `stop` may have been called just before
            running.stop()
        heartbeat = _Heartbeat(self, job, kind, running)
        try:
            with heartbeat.beating():
                result = kind.run(running)
                running.check()
            self._end(job, JobState.DONE, result.report, result)
        except JobStopped:
            self._stopped(job, heartbeat)
        except Unavailable:
            raise  # the job counts as abandoned, and is claimed again when the database answers
        except Refusal as refusal:
            self._end(job, JobState.FAILED, refusal.sentences)
        except Exception:
            LOG.exception("job %d (%s %s) failed unexpectedly", job.id, job.kind, job.subject)
            self._failed_unexpectedly(job)
        finally:
            running.resources.close()
            self._current = None

    def _stopped(self, job: Job, heartbeat: "_Heartbeat") -> None:
        if heartbeat.cancelled:
            self._end(job, JobState.CANCELLED, ())
        elif not heartbeat.lost:
            self.store.change(lambda t: jobs.release(t.connection, job.claim, count_attempt=False))

    def _failed_unexpectedly(self, job: Job) -> None:
        if job.attempts >= ATTEMPTS:
            self._end(job, JobState.PARKED, (Sentence(UNEXPECTED.text, {"attempt": job.attempts}),))
        else:
            self.store.change(lambda t: jobs.release(t.connection, job.claim, count_attempt=True))

    def _end(self, job: Job, state: JobState, report: tuple[Sentence, ...], result: Result | None = None) -> None:
        """Store the end of the job together with its effect; nothing of either if the claim is lost."""
        written = self._written(report, result) if report else None

        def act(transaction: WriteTransaction) -> None:
            if not jobs.end(transaction.connection, job.claim, state, written, self.now_ms()):
                raise _ClaimLost
            if result is not None:
                result.apply(transaction)

        try:
            self.store.change(act)
        except _ClaimLost:
            LOG.warning("job %d (%s %s) was done by another worker meanwhile", job.id, job.kind, job.subject)
        else:
            LOG.info("job %d (%s %s) ends: %s", job.id, job.kind, job.subject, state)

    def _written(self, report: tuple[Sentence, ...], result: Result | None = None) -> str:
        """The report as JSON: whether it is good, how many of its first lines somebody acts on, and its lines by language."""
        good, said = (result.good, (*report, *result.facts)) if result is not None else (False, report)
        lines = {
            language.value: [sentence.localize(self.locales(language)) for sentence in said] for language in Language
        }
        return json.dumps({"good": good, "asks": 0 if good else len(report), **lines}, ensure_ascii=False)

    def exceeded(self, job: Job, kind: JobKind) -> None:
        """End this process: the job has run too long, and no thread can be stopped from outside. Never returns."""
        LOG.error("job %d (%s %s) ran for more than %d s", job.id, job.kind, job.subject, kind.time_limit_s)
        facts = {"minutes": -(-kind.time_limit_s // 60)}
        try:
            self._end(job, JobState.PARKED, (Sentence(TOO_LONG.text, facts),))
        finally:
            os._exit(TOO_LONG_STATUS)


class _ClaimLost(Exception):
    """Another worker has claimed the job."""


def _beating(job: Job) -> tuple[int, int, int]:
    return job.id, job.attempts, job.beats


@dataclass(slots=True)
class _Heartbeat:
    """The thread that shows that the worker lives, stores the progress, and stops the job."""

    worker: Worker
    job: Job
    kind: JobKind
    running: RunningJob
    cancelled: bool = False
    lost: bool = False
    _over: threading.Event = field(default_factory=threading.Event)

    @contextmanager
    def beating(self) -> Iterator[None]:
        """Write heartbeats during the block."""
        thread = threading.Thread(target=self._beat, name="heartbeat", daemon=True)
        thread.start()
        try:
            yield
        finally:
            self._over.set()
            thread.join()

    def _beat(self) -> None:
        began = time.monotonic()
        while not self._over.wait(self.worker.beat_s):
            if time.monotonic() - began > self.kind.time_limit_s:
                self.worker.exceeded(self.job, self.kind)
            self._once()

    def _once(self) -> None:
        progress = self.running.progress
        try:
            asked = self.worker.store.change(lambda t: jobs.beat(t.connection, self.job.claim, progress))
        except Unavailable:
            return  # the next heartbeat tries again; if none arrives, the job is lost
        if asked is None:
            self.lost = True
        elif asked:
            self.cancelled = True
        if asked is not False:
            self.running.stop()
