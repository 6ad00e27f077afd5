"""What people decide about authors who are like officials: the queue, a decision with its reason, and its history."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from core.desk import authorization, stored_forms
from core.desk.context import moment, written_at
from core.desk.matching.author_review import SEPARATOR, all_authors, person_of
from core.rules.access import Principal
from core.rules.people.person import Person
from core.rules.people.same_person import VERDICTS, Ground, Match, Verdict
from core.rules.permissions import may_keep_officials, must
from core.rules.words import Refusal, Sentence
from core.store.engine import Connection, Store, WriteTransaction
from core.store.events.payloads import MatchDecided
from core.store.people import accounts
from core.store.people import matches as rows
from core.store.people import officials as official_rows
from core.store.people.accounts import Account
from core.store.people.matches import DecisionRow, MatchRow, Side
from core.store.people.officials import OfficialTexts
from core.store.queries import submissions

REASON_LENGTH = 1000


class Outcome(StrEnum):
    """What somebody decided. The values are stored."""

    SAME = "same"  # one person: the author may not enter
    DIFFERENT = "different"


class MatchGone(Refusal):
    """The match no longer holds: a name, a date of birth or a phone was corrected meanwhile."""

    def __init__(self) -> None:
        super().__init__("Hai người này không còn giống nhau vì thông tin vừa được sửa; hãy tải lại trang.")


class DecidedMeanwhile(Refusal):
    """Somebody else has decided about this match since it was shown."""

    def __init__(self, username: str) -> None:
        super().__init__(
            "{username} vừa quyết định về hai người này; hãy tải lại trang để xem quyết định đó.", username=username
        )


class ReasonMissing(Refusal):
    """A decision needs a reason."""

    def __init__(self) -> None:
        super().__init__("Hãy ghi lý do của quyết định.")


class ReasonLong(Refusal):
    """The reason has too many characters."""

    def __init__(self) -> None:
        super().__init__("Lý do dài quá {most} ký tự.", most=REASON_LENGTH)


class OwnMatch(Refusal):
    """Nobody decides about themselves."""

    def __init__(self) -> None:
        super().__init__("Việc này liên quan đến chính bạn nên phải do người khác quyết định.")


@dataclass(frozen=True, slots=True)
class OfficialSide:
    """The official of a match as the page shows it. `body` is "" for an account, `username` "" for the list."""

    person: Person
    body: str
    username: str


@dataclass(frozen=True, slots=True)
class Decision:
    """A decision about a match. `ground`: what the two had in common then. `by`: the name of who decided."""

    id: int
    ground: Ground
    outcome: Outcome
    reason: str
    by: str
    at: datetime | None


@dataclass(frozen=True, slots=True)
class MatchLine:
    """A match as the page shows it. `decisions`: newest first.

    `author` is None where the work no longer names this author.
    """

    id: int
    work: str  # code
    title: str
    author: Person | None
    official: OfficialSide
    match: Match
    decisions: tuple[Decision, ...]

    @property
    def open(self) -> bool:
        """Whether somebody has to decide: nobody has yet, or "different" was decided about less than they share now."""
        newest = next(iter(self.decisions), None)
        if newest is None:
            return self.match.verdict >= Verdict.REVIEW
        return newest.outcome is Outcome.DIFFERENT and VERDICTS[newest.ground] < self.match.verdict

    @property
    def blocks(self) -> bool:
        """Whether the author may not enter: decided to be the official, or not decided yet where much is the same."""
        newest = next(iter(self.decisions), None)
        same = newest is not None and newest.outcome is Outcome.SAME
        return same or (self.open and self.match.verdict is Verdict.BLOCKS)

    @property
    def seen(self) -> int:
        """The newest decision's id, 0 if there is none: `decide` is refused where another one was made meanwhile."""
        return self.decisions[0].id if self.decisions else 0


def lines(store: Store, who: Principal) -> tuple[MatchLine, ...]:
    """Every match: first the open ones, of those the ones that block; then the decided; then what is only told.

    Raises NotAllowed.
    """
    must(may_keep_officials(who))
    with store.read() as connection:
        found = _lines(connection)
    return tuple(sorted(found, key=lambda line: (not line.open, not line.decisions, -line.match.verdict, line.id)))


