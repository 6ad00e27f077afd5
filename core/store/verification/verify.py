"""Verifies the whole database: both hash chains, the tables against the replay, guards and invariants."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

import sqlalchemy as sa
from msgspec import ValidationError

from core.rules.words import Refusal, Sentence
from core.store import events, ledger, ledger_rows
from core.store.events.payloads import CheckpointMade, CheckpointMadeV1, Payload
from core.store.ledger import Chain, Heads, Row
from core.store.replay.compare import differences, personal_texts
from core.store.replay.events import apply
from core.store.replay.state import State
from core.store.replay.stored import stored
from core.store.verification import guards, invariants
from core.store.verification.signed_checkpoints import SignedCheckpoints

Connection = sa.Connection  # the connection type, for modules that do not import SQLAlchemy
# Checks whether a row was allowed, before it is applied: (state so far, row, payload) -> findings.
Conduct = Callable[[State, Row, Payload], Iterable[Sentence]]
NAMES = {Chain.RESULT: Sentence("Sổ kết quả"), Chain.AUDIT: Sentence("Sổ nhật ký")}


@dataclass(frozen=True, slots=True)
class Noted:
    """A hash somebody wrote down earlier, or its first digits (lower-case hex), and the row's number if it was noted.

    A judge's receipt is a row of the result chain, an author's one of the audit chain: the number counts in either. If
    no such row has the hash, the ledger was truncated or rewritten, even if its chains are valid.
    """

    row: int | None
    digits: str

    def is_of(self, row: Row) -> bool:
        """Whether `row` is the row that was noted."""
        return self.row in {None, row.seq} and row.hash.hex().startswith(self.digits)


@dataclass(frozen=True, slots=True)
class Verdict:
    """The result of a verification: the heads that were read, and the findings; no findings means no error."""

    heads: Heads
    findings: tuple[Sentence, ...]
    state: State = field(default_factory=State, repr=False, compare=False)  # the replay of the ledger

    @property
    def rows(self) -> int:
        """The number of rows of both chains together."""
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
    """Check the whole database in one snapshot. `criteria`: the keys of the rubric's criteria, in order.

    `noted`: a hash that the ledger must contain. `conduct`: an additional check of each row before it is applied.
    """
    state, findings, has_noted = State(criteria=tuple(criteria)), list[Sentence](), noted is None
    heads, signed = Heads(), SignedCheckpoints()
    for row in ledger_rows.rows(connection):
        findings += broken_link(heads, row)
        findings += _apply_row(state, heads, row, conduct, signed)
        heads = heads.after(row)
        has_noted = has_noted or bool(noted and noted.is_of(row))
    if noted and not has_noted:
        findings.append(_noted_missing(noted))
    texts, wrong = personal_texts(connection, state)
    findings += wrong
    findings += differences(state, stored(connection, criteria), texts)
    findings += signed.findings(connection)
    findings += guards.altered(connection)
    findings += invariants.violations(connection)
    return Verdict(heads, tuple(findings), state)


def broken_link(heads: Heads, row: Row) -> list[Sentence]:
    """Findings about a row's number, hashes and time, compared with `heads`, the rows before it."""
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


def _apply_row(
    state: State, heads: Heads, row: Row, conduct: Conduct | None, signed: SignedCheckpoints
) -> list[Sentence]:
    """Check a row, then apply it to the state. Returns the findings; a row that cannot be decoded is one."""
    findings: list[Sentence] = []
    payload: Payload | None = None
    try:
        payload = events.decode(row)
        findings += _misplaced(heads, row, payload)
        findings += conduct(state, row, payload) if conduct else ()
        apply(state, row, payload)
    except (KeyError, TypeError, ValueError, ValidationError, Refusal):
        findings.append(finding(row, Sentence("nội dung không đọc được")))
    signed.add(row, payload)
    return findings


def _misplaced(heads: Heads, row: Row, payload: Payload) -> list[Sentence]:
    """Findings: an event in the wrong chain, a payload that is not canonical, a checkpoint of another audit chain."""
    wrong = []
    if events.EVENTS[row.event].chain is not row.chain or events.encode(payload) != row.payload:
        wrong.append(finding(row, Sentence("không đúng dạng của sự kiện {event}", {"event": row.event})))
    if isinstance(payload, CheckpointMade | CheckpointMadeV1) and (payload.rows, payload.head) != (
        heads.audit.seq,
        heads.audit.hash.hex(),
    ):
        wrong.append(finding(row, Sentence("neo một sổ nhật ký khác")))
    return wrong


def _noted_missing(noted: Noted) -> Sentence:
    facts = {"noted": noted.digits, "row": noted.row}
    if noted.row is None:
        return Sentence("Sổ cái không có dòng mang mã {noted}: đã bị cắt hoặc viết lại.", facts)
    return Sentence("Sổ cái không có dòng {row} mang mã {noted}: đã bị cắt hoặc viết lại.", facts)
