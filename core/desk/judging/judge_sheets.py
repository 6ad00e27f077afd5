"""Marking: every change is a draft kept at once; what is submitted is a revision that nothing can alter (docs/design.md, Sheets)."""

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
from core.rules.permissions import may_chair, may_return_sheet, may_return_sheets, must
from core.rules.scoring.marks import BadPoints, parse_points
from core.rules.scoring.methods import half_up
from core.rules.words import Points, Sentence
from core.store import ledger
from core.store.engine import Connection, Store, WriteTransaction
from core.store.events.payloads import SheetDrafted, SheetReturned, SheetSealed
from core.store.people import accounts
from core.store.queries import sheets
from core.store.queries.entries import Seat, SheetRow

OVERALL = ""  # the key of the remark on the whole work
Kept = TypeVar("Kept", int, str)
KEY = re.compile(r"[A-Za-z0-9_-]{16,64}")


@dataclass(frozen=True, slots=True)
class Change:
    """What a judge typed: marks as text by criterion ("8,5"; empty takes the mark back), remarks by criterion or ""."""

    marks: Mapping[str, str] = field(default_factory=dict)
    remarks: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Saved:
    """A draft that is kept: its version, when, its subtotal (units of the contest's total) and what is not yet given."""

    version: int
    saved_at: datetime
    total: int
    marks: Mapping[str, int]
    missing: tuple[CriterionKey, ...]


@dataclass(frozen=True, slots=True)
class Receipt:
    """What a judge keeps of a submitted sheet: `text` is the ledger's row as printed (`ledger.receipt`)."""

    text: str
    revision: int
    ledger_seq: int
    sealed_at: datetime


def save(store: Store, who: Principal, code: str, change: Change, version: int, now: datetime) -> Saved:
    """Keep a change of the judge's own draft, if the sheet is still the one this window saw (`version`; 0: unwritten)."""
    contest = context.contest(store)

    def act(unit: WriteTransaction) -> Saved:
        seat = _own(unit, who, code, now)
        _must_be_writable(contest, seat, ledger_time(unit, now))
        marks, remarks = _read(contest, change)
        if seat.sheet.version != version:
            raise StaleVersion(seat.sheet)
        sheet = seat.sheet
        changed = replace(
            sheet, marks=_merged(sheet.marks, marks), remarks=_merged(sheet.remarks, remarks),
            version=version + 1, saved_at=written_at(unit, now), state="returned" if sheet.state == "returned" else "draft",
        )  # fmt: skip
        if version and (changed.marks, changed.remarks) == (sheet.marks, sheet.remarks):
            return _saved(contest, sheet)
        sheets.put(unit, seat, changed)
        payload = SheetDrafted(seat.pseudonym, seat.work.code, changed.version, dict(marks), sorted(remarks))
        unit.record(at=written_at(unit, now), actor=who.username, payload=payload, pseudonym=seat.pseudonym)
        return _saved(contest, changed)

    return store.change(act)


def submit(store: Store, who: Principal, code: str, version: int, key: str, now: datetime) -> Receipt:
    """Seal the sheet as a revision. The same `key` again is the same revision and the same receipt."""
    if not KEY.fullmatch(key):
        raise BadSubmitKey
    contest = context.contest(store)

    def act(unit: WriteTransaction) -> Receipt:
        seat = _own(unit, who, code, now)
        made = sheets.sealed_with(unit, key)
        if made is not None:
            if (made.judge_id, made.entry_id) != (seat.judge_id, seat.work.id):
                raise BadSubmitKey
            return _receipt(made)
        _must_be_writable(contest, seat, ledger_time(unit, now))
        _fit_to_seal(contest, seat, version)
        return _receipt(_seal(unit, contest, seat, key, written_at(unit, now)))

    return store.change(act)


def return_sheet(store: Store, who: Principal, judge: str, code: str, reason: str, now: datetime) -> None:
    """Hand a submitted sheet back with a reason; its marks count no longer until it is submitted again.

    The chief judge returns the others' sheets; the chief's own is returned by a deputy or by the committee.
    """
    must(may_return_sheets(who))
    if who.username == judge:
        raise OwnSheet
    why, contest = judge_assignment.reason_given(reason), context.contest(store)

    def act(unit: WriteTransaction) -> None:
        of_a_chief = not may_chair(who) and accounts.holds(unit.connection, judge, Role.CHIEF)
        must(may_return_sheet(who, judge, of_a_chief=of_a_chief))
        seat = judge_assignment.of_judge(unit.connection, judge, code)
        judge_assignment.must_be_open(contest, seat, ledger_time(unit, now))
        if seat.recused:
            raise NoSuchWork
        if seat.sheet.state != "sealed":
            raise SheetNotSealed
        returned = replace(seat.sheet, state="returned", version=seat.sheet.version + 1, return_reason=why)
        sheets.put(unit, seat, returned)
        sheets.withdraw_marks(unit.connection, seat.judge_id, seat.work.id)
        payload = SheetReturned(seat.pseudonym, code, seat.sheet.revision, unit.commit(why))
        unit.record(at=written_at(unit, now), actor=who.username, payload=payload)

    authorization.change(store, who, may_return_sheets, now, act)


