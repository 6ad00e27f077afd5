"""Bringing a database to the tables this code expects: forward only, in one transaction, at every start."""

import logging
from functools import cache
from pathlib import Path

import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.util import CommandError

from core.rules.words import Refusal
from core.store import grants
from core.store.connection_errors import explained_errors
from core.store.connections import NotSaved, lost
from core.store.database_url import NoDatabase, printable
from core.store.engine import Store, connect

_log = logging.getLogger(__name__)
_DENIED = ("42501", "3F000")  # PostgreSQL's insufficient_privilege, and no schema to make a table in


class DatabaseFromLater(Refusal):
    """The database was written by a later release than this one."""

    def __init__(self, revision: str) -> None:
        super().__init__(
            "Cơ sở dữ liệu đã ở bản {revision}, mới hơn chương trình này. Hãy chạy đúng bản chương trình đã tạo ra nó.",
            revision=revision,
        )


def open_database(url: str, *, create: bool) -> Store:
    """Open the database at `url` and bring it forward; one that is missing or empty is made with `create` only.

    Raises NoDatabase, what `connect`, `explained_errors` and `migrate` raise, or OSError.
    """
    store = connect(url, create=create)
    try:
        with explained_errors(store.url):
            if not create and _is_empty(store):
                raise NoDatabase(printable(store.url))
            migrate(store)
    except BaseException:
        store.close()
        raise
    return store


def _is_empty(store: Store) -> bool:
    """Whether no migration was ever made in the database."""
    with store.read() as connection:
        return revision(connection) is None


def migrate(store: Store) -> None:
    """Bring the database forward to the newest revision; nothing happens when it is there already.

    Safe when two processes start at once: the second waits for the first, then finds the work done.
    A role that owns nothing is told so where there is anything to do: NeedsOwner.
    """
    try:
        _migrate(store, _config())
    except sa.exc.DBAPIError as error:
        if lost(error):
            raise NotSaved from error
        if getattr(error.orig, "sqlstate", None) not in _DENIED:
            raise
        with store.read() as connection:
            raise grants.NeedsOwner(grants.connected(connection)) from error


def _migrate(store: Store, config: Config) -> None:
    newest = scripts().get_current_head()
    with store.read() as connection:
        if revision(connection) == newest:
            if not grants.sufficient(connection):
                raise grants.NeedsOwner(grants.connected(connection))
            return
    before = _upgraded(store, config)
    _log.info("database brought from revision %s to %s", before, newest)


def _upgraded(store: Store, config: Config) -> str | None:
    with store.migrating() as connection:
        config.attributes["connection"] = connection
        before = revision(connection)
        try:
            command.upgrade(config, "head")
        except CommandError as unknown:
            raise DatabaseFromLater(str(before)) from unknown
    return before


def revision(connection: sa.Connection) -> str | None:
    """The revision the database is at; None while it is empty."""
    return MigrationContext.configure(connection).get_current_revision()


def is_current(connection: sa.Connection) -> bool:
    """Whether the database is at the revision this code expects."""
    return revision(connection) == _newest()


@cache
def _newest() -> str | None:
    """The newest revision: the scripts of the migrations are read once in a process."""
    return scripts().get_current_head()


def scripts() -> ScriptDirectory:
    """The migrations, in their order."""
    return ScriptDirectory.from_config(_config())


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations").replace("%", "%%"))
    return config
