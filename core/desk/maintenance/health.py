"""Health check: the database can be read and written, its schema is current, and the disks have free space."""

import logging
import shutil
from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime
from enum import StrEnum
from pathlib import Path

from core.desk.context import millis
from core.sandbox.enter import landlock_version
from core.settings import Settings
from core.store import health as rows
from core.store.engine import Store

LOG = logging.getLogger("judging-desk.sandbox")
LEAST_FREE = 200 * 2**20  # bytes: enough for the ledger and the log of one judging meeting


class Part(StrEnum):
    """What can fail, as reported to a monitor; no other detail leaves the server."""

    DATABASE = "database"
    MIGRATIONS = "migrations"
    DISK = "disk"


def failing(store: Store, configured: Settings, now: datetime) -> tuple[Part, ...]:
    """The failing parts; empty if all is well. Writes one row durably. Errors of the store are not raised."""
    found = [] if _free(configured) else [Part.DISK]
    try:
        if not rows.is_migrated(store):
            found.append(Part.MIGRATIONS)
        elif not rows.is_writable(store, millis(now)):
            found.append(Part.DATABASE)
    except Exception:  # noqa: BLE001  # any error of the store means that it fails
        found.append(Part.DATABASE)
    return tuple(found)


def log_missing_landlock() -> None:
    """Write one line to the server's log if programs that read films are not kept from other files (docs/security.md)."""
    if landlock_version() == 0:
        LOG.warning(
            "this kernel has no Landlock: a program that reads a film can read the other files of this user too"
        )


def _free(configured: Settings) -> bool:
    return all(shutil.disk_usage(folder).free >= LEAST_FREE for folder in _folders(configured))


def _folders(configured: Settings) -> Iterator[Path]:
    """The existing folders that the desk writes to: data folder, library, and the folder of an SQLite file."""
    database = configured.database_url.removeprefix("sqlite:///").partition("?")[0]
    folders = [configured.data_dir, configured.library]
    if database != configured.database_url:
        folders.append(Path(database).parent)
    for folder in folders:
        with suppress(OSError):
            if folder.exists():
                yield folder
