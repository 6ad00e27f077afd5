"""The rules for each kind of ledger row: one generator for each rule, which yields a sentence for each breach."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from core.desk.context import moment
from core.rules import permissions
from core.rules.access import GUARDED, Principal, Role
from core.rules.contest import Contest
from core.rules.ids import CriterionKey
from core.rules.judging.sheet_state import SheetState
from core.rules.phases import judging_open, judging_over
from core.rules.prizes.prize_kinds import needs_counts
from core.rules.words import Sentence
from core.store.events.payloads import AccountAdded, ReadingEnteredV1, RolesSet
from core.store.ledger import SYSTEM, Row
from core.store.replay.awarding import reading_name
from core.store.replay.state import Fields, State, person

NOT_ALLOWED = Sentence("{actor} không có quyền làm việc này ({event})")
ROUND_CLOSED = Sentence("việc này được ghi ngoài thời gian chấm ({event})")
ROUND_OPEN = Sentence("việc này được ghi khi vòng chấm chưa đóng ({event})")
COUNTS_OPEN = Sentence("việc này được ghi khi lượt tương tác chưa chốt ({event})")
COUNTS_FROZEN = Sentence("việc này được ghi khi lượt tương tác đã chốt ({event})")
NOT_ASSIGNED = Sentence("{judge} không được phân công tác phẩm {entry}, hoặc đã rút khỏi tác phẩm này ({event})")
WRONG_STATE = Sentence("phiếu của {judge}, tác phẩm {entry} không ở trạng thái cho phép việc này ({event})")
BAD_MARK = Sentence("điểm tiêu chí {key} của {judge}, tác phẩm {entry} nằm ngoài thang điểm ({event})")
INCOMPLETE = Sentence("phiếu của {judge}, tác phẩm {entry} không đúng các tiêu chí của cuộc thi ({event})")
UNWATCHED = Sentence("{judge} chưa xem đủ tác phẩm {entry} khi nộp phiếu ({event})")
OUT_OF_TIME = Sentence("số liệu được ghi trước giờ đọc số liệu ({event})")
NOT_WAITING = Sentence("số liệu này của tác phẩm {entry} không chờ xác nhận ({event})")
OLD_VERSION = Sentence("số liệu không chờ xác nhận được ghi sau khi có số liệu chờ xác nhận ({event})")
NOT_LISTED = Sentence("thành viên số {official} không có trong danh sách các ban khi đó ({event})")
OTHER_FILM = Sentence("bản sao không phải của phim của tác phẩm {entry} ({event})")
NOT_HELD = Sentence("quyền vừa đặt không chờ ai xác nhận ({event})")


@dataclass(frozen=True, slots=True)
class Case:
    """One ledger row with the data to check it: the actor with their roles then, and the state before the row."""

    contest: Contest
    state: State
    row: Row
    payload: Any  # the payload of the row's event
    who: Principal  # the actor; username and name are the account's number

    @property
    def at(self) -> datetime:
        return datetime.fromtimestamp(self.row.at / 1000, UTC)

    @property
    def sheet(self) -> Fields | None:
        """The sheet that the row is about, in its state before the row; None if there was none."""
        return self.state["sheet"].get((self.judge, self.payload.entry))

    @property
    def judge(self) -> int:
        """The account number of the judge that the row is about."""
        return person(self.payload.judge)

    @property
    def closed_at(self) -> datetime | None:
        """When the chief closed the round; None while it is open."""
        return moment(self.state.contest["judging_closed_at"])


Rule = Callable[[Case], Iterator[Sentence]]


def by(may: Callable[[Principal], bool], *, system: bool = False) -> Rule:
    """Rule: the actor has this permission, or is the command line if `system` is True."""

    def rule(case: Case) -> Iterator[Sentence]:
        if not (may(case.who) or (system and case.row.actor == SYSTEM)):
            yield NOT_ALLOWED

    return rule


def nobody(_who: Principal) -> bool:
    """A permission that no account has."""
    return False


def anybody(case: Case) -> Iterator[Sentence]:
    """Rule: the actor has a role or is the command line. Whether they may watch a film is checked at its opening."""
    if not case.who.roles and case.row.actor != SYSTEM:
        yield NOT_ALLOWED


def film_of_work(case: Case) -> Iterator[Sentence]:
    """Rule: the film was the work's film at that time, or the submission's."""
    work = case.state["entry"].get((case.payload.entry,), {})
    submission = case.state["submission"].get((case.payload.entry,), {})
    if case.payload.film not in {work.get("sha256"), submission.get("film")}:
        yield OTHER_FILM


def own(name: str) -> Rule:
    """Rule: the actor is the person in the payload's field `name`."""

    def rule(case: Case) -> Iterator[Sentence]:
        if person(case.row.actor) != person(getattr(case.payload, name)):
            yield NOT_ALLOWED

    return rule


