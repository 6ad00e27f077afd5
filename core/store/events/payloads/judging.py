"""Who marks what, and the sheets."""

from msgspec import field

from core.store.events.payloads.base import Commitment, Count, Payload, Person


class JudgeAssigned(Payload, frozen=True):
    """A judge is to mark these works; `chief` where the contest file names this judge to break ties."""

    judge: Person
    entries: list[str]
    chief: bool = False
    reason: Commitment | None = None


class JudgeUnassigned(Payload, frozen=True):
    """A judge who sealed nothing is no longer to mark these works."""

    judge: Person
    entries: list[str]


class RecusalDeclared(Payload, frozen=True):
    """A judge withdraws from a work, or is withdrawn."""

    judge: Person
    entry: str
    reason: Commitment


class SheetDrafted(Payload, frozen=True):
    """A judge's sheet as it is being filled in: the marks that changed (null: taken back), and which remarks changed."""

    judge: Person
    entry: str
    version: Count
    marks: dict[str, Count | None] = field(default_factory=dict)
    remarks: list[str] = field(default_factory=list)


class SheetSealed(Payload, frozen=True):
    """A submitted sheet: every mark, and the remarks as a commitment to their JSON."""

    judge: Person
    entry: str
    revision: Count
    marks: dict[str, Count]
    remarks: Commitment
    watched_share: Count  # basis points of the film


class SheetReturned(Payload, frozen=True):
    """A submitted sheet is handed back."""

    judge: Person
    entry: str
    revision: Count
    reason: Commitment


class NoteAdded(Payload, frozen=True):
    """A judge's own note at a moment of the film."""

    judge: Person
    entry: str
    note: Count
    at_ms: Count


class NoteRemoved(Payload, frozen=True):
    """A judge's own note is gone."""

    judge: Person
    entry: str
    note: Count


class FilmOpened(Payload, frozen=True):
    """A person opened a work's film."""

    entry: str
