"""The audit log: who did what and when, read from the ledger. It shows no mark, no reason and no remark.

The register of events (`core.store.events`) says which events are listed and in which words. A reader who may not see
judges' names sees pseudonyms (GK07) in events of the result chain, which everybody may read, and no pseudonym elsewhere:
the order of accounts and sign-ins would tell whose it is.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from core.desk import context
from core.desk.matching.author_review import SEPARATOR
from core.rules.access import Principal, Role
from core.rules.contest import Contest
from core.rules.permissions import may_keep_accounts, may_read_the_audit_log, may_see_marks_by_name, must
from core.rules.vietnamese import name_key
from core.rules.words import Sentence
from core.store import ledger_rows
from core.store.engine import Connection, Store
from core.store.events import EVENTS, decode, subjects
from core.store.ledger import SYSTEM, Chain, Row, account_number, pseudonym
from core.store.people import accounts
from core.store.queries import awards, standings

LISTED = {name: event.title for name, event in EVENTS.items() if event.listed}
PAGE = 50  # rows
SYSTEM_NAME, SOME_JUDGE = Sentence("Hệ thống"), Sentence("Giám khảo")


@dataclass(frozen=True, slots=True)
class AuditRow:
    """One act. `about` holds codes, prizes, file names and people, other than the person who acted."""

    number: int  # of the ledger's row
    at: datetime
    person: str | Sentence
    act: Sentence
    about: tuple[str | Sentence, ...]


@dataclass(frozen=True, slots=True)
class AuditPage:
    """One page of the audit log, the newest act first. `all_rows` counts the rows that pass the filters."""

    rows: tuple[AuditRow, ...]
    all_rows: int


@dataclass(frozen=True, slots=True)
class _Labels:
    """How this reader sees people and prizes: names by account number, the judges without names, prizes by key."""

    names: Mapping[int, str]
    hidden: Collection[int]
    prizes: Mapping[str, str]
    decided: Mapping[str, str]  # decision -> prize key

    def person(self, text: str, chain: Chain) -> str | Sentence:
        """The person of a pseudonym; of the desk itself where it is SYSTEM."""
        if text == SYSTEM:
            return SYSTEM_NAME
        number = account_number(text)
        if number not in self.hidden:
            return self.names.get(number, text)
        return text if chain is Chain.RESULT else SOME_JUDGE

    def subject(self, field: str, text: str, chain: Chain) -> str | Sentence:
        """A field of a payload (`core.store.events.subjects`) as it is shown."""
        match field:
            case "account" | "judge":
                return self.person(text, chain)
            case "prize":
                return self.prizes.get(text, text)
            case "decision":
                return self.subject("prize", self.decided.get(text, text), chain)
            case "official":
                return Sentence("Thành viên số {number}", {"number": text})
            case "author_key":
                return text.partition(SEPARATOR)[0]
        return text


def people(store: Store, who: Principal) -> dict[int, str]:
    """Everybody with an account, closed ones too, for the filter: account number -> name. Raises NotAllowed.

    A judge without a name is a pseudonym. The order is that of the labels, so that it tells nothing else.
    """
    must(may_read_the_audit_log(who))
    contest = context.contest(store)
    with store.read() as connection:
        labels = _labels(connection, contest, who)
    shown = {**labels.names, **{number: pseudonym(number, judge=True) for number in labels.hidden}}
    return dict(sorted(shown.items(), key=lambda each: name_key(each[1])))


def read(
    store: Store, who: Principal, *, page: int = 1, event: str | None = None, number: int | None = None
) -> AuditPage:
    """A page of the log, counted from 1; of one event or all, of the account with this number or all. Raises NotAllowed.

    A filter that names no event, or no account, gives an empty page.
    """
    must(may_read_the_audit_log(who))
    contest = context.contest(store)
    with store.read() as connection:
        labels = _labels(connection, contest, who)
        events = [name for name in LISTED if event in {None, name}]
        if number in labels.hidden:  # what the row does not show cannot be looked for either
            events = [name for name in events if EVENTS[name].chain is Chain.RESULT]
        actors = None if number is None else [pseudonym(number, judge=judge) for judge in (True, False)]
        rows = ledger_rows.latest(connection, events, actors, first=(max(page, 1) - 1) * PAGE, count=PAGE)
        return AuditPage(tuple(_row(row, labels) for row in rows), ledger_rows.number_of(connection, events, actors))


def _labels(connection: Connection, contest: Contest, who: Principal) -> _Labels:
    """An administrator sees every name in the list of accounts; others see judges' names if the contest allows it."""
    found = accounts.all_accounts(connection)
    hidden: set[int] = set()
    if not (may_keep_accounts(who) or may_see_marks_by_name(who, contest)):
        assigned = {judge.username for judge in standings.panel(connection)}  # also who has lost the role since
        hidden = {each.number for each in found if Role.JUDGE in each.roles or each.username in assigned}
    return _Labels(
        {each.number: each.name or each.username for each in found if each.number not in hidden},
        hidden,
        {prize.key: prize.name for prize in contest.prizes},
        {str(decision): prize for decision, prize in awards.decided_prizes(connection).items()},
    )


def _row(row: Row, labels: _Labels) -> AuditRow:
    event = EVENTS[row.event]
    person = labels.person(row.actor, event.chain)
    about: list[str | Sentence] = []
    for field, text in subjects(decode(row)).items():
        label = labels.subject(field, text, event.chain)
        if label not in (person, *about):  # a decision is shown by its prize, which its payload may name as well
            about.append(label)
    return AuditRow(row.id, datetime.fromtimestamp(row.at / 1000, UTC), person, event.title, tuple(about))
