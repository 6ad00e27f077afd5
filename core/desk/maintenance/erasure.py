"""Deleting personal texts on request: names and words go, marks, decisions and both chains stay (docs/security.md, Chains).

The ledger holds commitments only, so nothing in it changes. A row says which texts were deleted; a confirmed award document
is an official paper and keeps the names it was confirmed with.
"""

from datetime import datetime

from core.desk import authorization, context
from core.desk.accounts.account_refusals import NoSuchAccount
from core.desk.context import written_at
from core.desk.interactions import UnknownWork
from core.rules.access import Principal
from core.rules.permissions import may_keep_accounts, must
from core.rules.words import Refusal
from core.store import ledger_rows
from core.store.engine import Connection, Store, WriteTransaction
from core.store.events import commitments, decode
from core.store.events.payloads import AccountAdded, SheetReturned, TextsErased
from core.store.ledger import SYSTEM, account_number
from core.store.people import accounts, disclosures
from core.store.people import erasure as rows


class AccountOpen(Refusal):
    """Who may still sign in still has a name."""

    def __init__(self, username: str) -> None:
        super().__init__("Hãy khóa tài khoản {username} trước khi xóa dữ liệu cá nhân.", username=username)


def erase_entry(store: Store, who: Principal, code: str, now: datetime) -> int:
    """Delete a work's title, author and unit, as they are and as they were; gives how many texts are gone.

    Raises NotAllowed, UnknownWork.
    """
    must(may_keep_accounts(who))

    def act(unit: WriteTransaction) -> int:
        if not rows.clear_entry(unit.connection, code):
            raise UnknownWork(code)
        gone = sorted(_of_entry(unit.connection, code))
        return _erased(unit, who, TextsErased(gone, entry=code), now)

    return authorization.change(store, who, may_keep_accounts, now, act)


def erase_account(store: Store, who: Principal, username: str, now: datetime) -> int:
    """Delete a closed account's username and name, and every word the person wrote; gives how many texts are gone.

    The username that the contest file names to break ties stays: the file is public, and ranking goes by it.
    Raises NotAllowed, NoSuchAccount, AccountOpen.
    """
    must(may_keep_accounts(who))

    def act(unit: WriteTransaction) -> int:
        person = accounts.named(unit.connection, username)
        if person is None:
            raise NoSuchAccount(username)
        if person.active:
            raise AccountOpen(username)
        in_the_file = context.contest_state_in(unit.connection).contest.ties.chief == username
        gone = sorted(_of_account(unit.connection, person.number, but_username=in_the_file))
        for judge, code in _returned_by(unit.connection, person.number):
            rows.clear_return(unit.connection, judge, code)
        left = username if in_the_file else rows.erased_username(person.number)
        rows.clear_account(unit.connection, person.id, left)
        return _erased(unit, who, TextsErased(gone, account=person.pseudonym), now)

    return authorization.change(store, who, may_keep_accounts, now, act)


def _erased(unit: WriteTransaction, who: Principal, payload: TextsErased, now: datetime) -> int:
    there = disclosures.delete(unit.connection, payload.commitments)
    unit.record(at=written_at(unit, now), actor=who.username, payload=payload)
    return there


def _of_entry(connection: Connection, code: str) -> set[str]:
    """The commitments to a work's own texts, of every correction."""
    found = set[str]()
    for row in ledger_rows.news(connection, 0, ("entry.added", "entry.corrected")):
        told = decode(row)
        if getattr(told, "entry", None) == code:
            found.update(commitments(told))
    return found


def _of_account(connection: Connection, number: int, *, but_username: bool) -> set[str]:
    """The commitments to an account's names, and to what the person wrote."""
    found = set[str]()
    for row in ledger_rows.rows(connection):
        told = decode(row)
        if isinstance(told, AccountAdded):  # whoever made it, its names are those of the account
            if account_number(told.account) == number:
                found.update({told.name} if but_username else {told.name, told.username})
        elif row.actor != SYSTEM and account_number(row.actor) == number:
            found.update(commitments(told))
    return found


def _returned_by(connection: Connection, number: int) -> list[tuple[int, str]]:
    """The sheets that this person returned last: the number of their judge, and the work."""
    last: dict[tuple[int, str], int] = {}
    for row in ledger_rows.news(connection, 0, ("sheet.returned",)):
        told = decode(row)
        if isinstance(told, SheetReturned):
            last[account_number(told.judge), told.entry] = account_number(row.actor)
    return [sheet for sheet, by in last.items() if by == number]
