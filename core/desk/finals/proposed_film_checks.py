"""The check of a film that is proposed for a finalist, and its comparison with other films, while it waits."""

from collections.abc import Iterator
from dataclasses import dataclass

from core.desk.background import film_checks, film_pairs
from core.desk.background.film_checks import FilmCheck, film_check_of
from core.desk.background.film_fingerprints import FILM_TWINS_KEY
from core.desk.background.film_pairs import FilmPair
from core.rules.words import Sentence
from core.store.engine import Connection, WriteTransaction
from core.store.films.film_pairs import proposal_subject
from core.store.finals.changes import ChangeRow, ProposedFilm
from core.store.queries import jobs
from core.store.queries.jobs import LIVING, JobState

CHECKING = Sentence("Phim đề nghị đang được kiểm tra, rồi được so sánh với các phim khác.")
COMPARING = Sentence("Phim đề nghị đang được so sánh với các phim khác.")
NOT_COMPARED = Sentence("Phim đề nghị chưa được so sánh với các phim khác; xem trang Việc chạy nền.")
LIKE_NONE = Sentence("Phim đề nghị không giống phim nào của tác phẩm khác.")


@dataclass(frozen=True, slots=True)
class ProposedFilmCheck:
    """What the desk knows of a proposed film. `pairs`: films of others that are near copies of it."""

    check: FilmCheck | None
    comparison: tuple[Sentence, ...]
    pairs: tuple[int, ...]
    compared: bool  # the comparison is done


def request(transaction: WriteTransaction, code: str, number: int, film: ProposedFilm, at: int) -> None:
    """Request the check and the comparison of a film that has just been proposed. `number`: the proposal's id."""
    film_checks.request_checks(transaction, proposal_subject(code, number), film.film, at)


def cancel(transaction: WriteTransaction, change: ChangeRow, at: int) -> None:
    """Cancel what still waits or runs about the film of a proposal that has been decided."""
    for kind in (film_checks.KEY, FILM_TWINS_KEY):
        job = jobs.latest_of(transaction.connection, kind, proposal_subject(change.code, change.id))
        if job is not None:
            jobs.cancel(transaction.connection, job.id, at)


def of_proposal(connection: Connection, change: ChangeRow, film: ProposedFilm) -> ProposedFilmCheck:
    """The check of the film of a proposal that waits, and what it is like."""
    subject = proposal_subject(change.code, change.id)
    check, job = film_check_of(connection, subject), jobs.latest_of(connection, FILM_TWINS_KEY, subject)
    pairs = film_pairs.near_copies(connection, film.film)
    done = job is not None and job.state is JobState.DONE
    said = list(_copies(pairs, change.code))
    if done:
        said = said or [LIKE_NONE]
    elif job is not None and job.state in LIVING:
        said.append(COMPARING)
    else:
        said.append(CHECKING if check is not None and check.state in LIVING else NOT_COMPARED)
    return ProposedFilmCheck(check, tuple(said), tuple(pair.id for pair in pairs), done)


def _copies(pairs: list[FilmPair], code: str) -> Iterator[Sentence]:
    for pair in pairs:
        other = next(side for side in pair.sides if side.code != code)
        facts: dict[str, object] = {"code": other.code or "–", "title": other.title, "facts": pair.facts[0]}
        if other.code is None:
            yield Sentence("Bản gần giống: phim đã đăng “{title}” ({facts}).", facts)
        else:
            yield Sentence("Bản gần giống: {code} “{title}” ({facts}).", facts)
