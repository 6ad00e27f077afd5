"""Is everything as it was written? The ledger's chain, what it amounts to, and what must be true of the whole database."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field

import sqlalchemy as sa

from core.rules.words import Sentence
from core.store import guards, invariants, ledger
from core.store import tables as t
from core.store.replay.compare import differences
from core.store.replay.events import apply, payload_of
from core.store.replay.state import Payload, State
from core.store.replay.stored import stored

Connection = sa.Connection  # the desk names what it is handed without knowing whose it is
RECEIPT_DIGITS = 16  # of a hash, on a receipt
# What a row may not have done, asked before it is taken in: the state so far, the row, and what it says.
Conduct = Callable[[State, ledger.Row, Payload], Iterable[Sentence]]


@dataclass(frozen=True, slots=True)
class Noted:
    """A hash somebody wrote down earlier, or its beginning (lower-case hex), and where it says so its row's number.

    Where that row does not bear it, or no row does, the ledger was cut or written anew, however well it hangs together.
    """

    row: int | None
    digits: str

    def is_of(self, row: ledger.Row) -> bool:
        """True for the row that was noted."""
        return self.row in (None, row.seq) and row.hash.hex().startswith(self.digits)


@dataclass(frozen=True, slots=True)
class Verdict:
    """What was read, and everything found wrong with it; no finding is a good database."""

    rows: int
    head: bytes
    findings: tuple[Sentence, ...]
    state: State = field(default_factory=State, repr=False, compare=False)  # what the ledger amounts to

    @property
    def good(self) -> bool:
        return not self.findings


def verify(
    connection: sa.Connection,
    criteria: Sequence[str],
    noted: Noted | None = None,
    conduct: Conduct | None = None,
) -> Verdict:
    """Check the whole database at one moment. `criteria`: the rubric's keys in their order."""
    state, findings, there = State(criteria=tuple(criteria)), list[Sentence](), noted is None
    head = ledger.Head()
    for row in rows(connection):
        findings += broken_link(head, row)
        findings += _taken(state, row, conduct)
        head = ledger.Head(row.seq, row.at, row.hash)
        there = there or bool(noted and noted.is_of(row))
        if noted and noted.row == row.seq and state.known and len(noted.digits) < RECEIPT_DIGITS:
            findings.append(_too_short(noted))
    if noted and not there:
        findings.append(_not_there(noted))
    findings += differences(state, stored(connection, criteria))
    findings += guards.altered(connection)
    findings += invariants.broken(connection)
    return Verdict(head.seq, head.hash, tuple(findings), state)


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


def _taken(state: State, row: ledger.Row, conduct: Conduct | None) -> list[Sentence]:
    """Take a row into the state, after asking whether it may have happened."""
    findings: list[Sentence] = []
    try:
        told = payload_of(row)
        findings += conduct(state, row, told) if conduct else ()
        apply(state, row, told)
    except (KeyError, TypeError, ValueError, AttributeError):
        findings.append(Sentence("Sổ cái, dòng {seq}: nội dung không đọc được.", {"seq": row.seq}))
    return findings


def _not_there(noted: Noted) -> Sentence:
    facts = {"noted": noted.digits, "row": noted.row}
    if noted.row is None:
        return Sentence("Sổ cái không có dòng mang mã {noted}: đã bị cắt hoặc viết lại.", facts)
    return Sentence("Sổ cái, dòng {row} không mang mã {noted}: đã bị cắt hoặc viết lại.", facts)


def _too_short(noted: Noted) -> Sentence:
    """Eight digits can be made to fit another row; only receipts of earlier releases have so few."""
    facts = {"noted": noted.digits, "row": noted.row, "least": RECEIPT_DIGITS}
    return Sentence("Biên nhận của dòng {row} có {least} chữ số; {noted} chưa đủ để đối chiếu.", facts)
