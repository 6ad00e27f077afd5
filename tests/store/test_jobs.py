"""Jobs in the table: one living job of a kind and subject, claims, heartbeats, ends; on SQLite and on PostgreSQL."""

import pytest
import sqlalchemy as sa

from core.store import tables
from core.store.engine import Store
from core.store.queries import jobs
from core.store.queries.jobs import Claim, Job, JobState

AT = 1_724_000_000_000
REPORT = '{"good": true, "vi": ["Xong."], "en": ["Done."]}'


def add(store: Store, subject: str, kind: str = "film.check") -> int | None:
    return store.change(lambda t: jobs.add(t.connection, kind, subject, by=None, at=AT))


def claim(store: Store, worker: str = "a") -> Job | None:
    return store.change(lambda t: jobs.claim_waiting(t.connection, worker))


def claimed(store: Store, worker: str = "a") -> Job:
    job = claim(store, worker)
    assert job is not None
    return job


def beat(store: Store, claim: Claim, progress: int = 0) -> bool | None:
    return store.change(lambda t: jobs.beat(t.connection, claim, progress))


def end(store: Store, claim: Claim, state: JobState = JobState.DONE) -> bool:
    return store.change(lambda t: jobs.end(t.connection, claim, state, REPORT, AT + 9))


def cancel(store: Store, job: int) -> bool:
    return store.change(lambda t: jobs.cancel(t.connection, job, AT + 5))


def found(store: Store, job: int) -> Job:
    with store.read() as connection:
        row = jobs.find(connection, job)
    assert row is not None
    return row


def test_the_oldest_waiting_job_is_claimed_first(store: Store) -> None:
    ids = [add(store, subject) for subject in ("T-2", "T-1", "T-3")]
    assert [claimed(store).id for _ in ids] == ids
    assert claim(store) is None


def test_a_claim_counts_the_attempt_and_names_the_worker(store: Store) -> None:
    add(store, "T-1")
    job = claimed(store, "host:7")
    assert (job.state, job.attempts, job.worker, job.progress) == (JobState.RUNNING, 1, "host:7", 0)


@pytest.mark.parametrize("running", [False, True])
def test_a_living_job_is_not_requested_twice(store: Store, running: bool) -> None:
    add(store, "T-1")
    if running:
        claim(store)
    assert add(store, "T-1") is None
    assert add(store, "T-1", "film.copy") is not None
    assert add(store, "T-2") is not None


def test_an_ended_job_may_be_requested_again(store: Store) -> None:
    first = add(store, "T-1")
    end(store, claimed(store).claim)
    again = add(store, "T-1")
    assert again not in {None, first}


def test_a_heartbeat_stores_the_progress(store: Store) -> None:
    add(store, "T-1")
    job = claimed(store)
    assert beat(store, job.claim, 420) is False
    assert (found(store, job.id).progress, found(store, job.id).beats) == (420, job.beats + 1)


def test_a_job_whose_heartbeats_stand_still_is_claimed_by_another_worker(store: Store) -> None:
    add(store, "T-1")
    job = claimed(store, "dead")
    again = store.change(lambda t: jobs.claim_abandoned(t.connection, job, "new"))
    assert again is not None
    assert (again.worker, again.attempts) == ("new", 2)


@pytest.mark.parametrize("park", [False, True])
def test_a_job_whose_worker_lives_after_all_is_left_to_it(store: Store, park: bool) -> None:
    add(store, "T-1")
    job = claimed(store, "alive")
    beat(store, job.claim)
    taken = store.change(
        lambda t: (
            jobs.park_abandoned(t.connection, job, REPORT, AT) if park else jobs.claim_abandoned(t.connection, job, "b")
        )
    )
    assert not taken
    assert found(store, job.id).worker == "alive"
    assert found(store, job.id).state is JobState.RUNNING


def test_a_late_worker_changes_nothing_after_another_has_claimed_the_job(store: Store) -> None:
    add(store, "T-1")
    late = claimed(store, "late")
    new = store.change(lambda t: jobs.claim_abandoned(t.connection, late, "new"))
    assert new is not None
    assert beat(store, late.claim, 900) is None
    assert end(store, late.claim, JobState.FAILED) is False
    assert store.change(lambda t: jobs.release(t.connection, late.claim, count_attempt=True)) is False
    assert found(store, new.id) == new


def test_an_end_stores_the_report_and_the_time(store: Store) -> None:
    add(store, "T-1")
    job = claimed(store)
    assert end(store, job.claim)
    ended = found(store, job.id)
    assert (ended.state, ended.report, ended.ended_at, ended.progress) == (JobState.DONE, REPORT, AT + 9, 1000)
    assert end(store, job.claim) is False


def test_a_waiting_job_is_cancelled_at_once(store: Store) -> None:
    job = add(store, "T-1")
    assert job is not None
    assert cancel(store, job)
    assert (found(store, job).state, found(store, job).ended_at) == (JobState.CANCELLED, AT + 5)
    assert claim(store) is None
    assert not cancel(store, job)


def test_the_worker_of_a_cancelled_job_learns_it_from_its_heartbeat(store: Store) -> None:
    add(store, "T-1")
    job = claimed(store)
    assert beat(store, job.claim) is False
    assert cancel(store, job.id)
    assert beat(store, job.claim) is True
    assert found(store, job.id).state is JobState.RUNNING


@pytest.mark.parametrize("counted, attempts", [(True, 1), (False, 0)])
def test_a_released_job_waits_again(store: Store, counted: bool, attempts: int) -> None:
    add(store, "T-1")
    job = claimed(store)
    beat(store, job.claim, 500)
    assert store.change(lambda t: jobs.release(t.connection, job.claim, count_attempt=counted))
    released = found(store, job.id)
    assert (released.state, released.attempts, released.progress) == (JobState.WAITING, attempts, 0)


def test_the_list_holds_the_newest_job_of_each_subject_and_the_running_first(store: Store) -> None:
    for subject in ("T-1", "T-2"):
        add(store, subject)
        end(store, claimed(store).claim, JobState.FAILED)
    add(store, "T-1")
    add(store, "T-3")
    claim(store)
    add(store, "T-4")
    with store.read() as connection:
        listed = [(job.subject, job.state.value) for job in jobs.latest(connection)]
        assert [job.subject for job in jobs.latest(connection, limit=2)] == ["T-1", "T-3"]
    assert listed == [("T-1", "running"), ("T-3", "waiting"), ("T-4", "waiting"), ("T-2", "failed")]


def test_the_database_refuses_a_second_living_job_of_the_same_subject(store: Store) -> None:
    """Two processes may look at the same moment; the index decides."""
    add(store, "T-1")
    second = tables.job.insert().values(
        kind="film.check", subject="T-1", state=JobState.RUNNING, progress=0, attempts=1, beats=0, cancel_requested=0,
        requested_at=AT,
    )  # fmt: skip
    with pytest.raises(sa.exc.IntegrityError, match=r"(?i)unique"):
        store.change(lambda t: t.connection.execute(second))
