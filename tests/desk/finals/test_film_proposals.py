"""A finalist's film is replaced by two people: one sends it, another watches and confirms it."""

from dataclasses import replace
from pathlib import Path

import pytest
import sqlalchemy as sa

from core.desk.background import film_pairs as twin_pairs
from core.desk.background.job_kinds import JOB_KINDS
from core.desk.entries import incoming_films
from core.desk.entries.entry_refusals import ChangedMeanwhile, NothingChanged, SameFilmEntered, UnknownSubmission
from core.desk.entries.film_intake import FilmRefused, Sent
from core.desk.entries.incoming_films import Chosen
from core.desk.entries.submission_views import of_office
from core.desk.finals import film_proposals, finalist_changes, finalists
from core.desk.finals import finals_refusals as refusals
from core.desk.finals.finalist_changes import NewProposal, Proposal
from core.desk.finals.proposed_film_checks import ProposedFilmCheck
from core.desk.judging import judge_queue, judge_sheets
from core.desk.judging.judge_assignment import NoSuchWork, ReasonMissing
from core.desk.judging.judge_sheets import Change
from core.desk.maintenance import operations
from core.desk.setup.contest_setup import FilmMarked
from core.desk.uploads import uploads
from core.desk.uploads.uploads import UploadArea
from core.jobs.worker import Worker
from core.media.fingerprint.film_fingerprint import pack
from core.rules.access import NotAllowed, Principal, Role
from core.rules.entries.states import FinalistChange, Move, SubmissionState
from core.rules.words import Locale
from core.speech import locale
from core.store import tables as t
from core.store.engine import Store
from core.store.films import film_pairs
from core.store.films.film_pairs import FingerprintRow
from core.store.films.library_files import library_files
from core.store.queries import jobs
from tests.desk.background.test_film_twins import planted
from tests.desk.contest_with_panel import LAN, NOW, assigned_panel, joined, person
from tests.desk.entries.accepted import accepted_works, film_hash
from tests.desk.entries.entered import OFFICE
from tests.desk.entries.test_film_intake import VIDEO, Desk, films
from tests.desk.finals.test_draw import close, draw_codes

__all__ = ["films"]  # a fixture
CHANNEL, COMMITTEE = person("kenh", Role.CHANNEL), person("ban", Role.COMMITTEE)


@pytest.fixture
def desk(sqlite_store: Store, tmp_path: Path, films: dict[str, bytes]) -> Desk:
    """Two finalists, whose present films are nowhere."""
    assigned_panel(sqlite_store, judging=VIDEO)
    joined(sqlite_store, COMMITTEE)
    accepted_works(sqlite_store, 2)
    close(sqlite_store)
    draw_codes(sqlite_store)
    return Desk(sqlite_store, UploadArea(tmp_path / "uploads", 1 << 24, 1 << 20), tmp_path / "films", films, NOW)


def code(desk: Desk, submission: str = "TP-001") -> str:
    return next(each.code for each in finalists.listed(desk.store, OFFICE, NOW) if each.submission == submission)


def send(
    desk: Desk, name: str = "good", submission: str = "TP-001", who: Principal = OFFICE, **changes: object
) -> None:
    holder = uploads.account_holder(who, "10.0.0.1")
    sent = Sent(holder, desk.upload(name, holder), 4, "Bản gốc bị mất tiếng")
    sent = replace(sent, **changes)  # type: ignore[arg-type]
    film_proposals.give_film(desk.store, who, desk.area, desk.folder, submission, sent, NOW)


def newest(desk: Desk, who: Principal = COMMITTEE) -> Proposal:
    return finalist_changes.proposals(desk.store, who)[0]


def confirm(desk: Desk, who: Principal = COMMITTEE) -> None:
    finalist_changes.confirm(desk.store, who, newest(desk).id, "", NOW)


def judged_film(desk: Desk) -> str:
    return str(judge_queue.film(desk.store, LAN, code(desk)).sha256)


def findings(desk: Desk) -> list[str]:
    return [each.localize(Locale()) for each in operations.verify(desk.store).findings]


def test_a_film_reaches_the_jury_when_another_person_confirms_it(desk: Desk) -> None:
    before = judged_film(desk)
    send(desk)
    proposal, view = newest(desk), of_office(desk.store, OFFICE, "TP-001")
    assert [(each.text, *rest) for each, *rest in proposal.fields] == [("Phim", "4:00, 1280×720", "0:02, 320×180")]
    assert judged_film(desk) == before and view.row.film == before == film_hash("TP-001")
    assert view.moves == (Move.REPLACE_FINALIST_FILM,) and view.proposed_film
    watched = film_proposals.proposed_film(desk.store, COMMITTEE, code(desk), desk.folder)
    assert watched.name == f"{view.proposed_film}.mp4" and watched.read_bytes() == desk.films["good"]
    confirm(desk)
    after = of_office(desk.store, OFFICE, "TP-001")
    assert judged_film(desk) == after.row.film == view.proposed_film and after.proposed_film == ""
    assert (after.row.state, after.row.width, after.row.version) == (SubmissionState.FINALIST, 320, 5)
    assert after.history[-1].act.localize(Locale()).endswith(": Thay phim khác")
    with desk.store.read() as connection:
        asked = {(job.kind, job.subject) for job in jobs.latest(connection)}
    assert {("film.check", "TP-001"), ("film.copies", code(desk))} <= asked
    assert desk.left()[1] == set() and findings(desk) == []


