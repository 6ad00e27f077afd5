"""Finds authors who are like officials, and keeps what was found up to date (R02, plan III.1).

The officials are the members on the list, and everybody with an account. `review` runs in the transaction that changes
either side. Comparing 3,000 authors with 60 officials takes about 36 ms of one core, once `prepare` has computed the bare
names outside of it.
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from core.desk import stored_forms
from core.desk.matching.name_likeness import alike_pairs, likeness
from core.rules.people.names import bare_name, names_in
from core.rules.people.person import Person
from core.rules.people.same_person import ALIKE, Match, compare
from core.rules.vietnamese import identity
from core.store.engine import Connection, Store, WriteTransaction
from core.store.people import matches as rows
from core.store.people import officials as official_rows
from core.store.people.matches import MatchRow, NewMatch, Side
from core.store.queries import submissions

SEPARATOR = ":"  # between a work's code and an author's place in it, in an author's key


@dataclass(frozen=True, slots=True)
class AuthorRef:
    """An author. `key` names one author for good: a work's code and the author's place in it."""

    key: str
    person: Person


@dataclass(frozen=True, slots=True)
class OfficialRef:
    """A member of a body, or the person of an account."""

    side: Side
    person: Person


Found = dict[tuple[str, Side], Match]


def authors_of_works(connection: Connection, codes: Collection[str] | None = None) -> tuple[AuthorRef, ...]:
    """The authors that the works' free texts name; all works, or those with these codes."""
    return tuple(
        AuthorRef(f"{code}{SEPARATOR}{place}", Person(name))
        for code, authors in rows.work_authors(connection, codes).items()
        for place, name in enumerate(names_in(authors), start=1)
    )


def authors_of_submissions(connection: Connection, codes: Collection[str] | None = None) -> tuple[AuthorRef, ...]:
    """The authors of the competing submissions, or of those with these codes."""
    return tuple(
        AuthorRef(f"{code}{SEPARATOR}{place}", person)
        for code, form in submissions.competing_forms(connection, codes).items()
        for place, person in enumerate(stored_forms.people(form), start=1)
    )


# Where authors come from. A further source is another function here.
PROVIDERS: tuple[Callable[[Connection], Iterable[AuthorRef]], ...] = (authors_of_works, authors_of_submissions)


def all_authors(connection: Connection) -> tuple[AuthorRef, ...]:
    """The authors of every provider."""
    return tuple(author for provider in PROVIDERS for author in provider(connection))


def all_officials(connection: Connection) -> tuple[OfficialRef, ...]:
    """The members on the list, and the accounts whose names are not on it: a member's account is not asked about twice."""
    listed = [OfficialRef(Side(official_id=row.id), person_of(row.texts)) for row in official_rows.listed(connection)]
    known = {identity(official.person.name) for official in listed}
    accounts = [
        OfficialRef(Side(account_id=account_id), Person(name))
        for account_id, name in rows.account_names(connection)
        if identity(name) not in known
    ]
    return (*listed, *accounts)


def person_of(texts: official_rows.OfficialTexts) -> Person:
    """An official of the list as a person to compare."""
    return Person(texts.name, date.fromisoformat(texts.birth_date) if texts.birth_date else None, texts.phone)


def prepare(store: Store) -> None:
    """Compute and cache the bare names of all authors, outside of the write transaction that compares them."""
    with store.read() as connection:
        for author in all_authors(connection):
            bare_name(author.person.name)


def review_all(transaction: WriteTransaction, at: int) -> None:
    """Compare all authors with all officials. For a change of the officials; `at` in UTC ms."""
    connection = transaction.connection
    _store(connection, rows.matches(connection), all_authors(connection), at)


def review_work(transaction: WriteTransaction, code: str, at: int) -> None:
    """Compare the authors of one work with all officials. For a change of its authors; `at` in UTC ms."""
    connection = transaction.connection
    _store(connection, rows.of_work(connection, code + SEPARATOR), authors_of_works(connection, [code]), at)


def review_submission(transaction: WriteTransaction, code: str, at: int) -> None:
    """Compare the authors of one submission with all officials. For every change of it; `at` in UTC ms."""
    review_submissions(transaction, [code], at)


def review_submissions(transaction: WriteTransaction, codes: Collection[str], at: int) -> None:
    """The same for several submissions, the officials read once."""
    connection = transaction.connection
    before = [row for code in codes for row in rows.of_work(connection, code + SEPARATOR)]
    _store(connection, before, authors_of_submissions(connection, codes), at)


def review(transaction: WriteTransaction, authors: Sequence[AuthorRef], at: int) -> None:
    """Compare these authors with all officials. For new or changed authors; `at` in UTC ms."""
    connection = transaction.connection
    _store(connection, rows.matches(connection, [author.key for author in authors]), authors, at)


def found_matches(authors: Sequence[AuthorRef], officials: Sequence[OfficialRef]) -> Found:
    """Every author and official who have something in common, and what."""
    found: Found = {}
    for row, column in _candidates([each.person for each in authors], [each.person for each in officials]):
        author, official = authors[row], officials[column]
        match = compare(author.person, official.person, likeness(author.person.name, official.person.name))
        if match is not None:
            found[author.key, official.side] = match
    return found


def _candidates(authors: Sequence[Person], officials: Sequence[Person]) -> set[tuple[int, int]]:
    """The pairs to compare: names that are alike, the same date of birth, or the same phone."""
    names = alike_pairs([each.name for each in authors], [each.name for each in officials], ALIKE)
    births = _equal([each.birth for each in authors], [each.birth for each in officials])
    phones = _equal([each.phone for each in authors], [each.phone for each in officials])
    return {*names, *births, *phones}


def _equal(ours: Sequence[date | str | None], theirs: Sequence[date | str | None]) -> Iterator[tuple[int, int]]:
    """The positions of equal values; empty ones and None equal nothing."""
    places: dict[date | str, list[int]] = defaultdict(list)
    for column, value in enumerate(theirs):
        if value:
            places[value].append(column)
    for row, value in enumerate(ours):
        yield from ((row, column) for column in places.get(value or "", ()))


def _store(connection: Connection, before: Sequence[MatchRow], authors: Sequence[AuthorRef], at: int) -> None:
    """Store what is found among these authors; delete those of the matches `before` that no longer hold.

    A match that somebody has decided about stays.
    """
    found = found_matches(authors, all_officials(connection))
    existing = {(match.author, match.side): match for match in before}
    new = [
        NewMatch(author, side, match.ground, match.likeness)
        for (author, side), match in found.items()
        if (author, side) not in existing
    ]
    rows.insert(connection, new, at)
    for key in existing.keys() & found.keys():
        row, match = existing[key], found[key]
        if (row.ground, row.likeness) != (match.ground, match.likeness):
            rows.change(connection, row.id, match.ground, match.likeness)
    rows.delete(connection, _undecided(connection, existing, found))


def _undecided(connection: Connection, existing: Mapping[tuple[str, Side], MatchRow], found: Found) -> list[int]:
    """The ids of the matches that no longer hold and that nobody has decided about."""
    gone = existing.keys() - found.keys()
    if not gone:
        return []
    decided = {(each.author, each.side) for each in rows.decisions(connection, {author for author, _ in gone})}
    return [existing[key].id for key in gone - decided]
