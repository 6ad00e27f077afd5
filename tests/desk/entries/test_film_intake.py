"""A submission's film: checked against the rules, put into the library, registered once; nothing is left of a refused one."""

import subprocess
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from core.desk import context
from core.desk.background.films_of_works import films_of_works, registered_films
from core.desk.background.job_kinds import JOB_KINDS
from core.desk.entries import entry_refusals as refusals
from core.desk.entries.film_intake import FilmRefused, Sent, author_give_film, author_holder, office_give_film
from core.desk.entries.submission_views import of_author, of_office
from core.desk.entries.submissions import Read, author_withdraw, office_move
from core.desk.maintenance import operations
from core.desk.setup import contest_setup
from core.desk.uploads import upload_pieces, uploads
from core.desk.uploads.upload_refusals import NoSuchUpload, NotComplete
from core.desk.uploads.uploads import Holder, UploadArea
from core.jobs.worker import Worker
from core.media import library, programs
from core.media.poster import poster
from core.media.probe import probe
from core.rules.access import NotAllowed
from core.rules.entries.states import Move, NeedsReason, SubmissionState
from core.rules.words import Language, Locale
from core.speech import locale
from core.store.engine import Store
from core.store.queries import jobs
from core.store.queries.jobs import JobState
from core.store.queries.setup import NewWork
from tests.desk.contest_with_panel import LAN, assigned_panel
from tests.desk.entries.entered import LATE, OFFICE, OPEN, enter, secret
from tests.fixtures.forged_rows import forged
from tests.fixtures.ledger_payloads import acts

SENT = LATE - timedelta(days=1)  # the upload; the window ends ten hours before LATE
CLOSES = datetime(2024, 7, 31, 16, 59, 59, tzinfo=UTC)
VIDEO = "[entries.video]\nsizes = [[320, 180]]\nseconds = [1, 5]\ntolerance_s = 1\n"