def test_what_judges_watched_of_the_old_film_is_reset(desk: Desk) -> None:
    with desk.store.read() as connection:
        judge = connection.execute(sa.select(t.account.c.id).where(t.account.c.username == "lan")).scalar_one()
        entry = connection.execute(sa.select(t.entry.c.id).where(t.entry.c.code == code(desk))).scalar_one()
    row = {"judge_id": judge, "entry_id": entry, "intervals": "[[0,6000]]", "budget_ms": 0, "credited_at": 1}
    desk.store.change(lambda transaction: transaction.connection.execute(t.watched.insert().values(row)).close())
    send(desk)
    confirm(desk)
    with desk.store.read() as connection:
        assert connection.execute(sa.select(t.watched.c.intervals)).scalar_one() == "[]"


def test_nobody_replaces_a_film_alone(desk: Desk) -> None:
    before = judged_film(desk)
    send(desk)
    for who, expected in ((OFFICE, refusals.OwnProposal), (LAN, NotAllowed), (CHANNEL, NotAllowed)):
        with pytest.raises(expected):
            confirm(desk, who)
    with pytest.raises(NotAllowed):
        send(desk, "other", who=COMMITTEE)
    with pytest.raises(refusals.ProposalWaits):
        send(desk, "other")
    assert judged_film(desk) == before


@pytest.mark.parametrize("proposed_before", [False, True])
def test_a_film_with_a_sealed_sheet_stays(desk: Desk, proposed_before: bool) -> None:
    if proposed_before:
        send(desk)
    judge_sheets.save(desk.store, LAN, code(desk), Change({"ND": "30", "ST": "10"}), 0, NOW)
    judge_sheets.submit(desk.store, LAN, code(desk), 1, "k" * 16, NOW)
    with pytest.raises(FilmMarked):
        confirm(desk) if proposed_before else send(desk)
    assert judged_film(desk) == film_hash("TP-001") and findings(desk) == []


def work(desk: Desk) -> list[tuple[str, str, str]]:
    """Run every job that waits; returns the kind, subject and state of all jobs but those that copy films."""
    worker = Worker(desk.store, desk.folder, JOB_KINDS, locale, lambda: 0)
    while worker.run_one():
        pass
    with desk.store.read() as connection:
        return sorted(
            (job.kind, job.subject, job.state) for job in jobs.latest(connection) if job.kind != "film.copies"
        )


def checked(desk: Desk) -> ProposedFilmCheck:
    found = newest(desk).film_check
    assert found is not None
    return found


def comparison(desk: Desk) -> list[str]:
    return [each.localize(Locale()) for each in checked(desk).comparison]


def make_alike(desk: Desk, code: str) -> None:
    """Give the present film of this finalist and the film that was proposed last the same fingerprint."""
    stored = pack(planted(1))
    with desk.store.read() as connection:
        present = next(each.sha256 for each in film_pairs.films_of_works(connection) if each.code == code)
        (proposed,) = film_pairs.fingerprints(connection)
    rows = [
        FingerprintRow(film, stored.version, stored.pictures, stored.sounds, 60_000) for film in (present, proposed)
    ]
    desk.store.change(lambda transaction: [film_pairs.put_fingerprint(transaction.connection, row, 0) for row in rows])


def test_a_proposed_film_is_checked_and_compared_while_it_waits(desk: Desk) -> None:
    first = code(desk)
    send(desk)
    assert comparison(desk) == ["Phim đề nghị đang được kiểm tra, rồi được so sánh với các phim khác."]
    assert work(desk) == [("film.check", f"{first} #1", "done"), ("film.twins", f"{first} #1", "done")]
    assert comparison(desk) == ["Phim đề nghị không giống phim nào của tác phẩm khác."]
    make_alike(desk, first)  # a film that is like the one it replaces is no finding
    twin_pairs.request_comparisons(desk.store, OFFICE, NOW)
    work(desk)
    assert comparison(desk) == ["Phim đề nghị không giống phim nào của tác phẩm khác."]
    assert twin_pairs.listed(desk.store, OFFICE) == ()


