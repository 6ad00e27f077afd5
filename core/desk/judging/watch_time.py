"""Watching: what the player reports is counted no faster than time passes; notes lie at moments of the film."""

from collections.abc import Sequence
from datetime import datetime

from core.desk.context import millis, written_at
from core.desk.judging import judge_assignment
from core.desk.judging.judge_assignment import BadText
from core.rules.access import Principal
from core.rules.judging import watch_time
from core.rules.judging.watch_time import Interval
from core.rules.words import Refusal
from core.store.engine import Store, WriteTransaction
from core.store.events.payloads import NoteAdded, NoteRemoved
from core.store.queries import watch_time as kept
from core.store.queries.watch_time import Note

NOTES_LIMIT = 200
NOTE_LENGTH = 500


class BadReport(Refusal):
    """A report of what was played that no player sends."""

    def __init__(self) -> None:
        super().__init__("Báo cáo xem phim không đúng dạng.")


class TooManyNotes(Refusal):
    """A judge keeps a bounded number of notes on a work."""

    def __init__(self) -> None:
        super().__init__("Mỗi tác phẩm ghi được tối đa {limit} ghi chú.", limit=NOTES_LIMIT)


def begin(store: Store, who: Principal, code: str, now: datetime) -> None:
    """The judge opens the film: from now on, time passing earns credit."""
    with store.read() as connection:
        seat = judge_assignment.taken(connection, who, code)
    if watch_time.opened(seat.watched, millis(now)) == seat.watched:
        return

    def act(unit: WriteTransaction) -> None:
        seat = judge_assignment.own(unit, who, code, now)
        kept.put_watched(unit.connection, seat.judge_id, seat.work.id, watch_time.opened(seat.watched, millis(now)))

    store.change(act)


def report(store: Store, who: Principal, code: str, played: Sequence[Interval], now: datetime) -> int:
    """Count what was played; answers the share watched, in basis points. Nothing is earned before `begin`."""
    if any(not 0 <= start <= end for start, end in played):
        raise BadReport

    def act(unit: WriteTransaction) -> int:
        seat = judge_assignment.own(unit, who, code, now)
        before = watch_time.opened(None, millis(now)) if seat.watched is None else seat.watched
        elsewhere = kept.last_credited(unit.connection, seat.judge_id, seat.work.id, millis(now))
        after = watch_time.reported(before, played, seat.work.milliseconds, millis(now), elsewhere)
        if after != before or seat.watched is None:
            kept.put_watched(unit.connection, seat.judge_id, seat.work.id, after)
        return watch_time.share(after.milliseconds, seat.work.milliseconds)

    return store.change(act)


def add_note(store: Store, who: Principal, code: str, at_ms: int, text: str, now: datetime) -> Note:
    """Keep the judge's own note at a moment of the film."""
    said = judge_assignment.words(text, limit=NOTE_LENGTH)
    if not said:
        raise BadText("Ghi chú chưa có nội dung.")

    def act(unit: WriteTransaction) -> Note:
        seat = judge_assignment.own(unit, who, code, now)
        if not 0 <= at_ms <= seat.work.milliseconds:
            raise BadText("Ghi chú phải nằm trong thời lượng của tác phẩm.")
        if len(kept.notes(unit.connection, seat.judge_id, seat.work.id)) >= NOTES_LIMIT:
            raise TooManyNotes
        note = kept.add_note(unit.connection, seat.judge_id, seat.work.id, at_ms, said)
        payload = NoteAdded(seat.pseudonym, seat.work.code, note.id, at_ms)
        unit.record(at=written_at(unit, now), actor=who.username, payload=payload, pseudonym=seat.pseudonym)
        return note

    return store.change(act)


def remove_note(store: Store, who: Principal, code: str, note_id: int, now: datetime) -> None:
    """Remove the judge's own note; removing it twice is no error."""

    def act(unit: WriteTransaction) -> None:
        seat = judge_assignment.own(unit, who, code, now)
        if kept.remove_note(unit.connection, seat.judge_id, seat.work.id, note_id):
            payload = NoteRemoved(seat.pseudonym, seat.work.code, note_id)
            unit.record(at=written_at(unit, now), actor=who.username, payload=payload, pseudonym=seat.pseudonym)

    store.change(act)
