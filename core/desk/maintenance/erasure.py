"""Erasing personal texts on request. Marks, decisions and both chains stay (docs/security.md, Chains).

The ledger holds only commitments to the texts, so its rows do not change. A new row records which texts were erased. A
confirmed award document is an official paper and keeps its names.
"""

from collections.abc import Callable
from datetime import datetime

from core.desk import authorization, context
from core.desk.accounts.account_refusals import NoSuchAccount
from core.desk.context import written_at
from core.desk.entries.entry_refusals import UnknownSubmission
from core.desk.entries.officials import OfficialGone
from core.desk.interactions import UnknownWork
from core.desk.matching import author_review
from core.rules.access import Principal
from core.rules.entries.states import OPEN_STATES
from core.rules.permissions import may_keep_accounts, must
from core.rules.words import Refusal
from core.store import ledger_rows
from core.store.engine import Connection, Store, WriteTransaction
from core.store.events import commitments, decode
from core.store.events.payloads import (
    AccountAdded,
    MatchDecided,
    OfficialAdded,
    OfficialCorrected,
    SheetReturned,
    TextsErased,
)
from core.store.ledger import SYSTEM, account_number
from core.store.people import accounts, disclosures, matches, officials
from core.store.people import erasure as rows
from core.store.queries import submissions
from core.store.queries.submissions import Submission

OF_WORKS = ("form", "address", "source")  # fields with a text about a work or the draw, whoever typed it
MOST_DIGITS = 9  # of an official's number


class AccountOpen(Refusal):
    """The account is still active: it must be closed before its names are erased."""

    def __init__(self, username: str) -> None:
        super().__init__("Hãy khóa tài khoản {username} trước khi xóa dữ liệu cá nhân.", username=username)


class OfficialListed(Refusal):
    """The official is still on the list: they must be removed before their texts are erased."""

    def __init__(self, name: str) -> None:
        super().__init__(
            "Hãy đưa thành viên số {name} ra khỏi danh sách các ban trước khi xóa dữ liệu cá nhân.", name=name
        )


class SubmissionOpen(Refusal):
    """The submission still competes: it must be withdrawn before its texts are erased."""

    def __init__(self, code: str) -> None:
        super().__init__("Hãy rút đơn dự thi {code} trước khi xóa dữ liệu cá nhân.", code=code)


def erase_entry(store: Store, who: Principal, code: str, now: datetime) -> int:
    """Erase a work's title, author and unit, current and former ones; returns the number of texts deleted.

    Raises NotAllowed, UnknownWork.
    """
    must(may_keep_accounts(who))

    def act(transaction: WriteTransaction) -> int:
        if not rows.clear_entry(transaction.connection, code):
            raise UnknownWork(code)
        erased = _of_entry(transaction.connection, code)
        erased |= _clear_decisions(transaction.connection, lambda payload: _is_author(payload, code))
        author_review.review_work(transaction, code, written_at(transaction, now))
        return _record_erasure(transaction, who, TextsErased(sorted(erased), entry=code), now)

    return authorization.change(store, who, may_keep_accounts, now, act)


def erase_submission(store: Store, who: Principal, code: str, now: datetime) -> int:
    """Erase the texts about a submission that no longer competes: its forms, reasons, and requests of its authors.

    Its code, state, film and history stay, and so do marks. Returns the number of texts deleted.
    Raises NotAllowed, UnknownSubmission, SubmissionOpen.
    """
    must(may_keep_accounts(who))

    def act(transaction: WriteTransaction) -> int:
        connection = transaction.connection
        found = submissions.find(connection, code)
        if found is None:
            raise UnknownSubmission
        if found.state in OPEN_STATES:
            raise SubmissionOpen(code)
        erased = _of_submission(connection, found)
        erased |= _clear_decisions(connection, lambda payload: _is_author(payload, code))
        rows.clear_submission(connection, found.id)
        return _record_erasure(transaction, who, TextsErased(sorted(erased)), now)

    return authorization.change(store, who, may_keep_accounts, now, act)


def erase_account(store: Store, who: Principal, username: str, now: datetime) -> int:
    """Erase a closed account's username and name, and every text the person wrote; returns the number of texts deleted.

    A username that the contest file names to break ties stays: the file is public, and the ranking uses it.
    Raises NotAllowed, NoSuchAccount, AccountOpen.
    """
    must(may_keep_accounts(who))

    def act(transaction: WriteTransaction) -> int:
        person = accounts.named(transaction.connection, username)
        if person is None:
            raise NoSuchAccount(username)
        if person.active:
            raise AccountOpen(username)
        in_the_file = context.contest_state_in(transaction.connection).contest.ties.chief == username
        erased = _of_account(transaction.connection, person.number, but_username=in_the_file)
        erased |= _clear_decisions(transaction.connection, lambda payload: _is_account(payload, person.number))
        for judge, code in _returned_by(transaction.connection, person.number):
            rows.clear_return(transaction.connection, judge, code)
        left = username if in_the_file else rows.erased_username(person.number)
        rows.clear_account(transaction.connection, person.id, left)
        author_review.review_all(transaction, written_at(transaction, now))
        return _record_erasure(transaction, who, TextsErased(sorted(erased), account=person.pseudonym), now)

    return authorization.change(store, who, may_keep_accounts, now, act)


