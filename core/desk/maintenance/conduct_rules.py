"""What each kind of row of the ledger must keep to: one generator for each rule, a sentence for each breach."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from core.desk.context import moment
from core.rules import permissions
from core.rules.access import GUARDED, Principal, Role
from core.rules.contest import Contest, PrizeBy
from core.rules.ids import CriterionKey
from core.rules.phases import judging_open, judging_over
from core.rules.words import Sentence
from core.store.events.payloads import AccountAdded, RolesSet
from core.store.ledger import SYSTEM, Row
from core.store.replay.state import Fields, State, person

NOT_ALLOWED = Sentence("{actor} không có quyền làm việc này ({event})")
ROUND_CLOSED = Sentence("việc này được ghi ngoài thời gian chấm ({event})")
ROUND_OPEN = Sentence("việc này được ghi khi vòng chấm chưa đóng ({event})")
COUNTS_OPEN = Sentence("việc này được ghi khi lượt tương tác chưa chốt ({event})")
COUNTS_FROZEN = Sentence("việc này được ghi khi lượt tương tác đã chốt ({event})")
NO_SEAT = Sentence("{judge} không được phân công tác phẩm {entry}, hoặc đã rút khỏi tác phẩm này ({event})")
WRONG_STATE = Sentence("phiếu của {judge}, tác phẩm {entry} không ở trạng thái cho phép việc này ({event})")
BAD_MARK = Sentence("điểm tiêu chí {key} của {judge}, tác phẩm {entry} nằm ngoài thang điểm ({event})")
INCOMPLETE = Sentence("phiếu của {judge}, tác phẩm {entry} không đúng các tiêu chí của cuộc thi ({event})")
UNWATCHED = Sentence("{judge} chưa xem đủ tác phẩm {entry} khi nộp phiếu ({event})")
OUT_OF_TIME = Sentence("số liệu được ghi trước giờ đọc số liệu ({event})")
NOT_HELD = Sentence("quyền vừa đặt không chờ ai xác nhận ({event})")


@dataclass(frozen=True, slots=True)
class Case:
    """One row with what it is judged by: who acted, with the roles they had, and the state before it."""

    contest: Contest
    state: State
    row: Row
    told: Any  # the payload of the row's event
    who: Principal  # named by the number of the account

    @property
    def at(self) -> datetime:
        return datetime.fromtimestamp(self.row.at / 1000, UTC)

    @property
    def sheet(self) -> Fields | None:
        """The sheet the row speaks of, as it stood."""
        return self.state["sheet"].get((self.judge, self.told.entry))

    @property
    def judge(self) -> int:
        """The number of the judge the row speaks of."""
        return person(self.told.judge)

    @property
    def closed_at(self) -> datetime | None:
        """When the chief closed the round."""
        return moment(self.state.contest["judging_closed_at"])


Rule = Callable[[Case], Iterator[Sentence]]


def by(may: Callable[[Principal], bool], *, system: bool = False) -> Rule:
    """Done by somebody whom this permission admits, or by the command line where that may."""

    def rule(case: Case) -> Iterator[Sentence]:
        if not (may(case.who) or (system and case.row.actor == SYSTEM)):
            yield NOT_ALLOWED

    return rule


def nobody(_who: Principal) -> bool:
    """No account may."""
    return False


def anybody(case: Case) -> Iterator[Sentence]:
    """Done by somebody with an open account; which works they may open is checked where a film is opened."""
    if not case.who.roles and case.row.actor != SYSTEM:
        yield NOT_ALLOWED


def own(name: str) -> Rule:
    """Done by the very person the row speaks of."""

    def rule(case: Case) -> Iterator[Sentence]:
        if person(case.row.actor) != person(getattr(case.told, name)):
            yield NOT_ALLOWED

    return rule


def every(*rules: Rule) -> Rule:
    """All of these rules, one after another."""

    def rule(case: Case) -> Iterator[Sentence]:
        for each in rules:
            yield from each(case)

    return rule


def round_open(case: Case) -> Iterator[Sentence]:
    """The round is open at that time."""
    if not judging_open(case.contest, case.at, case.closed_at):
        yield ROUND_CLOSED


def round_over(case: Case) -> Iterator[Sentence]:
    """The round is over at that time."""
    if not judging_over(case.contest, case.at, case.closed_at):
        yield ROUND_OPEN


def seat(case: Case) -> Iterator[Sentence]:
    """The judge is assigned to the work and has not withdrawn."""
    where = (case.judge, case.told.entry)
    if where not in case.state["assignment"] or where in case.state["recusal"]:
        yield NO_SEAT


def marks(case: Case) -> Iterator[Sentence]:
    """Every mark is on the rubric's scale, within the maximum and on a step."""
    criteria = {criterion.key: criterion for criterion in case.contest.criteria}
    for key, mark in case.told.marks.items():
        criterion = criteria.get(CriterionKey(key))
        if criterion is None or (
            mark is not None and not (0 <= mark <= criterion.maximum and mark % criterion.step == 0)
        ):
            yield Sentence(BAD_MARK.text, {"key": key})


