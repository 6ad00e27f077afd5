"""The confirmed award table held against a recount: what it gives must follow from the marks, counts and decisions again."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime

from core.desk.award_table import drawn, gather
from core.desk.house import Circumstances
from core.papers import document as paper
from core.papers.document import AwardTable
from core.rules.words import Sentence
from core.store import awards, ledger_rows
from core.store.engine import Connection
from core.store.replay.state import State

PARTS = {
    "awards": Sentence("giải"),
    "withheld": Sentence("giải không trao"),
    "standings": Sentence("xếp hạng"),
    "sheets": Sentence("phiếu chấm"),
    "judges": Sentence("giám khảo"),
    "criteria": Sentence("tiêu chí"),
    "proof": Sentence("mã thể lệ hoặc mã sổ cái"),
    "confirmed_by": Sentence("người xác nhận"),
}


def differences(connection: Connection, facts: Circumstances, state: State) -> Iterator[Sentence]:
    """Where the confirmed table says something else than its recount; `state`: what the ledger amounts to.

    The sentences that explain are left out: a later release may word them otherwise, and the document's hash is in the
    ledger.
    """
    kept = awards.confirmed(connection) if (1,) in state["award_table"] else None
    if kept is None:
        return
    table, again = paper.read(kept.document), _recounted(connection, facts, kept)
    for part, name in PARTS.items():
        if _decisive(table, part) != _decisive(again, part):
            yield Sentence("Bảng trao giải đã xác nhận: {part} khác với kết quả tính lại.", {"part": name})


def _recounted(connection: Connection, facts: Circumstances, kept: awards.ConfirmedTable) -> AwardTable:
    gathered = gather(connection, facts, with_interactions=True)
    before = ledger_rows.head_before(connection, kept.ledger_seq)
    proof = paper.Proof(facts.rule_card, before.seq, before.hash.hex())
    return drawn(
        replace(gathered, proof=proof), datetime.fromtimestamp(kept.confirmed_at / 1000, UTC), kept.confirmed_by
    )


def _decisive(table: AwardTable, part: str) -> object:
    """A part of the table without the sentences that explain it."""
    value = getattr(table, part)
    if part == "awards":
        return [replace(row, why="") for row in value]
    if part == "withheld":
        return [(row.prize_name, row.quantity) for row in value]
    if part == "standings":
        return [replace(row, note="") for row in value]
    return value
