"""Health check of the database: each check updates one row, commits it durably and reads it back."""

import sqlalchemy as sa

from core.store.engine import Store, WriteTransaction
from core.store.migrate import is_current
from core.store.tables import health_check


def is_migrated(store: Store) -> bool:
    """Whether the schema is at the revision this code expects. Raises DatabaseUnavailable."""
    with store.read() as connection:
        return is_current(connection)


def is_writable(store: Store, at: int) -> bool:
    """Write time `at` (UTC ms) durably; True if the same value is read back. Raises NotSaved, DatabaseUnavailable."""

    def act(transaction: WriteTransaction) -> None:
        transaction.connection.execute(health_check.update().values(checked_at=at))

    store.change(act)
    with store.read() as connection:
        return connection.execute(sa.select(health_check.c.checked_at)).scalar_one_or_none() == at
