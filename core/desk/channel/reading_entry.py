"""Entering readings of the works' posts: several at once, each good one stored, each bad one named."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import TypeVar

from core.desk import authorization
from core.desk.channel import reading_refusals as refusals
from core.desk.context import contest_state_in, ledger_time, millis, written_at
from core.desk.interactions import UnknownWork, as_entered, must_not_be_frozen
from core.desk.judging.judge_assignment import REASON_LENGTH, clean_text, required_reason
from core.rules import permissions
from core.rules.access import Principal
from core.rules.ids import EntryId
from core.rules.interaction_kinds import INTERACTION_KINDS
from core.rules.interactions import EnteredReading, Reading, ReadingState, in_force
from core.rules.permissions import must
from core.rules.readings.reading_counts import parse_count
from core.rules.readings.reading_questions import Question, questions
from core.rules.words import Refusal
from core.store.engine import Connection, Store, WriteTransaction
from core.store.events.payloads import ReadingEntered
from core.store.queries import readings
from core.store.queries.readings import Detail, PostedWork, ReadingRow

T = TypeVar("T")
ADDRESS_LENGTH = 300  # characters
WHOLE_ROW = "row"  # the key of a fault that no cell has
EXPLANATION, ADDRESS, SCREENSHOT, REASON = "explanation", "address", "screenshot", "reason"
_ADDRESS = re.compile(r"https://[A-Za-z0-9.-]+(?::[0-9]{1,5})?(?:[/?#]\S*)?")
_SHA256 = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class TypedReading:
    """One row as it was typed. `counts`: text by kind; one that the contest does not need may be missing, and is stored as 0.

    `seen`: the id of the work's newest reading on the page, 0 for none; None is not compared. `asked`: the keys of the
    questions that the person saw; None is not compared. `corrects`: the id of the reading to correct.
    """

    code: str
    counts: Mapping[str, str]
    explanation: str = ""
    address: str = ""
    screenshot: str = ""
    seen: int | None = None
    asked: frozenset[str] | None = None
    corrects: int | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class RowResult:
    """What became of a row: faults by cell (a kind of interaction, or WHOLE_ROW and its like), and what is asked.

    `fits`: it has no fault and every question is answered. `number` is the new reading's id, if it was stored.
    """

    code: str
    faults: Mapping[str, Refusal]
    questions: tuple[Question, ...]
    fits: bool
    number: int | None = None


@dataclass(slots=True)
class _Posts:
    """The works, and their readings in the order they were entered."""

    works: dict[str, PostedWork]
    rows: dict[str, list[ReadingRow]]
    library: Path | None  # where screenshots are; None: a reading cannot have one
    needed: frozenset[str]  # kinds of interaction whose count nobody may leave out
    done: set[str] = field(default_factory=set)  # codes of the rows so far


@dataclass(frozen=True, slots=True)
class _Checked:
    """A row, read: `reading` is None where a number is faulty."""

    result: RowResult
    reading: Reading | None = None
    detail: Detail | None = None


def examine(
    store: Store, who: Principal, typed: Sequence[TypedReading], taken_at: datetime, library: Path | None = None
) -> tuple[RowResult, ...]:
    """What `save` would say about each row now; nothing is stored. Raises NotAllowed."""
    must(permissions.may_enter_interactions(who))
    with store.read() as connection:
        posts = _posts(connection, library)
    return tuple(_checked(posts, row, taken_at).result for row in typed)


def save(
    store: Store,
    who: Principal,
    typed: Sequence[TypedReading],
    taken_at: datetime,
    now: datetime,
    library: Path | None = None,
) -> tuple[RowResult, ...]:
    """Store the rows that fit, in one transaction; the others are returned with their faults and questions.

    All were read at `taken_at`. A stored reading waits for another person's confirmation.
    Raises NotAllowed, TakenInTheFuture, InteractionsFrozen.
    """
    must(permissions.may_enter_interactions(who))

    def act(transaction: WriteTransaction) -> tuple[RowResult, ...]:
        if taken_at > ledger_time(transaction, now):
            raise refusals.TakenInTheFuture(taken_at)
        must_not_be_frozen(transaction)
        posts = _posts(transaction.connection, library)
        return tuple(
            _stored(transaction, posts, who, _checked(posts, row, taken_at), written_at(transaction, now))
            for row in typed
        )

    return authorization.change(store, who, permissions.may_enter_interactions, now, act)


def enter(  # a row's parts
    store: Store,
    who: Principal,
    code: str,
    counts: Mapping[str, str],
    taken_at: datetime,
    now: datetime,
    explanation: str = "",
) -> int:
    """Store one reading of a work's post; returns its id. `counts` holds the text for each of INTERACTION_KINDS.

    Raises NotAllowed, BadCount, TakenInTheFuture, InteractionsFrozen, UnknownWork, QuestionsOpen, BadText.
    """
    (result,) = save(store, who, [TypedReading(code, counts, explanation)], taken_at, now)
    for fault in result.faults.values():
        raise fault
    if result.number is None:
        raise refusals.QuestionsOpen(result.questions)
    return result.number


def _posts(connection: Connection, library: Path | None) -> _Posts:
    works = {work.code: work for work in readings.works(connection)}
    rows: dict[str, list[ReadingRow]] = {code: [] for code in works}
    for row in readings.readings(connection):
        rows[row.entry].append(row)
    weighed = contest_state_in(connection).contest.interactions
    return _Posts(works, rows, library, frozenset(filter(weighed.needs, INTERACTION_KINDS)))


def _checked(posts: _Posts, row: TypedReading, taken_at: datetime) -> _Checked:
    """Read one row: its numbers, its texts, and what is asked about it."""
    faults = _row_fault(posts, row)
    if faults:
        return _Checked(RowResult(row.code, faults, (), fits=False))
    posts.done.add(row.code)
    counts = _read(
        faults,
        {key: (parse_count, row.counts.get(key, "" if key in posts.needed else "0")) for key in INTERACTION_KINDS},
    )
    texts = _read(
        faults,
        {
            EXPLANATION: (_optional, row.explanation),
            ADDRESS: (_address, row.address),
            SCREENSHOT: (lambda text: _screenshot(posts, text), row.screenshot),
            REASON: (_optional if row.corrects is None else required_reason, row.reason),
        },
    )
    if faults:
        return _Checked(RowResult(row.code, faults, (), fits=False))
    reading = Reading(EntryId(row.code), taken_at.astimezone(UTC), **counts)
    asked = questions(_earlier(posts.rows[row.code], reading, row.corrects), reading)
    new = row.asked is not None and any(each.key not in row.asked for each in asked)
    fits = not asked or (bool(texts[EXPLANATION]) and not new)
    explanation, reason, address, screenshot = (
        texts[name] or None for name in (EXPLANATION, REASON, ADDRESS, SCREENSHOT)
    )
    keys = tuple(each.key for each in asked)
    detail = Detail(row.corrects, keys, explanation, reason, address, screenshot)
    return _Checked(RowResult(row.code, {}, asked, fits), reading, detail)


def _read(faults: dict[str, Refusal], cells: Mapping[str, tuple[Callable[[str], T], str]]) -> dict[str, T]:
    """Read each cell with its function; a refusal goes to `faults`."""
    found: dict[str, T] = {}
    for name, (read, text) in cells.items():
        try:
            found[name] = read(text)
        except Refusal as refused:
            faults[name] = refused
    return found


def _row_fault(posts: _Posts, row: TypedReading) -> dict[str, Refusal]:
    """What is wrong with the row as a whole; empty if nothing is."""
    if row.code not in posts.works:
        return {WHOLE_ROW: UnknownWork(row.code)}
    if row.code in posts.done:
        return {WHOLE_ROW: refusals.WorkTwice()}
    known = posts.rows[row.code]
    if row.seen is not None and known and known[-1].id != row.seen:
        return {WHOLE_ROW: refusals.EnteredMeanwhile(known[-1].entered_by)}
    if row.corrects is not None and not _correctable(known, row.corrects):
        return {WHOLE_ROW: refusals.NothingToCorrect()}
    return {}


def _correctable(rows: Sequence[ReadingRow], number: int) -> bool:
    entered = [as_entered(row) for row in rows]
    taken = {each.corrects for each in entered if each.state is not ReadingState.REJECTED}
    return number not in taken and any(
        each.number == number and each.state is not ReadingState.REJECTED for each in entered
    )


def _earlier(rows: Sequence[ReadingRow], reading: Reading, corrects: int | None) -> list[Reading]:
    """The confirmed readings of the work up to this one's time, without the one that it corrects."""
    known: list[EnteredReading] = [each for each in in_force(map(as_entered, rows)) if each.number != corrects]
    found = [each.reading for each in known if each.reading.taken_at <= reading.taken_at]
    return sorted(found, key=lambda each: each.taken_at)


