"""The publication of the result: the committee's act, once the awards are confirmed, and its retraction by two people.

Before it no stranger, author or judge reads a result by any route; `contest.published_at` says that it stands.
"""

from dataclasses import dataclass
from datetime import datetime

from core.desk import authorization, context
from core.desk.accounts.reauthentication import Reauthenticated
from core.desk.awards.award_refusals import ChangedMeanwhile
from core.desk.checkpoints import Occasion, checkpoint
from core.desk.context import moment
from core.desk.judging.judge_assignment import clean_text, required_reason
from core.papers import document_text
from core.papers.public_document import public_document
from core.rules import permissions
from core.rules.access import Principal
from core.rules.permissions import must
from core.rules.words import Refusal
from core.store import publications as rows
from core.store.engine import Connection, Store, WriteTransaction
from core.store.events.payloads import ResultPublished, ResultRetracted, RetractionDeclined, RetractionProposed
from core.store.people import accounts
from core.store.publications import PublicationRow, RetractionRow
from core.store.queries import awards

ANSWER_LENGTH = 1000


class NotConfirmed(Refusal):
    """There is no confirmed award table to publish."""

    def __init__(self) -> None:
        super().__init__("Bảng trao giải chưa được xác nhận nên chưa công bố được.")


class AlreadyPublished(Refusal):
    """The result is public already."""

    def __init__(self) -> None:
        super().__init__("Kết quả đã được công bố.")


class NotPublished(Refusal):
    """The result is not public, or the publication that is meant was taken back."""

    def __init__(self) -> None:
        super().__init__("Kết quả không còn được công bố.")


class RetractionWaits(Refusal):
    """A proposal to take the publication back waits already."""

    def __init__(self) -> None:
        super().__init__("Đã có một đề nghị thu hồi công bố đang chờ quyết định.")


class NoRetraction(Refusal):
    """No such proposal waits: it was decided meanwhile."""

    def __init__(self) -> None:
        super().__init__("Đề nghị thu hồi này đã được quyết định; hãy tải lại trang.")


class OwnRetraction(Refusal):
    """Nobody decides what they proposed themselves."""

    def __init__(self) -> None:
        super().__init__("Người đề nghị thu hồi không tự quyết định được: cần một thành viên khác của Ban Tổ chức.")


@dataclass(frozen=True, slots=True)
class Publication:
    """An act of publication, for the page. `retracted_at` None: it stands."""

    number: int
    by: str
    at: datetime
    retracted_at: datetime | None


@dataclass(frozen=True, slots=True)
class Retraction:
    """A proposal to take a publication back, for the page. `outcome` None: it waits."""

    number: int
    publication: int
    reason: str
    by: str
    at: datetime
    outcome: str | None
    answer: str
    decided_by: str
    may_decide: bool  # by this reader


@dataclass(frozen=True, slots=True)
class PublicationState:
    """All publications and proposals, oldest first, and what this reader may do now.

    `document`: the fingerprint ("sha256:…") of the confirmed table, "" before the confirmation.
    """

    document: str
    publications: tuple[Publication, ...]
    retractions: tuple[Retraction, ...]
    may_publish: bool

    @property
    def standing(self) -> Publication | None:
        """The publication that stands; None while the result is not public."""
        last = self.publications[-1] if self.publications else None
        return last if last is not None and last.retracted_at is None else None

    @property
    def waiting(self) -> Retraction | None:
        """The proposal that waits."""
        return next((each for each in self.retractions if each.outcome is None), None)


def state(store: Store, who: Principal) -> PublicationState:
    """The publication as this reader sees it. Raises NotAllowed."""
    must(permissions.may_see_awards(who))
    with store.read() as connection:
        names = {each.username: each.name or each.username for each in accounts.all_accounts(connection)}
        document = _confirmed(connection)
        made = tuple(_publication(row, names) for row in rows.publications(connection))
        proposed = tuple(_retraction(row, names, who) for row in rows.retractions(connection))
    return PublicationState(document, made, proposed, permissions.may_publish(who))


def publish(store: Store, reauthenticated: Reauthenticated, seen: str, now: datetime) -> int:
    """Make the confirmed result public; `seen`: `PublicationState.document` of the page. Returns the number of the act.

    Raises NotAllowed, NotConfirmed, ChangedMeanwhile, AlreadyPublished.
    """
    who = reauthenticated.who
    must(permissions.may_publish(who))

    def act(transaction: WriteTransaction) -> int:
        connection, at = transaction.connection, context.written_at(transaction, now)
        confirmed = awards.confirmed(connection)
        if confirmed is None:
            raise NotConfirmed
        document = document_text.fingerprint(confirmed.document)
        if document != seen:
            raise ChangedMeanwhile
        if context.contest_state_in(connection).published_at is not None:
            raise AlreadyPublished
        text = document_text.canonical(public_document(document_text.read(confirmed.document)))
        number = rows.publish(connection, document, text, by=who.username, at=at)
        payload = ResultPublished(number, document, document_text.fingerprint(text))
        row = transaction.record(at=at, actor=who.username, payload=payload)
        checkpoint(transaction, row.at, Occasion.PUBLICATION)
        return number

    return authorization.change(store, who, permissions.may_publish, now, act)


