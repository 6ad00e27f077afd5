"""The demo of the first round: works have come in, and what an office finds in them is there to be found."""

from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest

from core.desk.background import background_jobs, film_pairs
from core.desk.background.job_kinds import JOB_KINDS
from core.desk.demo import build, material
from core.desk.demo.material import DemoStage
from core.desk.entries.submission_views import SubmissionLine, listed, of_office
from core.desk.maintenance import operations
from core.desk.matching import match_decisions
from core.jobs.worker import Worker
from core.rules.access import Principal, Role
from core.rules.entries.states import SubmissionState
from core.rules.words import Language
from core.settings import sqlite_url
from core.speech import locale
from core.store.engine import Store, connect
from core.store.migrate import migrate

NOW = datetime(2026, 11, 27, 3, 0, tzinfo=UTC)
OFFICE = Principal("thuky", "Trần Minh Đức", frozenset({Role.SECRETARY}), "")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("screening")


@pytest.fixture(scope="module")
def desk(folder: Path) -> Iterator[Store]:
    """The demo with films of a few seconds, whose background work is done."""
    with closing(connect(sqlite_url(folder / "desk.db"))) as store:
        migrate(store)
        build.build(store, folder / "library", NOW, lambda _: None, short=True, at=DemoStage.SCREENING)
        worker = Worker(store, folder / "library", JOB_KINDS, locale, lambda: round(NOW.timestamp() * 1000))
        while worker.run_one():
            pass
        yield store


def by_title(desk: Store) -> dict[str, SubmissionLine]:
    return {line.title: line for line in listed(desk, OFFICE)}


def test_works_wait_and_one_of_each_outcome_is_there(desk: Store) -> None:
    states = Counter(line.state for line in by_title(desk).values())
    assert states == {
        SubmissionState.RECEIVED: 8, SubmissionState.ACCEPTED: 3, SubmissionState.RETURNED: 1, SubmissionState.AWAITING_FILM: 1,
        SubmissionState.WITHDRAWN: 1,
    }  # fmt: skip
    assert not any(line.late for line in by_title(desk).values())
    assert operations.verify(desk).findings == ()


def test_a_film_was_taken_past_a_rule_and_another_one_wants_a_look(desk: Store) -> None:
    short, silent = (
        by_title(desk)[title].code
        for title in ("Chữ ký số của chủ tịch xã", "Lòng hồ kể chuyện: du lịch số Quỳnh Nhai")
    )
    assert any(change.after == "R13" for line in of_office(desk, OFFICE, short).history for change in line.changes)
    reports = {
        line.subject: line for line in background_jobs.lines(desk, Language.VI) if line.title.text == "Kiểm tra phim"
    }
    assert not reports[short].good and "Thời lượng" in reports[short].report[0]
    assert sum(job.good for job in reports.values()) >= 10 and silent in reports


def test_the_copy_of_a_film_is_found(desk: Store) -> None:
    codes = {
        by_title(desk)[title].code
        for title in ("Mận hậu lên sàn: từ nương nhà đến giỏ hàng cả nước", "Mận hậu lên sàn, bản của tổ hợp tác")
    }
    found = [{side.code for side in pair.sides} for pair in film_pairs.listed(desk, OFFICE) if pair.waits]
    assert codes in found


def test_the_official_who_entered_waits_for_a_decision(desk: Store) -> None:
    waiting = {line.work for line in match_decisions.lines(desk, OFFICE) if line.open}
    assert by_title(desk)["Bản em lên mạng"].code in waiting


def test_building_again_changes_nothing_and_the_other_stage_is_refused(desk: Store, folder: Path) -> None:
    before = operations.verify(desk).heads
    build.build(desk, folder / "library", NOW, lambda _: None, short=True)
    assert operations.verify(desk).heads == before
    with pytest.raises(build.OtherStage):
        build.build(desk, folder / "library", NOW, lambda _: None, short=True, at=DemoStage.JUDGING)


def test_every_planned_submission_follows_the_rules_of_the_form() -> None:
    planned = material.submissions()
    assert len({each.form.title for each in planned}) == len(planned) == 14
    assert {each.outcome for each in planned} == {"", "accept", "return", "withdraw", "past_rules"}
