"""The confirmed award table held against a recount: what it gives must follow from the marks, counts and decisions again."""

from collections.abc import Collection, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from core.desk.award_table import drawn, gather
from core.desk.context import ContestState
from core.papers import document as paper
from core.papers import document_text
from core.rules.words import Sentence
from core.store import ledger_rows
from core.store.engine import Connection
from core.store.people.erasure import NOTHING as ERASED
from core.store.queries import awards
from core.store.replay.state import State

PARTS = {
    "awards": Sentence("giải"),
    "withheld": Sentence("giải không trao"),
    "standings": Sentence("xếp hạng"),
    "sheets": Sentence("phiếu chấm"),
    "judges": Sentence("giám khảo"),
    "criteria": Sentence("tiêu chí"),
}
SECTIONS = Sentence("danh sách hạng mục")
PROOF = Sentence("mã thể lệ hoặc mã sổ cái")
CONFIRMED_BY = Sentence("người xác nhận")


def differences(connection: Connection, facts: ContestState, state: State) -> Iterator[Sentence]:
    """Where the confirmed table says something else than its recount; `state`: what the ledger amounts to.

    The sentences that explain are left out: a later release may word them otherwise, and the document's hash is in the
    ledger.
    """
    kept = awards.confirmed(connection) if (1,) in state["award_table"] else None
    if kept is None:
        return
    try:
        stored = document_text.read(kept.document)
    except ValueError:
        yield Sentence("Bảng trao giải đã xác nhận: nội dung lưu không đúng dạng của phiên bản, không đọc được.")
        return
    again = _recounted(connection, facts, kept)
    differing = [*_of_sections(stored, again)]
    differing += [PROOF] if stored.proof != again.proof else []
    differing += [CONFIRMED_BY] if kept.confirmed_by not in {stored.confirmed_by, ERASED} else []
    for part in differing:
        yield Sentence("Bảng trao giải đã xác nhận: {part} khác với kết quả tính lại.", {"part": part})


def _recounted(connection: Connection, facts: ContestState, kept: awards.ConfirmedTable) -> paper.AwardDocument:
    """The document without who confirmed it and without its salt, which no recount gives."""
    gathered = gather(connection, facts, with_interactions=True)
    before = ledger_rows.head_before(connection, kept.ledger_seq)
    proof = paper.Proof(facts.rule_card, before.seq, before.hash.hex())
    confirmed_at = datetime.fromtimestamp(kept.confirmed_at / 1000, UTC)
    return drawn(replace(gathered, proof=proof), confirmed_at, confirmed_by=None, salt="")


def _of_sections(stored: paper.AwardDocument, again: paper.AwardDocument) -> Iterator[Sentence]:
    """The parts of each section that are not the same; with the section's name where there are several."""
    if [(each.key, each.name) for each in stored.sections] != [(each.key, each.name) for each in again.sections]:
        yield SECTIONS
        return
    pairs = zip(map(paper.by_number, stored.sections), map(paper.by_number, again.sections), strict=True)
    for section, other in pairs:
        heading, gone = stored.heading(section), _erased(other)
        for part, name in PARTS.items():
            if _decisive(section, part, gone) != _decisive(other, part, gone):
                yield Sentence("{part} của hạng mục {section}", {"part": name, "section": heading}) if heading else name


def _erased(section: paper.Section) -> frozenset[str]:
    """The works and the judges whose names were deleted since, by code and number: the document alone still has them."""
    works = {row.code for row in section.standings if row.title == ERASED}
    return frozenset(works | {judge.number for judge in section.judges if judge.name == ERASED})


def _decisive(section: paper.Section, part: str, gone: Collection[str]) -> object:
    """A part of the section without the sentences that explain it, and without names that were deleted since."""
    value = getattr(section, part)
    if part == "withheld":
        return [(row.prize_name, row.quantity) for row in value]
    return [_without_names(row) if _subject(row) in gone else row for row in map(_unexplained, value)]


def _unexplained(row: Any) -> Any:
    if isinstance(row, paper.AwardRow):
        return replace(row, why="")
    return replace(row, note="") if isinstance(row, paper.StandingRow) else row


def _subject(row: Any) -> str:
    return str(getattr(row, "code", getattr(row, "number", "")))


def _without_names(row: Any) -> Any:
    names = ("title", "author", "unit", "username", "name")
    return replace(row, **{name: "" for name in names if hasattr(row, name)})
