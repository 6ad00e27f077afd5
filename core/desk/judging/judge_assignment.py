"""Checks a judge's assignment to a work, and whether the round is open. Every act of a judge uses these checks."""

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
from core.store.queries.entries import Assignment

REASON_LENGTH = 1000
TEXT_LENGTH = 4000
LINES = "\n\t"


class NoSuchWork(Refusal):
    """The work does not exist, is not assigned to the judge, or the judge is recused: the same answer for all three."""

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
    """A text that cannot be stored as it was sent: too long, or with control characters."""


class ReasonMissing(Refusal):
    """The act needs a reason and none was given."""

    def __init__(self) -> None:
        super().__init__("Cần ghi rõ lý do.")


def assignment_to_read(connection: Connection, who: Principal, code: str) -> Assignment:
    """The judge's own assignment to the work, not recused. Raises NotAllowed, NoSuchWork."""
    return _checked(who, entries.assignment(connection, who.username, code))


def _checked(who: Principal, assignment: Assignment | None) -> Assignment:
    must(may_mark(who))
    if assignment is None or not assignment.assigned or assignment.recused:
        raise NoSuchWork
    return assignment


def assignment_to_change(transaction: WriteTransaction, who: Principal, code: str, now: datetime) -> Assignment:
    """The judge's own assignment, for a change: checks the current session and roles of the person too.

    Raises NotAllowed, NoSuchWork, SessionOver.
    """
    assignment = entries.assignment(transaction.connection, who.username, code, who.session)
    if assignment is not None and who.session:
        must(may_mark(authorization.with_current_roles(who, assignment.acting, transaction.not_before(millis(now)))))
    return _checked(who, assignment)


def assignment_of_judge(connection: Connection, judge: str, code: str) -> Assignment:
    """Another judge's assignment, recused or not, for the chief judge. Raises NoSuchWork."""
    assignment = entries.assignment(connection, judge, code)
    if assignment is None or not assignment.assigned:
        raise NoSuchWork
    return assignment


def closed(contest: Contest, facts: entries.Facts, now: datetime) -> Refusal | None:
    """The refusal to raise when the round is not open at `now`; None while it is open."""
    if judging_open(contest, now, moment(facts.judging_closed_at)):
        return None
    if facts.judging_closed_at is not None or contest.phases is None:
        return JudgingClosed()
    window = contest.phases.judging
    return JudgingNotYetOpen(window.opens) if now < window.opens else JudgingOver(window.closes)


def must_be_open(contest: Contest, assignment: Assignment, now: datetime) -> None:
    """Raises JudgingClosed, JudgingNotYetOpen or JudgingOver unless the round is open at `now`."""
    refusal = closed(contest, assignment.facts, now)
    if refusal is not None:
        raise refusal


def clean_text(text: str, *, limit: int = TEXT_LENGTH) -> str:
    """The typed text in NFC, trimmed. Raises BadText for control characters or more than `limit` characters."""
    if not isinstance(text, str):
        raise BadText("Nội dung phải là văn bản.")
    cleaned = unicodedata.normalize("NFC", text.replace("\r\n", "\n")).strip()
    if len(cleaned) > limit:
        raise BadText("Nội dung dài {length} ký tự, quá {limit} ký tự cho phép.", length=len(cleaned), limit=limit)
    if any(unicodedata.category(sign) in {"Cc", "Cs", "Cn"} and sign not in LINES for sign in cleaned):
        raise BadText("Nội dung có ký tự điều khiển không lưu được.")
    return cleaned


def required_reason(text: str) -> str:
    """The typed reason, at most REASON_LENGTH characters. Raises ReasonMissing where it is empty, and BadText."""
    cleaned = clean_text(text, limit=REASON_LENGTH)
    if not cleaned:
        raise ReasonMissing
    return cleaned
