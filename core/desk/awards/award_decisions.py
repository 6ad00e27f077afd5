"""Awards: proposed by the rules, decided by the committee in ties, confirmed once (docs/design.md, People)."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import lru_cache

from core.desk import authorization, context
from core.desk.accounts.reauthentication import Reauthenticated
from core.desk.award_table import AwardState, as_rule, award_document, gather
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
from core.desk.checkpoints import Occasion, checkpoint
from core.desk.context import ContestState, ledger_time, written_at
from core.desk.judging import judge_assignment
from core.desk.standings.live_standings import live_standings_of
from core.desk.standings.visibility import must_not_mark
from core.papers import document_text
from core.papers.document import AwardDocument, Section
from core.rules import permissions
from core.rules.access import Principal
from core.rules.contest import Contest
from core.rules.permissions import must
from core.rules.phases import judging_over
from core.rules.prizes.allocation import Allocation
from core.rules.prizes.prize_kinds import needs_counts
from core.rules.words import Moment, Sentence
from core.store.engine import Store, WriteTransaction
from core.store.events.payloads import AwardsConfirmed, DecisionMade, DecisionRevoked, GivenAward
from core.store.queries import awards


@dataclass(frozen=True, slots=True)
class Proposal:
    """The current award table: the allocation by the rules, the decisions so far, and what is still missing."""

    document: AwardDocument  # before confirmation without sheets and standings
    titles: Mapping[str, str]  # by code, of the works with a prize or in the tie of an undecided one; {} once confirmed
    allocation: Allocation | None  # None once confirmed
    decisions: tuple[awards.DecisionRow, ...]
    missing: tuple[Sentence, ...]  # what must happen before the committee may decide
    confirmed_at: datetime | None
    may_decide: bool
    seen: str  # fingerprint of this table; `confirm` compares it
    open_money: int = 0  # value of the undecided prizes in đồng; not part of the table's total
    moot: frozenset[int] = frozenset()  # numbers of the decisions without effect on the current table


def proposal(store: Store, who: Principal, now: datetime) -> Proposal:
    """The award table: the confirmed one, or a draft without sheets. Raises NotAllowed, StillMarking."""
    must(permissions.may_see_awards(who))
    live = live_standings_of(store)
    with live.lock:
        live.catch_up()
        with store.read() as connection:
            facts = context.contest_state_in(connection)
            must_not_mark(connection, who, facts, now)
            confirmed = awards.confirmed(connection)
            if confirmed is not None:
                at, decisions = context.moment(confirmed.confirmed_at), awards.decisions(connection)
                return Proposal(_parsed(confirmed.document), {}, None, decisions, (), at, False, "")
            preview = award_preview(
                live,
                connection,
                with_interactions=permissions.may_see_interaction_prizes(who, facts.contest, now, facts),
            )
            moved_at = awards.moved_at(connection, live.seq)
    missing = what_is_missing(facts, now)
    draft = award_document(preview, now, confirmed_by=None, salt="")
    draft = draft.with_sections(lambda section: replace(section, standings=()))
    draft = _redacted(who, draft, facts, now)
    titles = {code: work.title for code, work in preview.works.items()}
    return Proposal(
        draft,
        titles,
        preview.allocation,
        preview.decisions,
        missing,
        None,
        permissions.may_decide_awards(who) and not missing,
        _fingerprint(draft, moved_at),
        sum(facts.contest.prize(each.prize).amount * each.quantity for each in preview.allocation.undecided),
        moot(preview.decisions, preview.allocation),
    )


def moot(decisions: Sequence[awards.DecisionRow], allocation: Allocation) -> frozenset[int]:
    """The numbers of the decisions without effect on the allocation; of two equal ones the later."""
    unused, found = list(allocation.unused), set[int]()
    for decision in sorted(decisions, key=lambda row: -row.id):
        if as_rule(decision) in unused:
            unused.remove(as_rule(decision))
            found.add(decision.id)
    return frozenset(found)


def full_document(store: Store, who: Principal, now: datetime) -> AwardDocument:
    """The award table with every sheet, as this reader may download it. Raises NotAllowed, StillMarking."""
    must(permissions.may_see_awards(who))
    with store.read() as connection:
        facts = context.contest_state_in(connection)
        must_not_mark(connection, who, facts, now)
        confirmed = awards.confirmed(connection)
        if confirmed is not None:
            return _parsed(confirmed.document)
        state = gather(
            connection, facts, with_interactions=permissions.may_see_interaction_prizes(who, facts.contest, now, facts)
        )
    return _redacted(who, award_document(state, now, confirmed_by=None, salt=""), facts, now)


def what_is_missing(facts: ContestState, now: datetime) -> tuple[Sentence, ...]:
    """What must be closed before the committee may decide: the round, and the interactions if a prize needs them."""
    missing = []
    if not judging_over(facts.contest, now, facts.judging_closed_at):
        missing.append(_sheets_open(facts.contest))
    if needs_counts(facts.contest) and facts.interactions_frozen_at is None:
        missing.append(Sentence("Lượt tương tác chưa chốt: đơn vị phụ trách kênh cần chốt số liệu trước."))
    return tuple(missing)


def choose(store: Store, who: Principal, prize: str, codes: tuple[str, ...], reason: str, now: datetime) -> int:
    """The committee gives an undecided prize to some of its tied works, with a reason; returns the decision number."""
    must(permissions.may_decide_awards(who))
    why = judge_assignment.required_reason(reason)

    def act(transaction: WriteTransaction) -> int:
        state = _open_for_decision(transaction, now)
        open_ = next((each for each in state.allocation.undecided if each.prize == prize), None)
        if open_ is None:
            raise BadChoice("Giải này không còn chờ quyết định; hãy tải lại trang.")
        if len(set(codes)) != len(codes) or not set(codes) <= set(open_.entries):
            raise BadChoice("Chỉ được chọn trong số các tác phẩm đang bằng nhau ở giải này.")
        if len(codes) != open_.quantity:
            raise BadChoice("Giải này cần chọn đúng {quantity} tác phẩm.", quantity=open_.quantity)
        row = awards.DecisionRow(
            0, prize, "choose", tuple(sorted(codes)), 0, why, who.name, written_at(transaction, now)
        )
        if as_rule(row) in state.with_also(as_rule(row)).unused:
            raise BadChoice("Các tác phẩm này còn chờ một giải cao hơn; hãy quyết định giải đó trước.")
        return _decide(transaction, who, row)

    return authorization.change(store, who, permissions.may_decide_awards, now, act)


def withhold(store: Store, who: Principal, prize: str, quantity: int, reason: str, now: datetime) -> int:
    """The committee withholds `quantity` of a prize, with a reason; returns the decision's number."""
    must(permissions.may_decide_awards(who))
    why = judge_assignment.required_reason(reason)

    def act(transaction: WriteTransaction) -> int:
        state = _open_for_decision(transaction, now)
        offered = next((each.quantity for each in state.contest.prizes if each.key == prize), 0)
        already = sum(row.quantity for row in state.decisions if row.kind == "withhold" and row.prize == prize)
        if type(quantity) is not int or not 1 <= quantity <= offered - already:
            raise BadChoice("Số giải không trao phải từ 1 đến {most}.", most=offered - already)
        return _decide(
            transaction,
            who,
            awards.DecisionRow(0, prize, "withhold", (), quantity, why, who.name, written_at(transaction, now)),
        )

    return authorization.change(store, who, permissions.may_decide_awards, now, act)


