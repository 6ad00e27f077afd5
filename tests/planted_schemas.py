"""Schemas of other releases, planted: a copy of the migrations with two more revisions on top, and databases set to any of them.

The real newest revision may itself be one of TRIAL_REVISIONS; above it stand EARLIER and NEWEST, so a database at a trial
revision is refused here as it will be once the newest real revision is none of them.
"""

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
import sqlalchemy as sa

from core.store import migrate
from core.store.engine import Store
from tests.databases import owning

EARLIER, NEWEST = "planted_1", "planted_2"
LATER, TRIAL = "planted_9", "0003"  # no script has LATER
_SCRIPT = """
from alembic import op

revision, down_revision = {revision!r}, {before!r}


def upgrade() -> None:
    op.execute({statement!r})
"""
SEEN = "update health_check set checked_at = checked_at + 1"  # what NEWEST does: counts how often it was made


def planted(folder: Path) -> Path:
    """The migrations of this release, then EARLIER and NEWEST, in `folder`."""
    real = migrate.scripts().get_current_head()
    shutil.copytree(migrate.MIGRATIONS, folder, ignore=shutil.ignore_patterns("__pycache__"))
    for revision, before, statement in ((EARLIER, real, "select 1"), (NEWEST, EARLIER, SEEN)):
        text = _SCRIPT.format(revision=revision, before=before, statement=statement)
        (folder / "versions" / f"{revision}.py").write_text(text)
    return folder


@pytest.fixture(scope="session")
def planted_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Made once."""
    return planted(tmp_path_factory.mktemp("planted") / "migrations")


@pytest.fixture
def planted_schemas(planted_folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The newest schema is NEWEST, as in a later release than this one."""
    monkeypatch.setattr(migrate, "MIGRATIONS", planted_folder)
    assert migrate.scripts().get_current_head() == NEWEST


def set_revision(store: Store, revision: str) -> None:
    """Make the database one of another schema, as far as it says so itself."""
    with owning(store) as connection:
        connection.execute(sa.text("update alembic_version set version_num = :revision"), {"revision": revision})


def set_file_revision(path: Path, revision: str) -> None:
    """The same for an SQLite file that nobody has open."""
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("update alembic_version set version_num = ?", (revision,))


def dumped(path: Path) -> list[str]:
    """Everything in an SQLite file, as statements."""
    with closing(sqlite3.connect(path)) as connection:
        return list(connection.iterdump())


def made(store: Store) -> tuple[str | None, int]:
    """The revision of the database, and how often NEWEST was made."""
    with store.read() as connection:
        count = connection.exec_driver_sql("select checked_at from health_check").scalar_one()
        return migrate.revision(connection), count