def receipt(connection: Connection, seat: Seat) -> Receipt | None:
    """The receipt of the sheet's last revision, if it was ever submitted."""
    made = sheets.revision(connection, seat.judge_id, seat.work.id, seat.sheet.revision)
    return _receipt(made) if made else None


def subtotal(contest: Contest, marks: Mapping[str, int]) -> int:
    """The weighted total of the marks given so far, in the units of the contest's total; what is missing adds nothing."""
    weighted = zip(contest.weights, contest.criteria, strict=True)
    return sum(weight * marks[criterion.key] for weight, criterion in weighted if criterion.key in marks)


def total_places(contest: Contest) -> int:
    """Decimals of a sheet's total: those its steps can make; with fractional weights at least two, as many as published."""
    if contest.weight_scale > 1:
        return max(2, contest.scoring.decimals)
    return max(0 if c.step % 100 == 0 else 1 if c.step % 10 == 0 else 2 for c in contest.criteria)


def total_points(contest: Contest, units: int) -> Points:
    """A sheet's total, finished or not, from units of the contest's total: the one number that every screen shows.

    Without fractional weights it is exact. Otherwise it is rounded once, halves up, as scores are published.
    """
    places = total_places(contest)
    return Points(half_up(units * 10**places, 100 * contest.weight_scale), places)


def not_given(contest: Contest, marks: Mapping[str, int]) -> tuple[CriterionKey, ...]:
    """The criteria without a mark, in the rubric's order."""
    return tuple(criterion.key for criterion in contest.criteria if criterion.key not in marks)


def _own(unit: WriteTransaction, who: Principal, code: str, now: datetime) -> Seat:
    """The judge's own seat, asked apart: the other judges' sheets of the batch are written after it, together."""
    with unit.read_without_flush(sheets.about(who.username, code)):
        return judge_assignment.own(unit, who, code, now)


def _must_be_writable(contest: Contest, seat: Seat, now: datetime) -> None:
    """Refuse a sheet that may not be written on now."""
    judge_assignment.must_be_open(contest, seat, now)
    if seat.sheet.state == "sealed":
        raise SheetIsSealed


def _read(contest: Contest, change: Change) -> tuple[dict[str, int | None], dict[str, str | None]]:
    """What was typed as values, None where it takes something back. Raises BadFields naming every bad one."""
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
            remarks[key] = judge_assignment.words(text) or None
        except judge_assignment.BadText as bad_text:
            wrong[f"remark:{key}"] = bad_text.sentence
    if wrong:
        raise BadFields(wrong)
    return marks, remarks


def _merged(kept: Mapping[str, Kept], change: Mapping[str, Kept | None]) -> dict[str, Kept]:
    return {key: value for key, value in {**kept, **change}.items() if value is not None}


def _saved(contest: Contest, sheet: SheetRow) -> Saved:
    at, total, missing = _moment(sheet.saved_at or 0), subtotal(contest, sheet.marks), not_given(contest, sheet.marks)
    return Saved(sheet.version, at, total, sheet.marks, missing)


def _fit_to_seal(contest: Contest, seat: Seat, version: int) -> None:
    """Refuse a sheet that is not the one the judge looked at, not complete, or of a film not watched enough."""
    if not seat.acting.confirmed:
        raise NotConfirmed
    if seat.sheet.version != version:
        raise StaleVersion(seat.sheet)
    missing = not_given(contest, seat.sheet.marks)
    if missing:
        raise Incomplete(contest, missing)
    if watched_share(seat) < contest.judging.watched_share:
        raise NotWatchedEnough(watched_share(seat), contest.judging.watched_share)


def watched_share(seat: Seat) -> int:
    """The share of the film the judge has seen, in basis points."""
    return watch_time.share(seat.watched.milliseconds if seat.watched else 0, seat.work.milliseconds)


def _seal(unit: WriteTransaction, contest: Contest, seat: Seat, key: str, at: int) -> sheets.Revision:
    """Write the revision, let its marks count, and freeze the rule card with the first."""
    sheet, number, share = seat.sheet, seat.sheet.revision + 1, watched_share(seat)
    remarks = unit.commit(sheets.as_json(sheet.remarks))
    payload = SheetSealed(seat.pseudonym, seat.work.code, number, dict(sheet.marks), remarks, share)
    row = unit.record(at=at, actor=seat.judge, payload=payload, pseudonym=seat.pseudonym)
    made = sheets.Revision(
        seat.judge_id, seat.work.id, number, sheet.marks, remarks, share, key, ledger.receipt(row.seq, row.hash),
        row.seq, row.at,
    )  # fmt: skip
    sheets.seal(unit, seat, made)
    sealed = replace(sheet, state="sealed", version=sheet.version + 1, revision=number, return_reason=None, saved_at=at)
    sheets.put(unit, seat, sealed)
    sheets.count_marks(unit, seat, [sheet.marks[c.key] for c in contest.criteria])
    if seat.facts.frozen_at is None:
        sheets.freeze(unit.connection, at)
    return made


def _receipt(made: sheets.Revision) -> Receipt:
    return Receipt(made.receipt, made.number, made.ledger_seq, _moment(made.sealed_at))


def _moment(at: int) -> datetime:
    return datetime.fromtimestamp(at / 1000, UTC)
