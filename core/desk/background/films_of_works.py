"""The films that jobs check and compare: those of the jury's works, of the submissions that compete, and proposed ones."""

from core.desk import stored_forms
from core.store.engine import Connection
from core.store.films import film_pairs
from core.store.films.film_pairs import FilmOfWork
from core.store.finals import changes
from core.store.queries import setup, submissions
from core.store.queries.setup import RegisteredFilm


def registered_films(connection: Connection) -> list[RegisteredFilm]:
    """The film of each work and of each competing submission, by its code."""
    entered = (RegisteredFilm(each.code, each.file, each.film) for each in submissions.films(connection))
    return [*setup.films(connection), *entered]


def films_to_check(connection: Connection) -> list[RegisteredFilm]:
    """The same and the films that are proposed for finalists and wait: each by the subject of its jobs."""
    proposed = (RegisteredFilm(each.subject, each.file, each.sha256) for each in _proposed(connection))
    return [*registered_films(connection), *proposed]


def films_of_works(connection: Connection) -> list[FilmOfWork]:
    """The same with titles and authors. A submission that has become a work counts as the work."""
    works = film_pairs.films_of_works(connection)
    known = {work.sha256 for work in works}
    for each in submissions.films(connection):
        if each.film not in known:
            form = stored_forms.decode(each.form)
            length = each.milliseconds
            works.append(FilmOfWork(each.film, each.file, each.code, form.title, form.author_names, form.unit, length))
    return [*works, *_proposed(connection)]


def film_of_subject(connection: Connection, subject: str) -> FilmOfWork | None:
    """The film that a job with this subject is about; of a submission that has become a work, the work's."""
    works = films_of_works(connection)
    film = next((each.sha256 for each in registered_films(connection) if each.code == subject), None)
    named = (each for each in works if each.subject == subject)
    return next(named, None) or next((each for each in works if each.sha256 == film), None)


def _proposed(connection: Connection) -> list[FilmOfWork]:
    """The films that are proposed for finalists and wait for a second person, with the texts of the finalists."""
    works, found = {work.code: work for work in film_pairs.films_of_works(connection)}, []
    for change in changes.every(connection):
        work = works.get(change.code)
        if change.film is not None and change.outcome is None and work is not None:
            name, length = f"{change.film.film}.mp4", change.film.milliseconds
            texts = (work.code, work.title, work.author, work.unit)
            found.append(FilmOfWork(change.film.film, name, *texts, length, proposal=change.id))
    return found
