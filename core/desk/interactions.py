"""The interactions of the posted works: read off by hand, kept as read, counted at the cut-off, then frozen."""

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
from core.rules.interactions import Count, Reading, counted, in_time
from core.rules.permissions import must
from core.rules.words import Moment, Refusal
from core.store.engine import Store, WriteTransaction
from core.store.events import payloads
from core.store.events.payloads import ReadingEntered
from core.store.queries import readings

MOST = 10**12
KINDS = ("reactions", "comments", "shares", "views")


class BadCount(Refusal):
    """A count that is not a whole number written plainly."""


class UnknownWork(Refusal):
    """No work bears this code."""

    def __init__(self, code: str) -> None:
        super().__init__("Không có tác phẩm mang mã {code}.", code=code)


class TakenInTheFuture(Refusal):
    """A reading cannot have been taken after now."""

    def __init__(self, taken_at: datetime) -> None:
        super().__init__(
            "Giờ ghi nhận {taken_at} ở sau thời điểm hiện tại; hãy nhập giờ đã đọc số liệu.", taken_at=Moment(taken_at)
        )


class InteractionsFrozen(Refusal):
    """Nothing is entered after the freeze."""

    def __init__(self, frozen_at: datetime) -> None:
        super().__init__("Lượt tương tác đã chốt lúc {frozen_at}; không nhập thêm được.", frozen_at=Moment(frozen_at))


class CutOffNotReached(Refusal):
    """The freeze waits for the cut-off of the regulation."""

    def __init__(self, closes: datetime) -> None:
        super().__init__("Thể lệ chốt tương tác lúc {closes}; trước giờ đó chưa thể chốt.", closes=Moment(closes))


@dataclass(frozen=True, slots=True)
class Entered:
    """A reading as the page shows it: who entered it and when, and whether it is the one that counts."""

    reading: Reading
    entered_by: str
    entered_at: datetime
    counts: bool
    late: bool  # taken after the cut-off: shown, not counted


@dataclass(frozen=True, slots=True)
class PostedWork:
    """A work, what counts of it now (None: nothing was read in time), and everything that was read."""

    code: str
    title: str
    weighted: int | None
    history: tuple[Entered, ...]  # newest entry first


@dataclass(frozen=True, slots=True)
class Counts:
    """The interactions of every work, and what may be done with them."""

    works: tuple[PostedWork, ...]
    weights: tuple[tuple[str, int], ...]  # kind, weight
    closes: datetime | None
    frozen_at: datetime | None
    may_enter: bool
    may_freeze: bool


def counts(store: Store, who: Principal, now: datetime) -> Counts:
    """Every reading with what counts of it. Those who mark never see it."""
    must(permissions.may_see_interactions(who))
    with store.read() as connection:
        facts = context.contest_state_in(connection)
        rows, works = readings.readings(connection), readings.works(connection)
    reckoned = counted(facts.contest, tuple(map(as_reading, rows)))
    read: dict[str, list[readings.ReadingRow]] = {work.code: [] for work in works}
    for row in rows:
        read[row.entry].append(row)
    frozen, closes = facts.interactions_frozen_at, _closes(facts.contest)
    return Counts(
        works=tuple(_posted(facts.contest, work, read[work.code], reckoned.get(EntryId(work.code))) for work in works),
        weights=tuple((kind, getattr(facts.contest.interactions, kind)) for kind in KINDS),
        closes=closes,
        frozen_at=frozen,
        may_enter=frozen is None and permissions.may_enter_interactions(who),
        may_freeze=frozen is None and permissions.may_freeze_interactions(who) and _reached(closes, now),
    )


def enter(store: Store, who: Principal, code: str, typed: dict[str, str], taken_at: datetime, now: datetime) -> Reading:
    """Keep what the channel keeper read off a work's post. `typed` holds reactions, comments, shares and views."""
    must(permissions.may_enter_interactions(who))
    numbers = {kind: whole(typed.get(kind, "")) for kind in KINDS}
    made = Reading(entry=EntryId(code), taken_at=taken_at.astimezone(UTC), **numbers)

    def act(unit: WriteTransaction) -> Reading:
        if taken_at > ledger_time(unit, now):
            raise TakenInTheFuture(taken_at)
        _still_open(unit)
        work = next((each for each in readings.works(unit.connection) if each.code == code), None)
        if work is None:
            raise UnknownWork(code)
        row = readings.ReadingRow(
            code, millis(taken_at), **numbers, entered_by=who.name, entered_at=written_at(unit, now)
        )
        readings.keep(unit.connection, work.id, row, who.username)
        payload = ReadingEntered(code, row.taken_at, **numbers)
        unit.record(at=written_at(unit, now), actor=who.username, payload=payload)
        return made

    return authorization.change(store, who, permissions.may_enter_interactions, now, act)


def freeze(store: Store, who: Principal, now: datetime) -> None:
    """Close the interactions at or after the cut-off: what was read in time is final."""
    must(permissions.may_freeze_interactions(who))
    contest = context.contest(store)
    closes = _closes(contest)

    def act(unit: WriteTransaction) -> None:
        if closes is not None and not _reached(closes, ledger_time(unit, now)):
            raise CutOffNotReached(closes)
        _still_open(unit)
        reckoned = counted(contest, tuple(map(as_reading, readings.readings(unit.connection))))
        payload = payloads.CountsFrozen(weights_of(reckoned))
        row = unit.record(at=written_at(unit, now), actor=who.username, payload=payload)
        readings.freeze(unit.connection, row.at, who.username)
        checkpoint(unit, row.at)

    authorization.change(store, who, permissions.may_freeze_interactions, now, act)


def whole(text: str) -> int:
    """A count as plain digits: "1204", never "1.204", "1,2k" or "-3"."""
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


def weights_of(reckoned: Mapping[EntryId, Count]) -> list[tuple[str, int]]:
    """What each work's interactions count for, as the ledger is told."""
    return [(code, count.weighted) for code, count in sorted(reckoned.items())]


def as_reading(row: readings.ReadingRow) -> Reading:
    """A kept reading as the rules know it."""
    taken_at = datetime.fromtimestamp(row.taken_at / 1000, UTC)
    return Reading(EntryId(row.entry), taken_at, row.reactions, row.comments, row.shares, row.views)


def _still_open(unit: WriteTransaction) -> None:
    frozen = context.moment(readings.frozen_at(unit.connection))
    if frozen is not None:
        raise InteractionsFrozen(frozen)


def _posted(
    contest: Contest, work: readings.PostedWork, mine: Sequence[readings.ReadingRow], count: Count | None
) -> PostedWork:
    chosen = next((row for row in reversed(mine) if count is not None and as_reading(row) == count.reading), None)
    history = tuple(_entered(contest, row, row is chosen) for row in reversed(mine))
    return PostedWork(work.code, work.title, count.weighted if count else None, history)


def _entered(contest: Contest, row: readings.ReadingRow, counts_now: bool) -> Entered:
    made, late = as_reading(row), not in_time(contest, as_reading(row).taken_at)
    return Entered(made, row.entered_by, datetime.fromtimestamp(row.entered_at / 1000, UTC), counts_now, late)


def _closes(contest: Contest) -> datetime | None:
    return contest.phases.interactions_close if contest.phases else None


def _reached(closes: datetime | None, now: datetime) -> bool:
    """The cut-off's own second still belongs to it."""
    return closes is None or now.replace(microsecond=0) > closes
