"""The films that jobs check and compare: those of the jury's works, and of the submissions that compete."""

from core.desk import stored_forms
from core.store.engine import Connection
from core.store.films import film_pairs
from core.store.films.film_pairs import FilmOfWork
from core.store.queries import setup, submissions
from core.store.queries.setup import RegisteredFilm


def registered_films(connection: Connection) -> list[RegisteredFilm]:
    """The film of each work and of each competing submission, by its code."""
    entered = (RegisteredFilm(each.code, each.file, each.film) for each in submissions.films(connection))
    return [*setup.films(connection), *entered]


def films_of_works(connection: Connection) -> list[FilmOfWork]:
    """The same with titles and authors. A submission that has become a work counts as the work."""
    works = film_pairs.films_of_works(connection)
    known = {work.sha256 for work in works}
    for each in submissions.films(connection):
        if each.film not in known:
            form = stored_forms.decode(each.form)
            length = each.milliseconds
            works.append(FilmOfWork(each.film, each.file, each.code, form.title, form.author_names, form.unit, length))
    return works
