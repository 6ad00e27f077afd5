"""Reads the stored tables in the shape of State: names as keys, long texts as the hashes that the ledger holds."""

import hashlib
import json
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

import sqlalchemy as sa

from core.store import tables as t
from core.store.replay.awarding import reading_name
from core.store.replay.columns import DERIVED, PEOPLE, RENAMED
from core.store.replay.state import Fields, Key

Tables = dict[str, dict[Key, Fields]]
Line = dict[str, Any]
SHORT = 16  # hex digits of a secret's hash that the ledger holds
NUMBERED = {"interactions_freeze", "award_table"}  # keyed by their order over all rows


def stored(connection: sa.Connection, criteria: Sequence[str]) -> Tables:
    """All derived tables: table -> key -> fields. `criteria`: the keys of the rubric's criteria, in order."""
    people = dict(connection.execute(sa.select(t.account.c.id, t.account.c.number)).all())
    works = dict(connection.execute(sa.select(t.entry.c.id, t.entry.c.code)).all())
    submissions = dict(connection.execute(sa.select(t.submission.c.id, t.submission.c.code)).all())
    readings = _readings(connection, works)
    codes = {"entry": works, "submission": submissions, "reading": readings, "corrects": readings}
    return {
        table: _table(table, map(_named(table, people, codes, criteria), _lines(connection, table)))
        for table in DERIVED
    }


def _readings(connection: sa.Connection, works: Mapping[int, str]) -> dict[int, str]:
    """The name of each reading in State, by its id."""
    r, numbers, names = t.reading.c, Counter[int](), dict[int, str]()
    for number, entry in connection.execute(sa.select(r.id, r.entry_id).order_by(r.id)):
        numbers[entry] += 1
        names[number] = reading_name(works.get(entry, str(entry)), numbers[entry])
    return names


def sha256(text: str) -> str:
    """SHA-256 of the text, hex, as in the ledger's rows."""
    return hashlib.sha256(text.encode()).hexdigest()


def _lines(connection: sa.Connection, table: str) -> Iterable[Line]:
    query = sa.select(t.metadata.tables[table])
    if "id" in t.metadata.tables[table].c:
        query = query.order_by(t.metadata.tables[table].c.id)
    for row in connection.execute(query.execution_options(yield_per=2000)).mappings():
        yield {RENAMED.get(f"{table}.{name}", RENAMED.get(name, name)): value for name, value in row.items()}


def _table(table: str, lines: Iterable[Line]) -> dict[Key, Fields]:
    derived, numbers, made = DERIVED[table], Counter[object](), dict[Key, Fields]()
    for line in lines:
        if "number" in derived.key and "number" not in line:
            of = "" if table in NUMBERED else line["entry"]
            numbers[of] += 1
            line["number"] = numbers[of]
        key = tuple(line[name] for name in derived.key)
        while key in made:  # two secrets whose hashes have the same first digits
            key = (*key[:-1], f"{key[-1]}+")
        made[key] = {name: line[name] for name in derived.fields}
    return made


def _named(
    table: str, people: Mapping[int, int], codes: Mapping[str, Mapping[int, str]], criteria: Sequence[str]
) -> Callable[[Line], Line]:
    """A function that replaces database ids by names, and values by their hashes where the ledger holds the hash."""

    def named(line: Line) -> Line:
        for name in PEOPLE & line.keys() if table != "account" else ():
            line[name] = people.get(line[name], line[name])
        for name in codes.keys() & line.keys():
            line[name] = codes[name].get(line[name], line[name])
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


def _submission(line: Line, _criteria: Sequence[str]) -> Line:
    return line | {"link": line["link"] and line["link"][:SHORT]}


def _sheet(line: Line, _criteria: Sequence[str]) -> Line:
    return line | {"marks": json.loads(line["marks"])}


def _mark(line: Line, criteria: Sequence[str]) -> Line:
    at = line["criterion"]
    return line | {"criterion": criteria[at] if 0 <= at < len(criteria) else f"#{at}"}


def _screening_verdict(line: Line, _criteria: Sequence[str]) -> Line:
    return line | {"answers": json.loads(line["answers"])}


def _decision(line: Line, _criteria: Sequence[str]) -> Line:
    return line | {"entries": json.loads(line["entries"])}


def _reading_detail(line: Line, _criteria: Sequence[str]) -> Line:
    return line | {"questions": json.loads(line["questions"])}


def _finals_list(line: Line, _criteria: Sequence[str]) -> Line:
    return line | {name: json.loads(line[name]) for name in ("works", "taken", "left_out")}


def _award_table(line: Line, _criteria: Sequence[str]) -> Line:
    return line | {"document": f"sha256:{sha256(line['document'])}"}


def _publication(line: Line, _criteria: Sequence[str]) -> Line:
    return line | {"text": f"sha256:{sha256(line['text'])}"}


_HASHED: dict[str, Callable[[Line, Sequence[str]], Line]] = {
    "contest": _contest,
    "account": _account,
    "auth_session": _session,
    "reset_link": _link,
    "submission": _submission,
    "screening_verdict": _screening_verdict,
    "sheet": _sheet,
    "sheet_revision": _sheet,
    "mark": _mark,
    "decision": _decision,
    "reading_detail": _reading_detail,
    "finals_list": _finals_list,
    "award_table": _award_table,
    "publication": _publication,
}
