"""The film and poster of a submission, for its screeners and the office."""

from pathlib import Path

from core.desk.judging import film_files
from core.desk.judging.film_files import FOR_JUDGES
from core.desk.judging.judge_assignment import NoSuchWork
from core.desk.screening import screening_access
from core.desk.screening.screening_access import SCREENED
from core.rules.access import Principal
from core.rules.permissions import may_register_works, may_screen
from core.store.engine import Connection, Store
from core.store.films import film_copies
from core.store.films.film_copies import CopyKind, FilmCopy
from core.store.queries import submissions
from core.store.queries.submissions import Submission


def film(store: Store, who: Principal | None, code: str, library: Path) -> Path:
    """The path of the film, or of its copy without tags as soon as that is made. Raises NoSuchWork, FileReplaced."""
    found, copies = _found(store, who, code)
    for kind in FOR_JUDGES:
        copy = copies.get(kind)
        if copy is not None and (library / copy.file).is_file():
            return film_files.registered_file(code, library, copy.file, copy.sha256)
    return film_files.registered_file(code, library, f"{found.film}.mp4", found.film)


def light_film(store: Store, who: Principal | None, code: str, library: Path) -> Path:
    """The path of the film's light copy. Raises NoSuchWork, FileReplaced."""
    _, copies = _found(store, who, code)
    copy = copies.get(CopyKind.LIGHT)
    if copy is None:
        raise NoSuchWork
    return film_files.registered_file(code, library, copy.file, copy.sha256)


def poster(store: Store, who: Principal | None, code: str, library: Path) -> Path:
    """The path of the poster. Raises NoSuchWork, FileReplaced."""
    found, _ = _found(store, who, code)
    return film_files.registered_file(code, library, found.poster, film_files.poster_hash(found.poster, found.film))


def _found(store: Store, who: Principal | None, code: str) -> tuple[Submission, dict[CopyKind, FilmCopy]]:
    """A submission with a film that this person may watch, and the film's copies. Raises NoSuchWork."""
    if who is None:
        raise NoSuchWork
    with store.read() as connection:
        found = submissions.find(connection, code)
        if found is None or found.film is None or not _may_watch(connection, who, found):
            raise NoSuchWork
        return found, film_copies.of_film(connection, found.film)


def _may_watch(connection: Connection, who: Principal, found: Submission) -> bool:
    """A screener watches what they may screen; the office watches every film, unless it is theirs to leave to others."""
    if not (may_screen(who) or may_register_works(who)):
        return False
    if not may_screen(who):
        return True
    return found.state in SCREENED and screening_access.screener(connection, who).may_screen(found)