def every(*rules: Rule) -> Rule:
    """A rule made of all of these rules, in order."""

    def rule(case: Case) -> Iterator[Sentence]:
        for each in rules:
            yield from each(case)

    return rule


def round_open(case: Case) -> Iterator[Sentence]:
    """Rule: the round was open at that time."""
    if not judging_open(case.contest, case.at, case.closed_at):
        yield ROUND_CLOSED


def round_over(case: Case) -> Iterator[Sentence]:
    """Rule: the round was over at that time."""
    if not judging_over(case.contest, case.at, case.closed_at):
        yield ROUND_OPEN


def assignment(case: Case) -> Iterator[Sentence]:
    """Rule: the judge was assigned to the work and not recused, and the work competed."""
    where = (case.judge, case.payload.entry)
    out = (case.payload.entry,) in case.state["entry_out"]
    if out or where not in case.state["assignment"] or where in case.state["recusal"]:
        yield NOT_ASSIGNED


def marks(case: Case) -> Iterator[Sentence]:
    """Rule: every mark is for a known criterion, from 0 to its maximum, and a multiple of its step."""
    criteria = {criterion.key: criterion for criterion in case.contest.criteria}
    for key, mark in case.payload.marks.items():
        criterion = criteria.get(CriterionKey(key))
        if criterion is None or (
            mark is not None and not (0 <= mark <= criterion.maximum and mark % criterion.step == 0)
        ):
            yield Sentence(BAD_MARK.text, {"key": key})


def drafted(case: Case) -> Iterator[Sentence]:
    """Rule: the sheet was not sealed, and this is its next version."""
    sheet = case.sheet
    if (sheet and sheet["state"] == SheetState.SEALED) or case.payload.version != (
        sheet["version"] if sheet else 0
    ) + 1:
        yield WRONG_STATE


def sealed(case: Case) -> Iterator[Sentence]:
    """Rule: the next revision, with the draft's marks for every criterion, after enough of the film was watched."""
    sheet = case.sheet
    if (
        sheet is None
        or sheet["state"] == SheetState.SEALED
        or case.payload.revision != sheet["revision"] + 1
        or dict(sheet["marks"]) != case.payload.marks
    ):
        yield WRONG_STATE
    if set(case.payload.marks) != {criterion.key for criterion in case.contest.criteria}:
        yield INCOMPLETE
    if case.payload.watched_share < case.contest.judging.watched_share:
        yield UNWATCHED


def returned(case: Case) -> Iterator[Sentence]:
    """Rule: the sheet was sealed, and the actor may return it (never its own judge)."""
    sheet, judge = case.sheet, case.judge
    if sheet is None or sheet["state"] != SheetState.SEALED:
        yield WRONG_STATE
    of_a_chief = (judge, Role.CHIEF) in case.state["account_role"]
    if not permissions.may_return_sheet(case.who, str(judge), of_a_chief=of_a_chief):
        yield NOT_ALLOWED


def recused(case: Case) -> Iterator[Sentence]:
    """Rule: the actor is the judge or the chief."""
    if person(case.row.actor) != case.judge and not permissions.may_chair(case.who):
        yield NOT_ALLOWED


def judge_assigned(case: Case) -> Iterator[Sentence]:
    """Rule: by the chief, or by an administrator or the command line, while the round was not closed.

    After the first sealed sheet, an administrator or the command line may assign only judges with an assignment.
    """
    state, judge = case.state, case.judge
    by_the_chief = permissions.may_assign_judges(case.who)
    early = state.contest["frozen_at"] is None
    already = any(assigned == judge for assigned, _ in state["assignment"])
    by_office = permissions.may_keep_accounts(case.who) or case.row.actor == SYSTEM
    if not by_the_chief and not (by_office and (early or already)):
        yield NOT_ALLOWED
    if state.contest["judging_closed_at"] is not None:
        yield ROUND_CLOSED


