"""What all tables share: the names of their constraints, and the types of their columns."""

from typing import Any

import sqlalchemy as sa

metadata = sa.MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)
Big = sa.BigInteger().with_variant(sa.Integer, "sqlite")  # STRICT tables have only INTEGER, which is 64-bit
Id = Big
Millis = Big  # UTC, since 1970


def table(name: str, *parts: Any, **options: Any) -> sa.Table:
    """A table of the desk, which SQLite keeps STRICT."""
    return sa.Table(name, metadata, *parts, sqlite_strict=True, **options)
