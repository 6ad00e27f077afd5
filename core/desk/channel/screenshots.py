"""Screenshots of posts, as evidence of a reading: received before the reading that names them, shown to who sees counts."""

import re
import shutil
from collections.abc import Iterable
from contextlib import suppress
from datetime import datetime, timedelta
from pathlib import Path

from core.desk import authorization
from core.desk.channel.reading_refusals import NoRoomForScreenshot, NoScreenshot, NotAScreenshot
from core.desk.context import millis
from core.media.pictures import clean
from core.rules import permissions
from core.rules.access import Principal
from core.rules.permissions import must
from core.store.engine import Store
from core.store.films.library_files import pictures
from core.store.queries import readings

LIFE = timedelta(days=1)  # of a picture that no reading names
_PICTURE = re.compile(r"[0-9a-f]{64}\.jpg")


def receive(store: Store, who: Principal, data: bytes, library: Path, reserve: int, now: datetime) -> str:
    """Rewrite and store a picture; returns its SHA-256 (hex), which a reading may name.

    `reserve`: bytes of the disk that stay free. Raises NotAllowed, SessionOver, NotAScreenshot, NoRoomForScreenshot.
    """
    must(permissions.may_enter_interactions(who))
    with store.read() as connection:
        must(permissions.may_enter_interactions(authorization.current_principal(connection, who, millis(now))))
    library.mkdir(parents=True, exist_ok=True)
    if shutil.disk_usage(library).free < reserve + clean.MOST_BYTES:
        raise NoRoomForScreenshot
    picture = clean.rewritten(data)
    if picture is None:
        raise NotAScreenshot
    return clean.store(picture, library)


def screenshot(store: Store, who: Principal | None, number: int, library: Path) -> Path:
    """The screenshot of the reading with this id. Raises NotAllowed, NoScreenshot."""
    must(who is not None and permissions.may_see_interactions(who))
    with store.read() as connection:
        row = next((each for each in readings.readings(connection) if each.id == number), None)
    name = row.detail.screenshot if row and row.detail else None
    if name is None or not (library / clean.picture_name(name)).is_file():
        raise NoScreenshot
    return library / clean.picture_name(name)


def sweep(store: Store, library: Path, now: datetime) -> int:
    """Remove screenshots that no reading names, LIFE after they were sent; returns how many.

    Other pictures have such names too: those that a row names stay, like the screenshots of readings. What is named is read in the
    write transaction that removes: a reading is saved either before it, or without the picture.
    """
    old = [path for path in library.glob("*.jpg") if _PICTURE.fullmatch(path.name) and _is_old(path, now)]
    with store.read() as connection:
        named = pictures(connection)
    if all(path.name in named for path in old):
        return 0
    return store.change(lambda transaction: _remove(old, pictures(transaction.connection), now))


def _remove(paths: Iterable[Path], named: frozenset[str], now: datetime) -> int:
    unnamed = [path for path in paths if path.name not in named and _is_old(path, now)]  # it may have been sent again
    for path in unnamed:
        path.unlink(missing_ok=True)
    return len(unnamed)


def _is_old(path: Path, now: datetime) -> bool:
    with suppress(FileNotFoundError):
        return now.timestamp() - path.stat().st_mtime > LIFE.total_seconds()
    return False
