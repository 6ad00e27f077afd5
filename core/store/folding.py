"""The state that the ledger's events amount to: what the sheets, the sealed revisions and the marks must be."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from core.store.ledger import Row

Pair = tuple[str, str]  # judge's username, work's code
FOLDED = frozenset({"sheet.drafted", "sheet.sealed", "sheet.returned", "recusal.declared"})


@dataclass(slots=True)
class FoldedSheet:
    """A judge's sheet as the ledger tells it."""

    version: int = 0
    state: str = "draft"
    marks: dict[str, int] = field(default_factory=dict)
    revision: int = 0


@dataclass(slots=True)
class FoldedRevision:
    """A sealed sheet as the ledger tells it; of the remarks it holds the commitment alone."""

    marks: dict[str, int]
    remarks_sha256: str
    ledger_seq: int


@dataclass(slots=True)
class Fold:
    """Apply the ledger's rows in their order; afterwards it holds what the tables must say."""

    sheets: dict[Pair, FoldedSheet] = field(default_factory=dict)
    revisions: dict[tuple[str, str, int], FoldedRevision] = field(default_factory=dict)
    recused: set[Pair] = field(default_factory=set)
    counting: dict[Pair, dict[str, int]] = field(default_factory=dict)  # the marks that count, by criterion key

    def apply(self, row: Row) -> None:
        """Take one event in. Raises KeyError, TypeError or ValueError where its payload is not of its shape."""
        if row.event not in FOLDED:
            return
        told: dict[str, Any] = json.loads(row.payload)
        pair = (told["judge"], told["entry"])
        if row.event == "recusal.declared":
            self.recused.add(pair)
            self.counting.pop(pair, None)
            return
        sheet = self.sheets.setdefault(pair, FoldedSheet())
        if row.event == "sheet.drafted":
            self._draft(sheet, told)
        elif row.event == "sheet.sealed":
            self._seal(pair, sheet, told, row.seq)
        else:
            sheet.version, sheet.state = sheet.version + 1, "returned"
            self.counting.pop(pair, None)

    def _draft(self, sheet: FoldedSheet, told: dict[str, Any]) -> None:
        sheet.version = told["version"]
        sheet.marks = {key: mark for key, mark in {**sheet.marks, **told.get("marks", {})}.items() if mark is not None}

    def _seal(self, pair: Pair, sheet: FoldedSheet, told: dict[str, Any], seq: int) -> None:
        marks = dict(told["marks"])
        sheet.version, sheet.state, sheet.marks, sheet.revision = sheet.version + 1, "sealed", marks, told["revision"]
        self.revisions[*pair, told["revision"]] = FoldedRevision(marks, told["remarks_sha256"], seq)
        self.counting[pair] = marks

    def marks(self, criteria: Sequence[str]) -> dict[tuple[str, str, int], int]:
        """The rows of table `mark`: (judge, work, the criterion's position) to hundredths."""
        return {
            (judge, entry, criteria.index(key)): mark
            for (judge, entry), marks in self.counting.items()
            for key, mark in marks.items()
        }
