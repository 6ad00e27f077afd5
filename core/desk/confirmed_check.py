"""The confirmed award table held against a recount: what it gives must follow from the marks, counts and decisions again."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime

from core.desk.award_table import drawn, gather
from core.desk.house import Circumstances
from core.papers import document as paper
from core.papers import document_text
from core.rules.words import Sentence
from core.store import awards
from core.store.engine import Connection
from core.store.replay.state import FORMAT, State

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


def differences(connection: Connection, facts: Circumstances, state: State) -> Iterator[Sentence]:
    """Where the confirmed table says something else than its recount; `state`: what the ledger amounts to.

    The sentences that explain are left out: a later release may word them otherwise, and the document's hash is in the
    ledger. A table confirmed by a release that ranked by older rules (format 1) has its hash alone.
    """
    made = state["award_table"].get((1,))
    kept = awards.confirmed(connection) if made and made["format"] >= FORMAT else None
    if made is None or kept is None:
        return
    try:
        stored = document_text.read(kept.document)
    except ValueError:
        yield Sentence("Bảng trao giải đã xác nhận: nội dung lưu không đúng dạng của phiên bản, không đọc được.")
        return
    again = _recounted(connection, facts, kept)
    differing = [*_of_sections(stored, again)]
    differing += [PROOF] if stored.proof != again.proof else []
    differing += [CONFIRMED_BY] if stored.confirmed_by != kept.confirmed_by else []
    for part in differing:
        yield Sentence("Bảng trao giải đã xác nhận: {part} khác với kết quả tính lại.", {"part": part})


def _recounted(connection: Connection, facts: Circumstances, kept: awards.ConfirmedTable) -> paper.AwardDocument:
    """The document without who confirmed it and without its salt, which no recount gives."""
    gathered = gather(connection, facts, with_interactions=True)
    before = awards.head_before(connection, kept.ledger_seq)
    proof = paper.Proof(facts.rule_card, before.seq, before.hash.hex())
    confirmed_at = datetime.fromtimestamp(kept.confirmed_at / 1000, UTC)
    return drawn(replace(gathered, proof=proof), confirmed_at, confirmed_by=None, salt="")


def _of_sections(stored: paper.AwardDocument, again: paper.AwardDocument) -> Iterator[Sentence]:
    """The parts of each section that are not the same; with the section's name where there are several."""
    if [(each.key, each.name) for each in stored.sections] != [(each.key, each.name) for each in again.sections]:
        yield SECTIONS
        return
    for section, other in zip(stored.sections, again.sections, strict=True):
        heading = stored.heading(section)
        for part, name in PARTS.items():
            if _decisive(section, part) != _decisive(other, part):
                yield Sentence("{part} của hạng mục {section}", {"part": name, "section": heading}) if heading else name


def _decisive(section: paper.Section, part: str) -> object:
    """A part of the section without the sentences that explain it."""
    value = getattr(section, part)
    if part == "awards":
        return [replace(row, why="") for row in value]
    if part == "withheld":
        return [(row.prize_name, row.quantity) for row in value]
    if part == "standings":
        return [replace(row, note="") for row in value]
    return value
