"""Compares the confirmed award table with a recount from the stored marks, counts and decisions."""

from collections.abc import Collection, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from core.desk.award_table import award_document, gather
from core.desk.context import ContestState
from core.papers import document as paper
from core.papers import document_text
from core.papers.public_document import public_document
from core.rules.words import Sentence
from core.store import ledger_rows, publications
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
    """A sentence for each part of the confirmed table that differs from its recount; `state` is the ledger's replay.

    Explaining sentences are not compared, because a later release may word them differently. The document's hash in the
    ledger protects them.
    """
    confirmed = awards.confirmed(connection) if (1,) in state["award_table"] else None
    if confirmed is None:
        return
    try:
        stored = document_text.read(confirmed.document)
    except ValueError:
        yield Sentence("Bảng trao giải đã xác nhận: nội dung lưu không đúng dạng của phiên bản, không đọc được.")
        return
    recount = _recounted(connection, facts, confirmed)
    differing = [*_of_sections(stored, recount)]
    differing += [PROOF] if stored.proof != recount.proof else []
    differing += [CONFIRMED_BY] if confirmed.confirmed_by not in {stored.confirmed_by, ERASED} else []
    for part in differing:
        yield Sentence("Bảng trao giải đã xác nhận: {part} khác với kết quả tính lại.", {"part": part})
    if not stored.draft:
        yield from _of_publications(connection, public_document(stored))


def _of_publications(connection: Connection, expected: paper.AwardDocument) -> Iterator[Sentence]:
    """A sentence for each part of a published document that differs from the confirmed table."""
    for published in publications.publications(connection):
        try:
            document = document_text.read(publications.text(connection, published.id))
        except ValueError:
            facts = {"number": published.id}
            yield Sentence(
                "Lần công bố thứ {number}: nội dung lưu không đúng dạng của phiên bản, không đọc được.", facts
            )
            continue
        differing = [*_of_sections(document, expected)]
        differing += [PROOF] if document.proof != expected.proof else []
        differing += [CONFIRMED_BY] if document.confirmed_by != expected.confirmed_by else []
        for part in differing:
            said = {"number": published.id, "part": part}
            yield Sentence("Lần công bố thứ {number}: {part} khác với bảng trao giải đã xác nhận.", said)


def _recounted(connection: Connection, facts: ContestState, confirmed: awards.ConfirmedTable) -> paper.AwardDocument:
    """The recounted document, without the name of who confirmed it and without the salt: no recount can give them."""
    state = gather(connection, facts, with_interactions=True)
    before = ledger_rows.head_before(connection, confirmed.ledger_seq)
    proof = paper.Proof(facts.rule_card, before.seq, before.hash.hex())
    confirmed_at = datetime.fromtimestamp(confirmed.confirmed_at / 1000, UTC)
    return award_document(replace(state, proof=proof), confirmed_at, confirmed_by=None, salt="")


def _of_sections(stored: paper.AwardDocument, recount: paper.AwardDocument) -> Iterator[Sentence]:
    """The names of the parts that differ, with the section's heading if it has one."""
    if [(each.key, each.name) for each in stored.sections] != [(each.key, each.name) for each in recount.sections]:
        yield SECTIONS
        return
    pairs = zip(map(paper.by_number, stored.sections), map(paper.by_number, recount.sections), strict=True)
    for section, other in pairs:
        heading, erased = stored.heading(section), _erased(other)
        for part, name in PARTS.items():
            if _decisive(section, part, erased) != _decisive(other, part, erased):
                yield Sentence("{part} của hạng mục {section}", {"part": name, "section": heading}) if heading else name


def _erased(section: paper.Section) -> frozenset[str]:
    """Codes of works and pseudonyms of judges whose names were erased later; only the document still has the names."""
    works = {row.code for row in section.standings if row.title == ERASED}
    return frozenset(works | {judge.number for judge in section.judges if judge.name == ERASED})


def _decisive(section: paper.Section, part: str, erased: Collection[str]) -> object:
    """A part of the section without explaining sentences, and without names that were erased later."""
    value = getattr(section, part)
    if part == "withheld":
        return [(row.prize_name, row.quantity) for row in value]
    return [_without_names(row) if _subject(row) in erased else row for row in map(_unexplained, value)]


def _unexplained(row: Any) -> Any:
    if isinstance(row, paper.AwardRow):
        return replace(row, why="")
    return replace(row, note="") if isinstance(row, paper.StandingRow) else row


def _subject(row: Any) -> str:
    return str(getattr(row, "code", getattr(row, "number", "")))


def _without_names(row: Any) -> Any:
    names = ("title", "author", "unit", "username", "name")
    return replace(row, **{name: "" for name in names if hasattr(row, name)})