def drafted(case: Case) -> Iterator[Sentence]:
    """A sheet that is not sealed, and its next version."""
    sheet = case.sheet
    if (sheet and sheet["state"] == "sealed") or case.told.version != (sheet["version"] if sheet else 0) + 1:
        yield WRONG_STATE


def sealed(case: Case) -> Iterator[Sentence]:
    """The sheet as it was drafted, its next revision, every criterion, watched enough."""
    sheet = case.sheet
    if (
        sheet is None
        or sheet["state"] == "sealed"
        or case.told.revision != sheet["revision"] + 1
        or dict(sheet["marks"]) != case.told.marks
    ):
        yield WRONG_STATE
    if set(case.told.marks) != {criterion.key for criterion in case.contest.criteria}:
        yield INCOMPLETE
    if case.told.watched_share < case.contest.judging.watched_share:
        yield UNWATCHED


def returned(case: Case) -> Iterator[Sentence]:
    """A sealed sheet, by somebody other than its judge."""
    sheet, judge = case.sheet, case.judge
    if sheet is None or sheet["state"] != "sealed":
        yield WRONG_STATE
    of_a_chief = (judge, Role.CHIEF) in case.state["account_role"]
    if not permissions.may_return_sheet(case.who, str(judge), of_a_chief=of_a_chief):
        yield NOT_ALLOWED


def recused(case: Case) -> Iterator[Sentence]:
    """By the judge, or by the chief."""
    if person(case.row.actor) != case.judge and not permissions.may_chair(case.who):
        yield NOT_ALLOWED


def seated(case: Case) -> Iterator[Sentence]:
    """By the chief; by an administrator before the first sheet, and afterwards for judges who mark already."""
    state, judge = case.state, case.judge
    by_the_chief = permissions.may_assign_judges(case.who)
    early = state.contest["frozen_at"] is None
    already = any(seated_judge == judge for seated_judge, _ in state["assignment"])
    by_office = permissions.may_keep_accounts(case.who) or case.row.actor == SYSTEM
    if not by_the_chief and not (by_office and (early or already)):
        yield NOT_ALLOWED
    if state.contest["judging_closed_at"] is not None:
        yield ROUND_CLOSED


def unseated(case: Case) -> Iterator[Sentence]:
    """With an account, and only where no sheet was ever sealed."""
    yield from by(permissions.may_keep_accounts, system=True)(case)
    if any(judge == case.judge for judge, *_ in case.state["sheet_revision"]):
        yield WRONG_STATE


def account(case: Case) -> Iterator[Sentence]:
    """By an administrator or the command line; what it gives may have to be confirmed."""
    yield from by(permissions.may_keep_accounts, system=True)(case)
    yield from waiting(case)


def waiting(case: Case) -> Iterator[Sentence]:
    """From the first sheet on, a right that marks, decides or reads marks waits for somebody else (DECISIONS 37)."""
    state, told = case.state, case.told
    if state.contest["frozen_at"] is None or told.waits is not None:
        return
    number = person(told.account)
    account = state["account"].get((number,))
    demo = account["is_demo"] if account else told.demo
    held = {role for holder, role in state["account_role"] if holder == number}
    given = set(told.roles) - held if isinstance(told, AccountAdded | RolesSet) else held
    if not demo and GUARDED & given:
        yield NOT_HELD


def confirmed_account(case: Case) -> Iterator[Sentence]:
    """By the chief or the committee, and never one's own."""
    if not permissions.may_confirm_accounts(case.who) or person(case.row.actor) == person(case.told.account):
        yield NOT_ALLOWED


def reading(case: Case) -> Iterator[Sentence]:
    """Read before it was entered, and before the freeze."""
    if case.told.taken_at > case.row.at:
        yield OUT_OF_TIME
    yield from counts_open(case)


def counts_open(case: Case) -> Iterator[Sentence]:
    """The interactions are not frozen."""
    if case.state.contest["interactions_frozen_at"] is not None:
        yield COUNTS_FROZEN


def reopened(case: Case) -> Iterator[Sentence]:
    """Frozen interactions, opened again by another than who froze them."""
    standing = case.state["interactions_freeze"].get((len(case.state["interactions_freeze"]),))
    if standing is None or case.state.contest["interactions_frozen_at"] is None:
        yield COUNTS_OPEN
    elif not permissions.may_reopen_interactions(case.who, str(standing["frozen_by"])):
        yield NOT_ALLOWED


def decidable(case: Case) -> Iterator[Sentence]:
    """By the committee, once the round is over and the counts that a prize hangs on are frozen."""
    yield from by(permissions.may_decide_awards)(case)
    yield from round_over(case)
    by_counts = any(prize.by is PrizeBy.INTERACTION for prize in case.contest.prizes)
    if by_counts and case.state.contest["interactions_frozen_at"] is None:
        yield COUNTS_OPEN
