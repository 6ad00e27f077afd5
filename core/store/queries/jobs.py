"""Queries on background jobs: a claim, its heartbeats, its end. The same SQL for SQLite and PostgreSQL.

A worker that claims a job raises its `beats` while it works. Beats that stand still show other workers that it died;
clocks of several machines are never compared. A claim is named by its job and attempt: after another worker has claimed
the job, `beat` and `end` find nothing, and the late worker's result is dropped.
"""

from dataclasses import dataclass
from enum import StrEnum

import sqlalchemy as sa

from core.store.tables import account
from core.store.tables import job as t

MOST_LISTED = 500


class JobState(StrEnum):
    """The states of a job. WAITING and RUNNING are living: there is at most one living job of a kind and subject."""

    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"  # it cannot be done, and its report says why
    PARKED = "parked"  # stopped by its workers' deaths or errors too often
    CANCELLED = "cancelled"


LIVING = (JobState.WAITING, JobState.RUNNING)
ENDED = (JobState.DONE, JobState.FAILED, JobState.PARKED, JobState.CANCELLED)


@dataclass(frozen=True, slots=True)
class Job:
    """A row of the table. `progress` is per mille, `report` JSON by language, times are UTC ms."""

    id: int
    kind: str
    subject: str
    state: JobState
    progress: int
    attempts: int
    worker: str | None
    beats: int
    cancel_requested: bool
    report: str | None
    requested_by: str | None  # username
    requested_at: int
    ended_at: int | None

    @property
    def claim(self) -> "Claim":
        """The claim of this attempt."""
        return Claim(self.id, self.attempts)


@dataclass(frozen=True, slots=True)
class Claim:
    """One attempt at one job."""

    job: int
    attempt: int


_COLUMNS = (*(column for column in t.c if column.name != "requested_by"), account.c.username.label("requested_by"))
_ROWS = sa.select(*_COLUMNS).select_from(t.outerjoin(account, account.c.id == t.c.requested_by))


def add(connection: sa.Connection, kind: str, subject: str, *, by: str | None, at: int) -> int | None:
    """Insert a waiting job and return its id; None if one of this kind and subject is living already."""
    living = (t.c.kind == kind, t.c.subject == subject, t.c.state.in_(LIVING))
    if connection.execute(sa.select(t.c.id).where(*living)).first():
        return None
    account_id = sa.select(account.c.id).where(account.c.username == by).scalar_subquery()
    values = {
        "kind": kind, "subject": subject, "state": JobState.WAITING, "progress": 0, "attempts": 0, "beats": 0,
        "cancel_requested": 0, "requested_by": account_id, "requested_at": at,
    }  # fmt: skip
    return int(connection.execute(t.insert().values(**values).returning(t.c.id)).scalar_one())


def running(connection: sa.Connection) -> list[Job]:
    """The jobs that workers have claimed."""
    return [_job(row) for row in connection.execute(_ROWS.where(t.c.state == JobState.RUNNING).order_by(t.c.id))]


def any_waiting(connection: sa.Connection) -> bool:
    """Whether a job waits for a worker."""
    return connection.execute(sa.select(t.c.id).where(t.c.state == JobState.WAITING).limit(1)).first() is not None


def claim_waiting(connection: sa.Connection, worker: str) -> Job | None:
    """Claim the oldest waiting job for this worker; None if none waits.

    On PostgreSQL a job that another worker is claiming at this moment is skipped; SQLite has one writer at a time.
    """
    oldest = sa.select(t.c.id).where(t.c.state == JobState.WAITING).order_by(t.c.id).limit(1)
    free = oldest.with_for_update(skip_locked=True).scalar_subquery()
    return _claimed(connection, sa.and_(t.c.id == free, t.c.state == JobState.WAITING), worker)


def claim_abandoned(connection: sa.Connection, seen: Job, worker: str) -> Job | None:
    """Claim a running job whose beats still stand where they were `seen`; None if its worker lives after all."""
    return _claimed(connection, _still(seen), worker)


def park_abandoned(connection: sa.Connection, seen: Job, report: str, at: int) -> bool:
    """Park a running job whose beats still stand where they were `seen`. False if its worker lives after all."""
    values = {"state": JobState.PARKED, "report": report, "ended_at": at}
    return connection.execute(t.update().where(_still(seen)).values(**values)).rowcount == 1