def judge_unassigned(case: Case) -> Iterator[Sentence]:
    """Rule: by an administrator or the command line, and only a judge who never sealed a sheet."""
    yield from by(permissions.may_keep_accounts, system=True)(case)
    if any(judge == case.judge for judge, *_ in case.state["sheet_revision"]):
        yield WRONG_STATE


def account(case: Case) -> Iterator[Sentence]:
    """Rule: by an administrator or the command line; `waiting` holds too."""
    yield from by(permissions.may_keep_accounts, system=True)(case)
    yield from waiting(case)


def waiting(case: Case) -> Iterator[Sentence]:
    """Rule: after the first sealed sheet, roles to mark, decide or read marks wait for confirmation (DECISIONS 37)."""
    state, payload = case.state, case.payload
    if state.contest["frozen_at"] is None or payload.waits is not None:
        return
    number = person(payload.account)
    account = state["account"].get((number,))
    demo = account["is_demo"] if account else payload.demo
    held = {role for holder, role in state["account_role"] if holder == number}
    given = set(payload.roles) - held if isinstance(payload, AccountAdded | RolesSet) else held
    if not demo and GUARDED & given:
        yield NOT_HELD


def confirmed_account(case: Case) -> Iterator[Sentence]:
    """Rule: by the chief or the committee, and never for the actor's own account."""
    if not permissions.may_confirm_accounts(case.who) or person(case.row.actor) == person(case.payload.account):
        yield NOT_ALLOWED


def reading(case: Case) -> Iterator[Sentence]:
    """Rule: not taken after it was entered, not frozen; and no version without confirmation after one with it."""
    if case.payload.taken_at > case.row.at:
        yield OUT_OF_TIME
    if isinstance(case.payload, ReadingEnteredV1) and case.state["reading_detail"]:
        yield OLD_VERSION
    yield from counts_open(case)


def reviewed(case: Case) -> Iterator[Sentence]:
    """Rule: the reading waited for confirmation, and was entered by somebody else."""
    where = (case.payload.entry, case.payload.reading)
    entered, name = case.state["reading"].get(where), reading_name(*where)
    if entered is None or (name,) not in case.state["reading_detail"] or (name,) in case.state["reading_review"]:
        yield NOT_WAITING
    elif not permissions.may_review_readings(case.who, str(entered["entered_by"])):
        yield NOT_ALLOWED
    yield from counts_open(case)


def counts_open(case: Case) -> Iterator[Sentence]:
    """Rule: the interactions were not frozen."""
    if case.state.contest["interactions_frozen_at"] is not None:
        yield COUNTS_FROZEN


def reopened(case: Case) -> Iterator[Sentence]:
    """Rule: the interactions were frozen, and by somebody other than who reopens them."""
    freeze = case.state["interactions_freeze"].get((len(case.state["interactions_freeze"]),))
    if freeze is None or case.state.contest["interactions_frozen_at"] is None:
        yield COUNTS_OPEN
    elif not permissions.may_reopen_interactions(case.who, str(freeze["frozen_by"])):
        yield NOT_ALLOWED


def decidable(case: Case) -> Iterator[Sentence]:
    """Rule: by the committee, after the round was over, and after the freeze if a prize is given by interactions."""
    yield from by(permissions.may_decide_awards)(case)
    yield from round_over(case)
    if needs_counts(case.contest) and case.state.contest["interactions_frozen_at"] is None:
        yield COUNTS_OPEN


def official_listed(case: Case) -> Iterator[Sentence]:
    """Rule: the official was on the list."""
    number = case.payload.official
    official = case.state["official"].get((number,))
    if official is None or official["removed_at"] is not None:
        yield Sentence(NOT_LISTED.text, {"official": number})


def decided_by_another(case: Case) -> Iterator[Sentence]:
    """Rule: nobody decides whether an author is themselves."""
    if case.payload.account is not None and person(case.payload.account) == person(case.row.actor):
        yield NOT_ALLOWED
