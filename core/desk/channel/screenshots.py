"""Screenshots of posts, as evidence of a reading: received before the reading that names them, shown to who sees counts."""

import shutil
from datetime import datetime
from pathlib import Path

from core.desk import authorization
from core.desk.channel.reading_refusals import NoRoomForScreenshot, NoScreenshot, NotAScreenshot
from core.desk.context import millis
from core.media.pictures import clean
from core.rules import permissions
from core.rules.access import Principal
from core.rules.permissions import must
from core.store.engine import Store
from core.store.queries import readings


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
