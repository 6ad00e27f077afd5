"""Interactions of the posted works: entered by hand, stored unchanged, counted at the cut-off, then frozen."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from core.desk import authorization, context
from core.desk.checkpoints import checkpoint
from core.desk.context import ledger_time, millis, written_at
from core.rules import permissions
from core.rules.access import Principal
from core.rules.contest import Contest
from core.rules.ids import EntryId
from core.rules.interaction_kinds import INTERACTION_KINDS
from core.rules.interactions import Count, Reading, counted, in_time
from core.rules.permissions import must
from core.rules.words import Moment, Refusal
from core.store.engine import Store, WriteTransaction
from core.store.events import payloads
from core.store.events.payloads import ReadingEntered
from core.store.queries import readings

MOST = 10**12


class BadCount(Refusal):
    """A count that is not a whole number in plain digits, or is too large."""


class UnknownWork(Refusal):
    """No work has this code."""

    def __init__(self, code: str) -> None:
        super().__init__("Không có tác phẩm mang mã {code}.", code=code)


class TakenInTheFuture(Refusal):
    """The reading's time is later than now."""

    def __init__(self, taken_at: datetime) -> None:
        super().__init__(
            "Giờ ghi nhận {taken_at} ở sau thời điểm hiện tại; hãy nhập giờ đã đọc số liệu.", taken_at=Moment(taken_at)
        )


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
    entered_by: str
    entered_at: datetime
    counts: bool
    late: bool  # taken after the cut-off: shown, not counted


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
    computed = counted(facts.contest, tuple(map(as_reading, rows)))
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


def enter(store: Store, who: Principal, code: str, typed: dict[str, str], taken_at: datetime, now: datetime) -> Reading:
    """Store a reading of a work's post, taken at `taken_at`. `typed` holds the text for each of INTERACTION_KINDS.

    Raises NotAllowed, BadCount, TakenInTheFuture, InteractionsFrozen, UnknownWork.
    """
    must(permissions.may_enter_interactions(who))
    numbers = {kind: parse_count(typed.get(kind, "")) for kind in INTERACTION_KINDS}
    reading = Reading(entry=EntryId(code), taken_at=taken_at.astimezone(UTC), **numbers)

    def act(transaction: WriteTransaction) -> Reading:
        if taken_at > ledger_time(transaction, now):
            raise TakenInTheFuture(taken_at)
        _must_not_be_frozen(transaction)
        work = next((each for each in readings.works(transaction.connection) if each.code == code), None)
        if work is None:
            raise UnknownWork(code)
        row = readings.ReadingRow(
            code, millis(taken_at), **numbers, entered_by=who.name, entered_at=written_at(transaction, now)
        )
        readings.insert_reading(transaction.connection, work.id, row, who.username)
        payload = ReadingEntered(code, row.taken_at, **numbers)
        transaction.record(at=written_at(transaction, now), actor=who.username, payload=payload)
        return reading

    return authorization.change(store, who, permissions.may_enter_interactions, now, act)


def freeze(store: Store, who: Principal, now: datetime) -> None:
    """Freeze the interactions, after the cut-off only: the readings taken in time are final.

    Raises NotAllowed, CutOffNotReached, InteractionsFrozen.
    """
    must(permissions.may_freeze_interactions(who))
    contest = context.contest(store)
    closes = _closes(contest)

    def act(transaction: WriteTransaction) -> None:
        if closes is not None and not _reached(closes, ledger_time(transaction, now)):
            raise CutOffNotReached(closes)
        _must_not_be_frozen(transaction)
        computed = counted(contest, tuple(map(as_reading, readings.readings(transaction.connection))))
        payload = payloads.CountsFrozen(weights_of(computed))
        row = transaction.record(at=written_at(transaction, now), actor=who.username, payload=payload)
        readings.freeze(transaction.connection, row.at, who.username)
        checkpoint(transaction, row.at)

    authorization.change(store, who, permissions.may_freeze_interactions, now, act)


def parse_count(text: str) -> int:
    """Parse a count in plain digits: "1204", never "1.204", "1,2k" or "-3". Raises BadCount."""
    typed = text.strip()
    if not typed:
        raise BadCount("Còn ô chưa nhập; nếu không có lượt nào, hãy nhập 0.")
    if not (typed.isascii() and typed.isdigit()):
        raise BadCount(
            "“{typed}” không phải số nguyên không âm; hãy viết liền các chữ số, ví dụ 1204.", typed=typed[:40]
        )
    if len(typed) > len(str(MOST)) or int(typed) > MOST:
        raise BadCount("“{typed}” quá lớn, không thể là số lượt tương tác.", typed=typed[:40])
    return int(typed)


def weights_of(computed: Mapping[EntryId, Count]) -> list[tuple[str, int]]:
    """(code, weighted count) of each work in the order of the codes, as recorded in the ledger."""
    return [(code, count.weighted) for code, count in sorted(computed.items())]


def as_reading(row: readings.ReadingRow) -> Reading:
    """A stored reading as an object of the rules."""
    taken_at = datetime.fromtimestamp(row.taken_at / 1000, UTC)
    return Reading(EntryId(row.entry), taken_at, **{kind: getattr(row, kind) for kind in INTERACTION_KINDS})


def _must_not_be_frozen(transaction: WriteTransaction) -> None:
    frozen = context.moment(readings.frozen_at(transaction.connection))
    if frozen is not None:
        raise InteractionsFrozen(frozen)


def _posted(
    contest: Contest, work: readings.PostedWork, rows: Sequence[readings.ReadingRow], count: Count | None
) -> PostedWork:
    chosen = next((row for row in reversed(rows) if count is not None and as_reading(row) == count.reading), None)
    history = tuple(_entered(contest, row, row is chosen) for row in reversed(rows))
    return PostedWork(work.code, work.title, count.weighted if count else None, history)


def _entered(contest: Contest, row: readings.ReadingRow, counts_now: bool) -> Entered:
    reading, late = as_reading(row), not in_time(contest, as_reading(row).taken_at)
    return Entered(reading, row.entered_by, datetime.fromtimestamp(row.entered_at / 1000, UTC), counts_now, late)


def _closes(contest: Contest) -> datetime | None:
    return contest.phases.interactions_close if contest.phases else None


def _reached(closes: datetime | None, now: datetime) -> bool:
    """True once the cut-off has passed, or there is none; a reading in the cut-off's own second is still in time."""
    return closes is None or now.replace(microsecond=0) > closes
