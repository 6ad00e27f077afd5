"""The list of officials: members of the contest's bodies, who may not enter it (R02, plan III.1).

Every change compares the list with all authors again, in the same transaction.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TypeVar

from core.desk import authorization, context
from core.desk.context import written_at
from core.desk.entries.official_input import Bodies, Typed, checked, read_officials
from core.desk.matching import author_review
from core.desk.text_input.csv_lines import Problem
from core.rules.access import Principal
from core.rules.permissions import may_keep_officials, must
from core.rules.vietnamese import identity, name_key
from core.rules.words import VIETNAM, Refusal
from core.store.engine import Store, WriteTransaction
from core.store.events.payloads import OfficialAdded, OfficialCorrected, OfficialRemoved
from core.store.people import officials as rows
from core.store.people.officials import OfficialRow, OfficialTexts

T = TypeVar("T")


class OfficialKnown(Refusal):
    """The list has this person in this body already."""

    def __init__(self, name: str) -> None:
        super().__init__("{name} đã có trong danh sách của ban này.", name=name)


class OfficialGone(Refusal):
    """The official was removed from the list, or there is none with this number."""

    def __init__(self) -> None:
        super().__init__("Thành viên này không còn trong danh sách; hãy tải lại trang.")


class OfficialChanged(Refusal):
    """Somebody else corrected this official after the form was drawn."""

    def __init__(self, name: str) -> None:
        super().__init__("Người khác vừa sửa thông tin của {name}; hãy xem lại trong danh sách rồi lưu.", name=name)


@dataclass(frozen=True, slots=True)
class Official:
    """A member of a body. `body`: a key of the contest's bodies, or another body's name; "" for what is unknown."""

    id: int
    name: str
    body: str
    birth: date | None
    phone: str
    note: str


@dataclass(frozen=True, slots=True)
class Imported:
    """The result of an import: how many were added, how many the list had already, and the problems by line."""

    added: int
    known: int
    problems: tuple[Problem, ...]


def listed(store: Store, who: Principal) -> tuple[Official, ...]:
    """The officials on the list, sorted by Vietnamese name. Raises NotAllowed."""
    must(may_keep_officials(who))
    with store.read() as connection:
        found = [_official(row) for row in rows.listed(connection)]
    return tuple(sorted(found, key=lambda official: (name_key(official.name), official.id)))


def bodies(store: Store) -> Bodies:
    """The contest's bodies: (key, name). Raises NoContest."""
    return context.contest(store).bodies


def add(store: Store, who: Principal, typed: Typed, now: datetime) -> None:
    """Add an official. Raises NotAllowed, OfficialKnown, and what `official_input.checked` raises."""
    must(may_keep_officials(who))
    texts = checked(typed, bodies(store), now.astimezone(VIETNAM).date())

    def act(transaction: WriteTransaction) -> None:
        if _key(texts) in {_key(row.texts) for row in rows.listed(transaction.connection)}:
            raise OfficialKnown(texts.name)
        _insert(transaction, who, [texts], now)

    _change(store, who, now, act)


def correct(store: Store, who: Principal, seen: Official, typed: Typed, now: datetime) -> None:
    """Correct what the list says of the official whom the form showed; the same texts again change nothing.

    Raises NotAllowed, OfficialGone, OfficialChanged, OfficialKnown, and what `official_input.checked` raises.
    """
    must(may_keep_officials(who))
    texts = checked(typed, bodies(store), now.astimezone(VIETNAM).date())

    def act(transaction: WriteTransaction) -> None:
        listed_now = {row.id: row for row in rows.listed(transaction.connection)}
        before = listed_now.pop(seen.id, None)
        if before is None:
            raise OfficialGone
        if before.texts == texts:
            return
        if _official(before) != seen:
            raise OfficialChanged(seen.name)
        if _key(texts) in (_key(row.texts) for row in listed_now.values()):
            raise OfficialKnown(texts.name)
        rows.correct(transaction.connection, seen.id, texts)
        at = written_at(transaction, now)
        payload = OfficialCorrected(seen.id, texts.body, *_commitments(transaction, texts))
        transaction.record(at=at, actor=who.username, payload=payload)
        author_review.review_all(transaction, at)

    _change(store, who, now, act)


def remove(store: Store, who: Principal, official_id: int, now: datetime) -> None:
    """Take an official off the list. Decisions about the person stay. Raises NotAllowed, OfficialGone."""
    must(may_keep_officials(who))

    def act(transaction: WriteTransaction) -> None:
        at = written_at(transaction, now)
        if not rows.remove(transaction.connection, official_id, at):
            raise OfficialGone
        transaction.record(at=at, actor=who.username, payload=OfficialRemoved(official_id))
        author_review.review_all(transaction, at)

    _change(store, who, now, act)


def import_list(store: Store, who: Principal, text: str, now: datetime) -> Imported:
    """Add the officials of a table that are not on the list yet; a bad row does not stop the others.

    Raises NotAllowed, and what `official_input.read_officials` raises.
    """
    must(may_keep_officials(who))
    found, problems = read_officials(text, bodies(store), now.astimezone(VIETNAM).date())

    def act(transaction: WriteTransaction) -> int:
        known = {_key(row.texts) for row in rows.listed(transaction.connection)}
        new = {_key(texts): texts for texts in reversed(found) if _key(texts) not in known}
        if new:
            _insert(transaction, who, list(reversed(new.values())), now)
        return len(new)

    added = _change(store, who, now, act)
    return Imported(added, len(found) - added, tuple(problems))


def _change(store: Store, who: Principal, now: datetime, act: Callable[[WriteTransaction], T]) -> T:
    """Run `act` in the write transaction as somebody who may keep the list, with the authors' bare names at hand."""
    author_review.prepare(store)
    return authorization.change(store, who, may_keep_officials, now, act)


def _insert(transaction: WriteTransaction, who: Principal, new: Sequence[OfficialTexts], now: datetime) -> None:
    """Add these officials with their ledger rows, then compare the list with all authors."""
    at = written_at(transaction, now)
    for texts in new:
        number = rows.insert(transaction.connection, texts, by=who.username, at=at)
        payload = OfficialAdded(number, texts.body, *_commitments(transaction, texts))
        transaction.record(at=at, actor=who.username, payload=payload)
    author_review.review_all(transaction, at)


def _commitments(transaction: WriteTransaction, texts: OfficialTexts) -> tuple[str, str | None, str | None, str | None]:
    """The commitments to the name, the date of birth, the phone and the note; None for an empty text."""
    birth_date, phone, note = (
        transaction.commit_text(text) if text else None for text in (texts.birth_date, texts.phone, texts.note)
    )
    return transaction.commit_text(texts.name), birth_date, phone, note


def _official(row: OfficialRow) -> Official:
    person = author_review.person_of(row.texts)
    return Official(row.id, person.name, row.texts.body, person.birth, person.phone, row.texts.note)


def _key(texts: OfficialTexts) -> tuple[str, str, str]:
    """What may be on the list once: a name in a body, with its date of birth."""
    return identity(texts.name), identity(texts.body), texts.birth_date
