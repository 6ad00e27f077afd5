"""Reopening frozen interactions before the awards are confirmed: by another person than who froze, with a reason."""

from dataclasses import dataclass
from datetime import UTC, datetime

from core.desk import authorization, context
from core.desk.awards.award_decisions import decision_sentence, must_be_unconfirmed, revoke_in
from core.desk.context import moment, written_at
from core.desk.interactions import counting, weights_of
from core.desk.judging.judge_assignment import required_reason
from core.rules import permissions
from core.rules.access import Principal
from core.rules.contest import Contest
from core.rules.ids import PrizeKey
from core.rules.interactions import counted
from core.rules.permissions import must
from core.rules.prizes.prize_kinds import PRIZE_KINDS
from core.rules.words import Refusal, Sentence
from core.store.engine import Connection, Store, WriteTransaction
from core.store.events.payloads import CountsReopened
from core.store.queries import awards, readings


class NotFrozen(Refusal):
    """The interactions are not frozen, so they cannot be reopened."""

    def __init__(self) -> None:
        super().__init__("Lượt tương tác đang mở, không có gì để mở lại; hãy tải lại trang.")


class FrozenByYourself(Refusal):
    """The person who froze the interactions may not reopen them."""

    def __init__(self) -> None:
        super().__init__("Bạn là người đã chốt; cần một thành viên khác của Ban Tổ chức mở lại.")


class MovedOn(Refusal):
    """The freeze, or a decision that depends on it, changed after the page was read."""

    def __init__(self) -> None:
        super().__init__("Việc chốt hoặc quyết định về giải tương tác vừa thay đổi; hãy xem lại rồi mới mở lại.")


@dataclass(frozen=True, slots=True)
class Freeze:
    """One freeze: who froze and when; if it was reopened, who did it, when and why (else None)."""

    by: str
    at: datetime
    reopened_by: str | None
    reopened_at: datetime | None
    reason: str | None


@dataclass(frozen=True, slots=True)
class Reopening:
    """All freezes so far, and what this reader may do about the last one."""

    freezes: tuple[Freeze, ...]  # oldest first
    may: bool  # True where this reader may reopen
    own: bool  # True for a committee member who froze them and so may not reopen
    by: str  # name of the person whose freeze is in force; "" if none
    falls: tuple[Sentence, ...]  # the decisions that reopening would withdraw
    seen: str  # fingerprint of the freezes and decisions shown; `reopen` compares it


def reopening(store: Store, who: Principal) -> Reopening:
    """The freezes, and whether this reader may reopen them. Raises NotAllowed, NoContest."""
    must(permissions.may_see_interactions(who))
    with store.read() as connection:
        facts = context.contest_state_in(connection)
        freeze_rows = readings.freezes(connection)
        falls = _affected_decisions(connection, facts.contest)
    freezes = tuple(
        Freeze(
            row.name, datetime.fromtimestamp(row.at / 1000, UTC), row.reopened_by, moment(row.reopened_at), row.reason
        )
        for row in freeze_rows
    )
    in_force = _in_force(freeze_rows)
    if in_force is None or facts.awards_confirmed_at is not None or not permissions.may_reopen_interactions(who):
        return Reopening(freezes, may=False, own=False, by=in_force.name if in_force else "", falls=(), seen="")
    may = permissions.may_reopen_interactions(who, in_force.username)
    sentences = tuple(
        decision_sentence(decision, facts.contest.prize(PrizeKey(decision.prize)).name) for decision in falls
    )
    return Reopening(
        freezes, may, own=not may, by=in_force.name, falls=sentences, seen=_fingerprint(freeze_rows, falls)
    )


def reopen(store: Store, who: Principal, reason: str, seen: str, now: datetime) -> None:
    """Reopen the frozen interactions; decisions about their prizes rest on the old counts and are withdrawn.

    `seen` is `Reopening.seen` of the page that was read. Raises NotAllowed, ReasonMissing, BadText, NotFrozen,
    FrozenByYourself, MovedOn, AlreadyConfirmed.
    """
    must(permissions.may_reopen_interactions(who))
    why, contest = required_reason(reason), context.contest(store)

    def act(transaction: WriteTransaction) -> None:
        must_be_unconfirmed(transaction)
        freeze_rows = readings.freezes(transaction.connection)
        in_force, falls = _in_force(freeze_rows), _affected_decisions(transaction.connection, contest)
        if in_force is None:
            raise NotFrozen
        if not permissions.may_reopen_interactions(who, in_force.username):
            raise FrozenByYourself
        if _fingerprint(freeze_rows, falls) != seen:
            raise MovedOn
        for decision in falls:
            revoke_in(transaction, who, decision.id, now)
        computed = counted(contest, counting(readings.readings(transaction.connection)))
        payload = CountsReopened(
            transaction.pseudonym(in_force.username), in_force.at, weights_of(computed), [decision.id for decision in falls],
            transaction.commit_text(why),
        )  # fmt: skip
        row = transaction.record(at=written_at(transaction, now), actor=who.username, payload=payload)
        readings.reopen(transaction.connection, row.at, who.username, why)

    authorization.change(store, who, permissions.may_reopen_interactions, now, act)


def _in_force(freeze_rows: tuple[readings.FreezeRow, ...]) -> readings.FreezeRow | None:
    return freeze_rows[-1] if freeze_rows and freeze_rows[-1].reopened_at is None else None


def _affected_decisions(connection: Connection, contest: Contest) -> tuple[awards.DecisionRow, ...]:
    """The decisions about prizes that are given by interactions."""
    given = {prize.key for prize in contest.prizes if PRIZE_KINDS[prize.by].needs_counts}
    return tuple(decision for decision in awards.decisions(connection) if decision.prize in given)


def _fingerprint(freeze_rows: tuple[readings.FreezeRow, ...], falls: tuple[awards.DecisionRow, ...]) -> str:
    return f"{len(freeze_rows)} {[decision.id for decision in falls]}"