def revoke(store: Store, who: Principal, number: int, now: datetime) -> None:
    """The committee revokes a decision. Raises NotAllowed, AlreadyConfirmed, NoSuchDecision."""
    must(permissions.may_decide_awards(who))

    def act(transaction: WriteTransaction) -> None:
        must_be_unconfirmed(transaction)
        revoke_in(transaction, who, number, now)

    authorization.change(store, who, permissions.may_decide_awards, now, act)


def revoke_in(transaction: WriteTransaction, who: Principal, number: int, now: datetime) -> None:
    """Revoke a decision in the caller's transaction and record it. Raises NoSuchDecision."""
    if not awards.revoke(transaction.connection, number, written_at(transaction, now)):
        raise NoSuchDecision
    transaction.record(at=written_at(transaction, now), actor=who.username, payload=DecisionRevoked(number))


def decision_sentence(decision: awards.DecisionRow, prize: str) -> Sentence:
    """A sentence that states the decision; `prize` is the name of its prize."""
    if decision.kind == "choose":
        return Sentence("{prize}: chọn {codes}", {"prize": prize, "codes": ", ".join(decision.entries)})
    return Sentence("{prize}: không trao {count} giải", {"prize": prize, "count": decision.quantity})


def confirm(store: Store, reauthenticated: Reauthenticated, seen: str, now: datetime, salt: str) -> AwardDocument:
    """Confirm the award table that the committee saw (`Proposal.seen`); from now on it does not change.

    `salt`: 16 random bytes in hex, stored in the document, whose hash is recorded in the ledger. Raises NotAllowed,
    AlreadyConfirmed, NotYet, StillUndecided, UnusedDecision, ChangedMeanwhile.
    """
    who = reauthenticated.who
    must(permissions.may_decide_awards(who))

    def act(transaction: WriteTransaction) -> AwardDocument:
        state = _open_for_decision(transaction, now)
        if state.allocation.undecided:
            raise StillUndecided(tuple(state.contest.prize(each.prize).name for each in state.allocation.undecided))
        if state.allocation.unused:
            raise UnusedDecision
        table = award_document(state, now, confirmed_by=who.name, salt=salt)
        if _fingerprint(table, awards.moved_at(transaction.connection)) != seen:
            raise ChangedMeanwhile
        text = document_text.canonical(table)
        given = [GivenAward(row.prize, row.code, row.amount) for row in table.awards]
        payload = AwardsConfirmed(document_text.fingerprint(text), state.rule_card, given)
        row = transaction.record(at=written_at(transaction, now), actor=who.username, payload=payload)
        checkpoint(transaction, row.at, Occasion.CONFIRMATION)
        confirmed = awards.ConfirmedTable(text, state.rule_card, row.seq, who.name, row.at)
        awards.confirm(transaction.connection, confirmed, who.username)
        return table

    return authorization.change(store, who, permissions.may_decide_awards, now, act)