def beat(connection: sa.Connection, claim: Claim, progress: int) -> bool | None:
    """Show that the worker lives, and store its progress (per mille).

    Returns True if somebody asked to cancel the job, False if not; None if the claim is lost.
    """
    values = {"beats": t.c.beats + 1, "progress": progress}
    row = connection.execute(t.update().where(_held(claim)).values(**values).returning(t.c.cancel_requested)).first()
    return None if row is None else bool(row.cancel_requested)


def end(connection: sa.Connection, claim: Claim, state: JobState, report: str | None, at: int) -> bool:
    """End the job in this state. False if the claim is lost."""
    values: dict[str, object] = {"state": state, "report": report, "ended_at": at}
    if state is JobState.DONE:
        values["progress"] = 1000
    return connection.execute(t.update().where(_held(claim)).values(**values)).rowcount == 1


def release(connection: sa.Connection, claim: Claim, *, count_attempt: bool) -> bool:
    """Let the job wait for another worker; `count_attempt` False takes this attempt back. False if the claim is lost."""
    values = {"state": JobState.WAITING, "progress": 0, "attempts": t.c.attempts - (0 if count_attempt else 1)}
    return connection.execute(t.update().where(_held(claim)).values(**values)).rowcount == 1


def cancel(connection: sa.Connection, job_id: int, at: int) -> bool:
    """Cancel a waiting job, or ask the worker of a running one to stop. False if the job is not living."""
    now = {"state": JobState.CANCELLED, "cancel_requested": 1, "ended_at": at}
    waiting = t.update().where(t.c.id == job_id, t.c.state == JobState.WAITING).values(**now)
    if connection.execute(waiting).rowcount:
        return True
    running = t.update().where(t.c.id == job_id, t.c.state == JobState.RUNNING).values(cancel_requested=1)
    return connection.execute(running).rowcount == 1


def find(connection: sa.Connection, job_id: int) -> Job | None:
    """The job with this id."""
    row = connection.execute(_ROWS.where(t.c.id == job_id)).first()
    return None if row is None else _job(row)


def latest(connection: sa.Connection, *, limit: int = MOST_LISTED) -> list[Job]:
    """The newest job of each kind and subject: the living ones first, then those that ended last."""
    newest = sa.select(sa.func.max(t.c.id)).group_by(t.c.kind, t.c.subject)
    living_first = sa.case((t.c.state == JobState.RUNNING, 0), (t.c.state == JobState.WAITING, 1), else_=2)
    order = (living_first, sa.case((t.c.state.in_(LIVING), t.c.id)), t.c.ended_at.desc(), t.c.id.desc())
    return [_job(row) for row in connection.execute(_ROWS.where(t.c.id.in_(newest)).order_by(*order).limit(limit))]


def latest_of(connection: sa.Connection, kind: str, subject: str) -> Job | None:
    """The newest job of this kind and subject; None if there is none."""
    query = _ROWS.where(t.c.kind == kind, t.c.subject == subject).order_by(t.c.id.desc()).limit(1)
    row = connection.execute(query).first()
    return None if row is None else _job(row)


def _held(claim: Claim) -> sa.ColumnElement[bool]:
    return sa.and_(t.c.id == claim.job, t.c.attempts == claim.attempt, t.c.state == JobState.RUNNING)


def _still(seen: Job) -> sa.ColumnElement[bool]:
    return sa.and_(_held(seen.claim), t.c.beats == seen.beats)


def _claimed(connection: sa.Connection, where: sa.ColumnElement[bool], worker: str) -> Job | None:
    values = {"state": JobState.RUNNING, "worker": worker, "attempts": t.c.attempts + 1, "beats": t.c.beats + 1}
    taken = connection.execute(t.update().where(where).values(**values, progress=0).returning(t.c.id)).scalar()
    return None if taken is None else find(connection, taken)


def _job(row: sa.Row[tuple[object, ...]]) -> Job:
    values = dict(row._mapping)  # noqa: SLF001  # SQLAlchemy's public name
    values |= {"state": JobState(str(values["state"])), "cancel_requested": bool(values["cancel_requested"])}
    return Job(**values)
