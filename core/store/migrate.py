"""The schema of a database: checks its revision, and upgrades it, forward only, in one transaction."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory

from core.rules.words import Refusal, Sentence
from core.store.database.connection_errors import explained_errors
from core.store.database.connections import NotSaved, is_database_failure
from core.store.database.database_url import NoDatabase, printable
from core.store.engine import Store, connect
from core.store.postgresql import grants

MIGRATIONS = Path(__file__).parent / "migrations"
# Trial releases before version 1. Once the newest revision is not one of these, they cannot be upgraded.
TRIAL_REVISIONS = frozenset({"0001", "0002", "0003", "0004", "0005"})
_DENIED = ("42501", "3F000")  # PostgreSQL SQLSTATEs: insufficient_privilege, invalid_schema_name


class DatabaseFromLater(Refusal):
    """The database was written by a newer release."""

    def __init__(self, revision: str) -> None:
        super().__init__(
            "Cơ sở dữ liệu đã ở bản {revision}, mới hơn chương trình này. Hãy chạy đúng bản chương trình đã tạo ra nó.",
            revision=revision,
        )


class DatabaseOlder(Refusal):
    """The schema is older than this release, and this command does not upgrade it: run `migrate`."""

    def __init__(self, revision: str) -> None:
        super().__init__(
            "Cơ sở dữ liệu ở bản {revision}, cũ hơn chương trình; hãy chạy python -m core migrate "
            "(sau khi sao lưu bằng bản chương trình cũ).",
            revision=revision,
        )


class TrialDatabase(Refusal):
    """The database was created by a trial release before version 1: it cannot be upgraded."""

    def __init__(self, revision: str) -> None:
        super().__init__(
            "Cơ sở dữ liệu ở bản {revision} là của bản thử nghiệm trước phiên bản 1, chưa dùng cho cuộc thi nào, nên không "
            "nâng lên được; hãy dùng bản chương trình đã tạo ra nó, hoặc bắt đầu với DATA_DIR (hoặc DATABASE_URL) mới.",
            revision=revision,
        )


@dataclass(frozen=True, slots=True)
class Migration:
    """A completed schema upgrade. `before` is None if the database was empty."""

    before: str | None
    after: str

    @property
    def sentence(self) -> Sentence:
        """The message for the person who ran the command."""
        if self.before is None:
            return Sentence("Đã tạo cơ sở dữ liệu bản {after}.", {"after": self.after})
        facts = {"before": self.before, "after": self.after}
        return Sentence("Đã nâng cơ sở dữ liệu từ bản {before} lên bản {after}.", facts)


OnMigration = Callable[[Migration], None]


def open_database(url: str, *, create: bool = False, on_migration: OnMigration | None = None) -> Store:
    """Open the database at `url`. The schema is changed only if `on_migration` is given; it is called with the change.

    Without `on_migration`, a schema of another release is refused: see `check_current`. With it, an older schema is
    upgraded: see `migrate`. With `create` too, a missing or empty database is created; without `create`, it raises
    NoDatabase. Raises what `connect`, `explained_errors`, `check_current` and `migrate` raise, or OSError;
    ValueError for `create` without `on_migration`.
    """
    if create and on_migration is None:
        raise ValueError("a database is made only for a caller that is told of it")
    store = connect(url, create=create)
    try:
        with explained_errors(store.url):
            if on_migration is None:
                check_current(store)
            else:
                if not create:
                    _refuse_empty(store)
                done = migrate(store)
                if done is not None:
                    on_migration(done)
    except BaseException:
        store.close()
        raise
    return store


def check_current(store: Store) -> None:
    """Raise unless the schema is this release's and the connected role has all privileges it needs. Changes nothing.

    Raises NoDatabase, DatabaseOlder, DatabaseFromLater, TrialDatabase, NeedsOwner.
    """
    found = _refuse_empty(store)
    with _owner_named(store), store.read() as connection:
        if is_older(found):
            raise DatabaseOlder(found) if grants.owns(connection) else grants.NeedsOwner(grants.connected(connection))
        if not grants.sufficient(connection):
            raise grants.NeedsOwner(grants.connected(connection))


def _refuse_empty(store: Store) -> str:
    """The revision of the database. Raises NoDatabase if no migration was ever run in it."""
    with _owner_named(store), store.read() as connection:
        found = revision(connection)
    if found is None:
        raise NoDatabase(printable(store.url))
    return found


def is_older(found: str) -> bool:
    """Whether revision `found` is older than this release and can be upgraded; False if it is the newest.

    Raises DatabaseFromLater, TrialDatabase.
    """
    newest = _newest()
    if found == newest:
        return False
    if found in TRIAL_REVISIONS and newest not in TRIAL_REVISIONS:
        raise TrialDatabase(found)
    if found not in {script.revision for script in scripts().walk_revisions()}:
        raise DatabaseFromLater(found)
    return True


def older_revision(connection: sa.Connection) -> str | None:
    """The revision of the database if it can be upgraded; None if it is the newest, or the database is empty.

    Raises DatabaseFromLater, TrialDatabase.
    """
    found = revision(connection)
    return found if found is not None and is_older(found) else None


def migrate(store: Store) -> Migration | None:
    """Upgrade the schema to the newest revision. Returns the upgrade, or None if there was nothing to do.

    Safe when two processes start at once: the second waits for the first, then finds nothing to do.
    Raises DatabaseFromLater, TrialDatabase; NeedsOwner if the role may not upgrade, or lacks a privilege it needs.
    """
    with _owner_named(store):
        with store.read() as connection:
            found = revision(connection)
            if found is not None and not is_older(found):
                if not grants.sufficient(connection):
                    raise grants.NeedsOwner(grants.connected(connection))
                return None
        return _upgraded(store)


@contextmanager
def _owner_named(store: Store) -> Iterator[None]:
    """Turn PostgreSQL's "permission denied" into NeedsOwner, which names the role; a lost connection into NotSaved."""
    try:
        yield
    except sa.exc.DBAPIError as error:
        if is_database_failure(error):
            raise NotSaved from error
        if getattr(error.orig, "sqlstate", None) not in _DENIED:
            raise
        with store.read() as connection:
            raise grants.NeedsOwner(grants.connected(connection)) from error


def _upgraded(store: Store) -> Migration | None:
    """Run the migrations; None if another process did it while this one waited for the lock."""
    with store.migrating() as connection:
        before = revision(connection)
        if before is not None and not is_older(before):
            return None
        config = _config(MIGRATIONS)
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
        return Migration(before, str(revision(connection)))


def revision(connection: sa.Connection) -> str | None:
    """The schema revision of the database; None if it is empty."""
    return MigrationContext.configure(connection).get_current_revision()


def is_current(connection: sa.Connection) -> bool:
    """Whether the database is at the revision this code expects."""
    return revision(connection) == _newest()


def _newest() -> str | None:
    """The newest revision of this release."""
    return scripts().get_current_head()


def scripts() -> ScriptDirectory:
    """The migration scripts, in order; read once per process."""
    return _scripts(MIGRATIONS)


@cache
def _scripts(folder: Path) -> ScriptDirectory:
    return ScriptDirectory.from_config(_config(folder))


def _config(folder: Path) -> Config:
    config = Config()
    config.set_main_option("script_location", str(folder).replace("%", "%%"))
    return config