def test_who_confirms_is_told_of_a_near_copy(desk: Desk) -> None:
    first, second = code(desk), code(desk, "TP-002")
    send(desk)
    work(desk)
    make_alike(desk, second)
    twin_pairs.request_comparisons(desk.store, OFFICE, NOW)
    assert comparison(desk) == ["Phim đề nghị đang được so sánh với các phim khác."]
    work(desk)
    assert comparison(desk) == [f"Bản gần giống: {second} “Phim 2” (hình trùng 100 %)."]
    (pair,) = twin_pairs.listed(desk.store, OFFICE)
    assert {(side.code, side.proposed) for side in pair.sides} == {(first, True), (second, False)} and pair.waits
    assert checked(desk).pairs == (pair.id,)
    confirm(desk)
    (pair,) = twin_pairs.listed(desk.store, OFFICE)
    assert [side.proposed for side in pair.sides] == [False, False]
    assert ("film.twins", "TP-001", "done") in work(desk)
    assert findings(desk) == []


def test_a_declined_film_is_not_compared_any_more(desk: Desk) -> None:
    send(desk)
    finalist_changes.decline(desk.store, COMMITTEE, newest(desk).id, "Không cần", NOW)
    assert work(desk) == [("film.check", f"{code(desk)} #1", "cancelled")]
    assert newest(desk).film_check is None


def test_a_declined_film_changes_nothing_and_is_in_no_backup(desk: Desk) -> None:
    send(desk)
    with desk.store.read() as connection:
        kept = {name for _, name, _, _ in library_files(connection)}
    finalist_changes.decline(desk.store, COMMITTEE, newest(desk).id, "Phim này dài hơn", NOW)
    with desk.store.read() as connection:
        assert len(kept - {name for _, name, _, _ in library_files(connection)}) == 1
    assert judged_film(desk) == film_hash("TP-001") and findings(desk) == []
    send(desk, "other")


def test_the_film_of_another_work_and_the_same_film_are_refused(desk: Desk) -> None:
    send(desk)
    confirm(desk)
    with pytest.raises(NothingChanged):
        send(desk, version=5)
    with pytest.raises(SameFilmEntered):
        send(desk, submission="TP-002")
    assert finalist_changes.proposals(desk.store, OFFICE)[0].outcome == "confirmed"


def test_a_film_that_another_work_got_meanwhile_is_not_confirmed(desk: Desk) -> None:
    send(desk)
    send(desk, submission="TP-002")
    second, first = finalist_changes.proposals(desk.store, COMMITTEE)
    finalist_changes.confirm(desk.store, COMMITTEE, second.id, "", NOW)
    with pytest.raises(SameFilmEntered):
        finalist_changes.confirm(desk.store, COMMITTEE, first.id, "", NOW)
    assert judged_film(desk) == film_hash("TP-001") and findings(desk) == []


def test_it_is_proposed_with_a_reason_against_what_was_read(desk: Desk) -> None:
    with pytest.raises(ReasonMissing):
        send(desk, reason=" ")
    with pytest.raises(ChangedMeanwhile):
        send(desk, version=3)
    with pytest.raises(UnknownSubmission):
        send(desk, submission="TP-999")
    with pytest.raises(refusals.FilmMissing):
        finalist_changes.propose(desk.store, OFFICE, NewProposal(code(desk), FinalistChange.FILM, 4, "x"), NOW)
    assert finalist_changes.proposals(desk.store, OFFICE) == ()


def test_a_film_past_a_rule_is_proposed_with_the_rule(desk: Desk) -> None:
    with pytest.raises(FilmRefused) as refused:
        send(desk, "long")
    assert refused.value.waits
    send(desk, "long", past_rules=True)
    [_, (field, _, numbers)] = newest(desk).fields
    assert (field.text, numbers) == ("Nhận dù phim chưa đúng", "R13")
    confirm(desk)
    assert findings(desk) == []


def test_a_film_of_the_folder_on_the_server_is_proposed_too(desk: Desk) -> None:
    incoming = desk.folder.with_name(incoming_films.FOLDER)
    incoming.mkdir()
    (incoming / "moi.mp4").write_bytes(desk.films["good"])
    chosen = Chosen("moi.mp4", 4, "Bản gốc bị mất tiếng")
    film_proposals.give_incoming_film(desk.store, OFFICE, desk.area, desk.folder, "TP-001", chosen, NOW)
    assert newest(desk).kind is FinalistChange.FILM and desk.left()[1] == set()


@pytest.mark.parametrize("who", [None, LAN])
def test_the_proposed_film_is_for_those_who_see_the_finals(desk: Desk, who: Principal | None) -> None:
    with pytest.raises(NoSuchWork):
        film_proposals.proposed_film(desk.store, COMMITTEE, code(desk), desk.folder)
    send(desk)
    assert film_proposals.proposed_film(desk.store, OFFICE, code(desk), desk.folder).is_file()
    with pytest.raises(NoSuchWork):
        film_proposals.proposed_film(desk.store, who, code(desk), desk.folder)
