"""A screener's verdict about a work, and recusal. The verdict that completes the screening moves the work at once."""

from datetime import datetime

from core.desk import authorization, context
from core.desk.background import entry_mail
from core.desk.entries import entry_refusals as refusals
from core.desk.judging.judge_assignment import required_reason
from core.desk.matching import author_review
from core.desk.screening import screening_access
from core.desk.screening.screening_access import NotYours
from core.rules.access import Principal
from core.rules.entries import screening
from core.rules.entries.screening import Judgement, Outcome
from core.rules.entries.states import Move, Mover, SubmissionState, target
from core.rules.permissions import may_screen
from core.rules.words import Refusal
from core.store.engine import Store, WriteTransaction
from core.store.events.payloads import (
    Payload,
    ScreeningRecused,
    ScreeningVerdictGiven,
    SubmissionAccepted,
    SubmissionRejected,
    SubmissionReturned,
)
from core.store.people import accounts
from core.store.queries import screening as rows
from core.store.queries import submissions
from core.store.queries.screening import VerdictRow
from core.store.queries.submissions import Submission


class NotInTheQueue(Refusal):
    """The work does not wait for a verdict: it is decided, went back to its author, or has no film."""

    def __init__(self) -> None:
        super().__init__("Tác phẩm này không còn chờ sơ loại; hãy về danh sách.")


class GivenAlready(Refusal):
    """The screener has said what they think of this revision."""

    def __init__(self) -> None:
        super().__init__("Bạn đã đánh giá tác phẩm này rồi.")


def give(store: Store, who: Principal, code: str, revision: int, given: Judgement, now: datetime) -> Outcome | None:
    """Give a verdict about the `revision` that the screener saw. Returns what became of the work; None: it waits for others.

    Raises NotAllowed, UnknownSubmission, NotInTheQueue, ChangedMeanwhile, NotYours, GivenAlready, BadText and what
    `core.rules.entries.screening.check` raises.
    """
    reason = required_reason(given.reason) if given.reason.strip() else ""
    said = Judgement(given.verdict, given.answers, reason, given.points, given.names_author)

    def act(transaction: WriteTransaction) -> Outcome | None:
        connection = transaction.connection
        contest = context.contest_state_in(connection).contest
        found = _in_the_queue(transaction, who, code)
        if found.revision != revision:
            raise refusals.ChangedMeanwhile
        earlier = screening_access.of_revision(rows.verdicts(connection, found.id), found)
        if any(each.screener == who.username for each in earlier):
            raise GivenAlready
        screening.check(said, contest.screening, blind=screening_access.blind(contest))
        _store(transaction, who, found, said, now)
        outcome = screening.outcome([*map(screening_access.judgement, earlier), said], contest.screening)
        if outcome is not None:
            _move(transaction, who, found, outcome, now)
        return outcome

    return authorization.change(store, who, may_screen, now, act)


def recuse(store: Store, who: Principal, code: str, reason: str, now: datetime) -> None:
    """Leave a work to other screeners, because one knows its author.

    Raises NotAllowed, UnknownSubmission, NotInTheQueue, NotYours, GivenAlready, ReasonMissing, BadText.
    """
    why = required_reason(reason)

    def act(transaction: WriteTransaction) -> None:
        connection, found = transaction.connection, _in_the_queue(transaction, who, code)
        given = screening_access.of_revision(rows.verdicts(connection, found.id), found)
        if any(each.screener == who.username for each in given):
            raise GivenAlready
        at = context.written_at(transaction, now)
        rows.recuse(connection, found.id, who.username, why, at)
        payload = ScreeningRecused(found.code, _pseudonym(transaction, who), transaction.commit_text(why))
        row = transaction.record(at=at, actor=who.username, payload=payload)
        submissions.add_history(connection, found.id, row.id)

    authorization.change(store, who, may_screen, now, act)


def _in_the_queue(transaction: WriteTransaction, who: Principal, code: str) -> Submission:
    found = submissions.find(transaction.connection, code)
    if found is None:
        raise refusals.UnknownSubmission
    if not screening_access.screener(transaction.connection, who).may_screen(found):
        raise NotYours
    if found.state is not SubmissionState.RECEIVED or found.film is None:
        raise NotInTheQueue
    return found


def _store(transaction: WriteTransaction, who: Principal, found: Submission, said: Judgement, now: datetime) -> None:
    at, film, answers = context.written_at(transaction, now), str(found.film), dict(said.answers)
    row = VerdictRow(
        found.id, who.username, found.revision, film, said.verdict, said.points, answers, said.reason,
        said.names_author, at,
    )  # fmt: skip
    number = rows.insert(transaction.connection, row)
    payload = ScreeningVerdictGiven(
        found.code, number, _pseudonym(transaction, who), found.revision, film, said.verdict,
        {key: answer.value for key, answer in said.answers.items()}, said.points,
        transaction.commit_text(said.reason) if said.reason else None, said.names_author,
    )  # fmt: skip
    written = transaction.record(at=at, actor=who.username, payload=payload)
    submissions.add_history(transaction.connection, found.id, written.id)


def _move(transaction: WriteTransaction, who: Principal, found: Submission, outcome: Outcome, now: datetime) -> None:
    after = target(outcome.move, found.state, Mover.SCREENER, outcome.reason, has_film=True)
    payload = _payload(transaction, found.code, outcome)
    row = transaction.record(at=context.written_at(transaction, now), actor=who.username, payload=payload)
    submissions.change(transaction.connection, found, row.id, {"state": after})
    author_review.review_submission(transaction, found.code, row.at)
    if outcome.move is Move.RETURN:
        entry_mail.request(transaction, entry_mail.MAIL_RETURNED, found.code, row.at)


def _payload(transaction: WriteTransaction, code: str, outcome: Outcome) -> Payload:
    if outcome.move is Move.ACCEPT:
        return SubmissionAccepted(code)
    reason = transaction.commit_text(outcome.reason)
    if outcome.move is Move.REJECT:
        return SubmissionRejected(code, reason)
    return SubmissionReturned(code, reason, by_screeners=True)


def _pseudonym(transaction: WriteTransaction, who: Principal) -> str:
    found = accounts.pseudonym(transaction.connection, who.username)
    assert found is not None
    return found
