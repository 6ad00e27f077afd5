"""The office's new film for a submission; of a finalist it is a proposal, which another person confirms (DECISIONS 93)."""

from datetime import datetime
from pathlib import Path

from core.desk import authorization
from core.desk.entries import film_intake, incoming_films
from core.desk.entries.entry_refusals import UnknownSubmission
from core.desk.entries.film_intake import CheckedFilm, Sent
from core.desk.entries.incoming_films import Chosen
from core.desk.finals import finalist_changes
from core.desk.finals.finalist_changes import NewProposal
from core.desk.finals.finalists import NoFinalist
from core.desk.judging import film_files
from core.desk.judging.judge_assignment import NoSuchWork, required_reason
from core.desk.uploads import uploads
from core.desk.uploads.uploads import UploadArea
from core.rules.access import Principal
from core.rules.entries.states import FinalistChange, Mover
from core.rules.permissions import may_register_works, may_see_finals
from core.store.engine import Connection, Store, WriteTransaction
from core.store.finals import changes, draws
from core.store.finals.changes import ProposedFilm
from core.store.queries import submissions


def give_film(
    store: Store, who: Principal, area: UploadArea, folder: Path, code: str, sent: Sent, now: datetime
) -> None:
    """Give a submission a film, or propose it if the submission is a finalist. `folder` is the film library.

    Raises what `film_intake.office_give_film` raises, or for a finalist NotAllowed, NoSuchUpload, NotComplete, FilmRefused,
    OSError, and what `finalist_changes.add` raises.
    """
    with store.read() as connection:
        finalist = _judging_code(connection, code) is not None
    if not finalist:
        film_intake.office_give_film(store, who, area, folder, code, sent, now)
        return
    required_reason(sent.reason)

    def register(film: CheckedFilm) -> None:
        authorization.change(
            store, who, may_register_works, now, lambda transaction: _propose(transaction, who, code, sent, film, now)
        )

    film_intake.take(store, area, folder, sent, Mover.OFFICE, register, now)


def give_incoming_film(
    store: Store, who: Principal, area: UploadArea, folder: Path, code: str, chosen: Chosen, now: datetime
) -> None:
    """Give or propose a film of the folder on the server. Raises what `incoming_films.copied` and `give_film` raise."""
    with incoming_films.copied(store, who, area, folder, chosen, now) as sent:
        give_film(store, who, area, folder, code, sent, now)


def proposed_film(store: Store, who: Principal | None, code: str, library: Path) -> Path:
    """The path of the film proposed last for a finalist (judging code), for those who see the finals.

    Raises NoSuchWork, FileReplaced.
    """
    if who is None or not may_see_finals(who):
        raise NoSuchWork
    with store.read() as connection:
        films = [each.film.film for each in changes.every(connection, code) if each.film is not None]
    if not films:
        raise NoSuchWork
    return film_files.registered_file(code, library, f"{films[-1]}.mp4", films[-1])


def _propose(
    transaction: WriteTransaction, who: Principal, code: str, sent: Sent, film: CheckedFilm, now: datetime
) -> None:
    judging_code = _judging_code(transaction.connection, code)
    if judging_code is None:
        raise NoFinalist
    proposed = ProposedFilm(film.sha256, **film.facts, past_rules=tuple(rule.value for rule in film.past_rules))
    new = NewProposal(judging_code, FinalistChange.FILM, sent.version, sent.reason, film=proposed)
    finalist_changes.add(transaction, who, new, now)
    uploads.claim(transaction, sent.upload, sent.holder)
    film.publish()


def _judging_code(connection: Connection, code: str) -> str | None:
    found = submissions.find(connection, code)
    if found is None:
        raise UnknownSubmission
    return draws.judging_code(connection, found.id)