def propose_retraction(store: Store, who: Principal, publication: int, reason: str, now: datetime) -> int:
    """Propose to take a publication back, for another member to confirm. Returns the proposal's number.

    Raises NotAllowed, NotPublished, RetractionWaits, ReasonMissing, BadText.
    """
    must(permissions.may_publish(who))
    why = required_reason(reason)

    def act(transaction: WriteTransaction) -> int:
        connection, at = transaction.connection, context.written_at(transaction, now)
        _must_stand(connection, publication)
        if any(each.outcome is None for each in rows.retractions(connection)):
            raise RetractionWaits
        number = rows.propose(connection, publication, why, by=who.username, at=at)
        payload = RetractionProposed(number, publication, transaction.commit_text(why))
        transaction.record(at=at, actor=who.username, payload=payload)
        return number

    return authorization.change(store, who, permissions.may_publish, now, act)


def decline_retraction(store: Store, who: Principal, number: int, reason: str, now: datetime) -> None:
    """Decline what another member proposed, with a reason: the result stays public.

    Raises NotAllowed, NoRetraction, OwnRetraction, ReasonMissing, BadText.
    """
    must(permissions.may_publish(who))
    why = required_reason(reason)

    def act(transaction: WriteTransaction) -> None:
        _waiting(transaction.connection, who, number)
        at = context.written_at(transaction, now)
        rows.decide(transaction.connection, number, "declined", why, by=who.username, at=at)
        payload = RetractionDeclined(number, transaction.commit_text(why))
        transaction.record(at=at, actor=who.username, payload=payload)

    authorization.change(store, who, permissions.may_publish, now, act)


def retract(store: Store, reauthenticated: Reauthenticated, number: int, answer: str, now: datetime) -> None:
    """Confirm what another member proposed: the result is not public any more. A reason may be given.

    Raises NotAllowed, NoRetraction, OwnRetraction, NotPublished, BadText.
    """
    who = reauthenticated.who
    must(permissions.may_publish(who))
    why = clean_text(answer, limit=ANSWER_LENGTH)

    def act(transaction: WriteTransaction) -> None:
        connection, at = transaction.connection, context.written_at(transaction, now)
        proposal = _waiting(connection, who, number)
        _must_stand(connection, proposal.publication)
        rows.decide(connection, number, "confirmed", why, by=who.username, at=at)
        rows.retract(connection, proposal.publication, at)
        payload = ResultRetracted(number, proposal.publication, transaction.commit_text(why) if why else None)
        row = transaction.record(at=at, actor=who.username, payload=payload)
        checkpoint(transaction, row.at, Occasion.RETRACTION)

    authorization.change(store, who, permissions.may_publish, now, act)


def _confirmed(connection: Connection) -> str:
    table = awards.confirmed(connection)
    return document_text.fingerprint(table.document) if table is not None else ""


def _must_stand(connection: Connection, publication: int) -> None:
    standing = rows.standing(connection)
    if standing is None or standing.id != publication:
        raise NotPublished


def _waiting(connection: Connection, who: Principal, number: int) -> RetractionRow:
    """The proposal, which waits and is another person's. Raises NoRetraction, OwnRetraction."""
    found = next((each for each in rows.retractions(connection) if each.id == number and each.outcome is None), None)
    if found is None:
        raise NoRetraction
    if not permissions.may_decide_retraction(who, found.proposed_by):
        raise OwnRetraction
    return found


def _publication(row: PublicationRow, names: dict[str, str]) -> Publication:
    return Publication(row.id, names.get(row.by, row.by), _at(row.at), moment(row.retracted_at))


def _retraction(row: RetractionRow, names: dict[str, str], who: Principal) -> Retraction:
    waits = row.outcome is None
    decider = names.get(row.decided_by or "", row.decided_by or "")
    return Retraction(
        row.id, row.publication, row.reason, names.get(row.proposed_by, row.proposed_by), _at(row.proposed_at), row.outcome,
        row.answer, decider, waits and permissions.may_decide_retraction(who, row.proposed_by),
    )  # fmt: skip


def _at(milliseconds: int) -> datetime:
    at = moment(milliseconds)
    assert at is not None
    return at
