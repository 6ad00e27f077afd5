"""Marking: each change is stored at once as a draft; a submitted sheet is immutable (docs/design.md, Sheets)."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import TypeVar

from core.desk import authorization, context
from core.desk.context import ledger_time, written_at
from core.desk.judging import judge_assignment
from core.desk.judging.judge_assignment import NoSuchWork
from core.desk.judging.sheet_refusals import (
    BadFields,
    BadSubmitKey,
    Incomplete,
    NotWatchedEnough,
    OwnSheet,
    SheetIsSealed,
    SheetNotSealed,
    StaleVersion,
)
from core.rules.access import NotConfirmed, Principal, Role
from core.rules.contest import Contest
from core.rules.ids import CriterionKey
from core.rules.judging import watch_time
from core.rules.judging.sheet_state import SheetState
from core.rules.permissions import may_chair, may_return_sheet, may_return_sheets, must
from core.rules.scoring.marks import BadPoints, parse_points
from core.rules.scoring.methods import half_up
from core.rules.words import Points, Sentence
from core.store import ledger
from core.store.engine import Connection, Store, WriteTransaction
from core.store.events.payloads import SheetDrafted, SheetReturned, SheetSealed
from core.store.people import accounts
from core.store.queries import sheets
from core.store.queries.entries import Assignment, SheetRow

OVERALL = ""  # the key of the remark on the whole work
Value = TypeVar("Value", int, str)
KEY = re.compile(r"[A-Za-z0-9_-]{16,64}")


@dataclass(frozen=True, slots=True)
class Change:
    """What a judge typed: marks as text by criterion ("8,5"; "" removes the mark), remarks by criterion or OVERALL."""

    marks: Mapping[str, str] = field(default_factory=dict)
    remarks: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Saved:
    """A stored draft: `total` is in units of the contest's total, `missing` holds the criteria without a mark."""

    version: int
    saved_at: datetime
    total: int
    marks: Mapping[str, int]
    missing: tuple[CriterionKey, ...]


@dataclass(frozen=True, slots=True)
class Receipt:
    """The judge's receipt of a submitted sheet: `text` is its ledger row's number and short hash (`ledger.receipt`)."""

    text: str
    revision: int
    ledger_seq: int
    sealed_at: datetime


def save(store: Store, who: Principal, code: str, change: Change, version: int, now: datetime) -> Saved:
    """Store a change of the judge's own draft. `version` is the one this browser window last saw, 0 for a new sheet.

    Raises StaleVersion where the sheet has changed since, BadFields, SheetIsSealed, NotAllowed, SessionOver,
    NoSuchWork, and what `judge_assignment.must_be_open` raises.
    """
    contest = context.contest(store)

    def act(transaction: WriteTransaction) -> Saved:
        assignment = _own(transaction, who, code, now)
        _must_be_writable(contest, assignment, ledger_time(transaction, now))
        marks, remarks = _parse(contest, change)
        if assignment.sheet.version != version:
            raise StaleVersion(assignment.sheet)
        sheet = assignment.sheet
        changed = replace(
            sheet, marks=_merged(sheet.marks, marks), remarks=_merged(sheet.remarks, remarks),
            version=version + 1, saved_at=written_at(transaction, now), state=SheetState.RETURNED if sheet.state is SheetState.RETURNED else SheetState.DRAFT,
        )  # fmt: skip
        if version and (changed.marks, changed.remarks) == (sheet.marks, sheet.remarks):
            return _saved(contest, sheet)
        sheets.put(transaction, assignment, changed)
        payload = SheetDrafted(
            assignment.pseudonym, assignment.work.code, changed.version, dict(marks), sorted(remarks)
        )
        transaction.record(
            at=written_at(transaction, now), actor=who.username, payload=payload, pseudonym=assignment.pseudonym
        )
        return _saved(contest, changed)

    return store.change(act)


