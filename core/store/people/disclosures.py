"""Personal texts with their salts; the ledger holds their commitments. Deleting a text leaves both chains valid."""

import secrets
from collections.abc import Collection, Iterator
from dataclasses import dataclass

import sqlalchemy as sa

from core.store import tables as t
from core.store.ledger import commitment

INSERT = t.disclosure.insert()
MANY = 500  # most rows deleted by one statement


@dataclass(frozen=True, slots=True)
class Disclosure:
    """A personal text, its salt, and the commitment made from both (hex)."""

    commitment: str
    salt: str
    text: str

    @property
    def fits(self) -> bool:
        """Whether the text and the salt give this commitment."""
        try:
            return commitment(self.salt, self.text) == self.commitment
        except ValueError:
            return False


def new(text: str) -> dict[str, object]:
    """Build a row for table `disclosure`, with a new random salt."""
    salt = secrets.token_hex(16)
    return {"commitment": commitment(salt, text), "salt": salt, "text": text}


def every(connection: sa.Connection) -> Iterator[Disclosure]:
    """All stored texts, in no order."""
    for row in connection.execute(sa.select(t.disclosure).execution_options(yield_per=2000)):
        yield Disclosure(*row)


def texts(connection: sa.Connection, commitments: Collection[str]) -> dict[str, str]:
    """The stored texts of these commitments: commitment -> text; deleted ones are missing."""
    c = t.disclosure.c
    query = sa.select(c.commitment, c.text).where(c.commitment.in_(list(commitments)))
    return dict(connection.execute(query).all())


def delete(connection: sa.Connection, commitments: Collection[str]) -> int:
    """Delete the texts of these commitments; returns how many rows were deleted."""
    names, deleted = sorted(commitments), 0
    for start in range(0, len(names), MANY):
        some = t.disclosure.c.commitment.in_(names[start : start + MANY])
        deleted += connection.execute(t.disclosure.delete().where(some)).rowcount
    return deleted