def decide(
    store: Store, who: Principal, match_id: int, outcome: Outcome, reason: str, seen: int, now: datetime
) -> None:
    """Decide whether an author and an official are one person. `seen`: `MatchLine.seen` of the line that was shown.

    Raises NotAllowed, OwnMatch, MatchGone, DecidedMeanwhile, ReasonMissing, ReasonLong.
    """
    must(may_keep_officials(who))
    reason = reason.strip()
    if not reason:
        raise ReasonMissing
    if len(reason) > REASON_LENGTH:
        raise ReasonLong

    def act(transaction: WriteTransaction) -> None:
        connection = transaction.connection
        match = rows.find(connection, match_id)
        if match is None:
            raise MatchGone
        earlier = [each for each in rows.decisions(connection, [match.author]) if each.side == match.side]
        if earlier and earlier[-1].id != seen:
            raise DecidedMeanwhile(earlier[-1].decided_by)
        account = _account(connection, match.side)
        if account is not None and account.username == who.username:
            raise OwnMatch
        at = written_at(transaction, now)
        number = rows.decide(connection, match, outcome, reason, by=who.username, at=at)
        payload = MatchDecided(
            number, match.author, match.ground, outcome, transaction.commit_text(reason), match.side.official_id,
            account.pseudonym if account else None,
        )  # fmt: skip
        transaction.record(at=at, actor=who.username, payload=payload)

    authorization.change(store, who, may_keep_officials, now, act)


def open_sentences(connection: Connection, code: str) -> tuple[Sentence, ...]:
    """What still has to be decided about the authors of this work or submission, each with the author's name."""
    found = (line for line in _lines(connection) if line.work == code and line.open)
    return tuple(line.match.about(line.author.name) if line.author else line.match.sentence for line in found)


def open_lines(connection: Connection) -> tuple[MatchLine, ...]:
    """The matches that somebody still has to decide about."""
    return tuple(line for line in _lines(connection) if line.open)


def accounts_of_authors(connection: Connection) -> set[tuple[str, str]]:
    """Work codes with usernames that may belong to one of the work's authors: (code, username).

    "May": nobody has decided yet, or it was decided that they are one person.
    """
    return {
        (line.work, line.official.username)
        for line in _lines(connection)
        if line.official.username and (line.open or any(each.outcome is Outcome.SAME for each in line.decisions[:1]))
    }


def blocked_authors(connection: Connection) -> dict[str, tuple[str, ...]]:
    """The authors who may not enter, or may not before somebody has decided (R02): names by the work's code."""
    blocked: dict[str, dict[str, None]] = defaultdict(dict)  # an author may be like two officials
    for line in _lines(connection):
        if line.blocks:
            blocked[line.work] |= {line.author.name: None} if line.author else {}
    return {code: tuple(names) for code, names in blocked.items()}


def _account(connection: Connection, side: Side) -> Account | None:
    return None if side.account_id is None else accounts.by_id(connection, side.account_id)


def _lines(connection: Connection) -> Iterable[MatchLine]:
    found = rows.matches(connection)
    if not found:
        return []
    authors = {author.key: author.person for author in all_authors(connection)}
    titles, names = _titles(connection), {each.id: each for each in accounts.all_accounts(connection)}
    by_username = {each.username: each.name or each.username for each in names.values()}
    decided: dict[tuple[str, Side], list[Decision]] = defaultdict(list)
    for each in rows.decisions(connection):
        decided[each.author, each.side].insert(0, _decision(each, by_username))
    members = {row.id: row.texts for row in official_rows.every(connection)}
    return [
        _line(row, authors, titles, _official(row.side, members, names), tuple(decided[row.author, row.side]))
        for row in found
    ]


def _titles(connection: Connection) -> dict[str, str]:
    entered = submissions.competing_forms(connection).items()
    return {**rows.work_titles(connection), **{code: stored_forms.decode(form).title for code, form in entered}}


def _line(
    row: MatchRow,
    authors: Mapping[str, Person],
    titles: Mapping[str, str],
    official: OfficialSide,
    decisions: tuple[Decision, ...],
) -> MatchLine:
    code = row.author.partition(SEPARATOR)[0]
    match = Match(Ground(row.ground), row.likeness)
    return MatchLine(row.id, code, titles.get(code, ""), authors.get(row.author), official, match, decisions)


def _official(side: Side, members: Mapping[int, OfficialTexts], people: Mapping[int, Account]) -> OfficialSide:
    if side.official_id is not None:
        texts = members[side.official_id]
        return OfficialSide(person_of(texts), texts.body, "")
    account = people[int(side.account_id or 0)]
    return OfficialSide(Person(account.name), "", account.username)


def _decision(row: DecisionRow, names: Mapping[str, str]) -> Decision:
    by = names.get(row.decided_by, row.decided_by)
    return Decision(row.id, Ground(row.ground), Outcome(row.outcome), row.reason, by, moment(row.decided_at))
