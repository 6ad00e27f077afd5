"""A film whose poster shows nothing gets another one, from the moment that the check of the whole film finds best.

The first poster is made from four moments when the film comes, before it is decoded as a whole. All four may be dark.
"""

from dataclasses import dataclass

from core.desk import context
from core.desk.background.films_of_works import registered_films
from core.jobs.job_kind import RunningJob
from core.media.full_decode import FullDecode
from core.media.poster import poster, poster_moment, shows_something
from core.media.probe import Film
from core.store.engine import Connection, WriteTransaction
from core.store.events.payloads import FilmReplaced, SubmissionPosterMade
from core.store.finals import draws
from core.store.ledger import SYSTEM
from core.store.queries import setup, submissions
from core.store.queries.contest_row import contest_row
from core.store.queries.setup import RegisteredFilm


@dataclass(frozen=True, slots=True)
class NewPoster:
    """A poster in the library for the film with this SHA-256."""

    film: str
    name: str


def better_poster(job: RunningJob, registered: RegisteredFilm, film: Film, decoded: FullDecode) -> NewPoster | None:
    """Make another poster if the present one is blank, dark or missing; None if it is good or no picture is better."""
    with job.store.read() as connection:
        if registered.code not in {each.code for each in registered_films(connection)}:
            return None  # a proposed film: checked again when it is confirmed
        present = _present(connection, registered.code)
    if present is not None and _is_good(job, present):
        return None
    moment = poster_moment(decoded.pictures)
    if moment is None:
        return None
    return NewPoster(registered.sha256, poster(job.library / registered.file, film, job.library, moments=(moment,)))


def store_poster(transaction: WriteTransaction, code: str, new: NewPoster) -> None:
    """Give it to every work and submission that has this film, unless the awards are confirmed."""
    contest = contest_row(transaction.connection)
    if contest is None or contest.awards_confirmed_at is not None:
        return
    at, found = context.written_at(transaction, context.now()), submissions.find(transaction.connection, code)
    of_jury: str | None = code
    if found is not None and found.film == new.film:
        submissions.put_poster(transaction.connection, found.id, new.name)
        payload = SubmissionPosterMade(code, new.film, new.name)
        transaction.record(at=at, actor=SYSTEM, payload=payload)
        of_jury = draws.judging_code(transaction.connection, found.id)
    size = setup.put_poster(transaction.connection, of_jury, new.film, new.name) if of_jury is not None else None
    if of_jury is not None and size is not None:
        transaction.record(at=at, actor=SYSTEM, payload=FilmReplaced(of_jury, film=new.film, poster=new.name, **size))


def _present(connection: Connection, code: str) -> str | None:
    found = submissions.find(connection, code)
    return found.poster if found is not None else setup.files(connection).get(code, (None, None))[1]


def _is_good(job: RunningJob, name: str) -> bool:
    try:
        return shows_something(job.library / name)
    except OSError:  # it is missing or damaged
        return False
