"""The files of a work to be played or shown: those that were registered with it, or none."""

import re
from collections.abc import Callable
from pathlib import Path

from core.desk.judging import judge_queue
from core.desk.judging.judge_assignment import NoSuchWork
from core.desk.judging.judge_queue import Film
from core.media.registered import Registered
from core.rules.access import Principal
from core.rules.words import Refusal
from core.store.engine import Store
from core.store.queries import setup

_HASH = re.compile("[0-9a-f]{64}")
REGISTERED = Registered()


class FileReplaced(Refusal):
    """What lies in the library under the work's name is not what was registered."""

    def __init__(self, code: str) -> None:
        super().__init__(
            "Tệp của tác phẩm {code} trong thư viện không còn là tệp đã đăng ký nên không được phát; hãy báo quản trị viên.",
            code=code,
        )


def film(store: Store, who: Principal | None, code: str, library: Path) -> Path:
    """The film's file, for those who may watch it. Raises NoSuchWork, FileReplaced."""
    return _file(store, who, code, library, lambda work: (work.video, work.sha256))


def poster(store: Store, who: Principal | None, code: str, library: Path) -> Path:
    """The poster's file, for those who may watch the film. Raises NoSuchWork, FileReplaced."""
    return _file(store, who, code, library, lambda work: (work.poster, poster_hash(work.poster, work.sha256)))


def poster_hash(poster: str | None, film: str | None) -> str | None:
    """The hash that a poster's name is; an earlier release named posters after their films, and kept no hash of them."""
    stem = Path(poster or "").stem
    return stem if _HASH.fullmatch(stem) and stem != film else None


def check_all(store: Store, library: Path) -> int:
    """Hash every film of the contest before anybody asks for it; gives how many are not what was registered."""
    with store.read() as connection:
        works = setup.film_hashes(connection)
    return sum(not _holds(library / name, sha256) for name, sha256 in works)


def _file(
    store: Store,
    who: Principal | None,
    code: str,
    library: Path,
    chosen: Callable[[Film], tuple[str | None, str | None]],
) -> Path:
    """A name that is a path, or leads out of the library, is no file."""
    name, sha256 = chosen(judge_queue.film(store, who, code))
    shelf = library.resolve()
    if not name or Path(name).name != name:
        raise NoSuchWork
    path = (shelf / name).resolve()
    if path.parent != shelf or not path.is_file():
        raise NoSuchWork
    if sha256 is not None and not _holds(path, sha256):
        raise FileReplaced(code)
    return path


def _holds(path: Path, sha256: str) -> bool:
    try:
        return REGISTERED.holds(path, sha256)
    except OSError:
        return False
