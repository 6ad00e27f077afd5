"""The state that a replay of the ledger builds: all derived columns of all tables; people as pseudonym numbers."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from core.store.ledger import SYSTEM, account_number

Key = tuple[Any, ...]  # a row's key: pseudonym numbers, work codes, criterion keys, ids
Fields = dict[str, Any]  # a row's other columns; times in UTC ms


@dataclass(frozen=True, slots=True)
class Text:
    """A personal text; the ledger holds only its commitment (hex)."""

    commitment: str


@dataclass(slots=True)
class State:
    """One mapping per table, from a row's key to its fields.

    `criteria`: the keys of the rubric's criteria, in order; marks are stored by these keys.
    """

    criteria: tuple[str, ...] = ()
    tables: defaultdict[str, dict[Key, Fields]] = field(default_factory=lambda: defaultdict(dict))
    signing_key: str = ""  # the public half of the last recorded key, hex
    readings: Counter[str] = field(default_factory=Counter)  # number of readings per work
    committed: set[str] = field(default_factory=set)  # all commitments to personal texts so far
    erased: set[str] = field(default_factory=set)  # commitments whose text was deleted

    def __getitem__(self, table: str) -> dict[Key, Fields]:
        return self.tables[table]

    @property
    def contest(self) -> Fields:
        """The row of table `contest`. Raises KeyError before the contest is opened."""
        return self.tables["contest"][()]

    def roles(self, actor: str) -> frozenset[str]:
        """The roles of the account with pseudonym `actor`; empty if it is closed or does not exist."""
        number = person(actor)
        account = self["account"].get((number,))
        if account is None or not account["active"]:
            return frozenset()
        return frozenset(role for holder, role in self["account_role"] if holder == number)

    def sessions_of(self, number: int) -> Iterator[Fields]:
        """The account's sessions that have not ended. `number`: of its pseudonym."""
        for session in self["auth_session"].values():
            if session["account"] == number and session["ended_at"] is None:
                yield session


def person(name: str) -> int:
    """The number in a pseudonym; 0 for SYSTEM. Raises ValueError if `name` is neither."""
    return 0 if name == SYSTEM else account_number(name)


def marks_of(changes: dict[str, int | None], before: dict[str, int]) -> dict[str, int]:
    """A sheet's marks after a change. In `changes`, None deletes a mark."""
    return {key: mark for key, mark in {**before, **changes}.items() if mark is not None}


def texts(**commitments: str) -> Fields:
    """Turn commitments into Text fields of the same names."""
    return {name: Text(commitment) for name, commitment in commitments.items()}


def text_commitments(tables: Iterable[dict[Key, Fields]]) -> set[str]:
    """The commitments of all Text fields in these tables."""
    return {
        value.commitment
        for table in tables
        for fields in table.values()
        for value in fields.values()
        if isinstance(value, Text)
    }
