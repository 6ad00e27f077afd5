"""Interactions of the posted works: which readings count, and their freeze after the cut-off."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from core.desk import authorization, context
from core.desk.checkpoints import Occasion, checkpoint
from core.desk.context import ledger_time, written_at
from core.rules import permissions
from core.rules.access import Principal
from core.rules.contest import Contest
from core.rules.ids import EntryId
from core.rules.interactions import (
    Count,
    EnteredReading,
    Reading,
    ReadingState,
    counted,
    in_force,
    in_time,
    to_review,
)
from core.rules.permissions import must
from core.rules.words import Moment, Refusal
from core.store.engine import Store, WriteTransaction
from core.store.events import payloads
from core.store.queries import readings


class UnknownWork(Refusal):
    """No work has this code."""

    def __init__(self, code: str) -> None:
        super().__init__("Không có tác phẩm mang mã {code}.", code=code)


class InteractionsFrozen(Refusal):
    """No reading can be entered after the freeze."""

    def __init__(self, frozen_at: datetime) -> None:
        super().__init__("Lượt tương tác đã chốt lúc {frozen_at}; không nhập thêm được.", frozen_at=Moment(frozen_at))


class CutOffNotReached(Refusal):
    """The interactions cannot be frozen before the regulation's cut-off."""

    def __init__(self, closes: datetime) -> None:
        super().__init__("Thể lệ chốt tương tác lúc {closes}; trước giờ đó chưa thể chốt.", closes=Moment(closes))


@dataclass(frozen=True, slots=True)
class Entered:
    """A reading as the page shows it: who entered it, when, and whether it is the one that counts."""

    reading: Reading
    number: int  # its id
    entered_by: str
    entered_at: datetime
    counts: bool
    late: bool  # taken after the cut-off: shown, not counted
    state: ReadingState
    waits: bool  # somebody else has to confirm or reject it
    stands: bool  # confirmed, and no confirmed reading corrects it
    corrected: bool  # another reading corrects it
    row: readings.ReadingRow


@dataclass(frozen=True, slots=True)
class PostedWork:
    """A work, its weighted count now (None: no reading was taken in time), and all its readings."""

    code: str
    title: str
    weighted: int | None
    history: tuple[Entered, ...]  # newest entry first


@dataclass(frozen=True, slots=True)
class Counts:
    """The interactions of every work, and what this reader may do with them."""

    works: tuple[PostedWork, ...]
    weights: tuple[tuple[str, int], ...]  # kind, weight
    closes: datetime | None
    frozen_at: datetime | None
    may_enter: bool
    may_freeze: bool


def counts(store: Store, who: Principal, now: datetime) -> Counts:
    """Every reading, and which ones count. Raises NotAllowed; judges never see them."""
    must(permissions.may_see_interactions(who))
    with store.read() as connection:
        facts = context.contest_state_in(connection)
        rows, works = readings.readings(connection), readings.works(connection)
    computed = counted(facts.contest, counting(rows))
    read: dict[str, list[readings.ReadingRow]] = {work.code: [] for work in works}
    for row in rows:
        read[row.entry].append(row)
    frozen, closes = facts.interactions_frozen_at, _closes(facts.contest)
    return Counts(
        works=tuple(_posted(facts.contest, work, read[work.code], computed.get(EntryId(work.code))) for work in works),
        weights=tuple(facts.contest.interactions.weights.items()),
        closes=closes,
        frozen_at=frozen,
        may_enter=frozen is None and permissions.may_enter_interactions(who),
        may_freeze=frozen is None and permissions.may_freeze_interactions(who) and _reached(closes, now),
    )


