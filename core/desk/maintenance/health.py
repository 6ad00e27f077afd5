"""Whether the desk can do its work at this moment: the database read and written, its tables current, room on the disks."""

import shutil
from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime
from enum import StrEnum
from pathlib import Path

from core.desk.context import millis
from core.settings import Settings
from core.store import health as rows
from core.store.engine import Store

LEAST_FREE = 200 * 2**20  # bytes: an evening's ledger, and a log beside it


class Part(StrEnum):
    """What may be wrong, in the word that a monitor is told. Nothing else of it leaves the server."""

    DATABASE = "database"
    MIGRATIONS = "migrations"
    DISK = "disk"


def failing(store: Store, told: Settings, now: datetime) -> tuple[Part, ...]:
    """What is wrong now; empty where nothing is. Writes one row durably. Never raises."""
    found = [] if _free(told) else [Part.DISK]
    try:
        if not rows.migrated(store):
            found.append(Part.MIGRATIONS)
        elif not rows.written(store, millis(now)):
            found.append(Part.DATABASE)
    except Exception:  # noqa: BLE001  # whatever the store raises, it does not work
        found.append(Part.DATABASE)
    return tuple(found)


def _free(told: Settings) -> bool:
    return all(shutil.disk_usage(folder).free >= LEAST_FREE for folder in _folders(told))


def _folders(told: Settings) -> Iterator[Path]:
    """Where the desk writes: the data folder, the library, and the folder of an SQLite file."""
    database = told.database_url.removeprefix("sqlite:///").partition("?")[0]
    folders = [told.data_dir, told.library]
    if database != told.database_url:
        folders.append(Path(database).parent)
    for folder in folders:
        with suppress(OSError):
            if folder.exists():
                yield folder
