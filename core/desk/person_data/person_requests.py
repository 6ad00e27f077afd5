"""Requests about an author's data: received by the private link or on paper, answered by the office, with due times.

The list is read from the ledger. A request changes nothing by itself, but for a withdrawn consent: its submission is
withdrawn in the same transaction, by the office at any time, by the author inside the window. Marks and papers stay.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from core.desk import authorization, context, stored_forms
from core.desk.entries import submissions
from core.desk.entries.entry_refusals import UnknownLink, UnknownSubmission
from core.desk.entries.registration import link_hash
from core.rules.access import Principal
from core.rules.entries.author_window import author_in_time
from core.rules.entries.person_requests import KIND_NAMES, RequestKind, due
from core.rules.entries.states import OPEN_STATES, NeedsReason
from core.rules.permissions import may_register_works, must
from core.rules.words import Locale, Refusal, Sentence
from core.store import ledger_rows
from core.store.engine import Connection, Store, WriteTransaction
from core.store.events import commitments, decode
from core.store.events.payloads import PersonRequestClosed, PersonRequestReceived
from core.store.ledger import SYSTEM, Row
from core.store.people import disclosures
from core.store.queries import submissions as rows
from core.store.queries.submissions import Submission

EVENTS = ("person_request.received", "person_request.closed")
CONSENT_WITHDRAWN = Sentence("Tác giả rút lại đồng ý xử lý dữ liệu cá nhân").localize(
    Locale()
)  # the reason of the move
LONGEST_PAST = timedelta(days=366)  # from the day on a paper to the day it is entered


class AlreadyAsked(Refusal):
    """The same request about this submission is still open."""

    def __init__(self, kind: RequestKind) -> None:
        super().__init__("Yêu cầu “{kind}” về đơn này đã được ghi và chưa trả lời.", kind=KIND_NAMES[kind])


class RequestGone(Refusal):
    """There is no open request with this number: it was answered meanwhile."""

    def __init__(self) -> None:
        super().__init__("Yêu cầu này đã được trả lời; hãy tải lại trang.")


class WrongDay(Refusal):
    """The day on which a paper came lies in the future, or too long ago."""

    def __init__(self) -> None:
        super().__init__("Ngày nhận yêu cầu không đúng.")


@dataclass(frozen=True, slots=True)
class PersonRequest:
    """A request. `text` and `answer` are empty once they are erased; `closed_at` is None while it is open."""

    number: int
    submission: str
    kind: RequestKind
    received_at: datetime
    text: str
    by_author: bool
    title: str = ""
    authors: str = ""
    answer: str = ""
    closed_at: datetime | None = None

    @property
    def due_at(self) -> datetime:
        """When the answer is due."""
        return due(self.received_at)


def listed(store: Store, who: Principal) -> tuple[PersonRequest, ...]:
    """All requests: the open ones by due time, then the answered ones, the newest first. Raises NotAllowed."""
    must(may_register_works(who))
    with store.read() as connection:
        forms = {each.code: stored_forms.decode(each.form) for each in rows.every(connection)}
        found = [
            replace(each, title=forms[each.submission].title, authors=forms[each.submission].author_names)
            for each in _every(connection).values()
        ]
    waiting = sorted((each for each in found if each.closed_at is None), key=lambda each: (each.due_at, each.number))
    answered = [each for each in reversed(found) if each.closed_at is not None]
    return (*waiting, *answered)


def of_submission(connection: Connection, code: str) -> tuple[PersonRequest, ...]:
    """The requests about one submission, in the order of receipt."""
    return tuple(each for each in _every(connection).values() if each.submission == code)


def ask_online(store: Store, secret: str, kind: RequestKind, text: str, now: datetime) -> int:
    """The author asks by the private link, at any time; returns the request's number. Raises UnknownLink, AlreadyAsked."""
    hashed = link_hash(secret)

    def act(transaction: WriteTransaction) -> int:
        found = rows.by_link(transaction.connection, hashed)
        if found is None:
            raise UnknownLink
        number = _receive(transaction, found, kind, text, now, by=SYSTEM, received=now)
        contest, at = context.contest_state_in(transaction.connection).contest, context.ledger_time(transaction, now)
        if (
            kind is RequestKind.WITHDRAW_CONSENT
            and found.state in OPEN_STATES
            and author_in_time(contest, found.state, at)
        ):
            submissions.withdraw(transaction, found, now, by=SYSTEM, reason=CONSENT_WITHDRAWN)
        return number

    return store.change(act)


