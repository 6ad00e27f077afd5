"""Watch time and notes. Film time that the player reports is credited no faster than real time passes."""

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
from core.store.queries import watch_time as watch_rows
from core.store.queries.watch_time import Note

NOTES_LIMIT = 200
NOTE_LENGTH = 500


class BadReport(Refusal):
    """The report's intervals are not valid; no real player sends such a report."""

    def __init__(self) -> None:
        super().__init__("Báo cáo xem phim không đúng dạng.")


class TooManyNotes(Refusal):
    """The judge has NOTES_LIMIT notes on the work already."""

    def __init__(self) -> None:
        super().__init__("Mỗi tác phẩm ghi được tối đa {limit} ghi chú.", limit=NOTES_LIMIT)


def begin(store: Store, who: Principal, code: str, now: datetime) -> None:
    """The judge opens the film: time is credited from now on. Raises NotAllowed, NoSuchWork, SessionOver."""
    with store.read() as connection:
        assignment = judge_assignment.assignment_to_read(connection, who, code)
    if watch_time.resume(assignment.watched, millis(now)) == assignment.watched:
        return

    def act(transaction: WriteTransaction) -> None:
        assignment = judge_assignment.assignment_to_change(transaction, who, code, now)
        watch_rows.put_watched(
            transaction.connection,
            assignment.judge_id,
            assignment.work.id,
            watch_time.resume(assignment.watched, millis(now)),
        )

    store.change(act)


def report(store: Store, who: Principal, code: str, played: Sequence[Interval], now: datetime) -> int:
    """Credit the played intervals, in ms of the film; returns the share watched, in basis points.

    Nothing is credited before `begin`. Raises BadReport, NotAllowed, NoSuchWork, SessionOver.
    """
    if any(not 0 <= start <= end for start, end in played):
        raise BadReport

    def act(transaction: WriteTransaction) -> int:
        assignment = judge_assignment.assignment_to_change(transaction, who, code, now)
        before = watch_time.resume(None, millis(now)) if assignment.watched is None else assignment.watched
        elsewhere = watch_rows.last_credited(
            transaction.connection, assignment.judge_id, assignment.work.id, millis(now)
        )
        after = watch_time.credit_report(before, played, assignment.work.milliseconds, millis(now), elsewhere)
        if after != before or assignment.watched is None:
            watch_rows.put_watched(transaction.connection, assignment.judge_id, assignment.work.id, after)
        return watch_time.share(after.milliseconds, assignment.work.milliseconds)

    return store.change(act)


def add_note(store: Store, who: Principal, code: str, at_ms: int, text: str, now: datetime) -> Note:
    """Store the judge's own note at `at_ms` of the film.

    Raises BadText, TooManyNotes, NotAllowed, NoSuchWork, SessionOver.
    """
    cleaned = judge_assignment.clean_text(text, limit=NOTE_LENGTH)
    if not cleaned:
        raise BadText("Ghi chú chưa có nội dung.")

    def act(transaction: WriteTransaction) -> Note:
        assignment = judge_assignment.assignment_to_change(transaction, who, code, now)
        if not 0 <= at_ms <= assignment.work.milliseconds:
            raise BadText("Ghi chú phải nằm trong thời lượng của tác phẩm.")
        if len(watch_rows.notes(transaction.connection, assignment.judge_id, assignment.work.id)) >= NOTES_LIMIT:
            raise TooManyNotes
        note = watch_rows.add_note(transaction.connection, assignment.judge_id, assignment.work.id, at_ms, cleaned)
        payload = NoteAdded(assignment.pseudonym, assignment.work.code, note.id, at_ms)
        transaction.record(
            at=written_at(transaction, now), actor=who.username, payload=payload, pseudonym=assignment.pseudonym
        )
        return note

    return store.change(act)


def remove_note(store: Store, who: Principal, code: str, note_id: int, now: datetime) -> None:
    """Remove the judge's own note; removing it twice is not an error. Raises NotAllowed, NoSuchWork, SessionOver."""

    def act(transaction: WriteTransaction) -> None:
        assignment = judge_assignment.assignment_to_change(transaction, who, code, now)
        if watch_rows.remove_note(transaction.connection, assignment.judge_id, assignment.work.id, note_id):
            payload = NoteRemoved(assignment.pseudonym, assignment.work.code, note_id)
            transaction.record(
                at=written_at(transaction, now), actor=who.username, payload=payload, pseudonym=assignment.pseudonym
            )

    store.change(act)
