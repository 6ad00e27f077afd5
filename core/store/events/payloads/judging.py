"""Payloads: assignments, recusals, sheets, notes and opened films."""

from msgspec import field

from core.store.events.payloads.base import Commitment, Count, Payload, Person


class JudgeAssigned(Payload, frozen=True):
    """A judge was assigned to these works; `chief`: the contest file names this judge to break ties."""

    judge: Person
    entries: list[str]
    chief: bool = False
    reason: Commitment | None = None


class JudgeUnassigned(Payload, frozen=True):
    """A judge who has sealed nothing was unassigned from these works."""

    judge: Person
    entries: list[str]


class RecusalDeclared(Payload, frozen=True):
    """A judge was recused from a work, by themselves or by somebody else."""

    judge: Person
    entry: str
    reason: Commitment


class SheetDrafted(Payload, frozen=True):
    """A judge saved a draft: the marks that changed (null: deleted), and the criteria whose remarks changed."""

    judge: Person
    entry: str
    version: Count
    marks: dict[str, Count | None] = field(default_factory=dict)
    remarks: list[str] = field(default_factory=list)


class SheetSealed(Payload, frozen=True):
    """A sheet was submitted: all marks, and the commitment to the JSON of its remarks."""

    judge: Person
    entry: str
    revision: Count
    marks: dict[str, Count]
    remarks: Commitment
    watched_share: Count  # basis points of the film


class SheetReturned(Payload, frozen=True):
    """A submitted sheet was returned to the judge."""

    judge: Person
    entry: str
    revision: Count
    reason: Commitment


class NoteAdded(Payload, frozen=True):
    """A judge added a private note at position `at_ms` of the film."""

    judge: Person
    entry: str
    note: Count
    at_ms: Count


class NoteRemoved(Payload, frozen=True):
    """A judge removed a private note."""

    judge: Person
    entry: str
    note: Count


class FilmOpened(Payload, frozen=True):
    """A person opened a work's film."""

    entry: str