def erase_official(store: Store, who: Principal, number: str, now: datetime) -> int:
    """Erase the texts about an official who left the list, and the reasons of decisions about them.

    `number`: the official's id. Returns the number of texts deleted. Raises NotAllowed, OfficialGone, OfficialListed.
    """
    must(may_keep_accounts(who))
    official_id = int(number) if number.isascii() and number.isdecimal() and len(number) <= MOST_DIGITS else 0

    def act(transaction: WriteTransaction) -> int:
        official = officials.find(transaction.connection, official_id)
        if official is None:
            raise OfficialGone
        if official.removed_at is None:
            raise OfficialListed(number)
        officials.clear(transaction.connection, official_id)
        erased = _of_official(transaction.connection, official_id)
        erased |= _clear_decisions(transaction.connection, lambda payload: payload.official == official_id)
        return _record_erasure(transaction, who, TextsErased(sorted(erased)), now)

    return authorization.change(store, who, may_keep_accounts, now, act)


def _record_erasure(transaction: WriteTransaction, who: Principal, payload: TextsErased, now: datetime) -> int:
    deleted = disclosures.delete(transaction.connection, payload.commitments)
    transaction.record(at=written_at(transaction, now), actor=who.username, payload=payload)
    return deleted


def _of_entry(connection: Connection, code: str) -> set[str]:
    """The commitments to a work's texts, those of every correction included."""
    found = set[str]()
    for row in ledger_rows.news(connection, 0, ("entry.added", "entry.corrected")):
        payload = decode(row)
        if getattr(payload, "entry", None) == code:
            found.update(commitments(payload))
    return found


def _of_submission(connection: Connection, submission: Submission) -> set[str]:
    """The commitments to a submission's forms, to the reasons of what was done, and to the texts of requests."""
    about = ledger_rows.some(connection, submissions.history(connection, submission.id))
    return {each for row in about for each in commitments(decode(row))}


def _of_account(connection: Connection, number: int, *, but_username: bool) -> set[str]:
    """The commitments to an account's names and to the texts the person wrote."""
    found = set[str]()
    for row in ledger_rows.rows(connection):
        payload = decode(row)
        if isinstance(payload, AccountAdded):  # its names are the account's, whoever created it
            if account_number(payload.account) == number:
                found.update({payload.name} if but_username else {payload.name, payload.username})
        elif isinstance(payload, OfficialAdded | OfficialCorrected):  # its texts are the official's, whoever typed them
            continue
        elif row.actor != SYSTEM and account_number(row.actor) == number:
            found.update(set(commitments(payload)) - {getattr(payload, name, None) for name in OF_WORKS})
    return found


def _of_official(connection: Connection, official_id: int) -> set[str]:
    """The commitments to an official's texts, those of every correction included."""
    found = set[str]()
    for row in ledger_rows.news(connection, 0, ("official.added", "official.corrected")):
        payload = decode(row)
        if isinstance(payload, OfficialAdded | OfficialCorrected) and payload.official == official_id:
            found.update(commitments(payload))
    return found


def _clear_decisions(connection: Connection, which: Callable[[MatchDecided], bool]) -> set[str]:
    """Clear the reasons of the decisions about these matches; returns the commitments to them."""
    payloads = map(decode, ledger_rows.news(connection, 0, ("match.decided",)))
    decided = {each.number: each.reason for each in payloads if isinstance(each, MatchDecided) and which(each)}
    matches.clear_reasons(connection, decided)
    return set(decided.values())


def _is_author(payload: MatchDecided, code: str) -> bool:
    return payload.author_key.startswith(code + author_review.SEPARATOR)


def _is_account(payload: MatchDecided, number: int) -> bool:
    return payload.account is not None and account_number(payload.account) == number


def _returned_by(connection: Connection, number: int) -> list[tuple[int, str]]:
    """The sheets whose last return was by this person: (judge's account number, work's code)."""
    last: dict[tuple[int, str], int] = {}
    for row in ledger_rows.news(connection, 0, ("sheet.returned",)):
        payload = decode(row)
        if isinstance(payload, SheetReturned):
            last[account_number(payload.judge), payload.entry] = account_number(row.actor)
    return [sheet for sheet, by in last.items() if by == number]
