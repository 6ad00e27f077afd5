"""A judge's seat at a work: who may sit there, and whether the round is open. Every door of the judge's day asks here."""

import unicodedata
from datetime import datetime

from core.desk import acting
from core.desk.house import millis, moment
from core.rules.access import Principal, Role
from core.rules.contest import Contest
from core.rules.permissions import may_assign_judges, may_mark, must
from core.rules.phases import judging_open
from core.rules.words import Moment, Refusal
from core.store import accounts, entries, opening
from core.store.circumstances import contest_row
from core.store.engine import Connection, Store, Unit
from core.store.entries import Seat
from core.store.ledger import Payload

REASON_LENGTH = 1000
TEXT_LENGTH = 4000
LINES = "\n\t"


class NoSuchWork(Refusal):
    """The work does not exist, is not the judge's, or the judge has withdrawn from it: one answer for all three."""

    def __init__(self) -> None:
        super().__init__("Không có tác phẩm này trong danh sách chấm của bạn.")


class JudgingClosed(Refusal):
    """The chief judge has closed the round."""

    def __init__(self) -> None:
        super().__init__("Trưởng Ban Giám khảo đã đóng vòng chấm; phiếu không còn sửa được.")


class JudgingNotYetOpen(Refusal):
    """The judging window has not begun."""

    def __init__(self, opens: datetime) -> None:
        super().__init__("Vòng chấm mở lúc {opens}; trước giờ đó chưa thể chấm.", opens=Moment(opens))


class JudgingOver(Refusal):
    """The judging window has ended."""

    def __init__(self, closes: datetime) -> None:
        super().__init__("Vòng chấm đã hết hạn lúc {closes}; phiếu không còn sửa được.", closes=Moment(closes))


class NoSuchJudge(Refusal):
    """No open account of this username is a judge's."""

    def __init__(self, username: str) -> None:
        super().__init__("Tài khoản {username} không phải là giám khảo đang hoạt động.", username=username)


class BadText(Refusal):
    """A text that cannot be kept as it was sent."""


class ReasonMissing(Refusal):
    """An act that needs a reason came without one."""

    def __init__(self) -> None:
        super().__init__("Cần ghi rõ lý do.")


def taken(connection: Connection, who: Principal, code: str) -> Seat:
    """The judge's own seat at the work: assigned and not withdrawn. Raises NotAllowed or NoSuchWork."""
    return _taken(who, entries.seat(connection, who.username, code))


def _taken(who: Principal, seat: Seat | None) -> Seat:
    must(may_mark(who))
    if seat is None or not seat.assigned or seat.recused:
        raise NoSuchWork
    return seat


def own(unit: Unit, who: Principal, code: str, now: datetime) -> Seat:
    """The judge's own seat in a change: the person and their session are asked again. Raises as `taken`, and SessionOver."""
    seat = entries.seat(unit.connection, who.username, code, who.session)
    if seat is not None and who.session:
        must(may_mark(acting.living(who, seat.acting, unit.not_before(millis(now)))))
    return _taken(who, seat)


def of_judge(connection: Connection, judge: str, code: str) -> Seat:
    """Another's seat, for the chief judge: assigned, whether withdrawn or not."""
    seat = entries.seat(connection, judge, code)
    if seat is None or not seat.assigned:
        raise NoSuchWork
    return seat


def closed(contest: Contest, facts: entries.Facts, now: datetime) -> Refusal | None:
    """Why no sheet is taken now, or None while sheets are."""
    if judging_open(contest, now, moment(facts.judging_closed_at)):
        return None
    if facts.judging_closed_at is not None or contest.phases is None:
        return JudgingClosed()
    window = contest.phases.judging
    return JudgingNotYetOpen(window.opens) if now < window.opens else JudgingOver(window.closes)


def must_be_open(contest: Contest, seat: Seat, now: datetime) -> None:
    """Refuse where the round is not open, by the facts of the transaction the seat was read in."""
    refusal = closed(contest, seat.facts, now)
    if refusal is not None:
        raise refusal


def words(text: str, *, limit: int = TEXT_LENGTH) -> str:
    """A text as typed, in NFC, without blank ends. Raises BadText for control characters and for too much."""
    if not isinstance(text, str):
        raise BadText("Nội dung phải là văn bản.")
    kept = unicodedata.normalize("NFC", text.replace("\r\n", "\n")).strip()
    if len(kept) > limit:
        raise BadText("Nội dung dài {length} ký tự, quá {limit} ký tự cho phép.", length=len(kept), limit=limit)
    if any(unicodedata.category(sign) in {"Cc", "Cs", "Cn"} and sign not in LINES for sign in kept):
        raise BadText("Nội dung có ký tự điều khiển không lưu được.")
    return kept


def reason_given(text: str) -> str:
    """A reason, which must say something."""
    kept = words(text, limit=REASON_LENGTH)
    if not kept:
        raise ReasonMissing
    return kept


def seat_all(unit: Unit, actor: str, now: datetime) -> int:
    """Seat every judge before every work, those already seated aside; a closed round takes nobody new.

    Once a sheet is in, only the judges who sit already are given new works: whoever joins later is seated by the chief
    (`assign`).
    """
    contest = contest_row(unit.connection)
    if contest is None or contest.judging_closed_at is not None:
        return 0
    return _seated(unit, actor, now, opening.seat_all(unit.connection, only_sitting=contest.frozen_at is not None))


def assign(store: Store, who: Principal, judge: str, reason: str, now: datetime) -> int:
    """The chief seats a judge before every work they don't sit before; gives how many. With sheets in, a reason is needed.

    Raises NotAllowed, JudgingClosed, ReasonMissing, NoSuchJudge.
    """
    must(may_assign_judges(who))
    why = words(reason, limit=REASON_LENGTH)

    def act(unit: Unit) -> int:
        contest, person = contest_row(unit.connection), accounts.named(unit.connection, judge)
        if contest is None or contest.judging_closed_at is not None:
            raise JudgingClosed
        if person is None or not person.active or Role.JUDGE not in person.roles:
            raise NoSuchJudge(judge)
        if contest.frozen_at is not None and not why:
            raise ReasonMissing
        new = opening.seat_all(unit.connection, judge=judge)
        return _seated(unit, who.username, now, new, why)

    return acting.change(store, who, may_assign_judges, now, act)


def unseat(unit: Unit, judge: str, actor: str, now: datetime) -> None:
    """A judge who never sealed a sheet leaves the panel with their account; whoever did stays expected (DECISIONS 36).

    What a closed round was closed on stays as it was.
    """
    contest = contest_row(unit.connection)
    if contest is None or contest.judging_closed_at is not None:
        return
    left = opening.unseat(unit.connection, judge)
    if left:
        unit.record(at=millis(now), actor=actor, event="judge.unseated", payload={"judge": judge, "entries": left})


def _seated(unit: Unit, actor: str, now: datetime, new: list[tuple[str, str]], reason: str = "") -> int:
    for judge in sorted({judge for judge, _ in new}):
        payload: Payload = {"judge": judge, "entries": [code for seated, code in new if seated == judge]}
        if reason:
            payload["reason"] = reason
        unit.record(at=millis(now), actor=actor, event="judge.seated", payload=payload)
    return len(new)