def _stored(transaction: WriteTransaction, posts: _Posts, who: Principal, row: _Checked, at: int) -> RowResult:
    result, reading, detail = row.result, row.reading, row.detail
    if not result.fits or reading is None or detail is None:
        return result
    code, taken_at = result.code, millis(reading.taken_at)
    numbers = {each.id: each.number for each in posts.rows[code]}
    number = readings.insert_reading(
        transaction.connection, posts.works[code].id, taken_at, reading.counts, detail, who.username, at
    )
    explanation, reason, address = (
        None if text is None else transaction.commit_text(text)
        for text in (detail.explanation, detail.reason, detail.address)
    )
    payload = ReadingEntered(
        code, taken_at, **reading.counts, corrects=None if detail.corrects is None else numbers[detail.corrects],
        questions=list(detail.questions), explanation=explanation, reason=reason, address=address,
        screenshot=detail.screenshot,
    )  # fmt: skip
    transaction.record(at=at, actor=who.username, payload=payload)
    return RowResult(code, {}, result.questions, fits=True, number=number)


def _optional(text: str) -> str:
    return clean_text(text, limit=REASON_LENGTH)


def _address(text: str) -> str:
    typed = text.strip()
    if typed and (len(typed) > ADDRESS_LENGTH or not typed.isprintable() or not _ADDRESS.fullmatch(typed)):
        raise refusals.BadAddress
    return typed


def _screenshot(posts: _Posts, text: str) -> str:
    if text and not (posts.library and _SHA256.fullmatch(text) and (posts.library / f"{text}.jpg").is_file()):
        raise refusals.NoScreenshot
    return text