def submit(store: Store, who: Principal, code: str, version: int, key: str, now: datetime) -> Receipt:
    """Seal the sheet as a revision. A second call with the same `key` returns the receipt of the same revision.

    Raises BadSubmitKey, StaleVersion, Incomplete, NotWatchedEnough, NotConfirmed, SheetIsSealed, NotAllowed,
    SessionOver, NoSuchWork, and what `judge_assignment.must_be_open` raises.
    """
    if not KEY.fullmatch(key):
        raise BadSubmitKey
    contest = context.contest(store)

    def act(transaction: WriteTransaction) -> Receipt:
        assignment = _own(transaction, who, code, now)
        revision = sheets.sealed_with(transaction, key)
        if revision is not None:
            if (revision.judge_id, revision.entry_id) != (assignment.judge_id, assignment.work.id):
                raise BadSubmitKey
            return _receipt(revision)
        _must_be_writable(contest, assignment, ledger_time(transaction, now))
        _must_be_sealable(contest, assignment, version)
        return _receipt(_seal(transaction, contest, assignment, key, written_at(transaction, now)))

    return store.change(act)


def return_sheet(store: Store, who: Principal, judge: str, code: str, reason: str, now: datetime) -> None:
    """Return a submitted sheet to its judge with a reason; its marks do not count until it is submitted again.

    The chief judge returns the other judges' sheets. The chief's own is returned by a deputy or by the committee.
    Raises NotAllowed, OwnSheet, ReasonMissing, BadText, NoSuchWork, SheetNotSealed, and what
    `judge_assignment.must_be_open` raises.
    """
    must(may_return_sheets(who))
    if who.username == judge:
        raise OwnSheet
    why, contest = judge_assignment.required_reason(reason), context.contest(store)

    def act(transaction: WriteTransaction) -> None:
        of_a_chief = not may_chair(who) and accounts.holds(transaction.connection, judge, Role.CHIEF)
        must(may_return_sheet(who, judge, of_a_chief=of_a_chief))
        assignment = judge_assignment.assignment_of_judge(transaction.connection, judge, code)
        judge_assignment.must_be_open(contest, assignment, ledger_time(transaction, now))
        if assignment.recused:
            raise NoSuchWork
        if assignment.sheet.state is not SheetState.SEALED:
            raise SheetNotSealed
        returned = replace(
            assignment.sheet, state=SheetState.RETURNED, version=assignment.sheet.version + 1, return_reason=why
        )
        sheets.put(transaction, assignment, returned)
        sheets.withdraw_marks(transaction.connection, assignment.judge_id, assignment.work.id)
        payload = SheetReturned(assignment.pseudonym, code, assignment.sheet.revision, transaction.commit_text(why))
        transaction.record(at=written_at(transaction, now), actor=who.username, payload=payload)

    authorization.change(store, who, may_return_sheets, now, act)


def receipt(connection: Connection, assignment: Assignment) -> Receipt | None:
    """The receipt of the sheet's last revision, or None if it was never submitted."""
    revision = sheets.revision(connection, assignment.judge_id, assignment.work.id, assignment.sheet.revision)
    return _receipt(revision) if revision else None


def subtotal(contest: Contest, marks: Mapping[str, int]) -> int:
    """The weighted total of the marks given so far, in units of the contest's total; a missing mark adds nothing."""
    weighted = zip(contest.weights, contest.criteria, strict=True)
    return sum(weight * marks[criterion.key] for weight, criterion in weighted if criterion.key in marks)


def total_places(contest: Contest) -> int:
    """Decimals of a sheet's total: as many as the criteria's steps need.

    With fractional weights: as many as published scores have, but at least two.
    """
    if contest.weight_scale > 1:
        return max(2, contest.scoring.decimals)
    return max(0 if c.step % 100 == 0 else 1 if c.step % 10 == 0 else 2 for c in contest.criteria)


def total_points(contest: Contest, units: int) -> Points:
    """A sheet's total or subtotal as every screen shows it; `units` are those of the contest's total.

    Without fractional weights it is exact. Otherwise it is rounded once, half up, like published scores.
    """
    places = total_places(contest)
    return Points(half_up(units * 10**places, 100 * contest.weight_scale), places)


def not_given(contest: Contest, marks: Mapping[str, int]) -> tuple[CriterionKey, ...]:
    """The criteria without a mark, in the rubric's order."""
    return tuple(criterion.key for criterion in contest.criteria if criterion.key not in marks)


def _own(transaction: WriteTransaction, who: Principal, code: str, now: datetime) -> Assignment:
    """The judge's own assignment, read without flushing the batch's other sheets, so those are written together."""
    with transaction.read_without_flush(sheets.about(who.username, code)):
        return judge_assignment.assignment_to_change(transaction, who, code, now)


