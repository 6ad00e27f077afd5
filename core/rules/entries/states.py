"""The states of a submission, and who may move it from one to another: one table (docs/contest-rules.md, Submissions)."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from core.rules.words import Refusal, Sentence


class SubmissionState(StrEnum):
    """What a submission is in the contest."""

    AWAITING_FILM = "awaiting_film"
    RECEIVED = "received"
    RETURNED = "returned"
    ACCEPTED = "accepted"
    REJECTED = "rejected"
    FINALIST = "finalist"
    WITHDRAWN = "withdrawn"
    DISQUALIFIED = "disqualified"


class Mover(StrEnum):
    """Who makes a move. The author acts by the private link, the office is the secretary, screeners watch in the first round.

    The draw of judging codes moves all accepted works at once. After it, one person proposes and another confirms.
    """

    AUTHOR = "author"
    OFFICE = "office"
    SCREENER = "screener"
    DRAW = "draw"
    PAIR = "pair"


STATE_NAMES = {
    SubmissionState.AWAITING_FILM: Sentence("Chờ phim"),
    SubmissionState.RECEIVED: Sentence("Đã nhận"),
    SubmissionState.RETURNED: Sentence("Cần bổ sung"),
    SubmissionState.ACCEPTED: Sentence("Đạt sơ loại"),
    SubmissionState.REJECTED: Sentence("Không đạt sơ loại"),
    SubmissionState.FINALIST: Sentence("Vào chung kết"),
    SubmissionState.WITHDRAWN: Sentence("Thôi dự thi"),
    SubmissionState.DISQUALIFIED: Sentence("Bị loại"),
}
MOVER_NAMES = {
    Mover.AUTHOR: Sentence("tác giả"),
    Mover.OFFICE: Sentence("Tổ Thư ký"),
    Mover.SCREENER: Sentence("người sơ loại"),
    Mover.DRAW: Sentence("cuộc bốc thăm"),
    Mover.PAIR: Sentence("hai người của Ban Tổ chức, Tổ Thư ký"),
}


class Move(StrEnum):
    """What can be done to a submission that changes its state."""

    GIVE_FILM = "give_film"
    RETURN = "return"
    ACCEPT = "accept"
    REJECT = "reject"
    DRAW = "draw"
    WITHDRAW = "withdraw"
    DISQUALIFY = "disqualify"
    REINSTATE = "reinstate"
    RESUBMIT = "resubmit"
    RESCREEN = "rescreen"
    WITHDRAW_FINALIST = "withdraw_finalist"
    DISQUALIFY_FINALIST = "disqualify_finalist"
    REINSTATE_FINALIST = "reinstate_finalist"
    REPLACE_FINALIST_FILM = "replace_finalist_film"


@dataclass(frozen=True, slots=True)
class MoveRule:
    """One row of the table: the move, the states it is allowed in, the state it leads to, and who may make it."""

    move: Move
    title: Sentence
    sources: tuple[SubmissionState, ...]
    target: SubmissionState
    movers: tuple[Mover, ...]
    needs_reason: tuple[Mover, ...]  # those who must say why
    clause: str  # of the plan, or the rule of docs/contest-rules.md


_S, _EVERYBODY = SubmissionState, (Mover.AUTHOR, Mover.OFFICE)
OPEN_STATES = (_S.AWAITING_FILM, _S.RECEIVED, _S.RETURNED)  # details and film can still be changed
MOVES: dict[Move, MoveRule] = {
    rule.move: rule
    for rule in (
        MoveRule(Move.GIVE_FILM, Sentence("Nộp phim"), OPEN_STATES, _S.RECEIVED, _EVERYBODY, (Mover.OFFICE,), "III.5"),
        MoveRule(
            Move.RETURN, Sentence("Yêu cầu bổ sung"), (_S.AWAITING_FILM, _S.RECEIVED), _S.RETURNED,
            (Mover.OFFICE, Mover.SCREENER), (Mover.OFFICE, Mover.SCREENER), "III.2",
        ),
        MoveRule(Move.ACCEPT, Sentence("Đạt sơ loại"), (_S.RECEIVED,), _S.ACCEPTED, (Mover.SCREENER,), (), "III.2, IV.4"),
        MoveRule(
            Move.REJECT, Sentence("Không đạt sơ loại"), (_S.RECEIVED,), _S.REJECTED, (Mover.SCREENER,),
            (Mover.SCREENER,), "III.2, IV.4",
        ),
        MoveRule(Move.DRAW, Sentence("Bốc thăm mã chấm"), (_S.ACCEPTED,), _S.FINALIST, (Mover.DRAW,), (), "III.2, IV.4"),
        MoveRule(
            Move.WITHDRAW, Sentence("Rút tác phẩm"), (*OPEN_STATES, _S.ACCEPTED), _S.WITHDRAWN, _EVERYBODY, (Mover.OFFICE,), "III.5"
        ),
        MoveRule(
            Move.DISQUALIFY, Sentence("Loại khỏi cuộc thi"), (*OPEN_STATES, _S.ACCEPTED, _S.REJECTED, _S.WITHDRAWN), _S.DISQUALIFIED,
            (Mover.OFFICE,), (Mover.OFFICE,), "III.1, III.4",
        ),
        MoveRule(
            Move.REINSTATE, Sentence("Khôi phục"), (_S.WITHDRAWN, _S.DISQUALIFIED), _S.RECEIVED, (Mover.OFFICE,),
            (Mover.OFFICE,), "III.2",
        ),
        MoveRule(
            Move.RESUBMIT, Sentence("Gửi lại để sơ loại"), (_S.RETURNED,), _S.RECEIVED, _EVERYBODY, (Mover.OFFICE,), "III.2"
        ),
        MoveRule(
            Move.RESCREEN, Sentence("Sơ loại lại"), (_S.ACCEPTED, _S.REJECTED), _S.RECEIVED, (Mover.OFFICE,),
            (Mover.OFFICE,), "III.2",
        ),
        MoveRule(
            Move.WITHDRAW_FINALIST, Sentence("Rút tác phẩm chung kết"), (_S.FINALIST,), _S.WITHDRAWN, (Mover.PAIR,),
            (Mover.PAIR,), "III.2",
        ),
        MoveRule(
            Move.DISQUALIFY_FINALIST, Sentence("Loại tác phẩm chung kết"), (_S.FINALIST,), _S.DISQUALIFIED, (Mover.PAIR,),
            (Mover.PAIR,), "III.1, III.4",
        ),
        MoveRule(
            Move.REINSTATE_FINALIST, Sentence("Khôi phục tác phẩm chung kết"), (_S.WITHDRAWN, _S.DISQUALIFIED), _S.FINALIST,
            (Mover.PAIR,), (Mover.PAIR,), "III.2",
        ),
        MoveRule(
            Move.REPLACE_FINALIST_FILM, Sentence("Thay phim tác phẩm chung kết"), (_S.FINALIST,), _S.FINALIST, (Mover.PAIR,),
            (Mover.PAIR,), "III.4",
        ),
    )
}  # fmt: skip


class FinalistChange(StrEnum):
    """What one person proposes to change about a finalist, and another confirms. The values are stored."""

    CORRECT = "correct"
    FILM = "film"
    WITHDRAW = "withdraw"
    DISQUALIFY = "disqualify"
    REINSTATE = "reinstate"


FINALIST_CHANGE_NAMES = {
    FinalistChange.CORRECT: Sentence("Sửa thông tin"),
    FinalistChange.FILM: Sentence("Thay phim khác"),
    FinalistChange.WITHDRAW: Sentence("Rút khỏi chung kết"),
    FinalistChange.DISQUALIFY: Sentence("Loại khỏi chung kết"),
    FinalistChange.REINSTATE: Sentence("Đưa trở lại chung kết"),
}
FINALIST_MOVES = {  # a correction moves nothing
    FinalistChange.FILM: Move.REPLACE_FINALIST_FILM,
    FinalistChange.WITHDRAW: Move.WITHDRAW_FINALIST,
    FinalistChange.DISQUALIFY: Move.DISQUALIFY_FINALIST,
    FinalistChange.REINSTATE: Move.REINSTATE_FINALIST,
}


class WrongState(Refusal):
    """The submission's state does not allow the move."""

    def __init__(self, move: MoveRule, state: SubmissionState) -> None:
        super().__init__(
            "Tác phẩm đang ở trạng thái “{state}” nên không làm được việc này: {move}.",
            state=STATE_NAMES[state], move=move.title,
        )  # fmt: skip


class NeedsReason(Refusal):
    """The move needs a reason, and none was given."""

    def __init__(self) -> None:
        super().__init__("Cần ghi lý do.")


class NotTheirs(Refusal):
    """This mover may not make the move."""

    def __init__(self, move: MoveRule, mover: Mover) -> None:
        super().__init__("Việc này không dành cho {mover}: {move}.", mover=MOVER_NAMES[mover], move=move.title)


def target(move: Move, state: SubmissionState, mover: Mover, reason: str, *, has_film: bool) -> SubmissionState:
    """The state after the move. A submission that is reinstated without a film waits for one.

    Raises NotTheirs, WrongState, NeedsReason.
    """
    rule = MOVES[move]
    if mover not in rule.movers:
        raise NotTheirs(rule, mover)
    if state not in rule.sources:
        raise WrongState(rule, state)
    if mover in rule.needs_reason and not reason.strip():
        raise NeedsReason
    if rule.target is SubmissionState.RECEIVED and not has_film:
        return SubmissionState.AWAITING_FILM
    return rule.target


def allowed(state: SubmissionState, mover: Mover) -> Iterable[Move]:
    """The moves that this mover can make in this state."""
    return tuple(rule.move for rule in MOVES.values() if state in rule.sources and mover in rule.movers)
