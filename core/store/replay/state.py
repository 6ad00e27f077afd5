"""The state that a replay of the ledger builds up: every derived column of every table, in names instead of numbers."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

Payload = dict[str, Any]
Key = tuple[Any, ...]  # a row's key: usernames, codes, keys of criteria, numbers
Fields = dict[str, Any]  # a row's other columns; times in UTC ms
FORMAT = 2  # of the ledger's rows: 1 lacks passwords, sessions' ends, posters, frame sizes and who is to be confirmed


class _Unknown:
    """A value that rows of an earlier format do not hold; compared with nothing."""

    def __repr__(self) -> str:
        return "UNKNOWN"


UNKNOWN: Final = _Unknown()


@dataclass(slots=True)
class State:
    """One mapping for each table, from a row's key to its fields.

    `criteria` are the rubric's keys in their order, by which the marks are kept.
    """

    criteria: tuple[str, ...] = ()
    tables: defaultdict[str, dict[Key, Fields]] = field(default_factory=lambda: defaultdict(dict))
    format: int = 1  # of the rows since the last `contest.opened` or `ledger.format`
    first_format: int = 1
    readings: Counter[str] = field(default_factory=Counter)  # how many of each work

    def __getitem__(self, table: str) -> dict[Key, Fields]:
        return self.tables[table]

    @property
    def contest(self) -> Fields:
        """The contest's own row. Raises KeyError before the contest is opened."""
        return self.tables["contest"][()]

    @property
    def exact(self) -> bool:
        """True where every row is of this format: its acts wrote their columns at their rows' own times."""
        return self.first_format >= FORMAT

    @property
    def known(self) -> bool:
        """True where the rows are of the format that this release writes."""
        return self.format >= FORMAT

    def told(self, payload: Mapping[str, Any], name: str) -> Any:
        """What a row says under a name, or UNKNOWN where its format has no such name. Raises KeyError where it must."""
        return payload[name] if self.known or name in payload else UNKNOWN

    def roles(self, username: str) -> frozenset[str]:
        """The roles an open account has; none of a closed one, nor of one that nobody made."""
        account = self["account"].get((username,))
        if account is None or not account["active"]:
            return frozenset()
        return frozenset(role for name, role in self["account_role"] if name == username)

    def sessions_of(self, username: str) -> Iterator[Fields]:
        """The account's sessions that have not ended."""
        for session in self["auth_session"].values():
            if session["account"] == username and session["ended_at"] in (None, UNKNOWN):
                yield session
