"""The film and poster files of a work, served only if they are the registered ones."""

import re
from pathlib import Path

from core.desk.judging import judge_queue
from core.desk.judging.judge_assignment import NoSuchWork
from core.media.film_copies import LibraryFile
from core.media.registered import Registered
from core.rules.access import Principal
from core.rules.words import Refusal
from core.store.engine import Connection, Store
from core.store.films import film_copies
from core.store.films.film_copies import CopyKind
from core.store.queries import setup

_HASH = re.compile("[0-9a-f]{64}")
REGISTERED = Registered()
FOR_JUDGES = (CopyKind.PLAYABLE, CopyKind.ANONYMOUS)  # what judges are served instead of the film, if it exists


class FileReplaced(Refusal):
    """The work's file in the library does not have the registered hash."""

    def __init__(self, code: str) -> None:
        super().__init__(
            "Tệp của tác phẩm {code} trong thư viện không còn là tệp đã đăng ký nên không được phát; hãy báo quản trị viên.",
            code=code,
        )


def film(store: Store, who: Principal | None, code: str, library: Path) -> Path:
    """The path of the film, for those who may watch it. Raises NoSuchWork, FileReplaced.

    A judge of the work gets the copy without tags, or the one that every browser plays, as soon as it has been made.
    """
    work = judge_queue.film(store, who, code)
    for kind in FOR_JUDGES if work.is_for_judge else ():
        copy = work.copies.get(kind)
        if copy is not None and (library / copy.file).is_file():
            return registered_file(code, library, copy.file, copy.sha256)
    return registered_file(code, library, work.video, work.sha256)


def light_film(store: Store, who: Principal | None, code: str, library: Path) -> Path:
    """The path of the film's light copy, for those who may watch the film. Raises NoSuchWork, FileReplaced."""
    copy = judge_queue.film(store, who, code).copies.get(CopyKind.LIGHT)
    if copy is None:
        raise NoSuchWork
    return registered_file(code, library, copy.file, copy.sha256)


def poster(store: Store, who: Principal | None, code: str, library: Path) -> Path:
    """The path of the poster, for those who may watch the film. Raises NoSuchWork, FileReplaced."""
    work = judge_queue.film(store, who, code)
    return registered_file(code, library, work.poster, poster_hash(work.poster, work.sha256))


def poster_hash(poster: str | None, film: str | None) -> str | None:
    """The SHA-256 (hex) in the poster's file name, or None.

    An earlier release named posters after the hash of their film; such a poster has no hash of its own.
    """
    stem = Path(poster or "").stem
    return stem if _HASH.fullmatch(stem) and stem != film else None


def check_all(store: Store, library: Path) -> int:
    """Hash every film of the contest and its copies in advance; later requests use the cached result.

    Returns how many films are missing or differ from the registered hash.
    """
    with store.read() as connection:
        films, copies = setup.films(connection), present_copies(connection, library)
    for copy in copies:
        _holds(library / copy.name, copy.sha256 or "")
    return sum(not _holds(library / film.file, film.sha256) for film in films)


def present_copies(connection: Connection, library: Path) -> list[LibraryFile]:
    """The copies of the works' films that are in the library. A missing one is no fault: it can be made again."""
    copies = film_copies.of_works(connection)
    return [LibraryFile(code, copy.file, copy.sha256) for code, copy in copies if (library / copy.file).exists()]


def registered_file(code: str, library: Path, name: str | None, sha256: str | None) -> Path:
    """The path of a file in the library. Raises NoSuchWork, for a name with a folder and a link out of it too; FileReplaced."""
    root = library.resolve()
    if not name or Path(name).name != name:
        raise NoSuchWork
    path = (root / name).resolve()
    if path.parent != root or not path.is_file():
        raise NoSuchWork
    if sha256 is not None and not _holds(path, sha256):
        raise FileReplaced(code)
    return path


def _holds(path: Path, sha256: str) -> bool:
    try:
        return REGISTERED.holds(path, sha256)
    except OSError:
        return False