def freeze(store: Store, who: Principal, now: datetime) -> None:
    """Freeze the interactions, after the cut-off only: the confirmed readings taken in time are final.

    The event names the readings that nobody has confirmed; they do not count.

    Raises NotAllowed, CutOffNotReached, InteractionsFrozen.
    """
    must(permissions.may_freeze_interactions(who))
    contest = context.contest(store)
    closes = _closes(contest)

    def act(transaction: WriteTransaction) -> None:
        if closes is not None and not _reached(closes, ledger_time(transaction, now)):
            raise CutOffNotReached(closes)
        must_not_be_frozen(transaction)
        rows = readings.readings(transaction.connection)
        payload = payloads.CountsFrozen(weights_of(counted(contest, counting(rows))), waiting_numbers(rows))
        row = transaction.record(at=written_at(transaction, now), actor=who.username, payload=payload)
        readings.freeze(transaction.connection, row.at, who.username)
        checkpoint(transaction, row.at, Occasion.FREEZE)

    authorization.change(store, who, permissions.may_freeze_interactions, now, act)


def weights_of(computed: Mapping[EntryId, Count]) -> list[tuple[str, int]]:
    """(code, weighted count) of each work in the order of the codes, as recorded in the ledger."""
    return [(code, count.weighted) for code, count in sorted(computed.items())]


def counting(rows: Iterable[readings.ReadingRow]) -> list[Reading]:
    """The readings that count, of all stored ones: see `core.rules.interactions.in_force`."""
    return [each.reading for each in in_force(map(as_entered, rows))]


def as_entered(row: readings.ReadingRow) -> EnteredReading:
    """A stored reading as an object of the rules. One of a release without confirmation is confirmed."""
    waiting = ReadingState.WAITING if row.detail else ReadingState.CONFIRMED
    state = ReadingState(row.verdict) if row.verdict else waiting
    return EnteredReading(row.id, _reading(row), state, row.detail.corrects if row.detail else None)


def waiting_numbers(rows: Iterable[readings.ReadingRow]) -> list[tuple[str, int]]:
    """(code, number in the work) of each reading that waits for confirmation, as recorded in the ledger."""
    entered = {row.id: row for row in rows}
    return sorted(
        (entered[each.number].entry, entered[each.number].number)
        for each in to_review(map(as_entered, entered.values()))
    )


def must_not_be_frozen(transaction: WriteTransaction) -> None:
    """Raises InteractionsFrozen."""
    frozen = context.moment(readings.frozen_at(transaction.connection))
    if frozen is not None:
        raise InteractionsFrozen(frozen)


def _reading(row: readings.ReadingRow) -> Reading:
    return Reading(EntryId(row.entry), datetime.fromtimestamp(row.taken_at / 1000, UTC), **row.counts)


def _posted(
    contest: Contest, work: readings.PostedWork, rows: Sequence[readings.ReadingRow], count: Count | None
) -> PostedWork:
    confirmed = {each.number for each in in_force(map(as_entered, rows))}
    chosen = next(
        (row for row in reversed(rows) if count and row.id in confirmed and _reading(row) == count.reading), None
    )
    to_be_reviewed = {each.number for each in to_review(map(as_entered, rows))}
    history = tuple(
        _entered(contest, row, row is chosen, row.id in to_be_reviewed, row.id in confirmed) for row in reversed(rows)
    )
    return PostedWork(work.code, work.title, count.weighted if count else None, history)


def _entered(contest: Contest, row: readings.ReadingRow, counts_now: bool, waits: bool, stands: bool) -> Entered:
    reading = _reading(row)
    return Entered(
        reading=reading,
        number=row.id,
        entered_by=row.entered_by,
        entered_at=datetime.fromtimestamp(row.entered_at / 1000, UTC),
        counts=counts_now,
        late=not in_time(contest, reading.taken_at),
        state=as_entered(row).state,
        waits=waits,
        stands=stands,
        corrected=not waits and not stands and row.verdict != ReadingState.REJECTED.value,
        row=row,
    )


def _closes(contest: Contest) -> datetime | None:
    return contest.phases.interactions_close if contest.phases else None


def _reached(closes: datetime | None, now: datetime) -> bool:
    """True once the cut-off has passed, or there is none; a reading in the cut-off's own second is still in time."""
    return closes is None or now.replace(microsecond=0) > closes
