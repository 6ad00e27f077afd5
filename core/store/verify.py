"""Is everything as it was written? The ledger's chain, what it amounts to, and what must be true of the whole database."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from core.rules.words import Sentence
from core.store import invariants, ledger, registry
from core.store import tables as t
from core.store.folding import Fold
from core.store.registry import Registry

Connection = sa.Connection  # the desk names what it is handed without knowing whose it is


@dataclass(frozen=True, slots=True)
class Verdict:
    """What was read, and everything found wrong with it; no finding is a good database."""

    rows: int
    head: bytes
    findings: tuple[Sentence, ...]

    @property
    def good(self) -> bool:
        return not self.findings


def verify(connection: sa.Connection, criteria: Sequence[str], noted: str | None = None) -> Verdict:
    """Check the whole database at one moment. `criteria`: the rubric's keys in their order.

    `noted` is the hash of a row somebody wrote down earlier, or its beginning: where no row bears it, the ledger was cut
    or written anew, however well it hangs together.
    """
    fold, told, findings = Fold(), Registry(), []
    head, there = ledger.Head(), noted is None
    for row in rows(connection):
        findings += broken_link(head, row)
        try:
            fold.apply(row)
            told.apply(row)
        except (KeyError, TypeError, ValueError):
            findings.append(Sentence("Sổ cái, dòng {seq}: nội dung không đọc được.", {"seq": row.seq}))
        head = ledger.Head(row.seq, row.at, row.hash)
        there = there or bool(noted and row.hash.hex().startswith(noted))
    if not there:
        findings.append(Sentence("Sổ cái không có dòng mang mã {noted}: đã bị cắt hoặc viết lại.", {"noted": noted}))
    findings += projection(connection, fold, criteria)
    findings += registry.differing(told, registry.kept(connection))
    findings += invariants.broken(connection)
    return Verdict(head.seq, head.hash, tuple(findings))


def rows(connection: sa.Connection) -> Iterator[ledger.Row]:
    """The ledger from its first row, a few thousand at a time."""
    chosen = sa.select(t.ledger).order_by(t.ledger.c.seq).execution_options(yield_per=2000)
    for row in connection.execute(chosen):
        yield ledger.Row(row.seq, row.at, row.actor, row.event, row.payload, bytes(row.prev), bytes(row.hash))


def broken_link(head: ledger.Head, row: ledger.Row) -> list[Sentence]:
    """What is wrong between a row and the one before it."""
    wrong = []
    if row.seq != head.seq + 1:
        wrong.append(
            Sentence("Sổ cái: sau dòng {last} là dòng {seq}, thiếu hoặc thừa.", {"last": head.seq, "seq": row.seq})
        )
    if row.prev != head.hash:
        wrong.append(Sentence("Sổ cái, dòng {seq}: không nối với dòng trước.", {"seq": row.seq}))
    if row.hash != ledger.leaf_hash(row.seq, row.at, row.actor, row.event, row.payload, row.prev):
        wrong.append(Sentence("Sổ cái, dòng {seq}: nội dung khác với mã băm của nó.", {"seq": row.seq}))
    if row.at < head.at:
        wrong.append(Sentence("Sổ cái, dòng {seq}: thời gian lùi lại.", {"seq": row.seq}))
    return wrong


def projection(connection: sa.Connection, fold: Fold, criteria: Sequence[str]) -> list[Sentence]:
    """Where the tables say something else than the ledger's events amount to."""
    try:
        marks = fold.marks(criteria)
    except ValueError:
        return [Sentence("Sổ cái có điểm của tiêu chí không có trong cuộc thi.")]
    sheets = {pair: (s.version, s.state, s.marks, s.revision) for pair, s in fold.sheets.items()}
    revisions = {key: (r.marks, r.remarks_sha256, r.ledger_seq) for key, r in fold.revisions.items()}
    return [
        *_differing(Sentence("Điểm đang tính"), marks, _marks(connection)),
        *_differing(Sentence("Phiếu"), sheets, _sheets(connection)),
        *_differing(Sentence("Phiếu đã nộp"), revisions, _revisions(connection)),
        *_differing(Sentence("Khai báo xung đột lợi ích"), dict.fromkeys(fold.recused, True), _recusals(connection)),
    ]


def _differing(what: Sentence, told: Mapping[Any, object], kept: Mapping[Any, object]) -> list[Sentence]:
    where = [key for key in {**told, **kept} if told.get(key) != kept.get(key)]
    return [
        Sentence("{what} của giám khảo {judge}, tác phẩm {entry}: khác với sổ cái.",
                 {"what": what, "judge": judge, "entry": entry})
        for judge, entry in sorted({(key[0], key[1]) for key in where})
    ]  # fmt: skip


_WHO = (t.account.c.username, t.entry.c.code)


def _of_seats(table: sa.Table, *columns: sa.ColumnElement[Any]) -> sa.Select[Any]:
    return (
        sa.select(*_WHO, *columns)
        .select_from(table)
        .join(t.account, t.account.c.id == table.c.judge_id)
        .join(t.entry, t.entry.c.id == table.c.entry_id)
    )


def _marks(connection: sa.Connection) -> dict[Any, object]:
    chosen = connection.execute(_of_seats(t.mark, t.mark.c.criterion, t.mark.c.hundredths))
    return {(judge, entry, criterion): mark for judge, entry, criterion, mark in chosen}


def _sheets(connection: sa.Connection) -> dict[Any, object]:
    s = t.sheet.c
    chosen = connection.execute(_of_seats(t.sheet, s.version, s.state, s.marks, s.revision))
    return {
        (judge, entry): (version, state, json.loads(marks), revision)
        for judge, entry, version, state, marks, revision in chosen
    }


def _revisions(connection: sa.Connection) -> dict[Any, object]:
    r = t.sheet_revision.c
    chosen = connection.execute(_of_seats(t.sheet_revision, r.number, r.marks, r.salt, r.remarks, r.ledger_seq))
    return {
        (judge, entry, number): (json.loads(marks), ledger.commitment(salt, json.loads(remarks)), seq)
        for judge, entry, number, marks, salt, remarks, seq in chosen
    }


def _recusals(connection: sa.Connection) -> dict[Any, object]:
    return dict.fromkeys(connection.execute(_of_seats(t.recusal)), True)
