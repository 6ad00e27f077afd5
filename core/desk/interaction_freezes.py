"""Frozen interactions opened again: by another than who froze them, with a reason, before the awards are confirmed."""

from dataclasses import dataclass
from datetime import UTC, datetime

from core.desk import authorization, context
from core.desk.awards.award_decisions import in_words, must_be_unconfirmed, take_back
from core.desk.context import moment, written_at
from core.desk.interactions import as_reading, weights_of
from core.desk.judging.judge_assignment import reason_given
from core.rules import permissions
from core.rules.access import Principal
from core.rules.contest import Contest, PrizeBy
from core.rules.ids import PrizeKey
from core.rules.interactions import counted
from core.rules.permissions import must
from core.rules.words import Refusal, Sentence
from core.store.engine import Connection, Store, WriteTransaction
from core.store.events.payloads import CountsReopened
from core.store.queries import awards, readings


class NotFrozen(Refusal):
    """Nothing is frozen, so there is nothing to open again."""

    def __init__(self) -> None:
        super().__init__("Lượt tương tác đang mở, không có gì để mở lại; hãy tải lại trang.")


class FrozenByYourself(Refusal):
    """Whoever froze the interactions does not open them again."""

    def __init__(self) -> None:
        super().__init__("Bạn là người đã chốt; cần một thành viên khác của Ban Tổ chức mở lại.")


class MovedOn(Refusal):
    """The freeze, or what hangs on it, is no longer what the committee looked at."""

    def __init__(self) -> None:
        super().__init__("Việc chốt hoặc quyết định về giải tương tác vừa thay đổi; hãy xem lại rồi mới mở lại.")


@dataclass(frozen=True, slots=True)
class Freeze:
    """One freeze: who and when, and where it was opened again, who, when and why."""

    by: str
    at: datetime
    reopened_by: str | None
    reopened_at: datetime | None
    reason: str | None


@dataclass(frozen=True, slots=True)
class Reopening:
    """The freezes so far, and what opening the last one again would mean to this reader."""

    freezes: tuple[Freeze, ...]  # the first first
    may: bool
    own: bool  # the committee's, and frozen by this very person
    by: str  # whose freeze stands
    falls: tuple[Sentence, ...]  # the decisions that would no longer stand
    seen: str  # what reopening has to name: the very freeze and decisions that were looked at


def reopening(store: Store, who: Principal) -> Reopening:
    """What a reader of the interactions is told of their freezes."""
    must(permissions.may_see_interactions(who))
    with store.read() as connection:
        facts = context.contest_state_in(connection)
        made = readings.freezes(connection)
        falls = _falling(connection, facts.contest)
    freezes = tuple(
        Freeze(f.name, datetime.fromtimestamp(f.at / 1000, UTC), f.reopened_by, moment(f.reopened_at), f.reason)
        for f in made
    )
    standing = _standing(made)
    if standing is None or facts.awards_confirmed_at is not None or not permissions.may_reopen_interactions(who):
        return Reopening(freezes, may=False, own=False, by=standing.name if standing else "", falls=(), seen="")
    may = permissions.may_reopen_interactions(who, standing.username)
    told = tuple(in_words(made, facts.contest.prize(PrizeKey(made.prize)).name) for made in falls)
    return Reopening(freezes, may, own=not may, by=standing.name, falls=told, seen=_seen(made, falls))


def reopen(store: Store, who: Principal, reason: str, seen: str, now: datetime) -> None:
    """Open the frozen interactions again. What was decided of their prizes rests on the old counts, and falls."""
    must(permissions.may_reopen_interactions(who))
    why, contest = reason_given(reason), context.contest(store)

    def act(unit: WriteTransaction) -> None:
        must_be_unconfirmed(unit)
        made = readings.freezes(unit.connection)
        standing, falls = _standing(made), _falling(unit.connection, contest)
        if standing is None:
            raise NotFrozen
        if not permissions.may_reopen_interactions(who, standing.username):
            raise FrozenByYourself
        if _seen(made, falls) != seen:
            raise MovedOn
        for decision in falls:
            take_back(unit, who, decision.id, now)
        reckoned = counted(contest, map(as_reading, readings.readings(unit.connection)))
        payload = CountsReopened(
            unit.pseudonym(standing.username), standing.at, weights_of(reckoned), [decision.id for decision in falls],
            unit.commit(why),
        )  # fmt: skip
        row = unit.record(at=written_at(unit, now), actor=who.username, payload=payload)
        readings.reopen(unit.connection, row.at, who.username, why)

    authorization.change(store, who, permissions.may_reopen_interactions, now, act)


def _standing(made: tuple[readings.FreezeRow, ...]) -> readings.FreezeRow | None:
    return made[-1] if made and made[-1].reopened_at is None else None


def _falling(connection: Connection, contest: Contest) -> tuple[awards.DecisionRow, ...]:
    """The decisions about prizes that the interactions give."""
    given = {prize.key for prize in contest.prizes if prize.by is PrizeBy.INTERACTION}
    return tuple(decision for decision in awards.decisions(connection) if decision.prize in given)


def _seen(made: tuple[readings.FreezeRow, ...], falls: tuple[awards.DecisionRow, ...]) -> str:
    return f"{len(made)} {[decision.id for decision in falls]}"
