"""A judge's assignment to a work, and whether the round is open. Every act of a judge asks here."""

import unicodedata
from datetime import datetime

from core.desk import authorization
from core.desk.context import millis, moment
from core.rules.access import Principal
from core.rules.contest import Contest
from core.rules.permissions import may_mark, must
from core.rules.phases import judging_open
from core.rules.words import Moment, Refusal
from core.store.engine import Connection, WriteTransaction
from core.store.queries import entries
from core.store.queries.entries import Seat

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


def own(unit: WriteTransaction, who: Principal, code: str, now: datetime) -> Seat:
    """The judge's own seat in a change: the person and their session are asked again. Raises as `taken`, and SessionOver."""
    seat = entries.seat(unit.connection, who.username, code, who.session)
    if seat is not None and who.session:
        must(may_mark(authorization.living(who, seat.acting, unit.not_before(millis(now)))))
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