def _must_be_writable(contest: Contest, assignment: Assignment, now: datetime) -> None:
    """Raises SheetIsSealed, or what `judge_assignment.must_be_open` raises, where the sheet cannot be changed now."""
    judge_assignment.must_be_open(contest, assignment, now)
    if assignment.sheet.state is SheetState.SEALED:
        raise SheetIsSealed


def _parse(contest: Contest, change: Change) -> tuple[dict[str, int | None], dict[str, str | None]]:
    """The typed marks and remarks as values, None where one is removed. Raises BadFields naming every bad field."""
    criteria = {criterion.key: criterion for criterion in contest.criteria}
    marks: dict[str, int | None] = {}
    remarks: dict[str, str | None] = {}
    wrong: dict[str, Sentence] = {}
    for key, text in change.marks.items():
        criterion = criteria.get(CriterionKey(key))
        try:
            if criterion is None:
                raise BadPoints("Phiếu chấm không có tiêu chí này.")
            marks[key] = parse_points(text.strip(), criterion) if text.strip() else None
        except BadPoints as bad:
            wrong[f"mark:{key}"] = bad.sentence
    for key, text in change.remarks.items():
        try:
            if key != OVERALL and key not in criteria:
                raise judge_assignment.BadText("Phiếu chấm không có tiêu chí này.")
            remarks[key] = judge_assignment.clean_text(text) or None
        except judge_assignment.BadText as bad_text:
            wrong[f"remark:{key}"] = bad_text.sentence
    if wrong:
        raise BadFields(wrong)
    return marks, remarks


def _merged(stored: Mapping[str, Value], change: Mapping[str, Value | None]) -> dict[str, Value]:
    return {key: value for key, value in {**stored, **change}.items() if value is not None}


def _saved(contest: Contest, sheet: SheetRow) -> Saved:
    at, total, missing = _moment(sheet.saved_at or 0), subtotal(contest, sheet.marks), not_given(contest, sheet.marks)
    return Saved(sheet.version, at, total, sheet.marks, missing)


def _must_be_sealable(contest: Contest, assignment: Assignment, version: int) -> None:
    """Raises NotConfirmed, StaleVersion, Incomplete or NotWatchedEnough where the sheet may not be sealed."""
    if not assignment.acting.confirmed:
        raise NotConfirmed
    if assignment.sheet.version != version:
        raise StaleVersion(assignment.sheet)
    missing = not_given(contest, assignment.sheet.marks)
    if missing:
        raise Incomplete(contest, missing)
    if watched_share(assignment) < contest.judging.watched_share:
        raise NotWatchedEnough(watched_share(assignment), contest.judging.watched_share)


def watched_share(assignment: Assignment) -> int:
    """The share of the film that the judge has watched, in basis points."""
    return watch_time.share(assignment.watched.milliseconds if assignment.watched else 0, assignment.work.milliseconds)


def _seal(
    transaction: WriteTransaction, contest: Contest, assignment: Assignment, key: str, at: int
) -> sheets.Revision:
    """Store the revision, count its marks, and freeze the rule card with the contest's first revision."""
    sheet, number, share = assignment.sheet, assignment.sheet.revision + 1, watched_share(assignment)
    remarks = transaction.commit_text(sheets.as_json(sheet.remarks))
    payload = SheetSealed(assignment.pseudonym, assignment.work.code, number, dict(sheet.marks), remarks, share)
    row = transaction.record(at=at, actor=assignment.judge, payload=payload, pseudonym=assignment.pseudonym)
    revision = sheets.Revision(
        assignment.judge_id, assignment.work.id, number, sheet.marks, remarks, share, key, ledger.receipt(row.seq, row.hash),
        row.seq, row.at,
    )  # fmt: skip
    sheets.seal(transaction, assignment, revision)
    sealed = replace(
        sheet, state=SheetState.SEALED, version=sheet.version + 1, revision=number, return_reason=None, saved_at=at
    )
    sheets.put(transaction, assignment, sealed)
    sheets.count_marks(transaction, assignment, [sheet.marks[c.key] for c in contest.criteria])
    if assignment.facts.frozen_at is None:
        sheets.freeze(transaction.connection, at)
    return revision


def _receipt(revision: sheets.Revision) -> Receipt:
    return Receipt(revision.receipt, revision.number, revision.ledger_seq, _moment(revision.sealed_at))


def _moment(at: int) -> datetime:
    return datetime.fromtimestamp(at / 1000, UTC)
