"""The register of ledger events: each has one entry here, and everything that depends on an event reads it there.

To add an event: a payload class (`payloads`), an entry in EVENTS, what it does to the tables (`core.store.replay`), and who
may do it (`core.desk.maintenance.conduct`). Tests fail while one of them is missing.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum
from typing import get_args

import msgspec
import rfc8785

from core.rules.words import Refusal
from core.store.events import payloads as p
from core.store.events.payloads import Commitment, Payload
from core.store.ledger import Chain, Row


class Touches(Enum):
    """What an event may change of the live standings and the award table."""

    ENTRY = "entry"  # the one work its payload names
    REBUILD = "rebuild"  # which works there are, or who marks them
    AWARDS = "awards"  # counts, decisions, closings
    PEOPLE = "people"  # accounts: what a person is called, and what they may
    NOTHING = "nothing"


@dataclass(frozen=True, slots=True)
class Event:
    """A kind of ledger row. `payload` is the newest version's class, `earlier` those of the versions before, from 1."""

    name: str
    chain: Chain
    payload: type[Payload]
    touches: Touches
    version: int = 1
    earlier: tuple[type[Payload], ...] = ()
    ends_with_awards: bool = False  # not done any more once the award table is confirmed
    by_confirmed: bool = False  # not done by an account that waits to be confirmed
    logged: bool = True  # has a line in the log of acts

    def payload_class(self, version: int) -> type[Payload]:
        """The class of this version of the payload. Raises UnknownEvent."""
        classes = (*self.earlier, self.payload)
        if not 1 <= version <= len(classes):
            raise UnknownEvent(self.name, version)
        return classes[version - 1]


class UnknownEvent(Refusal):
    """No such event, or no such version of it: a later release wrote the row, or no release did."""

    def __init__(self, name: str, version: int) -> None:
        super().__init__("Sự kiện {name} (bản {version}) không có trong chương trình này.", name=name, version=version)


def _result(name: str, payload: type[Payload], touches: Touches, *, by_confirmed: bool = True) -> Event:
    return Event(name, Chain.RESULT, payload, touches, ends_with_awards=True, by_confirmed=by_confirmed)


def _audit(name: str, payload: type[Payload], touches: Touches = Touches.NOTHING, *, logged: bool = True) -> Event:
    return Event(name, Chain.AUDIT, payload, touches, logged=logged)


_ALL = (
    _result("contest.opened", p.ContestOpened, Touches.REBUILD, by_confirmed=False),
    _result("entry.added", p.EntryAdded, Touches.REBUILD, by_confirmed=False),
    _result("entry.corrected", p.EntryCorrected, Touches.REBUILD, by_confirmed=False),
    _result("entry.film_replaced", p.FilmReplaced, Touches.REBUILD, by_confirmed=False),
    _result("judge.assigned", p.JudgeAssigned, Touches.REBUILD, by_confirmed=False),
    _result("judge.unassigned", p.JudgeUnassigned, Touches.REBUILD, by_confirmed=False),
    _result("recusal.declared", p.RecusalDeclared, Touches.ENTRY, by_confirmed=False),
    _result("sheet.sealed", p.SheetSealed, Touches.ENTRY),
    _result("sheet.returned", p.SheetReturned, Touches.ENTRY),
    _result("judging.closed", p.RoundClosed, Touches.AWARDS),
    _result("reading.entered", p.ReadingEntered, Touches.AWARDS),
    _result("interactions.frozen", p.CountsFrozen, Touches.AWARDS),
    _result("interactions.reopened", p.CountsReopened, Touches.AWARDS),
    _result("decision.made", p.DecisionMade, Touches.AWARDS),
    _result("decision.revoked", p.DecisionRevoked, Touches.AWARDS),
    _result("awards.confirmed", p.AwardsConfirmed, Touches.AWARDS),
    Event("checkpoint.made", Chain.RESULT, p.CheckpointMade, Touches.NOTHING, logged=False),
    Event("sheet.drafted", Chain.AUDIT, p.SheetDrafted, Touches.NOTHING, ends_with_awards=True, logged=False),
    _audit("note.added", p.NoteAdded, logged=False),
    _audit("note.removed", p.NoteRemoved, logged=False),
    _audit("film.opened", p.FilmOpened, logged=False),
    _audit("awards.exported", p.AwardsExported),
    _audit("demo.completed", p.DemoCompleted, Touches.REBUILD),
    _audit("account.added", p.AccountAdded, Touches.PEOPLE),
    _audit("account.roles_set", p.RolesSet, Touches.PEOPLE),
    _audit("account.deactivated", p.AccountDeactivated, Touches.PEOPLE),
    _audit("account.reactivated", p.AccountReactivated, Touches.PEOPLE),
    Event("account.confirmed", Chain.AUDIT, p.AccountConfirmed, Touches.PEOPLE, by_confirmed=True),
    _audit("account.password_changed", p.PasswordChanged),
    _audit("account.password_reset", p.PasswordReset),
    _audit("account.link_made", p.ResetLinkMade),
    _audit("account.link_used", p.ResetLinkUsed),
    _audit("session.began", p.SessionBegan, logged=False),
    _audit("session.ended", p.SessionEnded, logged=False),
    _audit("session.others_ended", p.OtherSessionsEnded, logged=False),
    _audit("session.denied", p.SignInDenied, logged=False),
    _audit("texts.erased", p.TextsErased, Touches.REBUILD),
)
EVENTS: dict[str, Event] = {event.name: event for event in _ALL}
_BY_PAYLOAD: dict[type[Payload], Event] = {event.payload: event for event in _ALL}


def event_of(payload: Payload) -> Event:
    """The event whose rows are written with this payload."""
    return _BY_PAYLOAD[type(payload)]


def encode(payload: Payload) -> str:
    """The payload as canonical JSON (RFC 8785)."""
    text = msgspec.json.encode(payload, order="sorted")  # 40 times faster, and of other order only beyond ASCII
    return text.decode() if text.isascii() else rfc8785.dumps(msgspec.to_builtins(payload)).decode()


def decode(row: Row) -> Payload:
    """What the row says, in the shape of its event and version. Raises UnknownEvent, or ValueError where it has another."""
    if row.event not in EVENTS:
        raise UnknownEvent(row.event, row.version)
    return msgspec.json.decode(row.payload, type=EVENTS[row.event].payload_class(row.version))


def entry_of(row: Row) -> str:
    """The code of the one work that a row of an event touching ENTRY is about."""
    return str(getattr(decode(row), "entry"))  # noqa: B009  # a test holds that every such payload has it


def names_touching(*touches: Touches) -> tuple[str, ...]:
    """The events that touch any of these."""
    return tuple(event.name for event in EVENTS.values() if event.touches in touches)


def commitments(payload: Payload) -> Iterator[str]:
    """The commitments to personal texts that a payload holds."""
    for field in msgspec.structs.fields(payload):
        value = getattr(payload, field.name)
        if value is not None and Commitment in (field.type, *get_args(field.type)):
            yield value
