"""Whether the database can be read and written: one row that each check writes anew, and makes durable."""

import sqlalchemy as sa

from core.store.engine import Store, WriteTransaction
from core.store.migrate import is_current
from core.store.tables import health_check


def migrated(store: Store) -> bool:
    """Whether the tables are those this code expects. Raises DatabaseUnavailable."""
    with store.read() as connection:
        return is_current(connection)


def written(store: Store, at: int) -> bool:
    """Write a moment (UTC ms) durably and read it back. Raises NotSaved, DatabaseUnavailable."""

    def act(unit: WriteTransaction) -> None:
        unit.connection.execute(health_check.update().values(checked_at=at))

    store.change(act)
    with store.read() as connection:
        return connection.execute(sa.select(health_check.c.checked_at)).scalar_one_or_none() == at