def document(store: Store, now: datetime) -> AwardDocument:
    """The award document for the command line, without permission checks: the confirmed one, or a draft."""
    with store.read() as connection:
        facts = context.contest_state_in(connection)
        confirmed = awards.confirmed(connection)
        if confirmed is not None:
            return _parsed(confirmed.document)
        return award_document(gather(connection, facts, with_interactions=True), now, confirmed_by=None, salt="")


def _open_for_decision(transaction: WriteTransaction, now: datetime) -> AwardState:
    """The awards, read in this transaction. Raises AlreadyConfirmed, or NotYet where something is missing."""
    must_be_unconfirmed(transaction)
    facts = context.contest_state_in(transaction.connection)
    missing = what_is_missing(facts, ledger_time(transaction, now))
    if missing:
        raise NotYet(missing[0])
    return gather(transaction.connection, facts, with_interactions=True)


def must_be_unconfirmed(transaction: WriteTransaction) -> None:
    """Raises AlreadyConfirmed where the award table is confirmed."""
    confirmed = awards.confirmed(transaction.connection)
    if confirmed is not None:
        raise AlreadyConfirmed(context.moment(confirmed.confirmed_at))


def _decide(transaction: WriteTransaction, who: Principal, row: awards.DecisionRow) -> int:
    number = awards.decide(transaction.connection, row, who.username)
    reason = transaction.commit_text(row.reason)
    payload = DecisionMade(number, row.prize, row.kind, list(row.entries), row.quantity, reason)
    transaction.record(at=row.decided_at, actor=who.username, payload=payload)
    return number


def _fingerprint(draft: AwardDocument, moved_at: int) -> str:
    """A fingerprint of the awards, with the id of the last ledger row that could change the table."""
    same = [(each.key, each.awards, each.undecided, each.withheld) for each in draft.sections]
    return f"{moved_at} {hashlib.sha256(repr(same).encode()).hexdigest()}"


@lru_cache(maxsize=1)
def _parsed(text: str) -> AwardDocument:
    """The parsed confirmed document; cached, because it never changes."""
    return document_text.read(text)


def _sheets_open(contest: Contest) -> Sentence:
    if contest.phases is None:
        return Sentence("Vòng chấm chưa đóng: Trưởng Ban Giám khảo cần đóng vòng chấm trước.")
    closes = Moment(contest.phases.judging.closes)
    return Sentence(
        "Vòng chấm chưa đóng: chờ Trưởng Ban Giám khảo đóng, hoặc hết hạn lúc {closes}.", {"closes": closes}
    )


def _redacted(who: Principal, draft: AwardDocument, facts: ContestState, now: datetime) -> AwardDocument:
    """The draft, without authors and units if this reader may not see them."""
    if permissions.may_see_authors(who, facts.contest, now, facts):
        return draft
    return draft.with_sections(_without_authors)


def _without_authors(section: Section) -> Section:
    return replace(section, awards=tuple(replace(row, author="", unit="") for row in section.awards))