@dataclass(frozen=True, slots=True)
class PaperRequest:
    """A request on paper: the submission's code, what is asked, in which words, and when it came."""

    code: str
    kind: RequestKind
    text: str
    received: datetime


def ask_on_paper(store: Store, who: Principal, paper: PaperRequest, now: datetime) -> int:
    """Enter a request that came on paper; returns its number.

    Raises NotAllowed, UnknownSubmission, AlreadyAsked, WrongDay, NeedsReason.
    """

    def act(transaction: WriteTransaction) -> int:
        found = rows.find(transaction.connection, paper.code)
        if found is None:
            raise UnknownSubmission
        if not paper.text.strip():
            raise NeedsReason
        at = context.ledger_time(transaction, now)
        if not at - LONGEST_PAST <= paper.received <= at:
            raise WrongDay
        number = _receive(transaction, found, paper.kind, paper.text, now, by=who.username, received=paper.received)
        if paper.kind is RequestKind.WITHDRAW_CONSENT and found.state in OPEN_STATES:
            submissions.withdraw(transaction, found, now, by=who.username, reason=CONSENT_WITHDRAWN)
        return number

    return authorization.change(store, who, may_register_works, now, act)


def close(store: Store, who: Principal, number: int, answer: str, now: datetime) -> None:
    """Record what was done about a request. Raises NotAllowed, RequestGone, NeedsReason."""

    def act(transaction: WriteTransaction) -> None:
        found = _every(transaction.connection).get(number)
        if found is None or found.closed_at is not None:
            raise RequestGone
        if not answer.strip():
            raise NeedsReason
        payload = PersonRequestClosed(number, found.submission, transaction.commit_text(answer.strip()))
        row = transaction.record(at=context.written_at(transaction, now), actor=who.username, payload=payload)
        about = rows.find(transaction.connection, found.submission)
        assert about is not None
        rows.add_history(transaction.connection, about.id, row.id)

    authorization.change(store, who, may_register_works, now, act)


def _receive(
    transaction: WriteTransaction, found: Submission, kind: RequestKind, text: str, now: datetime, *, by: str,
    received: datetime,
) -> int:  # fmt: skip
    every = _every(transaction.connection)
    same = (each for each in every.values() if (each.submission, each.kind) == (found.code, kind))
    if any(each.closed_at is None for each in same):
        raise AlreadyAsked(kind)
    at = context.written_at(transaction, now)
    payload = PersonRequestReceived(
        len(every) + 1, found.code, kind, min(context.millis(received), at), by_author=by == SYSTEM,
        reason=transaction.commit_text(text.strip()) if text.strip() else None,
    )  # fmt: skip
    row = transaction.record(at=at, actor=by, payload=payload)
    rows.add_history(transaction.connection, found.id, row.id)
    return payload.request


def _every(connection: Connection) -> dict[int, PersonRequest]:
    """All requests by number, in the order of receipt."""
    ledger = list(ledger_rows.news(connection, 0, EVENTS))
    texts = disclosures.texts(connection, [each for row in ledger for each in commitments(decode(row))])
    found: dict[int, PersonRequest] = {}
    for row in ledger:
        _apply(found, row, texts)
    return found


def _apply(found: dict[int, PersonRequest], row: Row, texts: Mapping[str, str]) -> None:
    payload = decode(row)
    if isinstance(payload, PersonRequestReceived):
        text = texts.get(payload.reason or "", "")
        received = datetime.fromtimestamp(payload.received_at / 1000, UTC)
        kind = RequestKind(payload.kind)
        found[payload.request] = PersonRequest(
            payload.request, payload.submission, kind, received, text, payload.by_author
        )
    elif isinstance(payload, PersonRequestClosed):
        answer = texts.get(payload.reason, "")
        found[payload.request] = replace(
            found[payload.request], answer=answer, closed_at=datetime.fromtimestamp(row.at / 1000, UTC)
        )
