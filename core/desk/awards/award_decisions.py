"""The awards: proposed by the rules, settled by the committee where the rules end, confirmed once (docs/design.md, People)."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import lru_cache

from core.desk import authorization, context
from core.desk.accounts.reauthentication import Reauthenticated
from core.desk.award_table import Gathered, as_rule, drawn, gather
from core.desk.awards.award_preview import award_preview
from core.desk.awards.award_refusals import (
    AlreadyConfirmed,
    BadChoice,
    ChangedMeanwhile,
    NoSuchDecision,
    NotYet,
    StillUndecided,
    UnusedDecision,
)
from core.desk.checkpoints import checkpoint
from core.desk.context import ContestState, ledger_time, written_at
from core.desk.judging import judge_assignment
from core.desk.standings.live_standings import live_standings_of
from core.desk.standings.visibility import must_not_mark
from core.papers import document_text
from core.papers.document import AwardDocument, Section
from core.rules import permissions
from core.rules.access import Principal
from core.rules.contest import Contest, PrizeBy
from core.rules.permissions import must
from core.rules.phases import judging_over
from core.rules.prizes.allocation import Allocation
from core.rules.words import Moment, Sentence
from core.store.engine import Store, WriteTransaction
from core.store.events.payloads import AwardsConfirmed, DecisionMade, DecisionRevoked, GivenAward
from core.store.queries import awards


@dataclass(frozen=True, slots=True)
class Proposal:
    """The award table as it stands: what the rules give, what is open, what has been decided, what is missing."""

    document: AwardDocument  # before it is confirmed without its sheets and standings
    titles: Mapping[str, str]  # of the works that a prize goes to or hangs on, by their codes
    allocation: Allocation | None  # None once confirmed: the table alone speaks
    decisions: tuple[awards.DecisionRow, ...]
    missing: tuple[Sentence, ...]  # what has to happen before anything is decided
    confirmed_at: datetime | None
    may_decide: bool
    seen: str  # what a confirmation has to name: the very table that was looked at
    open_money: int = 0  # what the undecided prizes are worth, in đồng: not part of the table's total
    moot: frozenset[int] = frozenset()  # the decisions that have no effect on the table as it stands now, by number


def proposal(store: Store, who: Principal, now: datetime) -> Proposal:
    """The award table for those who may see it: the confirmed one, or what it would be now, without its sheets."""
    must(permissions.may_see_awards(who))
    live = live_standings_of(store)
    with live.lock:
        live.catch_up()
        with store.read() as connection:
            facts = context.contest_state_in(connection)
            must_not_mark(connection, who, facts, now)
            kept = awards.confirmed(connection)
            if kept is not None:
                made = awards.decisions(connection)
                return Proposal(_fixed(kept.document), {}, None, made, (), context.moment(kept.confirmed_at), False, "")
            seen = award_preview(
                live,
                connection,
                with_interactions=permissions.may_see_interaction_prizes(who, facts.contest, now, facts),
            )
            moved_at = awards.moved_at(connection, live.seq)
    missing = what_is_missing(facts, now)
    draft = drawn(seen, now, confirmed_by=None, salt="").with_sections(lambda section: replace(section, standings=()))
    draft = _for(who, draft, facts, now)
    titles = {code: work.title for code, work in seen.works.items()}
    return Proposal(
        draft,
        titles,
        seen.allocation,
        seen.decisions,
        missing,
        None,
        permissions.may_decide_awards(who) and not missing,
        _seen(draft, moved_at),
        sum(facts.contest.prize(each.prize).amount * each.quantity for each in seen.allocation.undecided),
        moot(seen.decisions, seen.allocation),
    )


def moot(decisions: Sequence[awards.DecisionRow], allocation: Allocation) -> frozenset[int]:
    """The numbers of the decisions that had no effect on the allocation; of two alike the later one."""
    unused, found = list(allocation.unused), set[int]()
    for made in sorted(decisions, key=lambda row: -row.id):
        if as_rule(made) in unused:
            unused.remove(as_rule(made))
            found.add(made.id)
    return frozenset(found)


def whole(store: Store, who: Principal, now: datetime) -> AwardDocument:
    """The award table with every sheet, read at one moment, as this reader may take it away."""
    must(permissions.may_see_awards(who))
    with store.read() as connection:
        facts = context.contest_state_in(connection)
        must_not_mark(connection, who, facts, now)
        kept = awards.confirmed(connection)
        if kept is not None:
            return _fixed(kept.document)
        gathered = gather(
            connection, facts, with_interactions=permissions.may_see_interaction_prizes(who, facts.contest, now, facts)
        )
    return _for(who, drawn(gathered, now, confirmed_by=None, salt=""), facts, now)


def what_is_missing(facts: ContestState, now: datetime) -> tuple[Sentence, ...]:
    """What must be closed before the committee may decide: the sheets, and the interactions where a prize needs them."""
    missing = []
    if not judging_over(facts.contest, now, facts.judging_closed_at):
        missing.append(_sheets_open(facts.contest))
    if _by_interaction(facts.contest) and facts.interactions_frozen_at is None:
        missing.append(Sentence("Lượt tương tác chưa chốt: đơn vị phụ trách kênh cần chốt số liệu trước."))
    return tuple(missing)


def choose(store: Store, who: Principal, prize: str, codes: tuple[str, ...], reason: str, now: datetime) -> int:
    """The committee gives an undecided prize to these of the works it hangs between, with a reason."""
    must(permissions.may_decide_awards(who))
    why = judge_assignment.reason_given(reason)

    def act(unit: WriteTransaction) -> int:
        gathered = _open_for_decision(unit, now)
        open_ = next((each for each in gathered.allocation.undecided if each.prize == prize), None)
        if open_ is None:
            raise BadChoice("Giải này không còn chờ quyết định; hãy tải lại trang.")
        if len(set(codes)) != len(codes) or not set(codes) <= set(open_.entries):
            raise BadChoice("Chỉ được chọn trong số các tác phẩm đang bằng nhau ở giải này.")
        if len(codes) != open_.quantity:
            raise BadChoice("Giải này cần chọn đúng {quantity} tác phẩm.", quantity=open_.quantity)
        row = awards.DecisionRow(0, prize, "choose", tuple(sorted(codes)), 0, why, who.name, written_at(unit, now))
        if as_rule(row) in gathered.with_also(as_rule(row)).unused:
            raise BadChoice("Các tác phẩm này còn chờ một giải cao hơn; hãy quyết định giải đó trước.")
        return _decide(unit, who, row)

    return authorization.change(store, who, permissions.may_decide_awards, now, act)


def withhold(store: Store, who: Principal, prize: str, quantity: int, reason: str, now: datetime) -> int:
    """The committee gives fewer of a prize than the regulation offers, with a reason."""
    must(permissions.may_decide_awards(who))
    why = judge_assignment.reason_given(reason)

    def act(unit: WriteTransaction) -> int:
        gathered = _open_for_decision(unit, now)
        offered = next((each.quantity for each in gathered.contest.prizes if each.key == prize), 0)
        already = sum(row.quantity for row in gathered.decisions if row.kind == "withhold" and row.prize == prize)
        if type(quantity) is not int or not 1 <= quantity <= offered - already:
            raise BadChoice("Số giải không trao phải từ 1 đến {most}.", most=offered - already)
        return _decide(
            unit, who, awards.DecisionRow(0, prize, "withhold", (), quantity, why, who.name, written_at(unit, now))
        )

    return authorization.change(store, who, permissions.may_decide_awards, now, act)


def revoke(store: Store, who: Principal, number: int, now: datetime) -> None:
    """The committee takes a decision back, while nothing is confirmed."""
    must(permissions.may_decide_awards(who))

    def act(unit: WriteTransaction) -> None:
        must_be_unconfirmed(unit)
        take_back(unit, who, number, now)

    authorization.change(store, who, permissions.may_decide_awards, now, act)


def take_back(unit: WriteTransaction, who: Principal, number: int, now: datetime) -> None:
    """One decision no longer stands, and the ledger says so."""
    if not awards.revoke(unit.connection, number, written_at(unit, now)):
        raise NoSuchDecision
    unit.record(at=written_at(unit, now), actor=who.username, payload=DecisionRevoked(number))


def in_words(made: awards.DecisionRow, prize: str) -> Sentence:
    """A decision as it is read; `prize` is the name of its prize."""
    if made.kind == "choose":
        return Sentence("{prize}: chọn {codes}", {"prize": prize, "codes": ", ".join(made.entries)})
    return Sentence("{prize}: không trao {count} giải", {"prize": prize, "count": made.quantity})


def confirm(store: Store, sure: Reauthenticated, seen: str, now: datetime, salt: str) -> AwardDocument:
    """Fix the award table the committee has looked at (`seen`): from now on everything printed is this.

    `salt`: 16 bytes of chance in hex, kept in the document, whose hash stands in the ledger.
    """
    who = sure.who
    must(permissions.may_decide_awards(who))

    def act(unit: WriteTransaction) -> AwardDocument:
        gathered = _open_for_decision(unit, now)
        if gathered.allocation.undecided:
            raise StillUndecided(
                tuple(gathered.contest.prize(each.prize).name for each in gathered.allocation.undecided)
            )
        if gathered.allocation.unused:
            raise UnusedDecision
        fixed = drawn(gathered, now, confirmed_by=who.name, salt=salt)
        if _seen(fixed, awards.moved_at(unit.connection)) != seen:
            raise ChangedMeanwhile
        text = document_text.canonical(fixed)
        given = [GivenAward(row.prize, row.code, row.amount) for row in fixed.awards]
        payload = AwardsConfirmed(document_text.fingerprint(text), gathered.rule_card, given)
        row = unit.record(at=written_at(unit, now), actor=who.username, payload=payload)
        checkpoint(unit, row.at)
        kept = awards.ConfirmedTable(text, gathered.rule_card, row.seq, who.name, row.at)
        awards.confirm(unit.connection, kept, who.username)
        return fixed

    return authorization.change(store, who, permissions.may_decide_awards, now, act)


def document(store: Store, now: datetime) -> AwardDocument:
    """The award document for whoever holds the database itself: confirmed, or as it would be now."""
    with store.read() as connection:
        facts = context.contest_state_in(connection)
        kept = awards.confirmed(connection)
        if kept is not None:
            return _fixed(kept.document)
        return drawn(gather(connection, facts, with_interactions=True), now, confirmed_by=None, salt="")


def _open_for_decision(unit: WriteTransaction, now: datetime) -> Gathered:
    """The awards as this very transaction sees them, where the committee may decide them."""
    must_be_unconfirmed(unit)
    facts = context.contest_state_in(unit.connection)
    missing = what_is_missing(facts, ledger_time(unit, now))
    if missing:
        raise NotYet(missing[0])
    return gather(unit.connection, facts, with_interactions=True)


def must_be_unconfirmed(unit: WriteTransaction) -> None:
    """Refuse where the award table is fixed."""
    kept = awards.confirmed(unit.connection)
    if kept is not None:
        raise AlreadyConfirmed(context.moment(kept.confirmed_at))


def _decide(unit: WriteTransaction, who: Principal, row: awards.DecisionRow) -> int:
    number = awards.decide(unit.connection, row, who.username)
    reason = unit.commit(row.reason)
    payload = DecisionMade(number, row.prize, row.kind, list(row.entries), row.quantity, reason)
    unit.record(at=row.decided_at, actor=who.username, payload=payload)
    return number


def _seen(draft: AwardDocument, moved_at: int) -> str:
    """What a confirmation has to name: the awards themselves, and the ledger's last row that could change the table."""
    same = [(each.key, each.awards, each.undecided, each.withheld) for each in draft.sections]
    return f"{moved_at} {hashlib.sha256(repr(same).encode()).hexdigest()}"


@lru_cache(maxsize=1)
def _fixed(text: str) -> AwardDocument:
    """A confirmed table never changes: its text is read once."""
    return document_text.read(text)


def _sheets_open(contest: Contest) -> Sentence:
    if contest.phases is None:
        return Sentence("Vòng chấm chưa đóng: Trưởng Ban Giám khảo cần đóng vòng chấm trước.")
    closes = Moment(contest.phases.judging.closes)
    return Sentence(
        "Vòng chấm chưa đóng: chờ Trưởng Ban Giám khảo đóng, hoặc hết hạn lúc {closes}.", {"closes": closes}
    )


def _by_interaction(contest: Contest) -> bool:
    return any(prize.by is PrizeBy.INTERACTION for prize in contest.prizes)


def _for(who: Principal, draft: AwardDocument, facts: ContestState, now: datetime) -> AwardDocument:
    """The table as this reader may have it."""
    if permissions.may_see_authors(who, facts.contest, now, facts):
        return draft
    return draft.with_sections(_without_authors)


def _without_authors(section: Section) -> Section:
    return replace(section, awards=tuple(replace(row, author="", unit="") for row in section.awards))
