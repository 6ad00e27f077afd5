"""The demo's submissions: works have come in from their authors, with what an office finds in them (plan III.5, IV.4).

Existing submissions are skipped, so an interrupted run can be continued.
"""

import base64
import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from core.desk import stored_forms
from core.desk.demo.material import PlannedSubmission
from core.desk.entries import film_intake, registration, submissions
from core.desk.entries.film_intake import Sent
from core.desk.entries.registration import Stranger
from core.desk.screening import verdicts
from core.desk.uploads import upload_pieces, uploads
from core.desk.uploads.uploads import Holder, UploadArea
from core.media.film.treatments import borrowing, treated
from core.rules.access import Principal
from core.rules.contest import Contest
from core.rules.entries.screening import Answer, Judgement, Verdict
from core.rules.entries.states import SubmissionState
from core.store.engine import Store
from core.store.queries import submissions as rows
from core.store.queries.submissions import Submission

FIRST = timedelta(days=32)  # before now: the first submission; then one each day and a half
APART = timedelta(hours=36)
SCREENED = timedelta(days=1)  # before now: the verdicts
LARGEST, PIECE = 1 << 30, 1 << 22  # bytes
NETWORK = "demo"


@dataclass(frozen=True, slots=True)
class Reception:
    """Where the submissions are entered: the database, the film library, the person of the office, and the time now."""

    store: Store
    library: Path
    office: Principal
    now: datetime

    @property
    def area(self) -> UploadArea:
        """The upload area: a folder beside the library."""
        return UploadArea(self.library.parent / "uploads", LARGEST, 0)


def secret_of(planned: PlannedSubmission) -> str:
    """The secret of the author's private link, the same in every demo."""
    digest = hashlib.sha256(f"demo|{planned.form.title}".encode()).digest()
    return base64.urlsafe_b64encode(digest).decode().rstrip("=")


def receive(desk: Reception, planned: PlannedSubmission, number: int, film: Path | None) -> None:
    """Enter one submission as number `number`, give it its film, and withdraw it where the plan says so."""
    at = desk.now - FIRST + number * APART
    found = _stored(desk.store).get(planned.form.title)
    if found is None:
        registration.register_online(desk.store, Stranger(secret_of(planned), f"{NETWORK} {number}"), planned.form, at)
        found = _stored(desk.store)[planned.form.title]
    if film is not None and found.film is None:
        _give(desk, planned, found, film, at + timedelta(hours=1))
        found = _stored(desk.store)[planned.form.title]
    if planned.outcome == "withdraw" and found.state is SubmissionState.AWAITING_FILM:
        submissions.author_withdraw(desk.store, secret_of(planned), found.version, at + timedelta(hours=2))


def screen(desk: Reception, screener: Principal, contest: Contest, planned: Sequence[PlannedSubmission]) -> None:
    """Give the planned verdicts, after the closing: some works are accepted, one is returned to its author."""
    stored = _stored(desk.store)
    for each in planned:
        found = stored[each.form.title]
        if each.outcome not in ("accept", "return") or found.state is not SubmissionState.RECEIVED:
            continue
        verdict = Verdict(each.outcome)
        answers = {item.key: Answer.YES for item in contest.screening.items}
        answers |= dict.fromkeys(each.unmet, Answer.NO)
        said = Judgement(verdict, answers, each.reason)
        verdicts.give(desk.store, screener, found.code, found.revision, said, desk.now - SCREENED)


def studio_films(planned: Sequence[PlannedSubmission]) -> tuple[str, ...]:
    """The works whose films of the studio the films of these submissions are made from, each once."""
    return tuple(dict.fromkeys(code for each in planned for code in (each.work, each.borrows) if code))


def film_of(planned: PlannedSubmission, made: Mapping[str, Path], seconds: int) -> Path:
    """The film of a submission that has one: the studio's film of its work, with what the plan does to it."""
    source = made[planned.work]
    if planned.borrows:
        source = borrowing(source, made[planned.borrows], source.with_name(f"{planned.work}-borrowing.mp4"), seconds)
    if planned.treatment is None:
        return source
    return treated(source, planned.treatment, source.with_name(f"{planned.work}-{planned.treatment}.mp4"), seconds)


def without_film(store: Store, planned: Sequence[PlannedSubmission]) -> tuple[PlannedSubmission, ...]:
    """Those that should have a film and do not have it yet."""
    stored = _stored(store)
    return tuple(
        each for each in planned if each.work and (each.form.title not in stored or not stored[each.form.title].film)
    )


def _stored(store: Store) -> dict[str, Submission]:
    with store.read() as connection:
        return {stored_forms.decode(row.form).title: row for row in rows.every(connection)}


def _give(desk: Reception, planned: PlannedSubmission, found: Submission, film: Path, at: datetime) -> None:
    if planned.outcome == "past_rules":
        holder = uploads.account_holder(desk.office, NETWORK)
        sent = Sent(holder, _upload(desk, holder, film, at), found.version, planned.reason, past_rules=True)
        film_intake.office_give_film(desk.store, desk.office, desk.area, desk.library, found.code, sent, at)
        return
    secret = secret_of(planned)
    holder = film_intake.author_holder(secret, NETWORK)
    sent = Sent(holder, _upload(desk, holder, film, at), found.version)
    film_intake.author_give_film(desk.store, desk.area, desk.library, secret, sent, at)


def _upload(desk: Reception, holder: Holder, film: Path, at: datetime) -> str:
    begun = uploads.begin(desk.store, desk.area, holder, film.stat().st_size, film.name, at)
    piece = upload_pieces.start(desk.store, desk.area, holder, begun.id, 0, at, None)
    try:
        with film.open("rb") as file:
            while data := file.read(PIECE):
                piece.write(data)
        piece.keep(at, lambda: False, whole=True)
    finally:
        piece.close()
    return begun.id
