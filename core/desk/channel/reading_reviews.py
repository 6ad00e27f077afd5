"""Confirming and rejecting readings: by another person than who entered them (four-eyes rule)."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from core.desk import authorization
from core.desk.channel.reading_refusals import EnteredByYourself, NotWaiting
from core.desk.context import written_at
from core.desk.interactions import as_entered, must_not_be_frozen
from core.desk.judging.judge_assignment import required_reason
from core.rules import permissions
from core.rules.access import Principal
from core.rules.interactions import ReadingState, to_review
from core.rules.permissions import must
from core.store.engine import Store, WriteTransaction
from core.store.events.payloads import ReadingConfirmed, ReadingRejected
from core.store.queries import readings
from core.store.queries.readings import ReadingRow

MOST_AT_ONCE = 500


def confirm(store: Store, who: Principal, numbers: Sequence[int], now: datetime) -> int:
    """Confirm the readings with these ids, all or none: they count from now on. Returns how many.

    Raises NotAllowed, NotWaiting, EnteredByYourself, InteractionsFrozen.
    """
    must(permissions.may_review_readings(who))

    def act(transaction: WriteTransaction) -> int:
        at, found = written_at(transaction, now), _waiting(transaction, who, set(numbers))
        for row in found:
            verdict = ReadingState.CONFIRMED.value
            readings.insert_review(transaction.connection, row.id, verdict, None, who.username, at)
            transaction.record(at=at, actor=who.username, payload=ReadingConfirmed(row.entry, row.number))
        return len(found)

    return authorization.change(store, who, permissions.may_review_readings, now, act)


def reject(store: Store, who: Principal, number: int, reason: str, now: datetime) -> None:
    """Reject the reading with this id: it is shown and never counts.

    Raises NotAllowed, NotWaiting, EnteredByYourself, InteractionsFrozen, ReasonMissing, BadText.
    """
    must(permissions.may_review_readings(who))
    why = required_reason(reason)

    def act(transaction: WriteTransaction) -> None:
        (row,) = _waiting(transaction, who, {number})
        at, verdict = written_at(transaction, now), ReadingState.REJECTED.value
        readings.insert_review(transaction.connection, row.id, verdict, why, who.username, at)
        payload = ReadingRejected(row.entry, row.number, transaction.commit_text(why))
        transaction.record(at=at, actor=who.username, payload=payload)

    authorization.change(store, who, permissions.may_review_readings, now, act)


def waiting_rows(rows: Iterable[ReadingRow]) -> list[ReadingRow]:
    """The rows that wait for confirmation, in the order they were entered."""
    entered = {row.id: row for row in rows}
    return [entered[each.number] for each in to_review(map(as_entered, entered.values()))]


def _waiting(transaction: WriteTransaction, who: Principal, numbers: set[int]) -> list[ReadingRow]:
    """The rows of these ids. Raises NotWaiting, EnteredByYourself, InteractionsFrozen."""
    must_not_be_frozen(transaction)
    found = [row for row in waiting_rows(readings.readings(transaction.connection)) if row.id in numbers]
    if not numbers or {row.id for row in found} != numbers:
        raise NotWaiting
    if not all(permissions.may_review_readings(who, row.username) for row in found):
        raise EnteredByYourself
    return found
