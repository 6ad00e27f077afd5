"""What it means to replace a finalist's film: the submission and the work of the jury get it together (DECISIONS 93)."""

from collections.abc import Iterator
from dataclasses import asdict
from datetime import datetime

from core.desk.background.film_checks import request_checks
from core.desk.context import written_at
from core.desk.entries.entry_refusals import NothingChanged
from core.desk.entries.film_intake import must_be_new
from core.desk.entries.submission_history import PAST_RULES, rule_numbers
from core.desk.finals.finals_refusals import FilmMissing
from core.desk.setup import contest_setup
from core.rules.words import Sentence, film_time
from core.store.engine import WriteTransaction
from core.store.finals import changes
from core.store.finals.changes import ProposedFilm
from core.store.queries import setup
from core.store.queries.setup import NewWork
from core.store.queries.submissions import Submission

FILM = Sentence("Phim")


def check(transaction: WriteTransaction, found: Submission, code: str, film: ProposedFilm | None) -> None:
    """Raise FilmMissing, NothingChanged, SameFilmEntered or FilmMarked if the finalist cannot get this film."""
    connection = transaction.connection
    if film is None:
        raise FilmMissing
    if film.film == found.film:
        raise NothingChanged
    must_be_new(connection, film.film, found.code, code)
    contest_setup.must_be_unmarked(transaction, code)


def columns(film: ProposedFilm, sent_at: int) -> dict[str, object]:
    """The columns of a submission with this film. `sent_at` in UTC ms."""
    facts = asdict(film)
    del facts["past_rules"]
    return {**facts, "film_at": sent_at}


def put(transaction: WriteTransaction, code: str, film: ProposedFilm, now: datetime) -> None:
    """Give the work of the jury the film of its submission, which has it already, and request the film's check.

    Raises SameFilm, FilmMarked, AwardsFixed.
    """
    connection = transaction.connection
    texts, submission = setup.known_work(connection, code), changes.submission_of(connection, code)
    assert texts is not None
    assert submission is not None
    work = NewWork(
        code, texts.title, texts.author, texts.unit, f"{film.film}.mp4", film.poster, film.film, film.milliseconds, film.width,
        film.height,
    )  # fmt: skip
    contest_setup.put_other_film(transaction, work, now)
    request_checks(transaction, submission, film.film, written_at(transaction, now))


def differences(found: Submission, film: ProposedFilm) -> Iterator[tuple[Sentence, str, str]]:
    """What the proposal changes, as (field, before, after)."""
    before = _shown(found.milliseconds or 0, found.width or 0, found.height or 0)
    yield FILM, before, _shown(film.milliseconds, film.width, film.height)
    if film.past_rules:
        yield PAST_RULES, "", rule_numbers(film.past_rules)


def _shown(milliseconds: int, width: int, height: int) -> str:
    return f"{film_time(milliseconds)}, {width}×{height}"
