"""The tables as they are, in the shape of the state: keys in names, long texts as the hashes that the ledger holds."""

import hashlib
import json
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

import sqlalchemy as sa

from core.store import tables as t
from core.store.replay.columns import DERIVED, PEOPLE, RENAMED
from core.store.replay.state import Fields, Key

Tables = dict[str, dict[Key, Fields]]
Line = dict[str, Any]
SHORT = 16  # digits of a secret's hash that the ledger names it by
NUMBERED = {"interactions_freeze", "award_table"}  # keyed by their order


def stored(connection: sa.Connection, criteria: Sequence[str]) -> Tables:
    """Every derived table, row by row. `criteria`: the rubric's keys in their order."""
    people = dict(connection.execute(sa.select(t.account.c.id, t.account.c.number)).all())
    works = dict(connection.execute(sa.select(t.entry.c.id, t.entry.c.code)).all())
    return {
        table: _table(table, map(_named(table, people, works, criteria), _lines(connection, table)))
        for table in DERIVED
    }


def sha256(text: str) -> str:
    """Hex of SHA-256, as the ledger's rows hold it."""
    return hashlib.sha256(text.encode()).hexdigest()


def _lines(connection: sa.Connection, table: str) -> Iterable[Line]:
    asked = sa.select(t.metadata.tables[table])
    if "id" in t.metadata.tables[table].c:
        asked = asked.order_by(t.metadata.tables[table].c.id)
    for row in connection.execute(asked.execution_options(yield_per=2000)).mappings():
        yield {RENAMED.get(f"{table}.{name}", RENAMED.get(name, name)): value for name, value in row.items()}


def _table(table: str, lines: Iterable[Line]) -> dict[Key, Fields]:
    derived, numbers, made = DERIVED[table], Counter[object](), dict[Key, Fields]()
    for line in lines:
        if "number" in derived.key and "number" not in line:
            of = "" if table in NUMBERED else line["entry"]
            numbers[of] += 1
            line["number"] = numbers[of]
        key = tuple(line[name] for name in derived.key)
        while key in made:  # two secrets whose hashes begin alike
            key = (*key[:-1], f"{key[-1]}+")
        made[key] = {name: line[name] for name in derived.fields}
    return made


def _named(
    table: str, people: Mapping[int, int], works: Mapping[int, str], criteria: Sequence[str]
) -> Callable[[Line], Line]:
    """Puts names in the place of numbers, and hashes in the place of what the ledger holds the hash of."""

    def named(line: Line) -> Line:
        for name in PEOPLE & line.keys() if table != "account" else ():
            line[name] = people.get(line[name], line[name])
        if "entry" in line:
            line["entry"] = works.get(line["entry"], line["entry"])
        return _HASHED[table](line, criteria) if table in _HASHED else line

    return named


def _contest(line: Line, _criteria: Sequence[str]) -> Line:
    return line | {"toml": sha256(line["toml"])}


def _account(line: Line, _criteria: Sequence[str]) -> Line:
    return line | {"password": sha256(line["password"])}


def _session(line: Line, _criteria: Sequence[str]) -> Line:
    return line | {"session": line["session"][:SHORT]}


def _link(line: Line, _criteria: Sequence[str]) -> Line:
    return line | {"link": line["link"][:SHORT]}


def _sheet(line: Line, _criteria: Sequence[str]) -> Line:
    return line | {"marks": json.loads(line["marks"])}


def _mark(line: Line, criteria: Sequence[str]) -> Line:
    at = line["criterion"]
    return line | {"criterion": criteria[at] if 0 <= at < len(criteria) else f"#{at}"}


def _decision(line: Line, _criteria: Sequence[str]) -> Line:
    return line | {"entries": json.loads(line["entries"])}


def _award_table(line: Line, _criteria: Sequence[str]) -> Line:
    return line | {"document": f"sha256:{sha256(line['document'])}"}


_HASHED: dict[str, Callable[[Line, Sequence[str]], Line]] = {
    "contest": _contest,
    "account": _account,
    "auth_session": _session,
    "reset_link": _link,
    "sheet": _sheet,
    "sheet_revision": _sheet,
    "mark": _mark,
    "decision": _decision,
    "award_table": _award_table,
}