@pytest.fixture(scope="session")
def films(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """Two good films of two seconds, and one of eight."""
    folder, made = tmp_path_factory.mktemp("entered"), {}
    for name, seconds, tone in (("good", 2, 440), ("other", 2, 660), ("long", 8, 440)):
        path = folder / f"{name}.mp4"
        pictures = f"testsrc=s=320x180:r=10:d={seconds}"
        sound = f"sine=f={tone}:d={seconds}"
        words = ["-f", "lavfi", "-i", pictures, "-f", "lavfi", "-i", sound, "-c:v", "libx264", "-preset", "ultrafast"]
        command = [programs.ffmpeg(), "-v", "error", *words, "-pix_fmt", "yuv420p", "-c:a", "aac", str(path)]
        subprocess.run(command, check=True, stdin=subprocess.DEVNULL)
        made[name] = path.read_bytes()
    return made


@dataclass
class Desk:
    """A contest for short films with one submission, an upload area and a library."""

    store: Store
    area: UploadArea
    folder: Path
    films: dict[str, bytes]
    sent: datetime = SENT

    def upload(self, name: str, holder: Holder, *, whole: bool = True) -> str:
        content = self.films[name]
        begun = uploads.begin(self.store, self.area, holder, len(content), f"{name}.mp4", self.sent)
        piece = upload_pieces.start(self.store, self.area, holder, begun.id, 0, self.sent, None)
        piece.write(content if whole else content[:1000])
        piece.keep(self.sent, lambda: False, whole=whole)
        piece.close()
        return begun.id

    def give(self, name: str = "good", person: str = "thuy", version: int = 1, at: object = SENT) -> None:
        holder = author_holder(secret(person), "10.0.0.1")
        sent = Sent(holder, self.upload(name, holder), version)
        author_give_film(self.store, self.area, self.folder, secret(person), sent, at)  # type: ignore[arg-type]

    def left(self) -> tuple[set[str], set[str]]:
        """The files of the library and of the upload area."""
        return library.names(self.folder), {path.name for path in self.area.folder.glob("*")}


@pytest.fixture
def desk(sqlite_store: Store, tmp_path: Path, films: dict[str, bytes]) -> Desk:
    assigned_panel(sqlite_store, judging=VIDEO)
    enter(sqlite_store)
    return Desk(sqlite_store, UploadArea(tmp_path / "uploads", 1 << 24, 1 << 20), tmp_path / "films", films)


def test_a_good_film_is_received_checked_later_and_kept_in_backups(desk: Desk) -> None:
    desk.give()
    view = of_author(desk.store, secret("thuy"), OPEN)
    assert (view.row.state, view.row.version, view.row.width) == (SubmissionState.RECEIVED, 2, 320)
    stored, waiting = desk.left()
    assert {f"{view.row.film}.mp4", view.row.poster} == stored and waiting == set()
    with desk.store.read() as connection:
        assert sorted((job.kind, job.subject) for job in jobs.latest(connection)) == [
            ("film.check", "TP-001"),
            ("film.copies", "TP-001"),
        ]
        assert [each.code for each in registered_films(connection)][-1] == "TP-001"
        assert [(each.title, each.author) for each in films_of_works(connection)][-1] == ("Chợ phiên số", "Lò Thị Thuỷ")
        assert operations._library_files(connection)[-1].name == view.row.poster
    assert acts(desk.store, "submission.film_received")[0][1]["by_author"] is True
    assert operations.verify(desk.store).findings == ()


def test_the_author_reads_what_the_check_of_the_film_found(desk: Desk) -> None:
    assert of_author(desk.store, secret("thuy"), OPEN).check is None
    desk.give()
    waiting = of_author(desk.store, secret("thuy"), OPEN).check
    assert waiting is not None and (waiting.state, waiting.for_author(Language.VI)) == (JobState.WAITING, ())
    worker = Worker(desk.store, desk.folder, JOB_KINDS, locale, lambda: 0)
    while worker.run_one():
        pass
    view = of_author(desk.store, secret("thuy"), OPEN)
    assert view.check is not None and view.check.state is JobState.DONE
    assert any("320×180" in line for line in view.check.for_author(Language.VI))
    assert any("Passed" in line for line in view.check.for_author(Language.EN))
    (desk.folder / f"{view.row.film}.mp4").unlink()
    desk.store.change(lambda each: jobs.add(each.connection, "film.check", "TP-001", by=None, at=0))
    worker.run_one()
    failed = of_author(desk.store, secret("thuy"), OPEN).check
    assert failed is not None and failed.report["vi"] and failed.for_author(Language.VI) == ()


def test_a_film_that_breaks_a_rule_leaves_nothing(desk: Desk) -> None:
    with pytest.raises(FilmRefused) as refused:
        desk.give("long")
    assert refused.value.faults and len(refused.value.sentences) == 1 + len(refused.value.faults)
    assert desk.left() == (set(), set())  # it will never be taken: the upload goes too
    assert of_author(desk.store, secret("thuy"), OPEN).row.film is None


def test_the_office_takes_a_film_past_a_rule_with_a_reason_and_no_author_does(desk: Desk) -> None:
    holder = uploads.account_holder(OFFICE, "10.0.0.1")
    sent = Sent(holder, desk.upload("long", holder), 1, "Phim quay lễ ra quân, không cắt được")
    with pytest.raises(FilmRefused) as refused:
        office_give_film(desk.store, OFFICE, desk.area, desk.folder, "TP-001", sent, SENT)
    assert refused.value.waits and "Tổ Thư ký có thể nhận" in refused.value.faults[0].text
    for past in (replace(sent, reason=""), replace(sent, reason=" ")):
        with pytest.raises(NeedsReason):
            office_give_film(desk.store, OFFICE, desk.area, desk.folder, "TP-001", replace(past, past_rules=True), SENT)
    office_give_film(desk.store, OFFICE, desk.area, desk.folder, "TP-001", replace(sent, past_rules=True), SENT)
    [change] = of_office(desk.store, OFFICE, "TP-001").history[-1].changes
    assert (change.after, acts(desk.store, "submission.film_received")[0][1]["past_rules"]) == ("R13", ["length"])
    assert operations.verify(desk.store).findings == ()
    mine = author_holder(secret("thuy"), "10.0.0.1")
    given = Sent(mine, desk.upload("long", mine), 2, past_rules=True)
    with pytest.raises(FilmRefused):
        author_give_film(desk.store, desk.area, desk.folder, secret("thuy"), given, SENT)


def test_nobody_takes_a_film_that_does_not_play(desk: Desk) -> None:
    desk.films = {"cut": desk.films["good"][:-2000]}
    holder = uploads.account_holder(OFFICE, "10.0.0.1")
    sent = Sent(holder, desk.upload("cut", holder), 1, "Bản duy nhất", past_rules=True)
    with pytest.raises(FilmRefused) as refused:
        office_give_film(desk.store, OFFICE, desk.area, desk.folder, "TP-001", sent, OPEN)
    assert not refused.value.waits and desk.left() == (set(), set())


def test_a_row_that_lets_an_author_past_a_rule_is_found(desk: Desk) -> None:
    desk.give()
    facts = {**acts(desk.store, "submission.film_received")[0][1], "past_rules": ["length"]}
    at = context.millis(SENT)
    desk.store.change(lambda each: forged(each, at=at, actor="system", event="submission.film_received", payload=facts))
    found = [each.localize(Locale()) for each in operations.verify(desk.store).findings]
    assert any("không có quyền làm việc này" in each for each in found)


def test_one_film_is_one_submission_until_it_is_withdrawn(desk: Desk) -> None:
    desk.give()
    enter(desk.store, "hai")
    with pytest.raises(refusals.SameFilmEntered):
        desk.give(person="hai")
    assert len(desk.left()[0]) == 2  # the first one's film and poster are not removed
    author_withdraw(desk.store, secret("thuy"), 2, OPEN)
    desk.give(person="hai")
    with pytest.raises(refusals.SameFilmEntered):
        office_move(desk.store, OFFICE, Read("TP-001", 3), Move.REINSTATE, "Xin lại", OPEN)


def test_a_film_that_was_checked_before_is_compared_with_those_that_came_meanwhile(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(context, "now", lambda: SENT)  # the worker's

    def waiting() -> set[tuple[str, str]]:
        with desk.store.read() as connection:
            return {(job.kind, job.subject) for job in jobs.latest(connection) if job.state is JobState.WAITING}

    worker = Worker(desk.store, desk.folder, JOB_KINDS, locale, lambda: 0)
    desk.give()
    while worker.run_one():
        pass
    author_withdraw(desk.store, secret("thuy"), 2, OPEN)
    enter(desk.store, "hai")
    desk.give(person="hai")
    assert ("film.twins", "TP-002") in waiting()
    while worker.run_one():
        pass
    author_withdraw(desk.store, secret("hai"), 2, OPEN)
    office_move(desk.store, OFFICE, Read("TP-001", 3), Move.REINSTATE, "Xin lại", OPEN)
    assert waiting() == {("film.twins", "TP-001")}


def test_a_film_that_was_withdrawn_before_its_check_is_checked_once_it_is_back(desk: Desk) -> None:
    desk.give()
    author_withdraw(desk.store, secret("thuy"), 2, OPEN)
    worker = Worker(desk.store, desk.folder, JOB_KINDS, locale, lambda: 0)
    while worker.run_one():
        pass
    office_move(desk.store, OFFICE, Read("TP-001", 3), Move.REINSTATE, "Xin lại", OPEN)
    check = of_author(desk.store, secret("thuy"), OPEN).check
    assert check is not None and check.state is JobState.WAITING


def test_another_film_takes_its_place(desk: Desk) -> None:
    desk.give()
    desk.give("other", version=2)
    assert of_author(desk.store, secret("thuy"), OPEN).row.version == 3
    assert operations.verify(desk.store).findings == ()


def test_a_returned_work_gets_another_film_after_the_closing_and_is_not_late(desk: Desk) -> None:
    desk.give()
    office_move(desk.store, OFFICE, Read("TP-001", 2), Move.RETURN, "Tiếng nhỏ", SENT)
    desk.sent = LATE
    desk.give("other", version=3, at=LATE)
    row = of_author(desk.store, secret("thuy"), LATE).row
    assert (row.state, row.late, row.revision) == (SubmissionState.RECEIVED, False, 3)
    assert operations.verify(desk.store).findings == ()
    with pytest.raises(refusals.WindowClosed):
        desk.give("good", version=4, at=LATE)


@pytest.mark.parametrize(
    "version, at, refusal", [(7, SENT, refusals.ChangedMeanwhile), (1, LATE, refusals.WindowClosed)]
)
def test_what_decides_is_read_when_it_is_written(
    desk: Desk, version: int, at: object, refusal: type[Exception]
) -> None:
    with pytest.raises(refusal):
        desk.give(version=version, at=at)
    assert desk.left()[0] == set()


def test_an_unfinished_upload_and_anothers_upload(desk: Desk) -> None:
    mine, other = (author_holder(secret(name), "10.0.0.1") for name in ("thuy", "hai"))
    part = desk.upload("good", mine, whole=False)
    with pytest.raises(NotComplete):
        author_give_film(desk.store, desk.area, desk.folder, secret("thuy"), Sent(mine, part, 1), SENT)
    enter(desk.store, "hai")
    theirs = desk.upload("good", other)
    with pytest.raises(NoSuchUpload):
        author_give_film(desk.store, desk.area, desk.folder, secret("thuy"), Sent(mine, theirs, 1), SENT)


def test_a_link_that_nobody_has_uploads_nothing(desk: Desk) -> None:
    with pytest.raises(refusals.UnknownLink):
        desk.upload("good", author_holder(secret("ai"), "10.0.0.1"))


def test_the_office_gives_a_film_with_a_reason_even_late(desk: Desk) -> None:
    holder = uploads.account_holder(OFFICE, "10.0.0.1")
    first = desk.upload("good", holder)
    with pytest.raises(NeedsReason):
        office_give_film(desk.store, OFFICE, desk.area, desk.folder, "TP-001", Sent(holder, first, 1), LATE)
    with pytest.raises(NotAllowed):
        office_give_film(desk.store, LAN, desk.area, desk.folder, "TP-001", Sent(holder, first, 1, "x"), LATE)
    sent = Sent(holder, first, 1, "Tác giả gửi USB vì mất mạng")
    office_give_film(desk.store, OFFICE, desk.area, desk.folder, "TP-001", sent, LATE)
    view = of_office(desk.store, OFFICE, "TP-001")
    assert view.row.late and view.history[-1].reason == "Tác giả gửi USB vì mất mạng"
    assert operations.verify(desk.store).findings == ()


def film_is_whole(desk: Desk) -> bool:
    """Whether the library has the submission's film and poster, and nothing else."""
    row = of_author(desk.store, secret("thuy"), OPEN).row
    film = desk.folder / f"{row.film}.mp4"
    return desk.left()[0] == {film.name, row.poster} and library.sha256_of(film) == row.film


def test_of_two_who_send_one_film_at_once_the_first_keeps_it(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """The second looked at the film before the first was registered; its refusal takes nothing away."""
    enter(desk.store, "hai")
    look, place = poster, "core.desk.entries.film_intake.poster"

    def meanwhile(*args: Any, **more: Any) -> str:
        monkeypatch.setattr(place, look)
        desk.give()
        return look(*args, **more)

    monkeypatch.setattr(place, meanwhile)
    with pytest.raises(refusals.SameFilmEntered):
        desk.give(person="hai")
    assert film_is_whole(desk)


def test_an_import_that_fails_takes_no_submission_s_film_away(desk: Desk, tmp_path: Path) -> None:
    path = tmp_path / "good.mp4"
    path.write_bytes(desk.films["good"])
    work = NewWork("T-999", "Phim", "Tác giả", "Đơn vị", "", "", "", 0, 0, 0)

    def fail() -> None:
        with contest_setup.film_in_library(desk.store, work, path, probe(path), desk.folder, (0.5,)):
            desk.give()
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()
    assert film_is_whole(desk)


@pytest.mark.parametrize("minutes, in_time", [(30, True), (90, False)])
def test_a_film_sent_in_time_is_in_time_though_its_check_takes_longer(desk: Desk, minutes: int, in_time: bool) -> None:
    desk.sent = CLOSES - timedelta(minutes=10)
    given = desk.sent + timedelta(minutes=minutes)
    if not in_time:
        with pytest.raises(refusals.WindowClosed):
            desk.give(at=given)
        return
    desk.give(at=given)
    row = of_author(desk.store, secret("thuy"), OPEN).row
    assert (row.late, row.film_at) == (False, context.millis(desk.sent))
    assert operations.verify(desk.store).findings == ()
