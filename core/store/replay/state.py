"""The state that a replay of the ledger builds up: every derived column of every table, people by their numbers."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from core.store.ledger import SYSTEM, account_number

Key = tuple[Any, ...]  # a row's key: people's numbers, codes, keys of criteria, numbers
Fields = dict[str, Any]  # a row's other columns; times in UTC ms


@dataclass(frozen=True, slots=True)
class Text:
    """A personal text, of which the ledger holds the commitment only."""

    commitment: str


@dataclass(slots=True)
class State:
    """One mapping for each table, from a row's key to its fields.

    `criteria` are the rubric's keys in their order, by which the marks are kept.
    """

    criteria: tuple[str, ...] = ()
    tables: defaultdict[str, dict[Key, Fields]] = field(default_factory=lambda: defaultdict(dict))
    readings: Counter[str] = field(default_factory=Counter)  # how many of each work
    committed: set[str] = field(default_factory=set)  # every commitment to a personal text
    erased: set[str] = field(default_factory=set)  # those whose text was deleted

    def __getitem__(self, table: str) -> dict[Key, Fields]:
        return self.tables[table]

    @property
    def contest(self) -> Fields:
        """The contest's own row. Raises KeyError before the contest is opened."""
        return self.tables["contest"][()]

    def roles(self, actor: str) -> frozenset[str]:
        """The roles an open account has; none of a closed one, nor of one that nobody made."""
        number = person(actor)
        account = self["account"].get((number,))
        if account is None or not account["active"]:
            return frozenset()
        return frozenset(role for holder, role in self["account_role"] if holder == number)

    def sessions_of(self, number: int) -> Iterator[Fields]:
        """The account's sessions that have not ended."""
        for session in self["auth_session"].values():
            if session["account"] == number and session["ended_at"] is None:
                yield session


def person(name: str) -> int:
    """The number in a pseudonym; 0 for SYSTEM. Raises ValueError where it is neither."""
    return 0 if name == SYSTEM else account_number(name)


def marks_of(given: dict[str, int | None], before: dict[str, int]) -> dict[str, int]:
    """A sheet's marks after a change; None takes a mark back."""
    return {key: mark for key, mark in {**before, **given}.items() if mark is not None}


def texts(**commitments: str) -> Fields:
    """Fields that are personal texts."""
    return {name: Text(commitment) for name, commitment in commitments.items()}


def wanted(tables: Iterable[dict[Key, Fields]]) -> set[str]:
    """The commitments of the texts that the tables' fields should hold."""
    return {
        value.commitment
        for table in tables
        for fields in table.values()
        for value in fields.values()
        if isinstance(value, Text)
    }
