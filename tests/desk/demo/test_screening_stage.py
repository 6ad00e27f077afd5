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
from core.desk.demo.material import DemoStage, PlannedSubmission
from core.desk.entries.submission_views import SubmissionLine, listed, of_office
from core.desk.maintenance import operations
from core.desk.matching import match_decisions
from core.jobs.worker import Worker
from core.media.film.treatments import Treatment
from core.rules.access import Principal, Role
from core.rules.entries.states import SubmissionState
from core.rules.words import Language
from core.settings import sqlite_url
from core.speech import locale
from core.store.engine import Store, connect
from core.store.migrate import migrate

NOW = datetime(2026, 11, 27, 3, 0, tzinfo=UTC)
CHECK = "Kiểm tra phim"
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
        SubmissionState.RECEIVED: 9, SubmissionState.ACCEPTED: 3, SubmissionState.RETURNED: 1, SubmissionState.AWAITING_FILM: 1,
        SubmissionState.WITHDRAWN: 1,
    }  # fmt: skip
    assert not any(line.late for line in by_title(desk).values())
    assert operations.verify(desk).findings == ()


FOUND: dict[Treatment | None, str] = {
    None: "Phim đạt mọi quy định", Treatment.MIRRORED: "Phim đạt mọi quy định",
    Treatment.TOO_SHORT: "Thời lượng 6 giây", Treatment.TOO_SMALL: "Khung hình 640×360",
    Treatment.BLACK_PART: "Hình đen từ giây 2,0", Treatment.BLACK_HALF: "Hình đen 60,0 % thời lượng",
    Treatment.FROZEN_PART: "Hình đứng yên từ giây 5,2", Treatment.SILENT_PART: "Không có tiếng từ giây 5,0",
    Treatment.QUIET: "Tiếng rất nhỏ", Treatment.NO_SOUND: "Không có âm thanh; thể lệ yêu cầu",
    Treatment.DAMAGED: "Bộ giải mã báo",
}  # fmt: skip
PLANNED = material.submissions()


@pytest.mark.parametrize(
    "planned", [each for each in PLANNED if each.work], ids=lambda each: each.treatment or each.work
)
def test_what_was_done_to_a_film_is_the_first_thing_its_check_says(desk: Store, planned: PlannedSubmission) -> None:
    """Each kind of finding, and none in a film to which nothing was done."""
    code = by_title(desk)[planned.form.title].code
    job = next(
        each for each in background_jobs.lines(desk, Language.VI) if (each.subject, each.title.text) == (code, CHECK)
    )
    assert FOUND[planned.treatment] in job.report[0]
    assert job.good == (planned.treatment in (None, Treatment.MIRRORED))
    assert job.asks == sum(line.startswith(("Cần xem", "Không đạt")) for line in job.report) == (not job.good)


def test_the_demo_has_every_treatment_of_films() -> None:
    assert {each.treatment for each in PLANNED} == {None, *Treatment} == set(FOUND)


def test_a_film_taken_past_a_rule_says_which(desk: Store) -> None:
    rules: dict[Treatment | None, str] = {
        Treatment.TOO_SHORT: "R13",
        Treatment.TOO_SMALL: "R10",
        Treatment.NO_SOUND: "R12",
    }
    taken = {each.treatment: by_title(desk)[each.form.title].code for each in PLANNED if each.outcome == "past_rules"}
    assert taken.keys() == rules.keys()
    for treatment, code in taken.items():
        said = [change.after for line in of_office(desk, OFFICE, code).history for change in line.changes]
        assert rules[treatment] in said


def test_the_copy_of_a_film_and_borrowed_scenes_are_found(desk: Store) -> None:
    titles = {line.code: title for title, line in by_title(desk).items()}
    found = {
        frozenset(titles.get(side.code or "") for side in pair.sides): pair for pair in film_pairs.listed(desk, OFFICE)
    }
    copied = found[frozenset({title_of("T-417"), "Mận hậu lên sàn, bản của tổ hợp tác"})]
    borrowed = found[frozenset({title_of("T-731"), title_of("T-128")})]
    assert copied.is_copy and not borrowed.is_copy
    assert copied.waits and not borrowed.waits


def title_of(work: str) -> str:
    return next(each.form.title for each in PLANNED if each.work == work)


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
    assert len({each.form.title for each in PLANNED}) == len(PLANNED) == 15
    assert {each.outcome for each in PLANNED} == {"", "accept", "return", "withdraw", "past_rules"}
