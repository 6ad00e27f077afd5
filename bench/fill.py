"""Fill a database of any size for the bench: works × judges, with all sheets sealed or only a share of them.

The ledger has the opening of the contest and every sealed sheet. Works, accounts and assignments are written straight to
their tables and have no ledger rows, so the database does not pass `verify`.

python -m bench.fill sqlite:////path/to/desk.db 5000 30 --criteria 4 --sealed 0.5
"""

import argparse
import json
import random
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from itertools import islice

from core.desk.accounts import passwords
from core.desk.context import millis
from core.desk.demo import material
from core.desk.setup import contest_setup
from core.rules.access import Role
from core.rules.contest import Contest
from core.store import events, ledger, tables
from core.store.engine import Store, WriteTransaction, connect
from core.store.events.payloads import SheetSealed
from core.store.migrate import migrate
from core.store.people import accounts, disclosures
from core.store.queries import sheets

Pair = tuple[tuple[int, str], tuple[int, str]]  # (account id, pseudonym) of a judge, (id, code) of a work
CHUNK = 20_000  # sheets per transaction
LEDGER = tuple(column.name for column in tables.ledger.c)
PASSWORD = material.PASSWORD
CRITERION = '[[criteria]]\nkey = "C{key}"\nname = "Tiêu chí {key}"\nmax = "{maximum}"\nstep = "0.5"\nweight = "1"\n'
CONTEST = """[contest]
key = "bench"
name = "Cuộc thi đo tốc độ"
timezone = "Asia/Ho_Chi_Minh"
[phases]
{phases}
[scoring]
method = "{method}"
trim = 1
decimals = 2
min_sheets = 3
[ties]
ladder = ["criterion:C1"]
then = "committee"
[[prizes]]
key = "NHAT"
name = "Giải Nhất"
quantity = 1
amount = 5_000_000
by = "score"
"""


@dataclass(frozen=True, slots=True)
class Size:
    """The size of the database; `sealed` is the share of the sheets that are sealed, from 0 to 1."""

    works: int
    judges: int
    criteria: int = 4
    sealed: float = 1.0
    method: str = "mean"


