"""Is everything as it was written? Both chains, what they amount to, and what must be true of the whole database."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

import sqlalchemy as sa
from msgspec import ValidationError

from core.rules.words import Refusal, Sentence
from core.store import events, ledger, ledger_rows
from core.store.events.payloads import CheckpointMade, Payload
from core.store.ledger import Chain, Heads, Row
from core.store.replay.compare import differences, personal_texts
from core.store.replay.events import apply
from core.store.replay.state import State
from core.store.replay.stored import stored
from core.store.verification import guards, invariants

Connection = sa.Connection  # the desk names what it is handed without knowing whose it is
# What a row may not have done, asked before it is taken in: the state so far, the row, and what it says.
Conduct = Callable[[State, Row, Payload], Iterable[Sentence]]
NAMES = {Chain.RESULT: Sentence("Sổ kết quả"), Chain.AUDIT: Sentence("Sổ nhật ký")}


@dataclass(frozen=True, slots=True)
class Noted:
    """A hash somebody wrote down earlier, or its beginning (lower-case hex), and where it says so its row's number.

    A number is of the result chain, which alone has receipts. Where that row does not bear the hash, or no row of either
    chain does, the ledger was cut or written anew, however well it hangs together.
    """

    row: int | None
    digits: str

    def is_of(self, row: Row) -> bool:
        """True for the row that was noted."""
        numbered = self.row is None or (row.chain is Chain.RESULT and row.seq == self.row)
        return numbered and row.hash.hex().startswith(self.digits)


@dataclass(frozen=True, slots=True)
class Verdict:
    """What was read, and everything found wrong with it; no finding is a good database."""

    heads: Heads
    findings: tuple[Sentence, ...]
    state: State = field(default_factory=State, repr=False, compare=False)  # what the ledger amounts to

    @property
    def rows(self) -> int:
        """How many rows both chains have together."""
        return self.heads.newest.id

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
    heads = Heads()
    for row in ledger_rows.rows(connection):
        findings += broken_link(heads, row)
        findings += _taken(state, heads, row, conduct)
        heads = heads.after(row)
        there = there or bool(noted and noted.is_of(row))
    if noted and not there:
        findings.append(_not_there(noted))
    texts, wrong = personal_texts(connection, state)
    findings += wrong
    findings += differences(state, stored(connection, criteria), texts)
    findings += guards.altered(connection)
    findings += invariants.broken(connection)
    return Verdict(heads, tuple(findings), state)


def broken_link(heads: Heads, row: Row) -> list[Sentence]:
    """What is wrong between a row, the one before it in its chain, and the one before it in the ledger."""
    before, newest, wrong = heads.of(row.chain), heads.newest, list[Sentence]()
    if row.seq != before.seq + 1 or row.id != newest.id + 1:
        wrong.append(finding(row, Sentence("đứng ngay sau dòng {last}, thiếu hoặc thừa dòng", {"last": before.seq})))
    if row.prev != before.hash:
        wrong.append(finding(row, Sentence("không nối với dòng trước")))
    if row.hash != ledger.leaf_hash(row.text):
        wrong.append(finding(row, Sentence("nội dung khác với mã băm của nó")))
    if row.at < newest.at:
        wrong.append(finding(row, Sentence("thời gian lùi lại")))
    return wrong


def finding(row: Row, what: Sentence) -> Sentence:
    """A finding about this row."""
    return Sentence("{chain}, dòng {seq}: {what}.", {"chain": NAMES[row.chain], "seq": row.seq, "what": what})


def _taken(state: State, heads: Heads, row: Row, conduct: Conduct | None) -> list[Sentence]:
    """Take a row into the state, after asking whether it may have happened."""
    findings: list[Sentence] = []
    try:
        told = events.decode(row)
        findings += _misplaced(heads, row, told)
        findings += conduct(state, row, told) if conduct else ()
        apply(state, row, told)
    except (KeyError, TypeError, ValueError, ValidationError, Refusal):
        findings.append(finding(row, Sentence("nội dung không đọc được")))
    return findings


def _misplaced(heads: Heads, row: Row, told: Payload) -> list[Sentence]:
    """An event in the other chain, a payload that is not canonical, a checkpoint of another audit chain."""
    wrong = []
    if events.EVENTS[row.event].chain is not row.chain or events.encode(told) != row.payload:
        wrong.append(finding(row, Sentence("không đúng dạng của sự kiện {event}", {"event": row.event})))
    if isinstance(told, CheckpointMade) and (told.rows, told.head) != (heads.audit.seq, heads.audit.hash.hex()):
        wrong.append(finding(row, Sentence("neo một sổ nhật ký khác")))
    return wrong


def _not_there(noted: Noted) -> Sentence:
    facts = {"noted": noted.digits, "row": noted.row}
    if noted.row is None:
        return Sentence("Sổ cái không có dòng mang mã {noted}: đã bị cắt hoặc viết lại.", facts)
    return Sentence("Sổ kết quả, dòng {row} không mang mã {noted}: đã bị cắt hoặc viết lại.", facts)
