"""The rules for ledger rows about the final round: the closed list, and the draw computed again."""

from collections.abc import Iterator

from core.desk.maintenance.conduct_rules import NOT_ALLOWED, Case
from core.rules import permissions
from core.rules.entries.film_rules import FILM_RULES
from core.rules.entries.judging_codes import BadSeed, FinalsList, clean_seed, drawn_codes
from core.rules.entries.states import OPEN_STATES, FinalistChange, SubmissionState
from core.rules.words import Sentence
from core.store.replay.state import Fields

EARLY = Sentence("danh sách chung kết được chốt khi cuộc thi còn nhận tác phẩm ({event})")
OTHER_LIST = Sentence("danh sách chung kết không phải là các tác phẩm đạt sơ loại khi đó ({event})")
OTHER_CODES = Sentence("bốc thăm lại theo danh sách và con số đã ghi cho mã chấm khác ({event})")
NO_FINALIST = Sentence("tác phẩm {entry} không vào chung kết ({event})")
EARLY_POST = Sentence("bài đăng của tác phẩm {entry} được ghi trước khi đăng ({event})")
OTHER_PROPOSAL = Sentence("đề nghị về tác phẩm {entry} không khớp với trạng thái khi đó ({event})")
OTHER_FILM = Sentence("phim của tác phẩm {entry} được thay mà không có hai người quyết định ({event})")
DRAWN_BEFORE = Sentence("việc này được ghi sau khi đã bốc thăm ({event})")
_OUT = (SubmissionState.WITHDRAWN, SubmissionState.DISQUALIFIED)
SOURCES = {  # kind of change -> the states in which it can be proposed
    **dict.fromkeys(FinalistChange, (SubmissionState.FINALIST,)),
    FinalistChange.REINSTATE: _OUT,
}
_OVERRIDABLE = {rule.value for rule, facts in FILM_RULES.items() if facts.office_may_override}


def list_closed(case: Case) -> Iterator[Sentence]:
    """Rule: after the window for entering works, before the draw, and with exactly the works accepted then."""
    payload, phases = case.payload, case.contest.phases
    if phases is not None and case.at <= phases.submission.closes:
        yield EARLY
    if case.state["finals_draw"]:
        yield DRAWN_BEFORE
    closed = FinalsList.of(payload.works, payload.taken)
    waiting = {code for (code,), each in case.state["submission"].items() if each["state"] in OPEN_STATES}
    if _of_state(case) != closed or closed.sha256 != payload.sha256 or waiting != set(payload.left_out):
        yield OTHER_LIST


def drawn(case: Case) -> Iterator[Sentence]:
    """Rule: once, of the list closed last, which is still that of the accepted works, and with the codes that follow."""
    payload, lists = case.payload, case.state["finals_list"]
    if case.state["finals_draw"]:
        yield DRAWN_BEFORE
    closed = lists.get((payload.number,))
    if closed is None or (payload.number,) != max(lists) or closed["sha256"] != payload.sha256:
        yield OTHER_LIST
        return
    listed = FinalsList.of(closed["works"], closed["taken"])
    if _of_state(case) != listed:
        yield OTHER_LIST
    if not _follows(case, listed):
        yield OTHER_CODES


def posted(case: Case) -> Iterator[Sentence]:
    """Rule: only of a finalist (R06), and not before the post was made."""
    if case.payload.entry not in {each["code"] for each in case.state["finalist"].values()}:
        yield NO_FINALIST
    if (case.payload.posted_at or 0) > case.row.at:
        yield EARLY_POST


def proposed(case: Case) -> Iterator[Sentence]:
    """Rule: of a finalist, against the submission's version then, in a state that allows it, while no other one waits."""
    found = _submission(case)
    if found is None:
        yield NO_FINALIST
        return
    waits = (each for each in case.state["finalist_change"].values() if each["outcome"] is None)
    if found["version"] != case.payload.version or any(each["code"] == case.payload.entry for each in waits):
        yield OTHER_PROPOSAL
    if found["state"] not in SOURCES.get(case.payload.kind, ()):
        yield OTHER_PROPOSAL
    if (case.payload.film is not None) != (case.payload.kind == FinalistChange.FILM):
        yield OTHER_PROPOSAL
    if not _OVERRIDABLE.issuperset(case.payload.past_rules):
        yield NOT_ALLOWED


def decided(case: Case) -> Iterator[Sentence]:
    """Rule: a proposal that waits, by another person than its proposer."""
    change = case.state["finalist_change"].get((case.payload.number,))
    if change is None or change["outcome"] is not None or change["code"] != case.payload.entry:
        yield OTHER_PROPOSAL
    elif not permissions.may_confirm_finalist_change(case.who, str(change["proposed_by"])):
        yield NOT_ALLOWED


def confirmed(case: Case) -> Iterator[Sentence]:
    """Rule: what was proposed takes effect, on the version it was proposed against."""
    change, found = case.state["finalist_change"].get((case.payload.number,)), _submission(case)
    if change is None or found is None:
        return
    named = case.state["finalist"].get((case.payload.submission,), {"code": None})["code"]
    if (change["kind"], change["version"], named) != (case.payload.kind, found["version"], case.payload.entry):
        yield OTHER_PROPOSAL


def film_of_jury(case: Case) -> Iterator[Sentence]:
    """Rule: a work that came by the draw has the film of its submission, which two people changed first."""
    found = _submission(case)
    if found is not None and found["film"] != case.payload.film:
        yield OTHER_FILM


def _submission(case: Case) -> Fields | None:
    """The submission of the finalist that the row names; None if there is none."""
    for (submission,), finalist in case.state["finalist"].items():
        if finalist["code"] == case.payload.entry:
            return case.state["submission"].get((submission,))
    return None


def _follows(case: Case, listed: FinalsList) -> bool:
    """Whether the seed could be typed, and the row's codes are those of the list and the seed."""
    prefix = case.contest.entries.judging_code_prefix
    try:
        seed = clean_seed(case.payload.seed)
    except BadSeed:
        return False
    return bool(seed == case.payload.seed and drawn_codes(listed, seed, prefix) == case.payload.codes)


def _of_state(case: Case) -> FinalsList:
    """The list as it would have been closed before this row."""
    submissions = case.state["submission"].items()
    accepted = (code for (code,), each in submissions if each["state"] == SubmissionState.ACCEPTED)
    return FinalsList.of(accepted, (code for (code,) in case.state["entry"]))
