"""What people do about background jobs: see them, request film checks, cancel one, try one again."""

import json
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from core.desk import authorization, context
from core.desk.background import film_copies
from core.desk.background.film_checks import FILM_CHECK
from core.desk.background.films_of_works import registered_films
from core.desk.background.job_kinds import JOB_KINDS
from core.rules.access import Principal
from core.rules.permissions import may_manage_jobs
from core.rules.words import Language, Refusal, Sentence
from core.store.engine import Store, WriteTransaction
from core.store.events.payloads import FilmChecksRequested, FilmCopiesRequested, JobCancelled, JobRetried
from core.store.finals import draws
from core.store.queries import jobs
from core.store.queries.jobs import Job, JobState

STATE_NAMES = {
    JobState.WAITING: Sentence("Đang chờ"),
    JobState.RUNNING: Sentence("Đang chạy"),
    JobState.DONE: Sentence("Đã xong"),
    JobState.FAILED: Sentence("Không làm được"),
    JobState.PARKED: Sentence("Đã gác lại"),
    JobState.CANCELLED: Sentence("Đã hủy"),
}


class JobNotLiving(Refusal):
    """The job has ended, or there is none with this number: it cannot be cancelled."""

    def __init__(self) -> None:
        super().__init__("Việc này đã kết thúc nên không hủy được nữa.")


class JobNotEnded(Refusal):
    """The job, or a newer one about the same, is waiting or running: it cannot be tried again."""

    def __init__(self) -> None:
        super().__init__("Việc này đang chờ hoặc đang chạy rồi.")


@dataclass(frozen=True, slots=True)
class JobLine:
    """A job as the page shows it. `progress` is per mille; the report's lines are in the reader's language."""

    id: int
    title: Sentence
    subject: str
    state: JobState
    progress: int
    attempts: int
    cancelling: bool
    good: bool  # False: it has ended, and somebody has to act on its report
    report: tuple[str, ...]
    asks: int  # how many of the report's first lines somebody has to act on
    ended_at: datetime | None

    @property
    def living(self) -> bool:
        """Whether it waits or runs, and so can be cancelled; otherwise it can be tried again."""
        return self.state in jobs.LIVING


def lines(store: Store, language: Language) -> tuple[JobLine, ...]:
    """The newest job of each kind and subject; for readers with `may_manage_jobs` only.

    First the running and waiting ones, then those that somebody has to act on, then the others. What was done for a
    finalist's submission is left out once the same was requested for the work: its film is one.
    """
    with store.read() as connection:
        finalists, newest = draws.judging_codes(connection), jobs.latest(connection)
    known = {(job.kind, job.subject) for job in newest}
    found = [_line(job, language) for job in newest if (job.kind, finalists.get(job.subject)) not in known]
    return tuple(sorted(found, key=lambda line: (not line.living, line.good)))


def request_film_checks(store: Store, who: Principal, library: Path, now: datetime) -> int:
    """Request a check of every film that is not being checked already, and the copies that films lack.

    Returns how many checks were requested. Raises NotAllowed.
    """

    def act(transaction: WriteTransaction) -> int:
        at = context.written_at(transaction, now)
        finalists = draws.judging_codes(transaction.connection)
        films = [each for each in registered_films(transaction.connection) if each.code not in finalists]
        added = [_add(transaction, FILM_CHECK.key, film.code, who, at) for film in films]
        if any(added):
            transaction.record(at=at, actor=who.username, payload=FilmChecksRequested(count=sum(added)))
        _request_copies(transaction, who, library, at)
        return sum(added)

    return authorization.change(store, who, may_manage_jobs, now, act)


def request_film_copies(store: Store, who: Principal, library: Path, now: datetime) -> int:
    """Request the copies of every film that lacks one and has no such job; returns how many. Raises NotAllowed."""

    def act(transaction: WriteTransaction) -> int:
        return _request_copies(transaction, who, library, context.written_at(transaction, now))

    return authorization.change(store, who, may_manage_jobs, now, act)


def _request_copies(transaction: WriteTransaction, who: Principal, library: Path, at: int) -> int:
    count = film_copies.request_missing(transaction, library, at, by=who.username)
    if count:
        transaction.record(at=at, actor=who.username, payload=FilmCopiesRequested(count=count))
    return count


def cancel(store: Store, who: Principal, job_id: int, now: datetime) -> None:
    """Cancel a waiting job, or stop a running one within seconds. Raises NotAllowed, JobNotLiving."""

    def act(transaction: WriteTransaction) -> None:
        at = context.written_at(transaction, now)
        job = jobs.find(transaction.connection, job_id)
        if job is None or not jobs.cancel(transaction.connection, job_id, at):
            raise JobNotLiving
        payload = JobCancelled(job=job.id, kind=job.kind, entry=job.subject)
        transaction.record(at=at, actor=who.username, payload=payload)

    authorization.change(store, who, may_manage_jobs, now, act)


def retry(store: Store, who: Principal, job_id: int, now: datetime) -> None:
    """Request an ended job again, as a new job. Raises NotAllowed, JobNotEnded."""

    def act(transaction: WriteTransaction) -> None:
        at = context.written_at(transaction, now)
        job = jobs.find(transaction.connection, job_id)
        if job is None or not _add(transaction, job.kind, job.subject, who, at):
            raise JobNotEnded
        payload = JobRetried(job=job.id, kind=job.kind, entry=job.subject)
        transaction.record(at=at, actor=who.username, payload=payload)

    authorization.change(store, who, may_manage_jobs, now, act)


def _add(transaction: WriteTransaction, kind: str, subject: str, who: Principal, at: int) -> bool:
    return jobs.add(transaction.connection, kind, subject, by=who.username, at=at) is not None


def _line(job: Job, language: Language) -> JobLine:
    kind = JOB_KINDS.get(job.kind)
    report = json.loads(job.report) if job.report else {}
    good = job.state in jobs.LIVING or job.state is JobState.CANCELLED or report.get("good", False)
    said = tuple(report.get(language.value, ()))
    asks = 0 if good else int(report.get("asks", len(said)))  # older reports have no such number
    return JobLine(
        job.id, kind.title if kind else Sentence(job.kind), job.subject, job.state, job.progress, job.attempts,
        job.cancel_requested and job.state is JobState.RUNNING, good, said, asks, context.moment(job.ended_at),
    )  # fmt: skip
