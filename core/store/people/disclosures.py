"""The personal texts whose commitments stand in the ledger, each with its salt. Deleting one leaves both chains whole."""

import secrets
from collections.abc import Collection, Iterator
from dataclasses import dataclass

import sqlalchemy as sa

from core.store import tables as t
from core.store.ledger import commitment

INSERT = t.disclosure.insert()
MANY = 500  # deleted in one statement


@dataclass(frozen=True, slots=True)
class Disclosure:
    """A personal text and the salt that binds it to its commitment."""

    commitment: str
    salt: str
    text: str

    @property
    def fits(self) -> bool:
        """Whether the text and the salt are those that were committed to."""
        try:
            return commitment(self.salt, self.text) == self.commitment
        except ValueError:
            return False


def new(text: str) -> dict[str, object]:
    """A row for `disclosure`, with a new random salt."""
    salt = secrets.token_hex(16)
    return {"commitment": commitment(salt, text), "salt": salt, "text": text}


def every(connection: sa.Connection) -> Iterator[Disclosure]:
    """All of them, in no order."""
    for row in connection.execute(sa.select(t.disclosure).execution_options(yield_per=2000)):
        yield Disclosure(*row)


def texts(connection: sa.Connection, commitments: Collection[str]) -> dict[str, str]:
    """The texts of these commitments, where they are still kept."""
    c = t.disclosure.c
    asked = sa.select(c.commitment, c.text).where(c.commitment.in_(list(commitments)))
    return dict(connection.execute(asked).all())


def delete(connection: sa.Connection, commitments: Collection[str]) -> int:
    """Delete these; gives how many were there."""
    names, gone = sorted(commitments), 0
    for start in range(0, len(names), MANY):
        some = t.disclosure.c.commitment.in_(names[start : start + MANY])
        gone += connection.execute(t.disclosure.delete().where(some)).rowcount
    return gone