def contest_text(size: Size, now: datetime) -> str:
    """The contest file of a contest with so many criteria, whose judging is open now."""
    phases = "\n".join(f"{name} = {value}" for name, value in material.phases(now).items())
    maxima = [100 // size.criteria + (place < 100 % size.criteria) for place in range(size.criteria)]
    rubric = "".join(CRITERION.format(key=place + 1, maximum=most) for place, most in enumerate(maxima))
    return CONTEST.format(phases=phases, method=size.method) + rubric


def judges(count: int) -> list[str]:
    """The judges' usernames: gk01, gk02, …; the password of each is PASSWORD."""
    return [f"gk{number:02}" for number in range(1, count + 1)]


def codes(count: int) -> list[str]:
    """The works' codes: T-00001, T-00002, …"""
    return [f"T-{number:05}" for number in range(1, count + 1)]


def fill(store: Store, size: Size, *, seed: int = 1) -> None:
    """Fill a migrated, empty database: contest, people, works, assignments, and sealed sheets with their ledger rows.

    Every judge is assigned to every work. `seed` is the seed of the random marks.
    """
    now, rng = datetime.now(UTC), random.Random(seed)
    contest = contest_setup.open_contest(store, contest_text(size, now), "bench", now - timedelta(days=7), is_demo=True)
    people, works = store.change(lambda transaction: _fill_assignments(transaction, size, millis(now)))
    pairs = ((judge, work) for work in works for judge in people if size.sealed >= 1 or rng.random() < size.sealed)
    while chunk := list(islice(pairs, CHUNK)):
        store.change(partial(_seal, contest=contest, pairs=chunk, rng=rng, at=millis(now)))


def _fill_assignments(
    transaction: WriteTransaction, size: Size, at: int
) -> tuple[list[tuple[int, str]], list[tuple[int, str]]]:
    connection, hashed = transaction.connection, passwords.hashed(PASSWORD)
    named = [
        (name, frozenset({Role.JUDGE, Role.CHIEF} if place == 0 else {Role.JUDGE}))
        for place, name in enumerate(judges(size.judges))
    ]
    named += [(person.username, person.roles) for person in material.people() if Role.JUDGE not in person.roles]
    ids = {
        name: accounts.insert(
            connection,
            accounts.Account(0, 10 + place, name, name, hashed, False, True, True, at, frozenset(map(str, roles))),
        )
        for place, (name, roles) in enumerate(named)
    }
    connection.execute(
        tables.entry.insert(),
        [
            {
                "id": number,
                "code": code,
                "title": f"Tác phẩm số {number}",
                "author": f"Tác giả {number}",
                "unit": "Đơn vị",
                "milliseconds": 270_000,
            }
            for number, code in enumerate(codes(size.works), start=1)
        ],
    )
    people = [(ids[name], ledger.pseudonym(10 + place, judge=True)) for place, name in enumerate(judges(size.judges))]
    works = list(enumerate(codes(size.works), start=1))
    connection.execute(
        tables.assignment.insert(), [{"judge_id": judge, "entry_id": work} for work, _ in works for judge, _ in people]
    )
    return people, works


def _seal(transaction: WriteTransaction, contest: Contest, pairs: list[Pair], rng: random.Random, at: int) -> None:
    rows_by_table: dict[str, list[dict[str, object]]] = {
        "sheet": [],
        "sheet_revision": [],
        "mark": [],
        "ledger": [],
        "disclosure": [],
    }
    for row, rows in _sheets(transaction, contest, pairs, rng, at):
        rows_by_table["ledger"].append(row)
        for table, values in rows:
            rows_by_table[table].append(values)
    for table, every in rows_by_table.items():
        transaction.connection.execute(tables.metadata.tables[table].insert(), every)
    sheets.freeze(transaction.connection, at)


def _sheets(
    transaction: WriteTransaction, contest: Contest, pairs: list[Pair], rng: random.Random, at: int
) -> Iterator[tuple[dict[str, object], list[tuple[str, dict[str, object]]]]]:
    for (judge_id, judge), (entry_id, code) in pairs:
        marks = {
            c.key: c.step * rng.randrange(c.maximum // c.step // 2, c.maximum // c.step + 1) for c in contest.criteria
        }
        empty = disclosures.new("{}")
        payload = SheetSealed(
            judge, code, 1, {str(key): mark for key, mark in marks.items()}, str(empty["commitment"]), 10_000
        )
        row = ledger.next_row(
            transaction.heads, chain=ledger.Chain.RESULT, at=at, actor=judge, event="sheet.sealed", version=1,
            payload=events.encode(payload),
        )  # fmt: skip
        transaction.heads = transaction.heads.after(row)
        digits = row.hash.hex()
        who: dict[str, object] = {"judge_id": judge_id, "entry_id": entry_id}
        marks_columns = {**who, "marks": json.dumps(marks, separators=(",", ":"))}
        yield {name: getattr(row, name) for name in LEDGER}, [
            ("disclosure", empty),
            ("sheet", {**marks_columns, "remarks": "{}", "version": 1, "state": "sealed", "revision": 1, "saved_at": at}),
            ("sheet_revision", {
                **marks_columns, "number": 1, "remarks": empty["commitment"], "watched_share": 10_000, "submit_key": digits[:32],
                "receipt": ledger.receipt(row.seq, row.hash), "ledger_seq": row.seq, "sealed_at": at,
            }),
            *(("mark", {**who, "criterion": place, "hundredths": mark}) for place, mark in enumerate(marks.values())),
        ]  # fmt: skip


def main() -> None:
    """Fill the database named on the command line, and print how long it took."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("database")
    parser.add_argument("works", type=int)
    parser.add_argument("judges", type=int)
    parser.add_argument("--criteria", type=int, default=4)
    parser.add_argument("--sealed", type=float, default=1.0)
    args = parser.parse_args()
    began, store = time.monotonic(), connect(args.database)
    migrate(store)
    fill(store, Size(args.works, args.judges, args.criteria, args.sealed))
    store.close()
    print(f"{args.works} × {args.judges} × {args.criteria}: {time.monotonic() - began:.1f} s")


if __name__ == "__main__":
    main()
