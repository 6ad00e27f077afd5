"""The public form's door: open or closed, and the code that units are asked for."""

from dataclasses import dataclass
from datetime import datetime

from core.desk import authorization, context
from core.rules.access import Principal
from core.rules.contest import Contest
from core.rules.entries.form import cleaned
from core.rules.permissions import may_register_works, must
from core.rules.words import Refusal
from core.store.engine import Store, WriteTransaction
from core.store.events.payloads import EntryDoorSet
from core.store.queries import submissions as rows
from core.store.queries.submissions import Door as Door  # noqa: PLC0414  # core.web names it without the store

LONGEST_CODE = 40


class CodeTooLong(Refusal):
    """The units' code is longer than anybody types."""

    def __init__(self) -> None:
        super().__init__("Mã của đơn vị dài nhất {most} ký tự.", most=LONGEST_CODE)


class DoorChanged(Refusal):
    """Somebody else has set the door since the page was read."""

    def __init__(self) -> None:
        super().__init__("Người khác vừa đặt lại lối nộp trực tuyến; hãy tải lại trang rồi xem lại.")


@dataclass(frozen=True, slots=True)
class FormState:
    """What the public page needs to know before the form is filled in."""

    contest: Contest
    open: bool
    asks_code: bool
    now: datetime  # on the desk's clock
    published: bool  # the result is public


def form_state(store: Store, now: datetime) -> FormState:
    """The contest, and whether works can be entered now. Raises NoContest."""
    with store.read() as connection:
        door = rows.door(connection)
        facts = context.contest_state_in(connection)
    return FormState(facts.contest, door.open, bool(door.code), now, facts.published_at is not None)


def door_of(store: Store, who: Principal) -> Door:
    """The door as the office sees it, with the code. Raises NotAllowed."""
    must(may_register_works(who))
    with store.read() as connection:
        return rows.door(connection)


def set_door(store: Store, who: Principal, *, opened: bool, code: str, now: datetime, seen: Door | None = None) -> Door:
    """Open or close the public form, and set the code it asks for; empty: none. Returns the door as it is stored.

    `seen`: the door that the page showed; None: whatever it is. Raises NotAllowed, CodeTooLong, DoorChanged.
    """
    asked = cleaned(code).replace("\n", " ")
    if len(asked) > LONGEST_CODE:
        raise CodeTooLong

    def act(transaction: WriteTransaction) -> Door:
        if seen is not None and rows.door(transaction.connection) != seen:
            raise DoorChanged
        committed, door = transaction.commit_text(asked) if asked else None, Door(opened, asked)
        rows.set_door(transaction.connection, door)
        payload = EntryDoorSet(opened, committed)
        transaction.record(at=context.written_at(transaction, now), actor=who.username, payload=payload)
        return door

    return authorization.change(store, who, may_register_works, now, act)
