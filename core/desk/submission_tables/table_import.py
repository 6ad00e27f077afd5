"""The good rows of a table, taken in one transaction.

The file is sent a second time and read again; nothing of it is kept between the preview and the taking. The decision is
made again in the transaction: if it is not the one that was shown, nothing is written and the new one is shown.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from core.desk import authorization, context, stored_forms
from core.desk.entries import entry_refusals, registration, submissions
from core.desk.matching import author_review
from core.desk.submission_tables.table_preview import ReadFile, RowPreview, TablePreview, compared, read_file
from core.rules.access import Principal
from core.rules.contest import Contest
from core.rules.entries.author_limits import AuthoredWork, WorksByPerson, past_limits
from core.rules.entries.states import NeedsReason
from core.rules.entries.table_rows import RowOutcome
from core.rules.permissions import may_register_works
from core.rules.words import Refusal, Sentence
from core.store.engine import Connection, Store, WriteTransaction
from core.store.queries import submissions as rows


class PreviewOutdated(Refusal):
    """The desk or the file is no longer what was shown; `preview` is what would be done now."""

    def __init__(self, preview: TablePreview) -> None:
        super().__init__("Dữ liệu đã thay đổi từ lúc xem trước nên chưa ghi gì. Hãy xem lại bảng dưới đây.")
        self.preview = preview


class NothingToTake(Refusal):
    """No row is new, and no difference was chosen."""

    def __init__(self) -> None:
        super().__init__("Không có dòng nào để nhập: chưa có dòng mới, và chưa chọn dòng khác nào để sửa.")


class RowPastLimit(Refusal):
    """Together with the corrections that were chosen, this row passes the limit of its authors (R07)."""

    def __init__(self, number: int, what: Sentence) -> None:
        super().__init__("Dòng {row}: {what}", row=number, what=what)


@dataclass(frozen=True, slots=True)
class Chosen:
    """What the office wants taken: all new rows, and the differing rows of these numbers.

    `seen` is of the preview that was shown. `reason`: why stored submissions are corrected; `late_reason`: why new ones
    are taken outside the window.
    """

    seen: str
    correct: frozenset[int] = frozenset()
    reason: str = ""
    late_reason: str = ""


@dataclass(frozen=True, slots=True)
class TakenRow:
    """A row that was taken, with the submission's code."""

    number: int
    code: str
    title: str
    outcome: RowOutcome


@dataclass(frozen=True, slots=True)
class Taken:
    """What was taken, and every other row with the reason why not."""

    rows: tuple[TakenRow, ...]
    left: tuple[RowPreview, ...]


def take(store: Store, who: Principal, data: bytes, name: str, chosen: Chosen, now: datetime) -> Taken:
    """Take the good rows of a file: all of them, or none.

    Raises NotAllowed, PreviewOutdated, NothingToTake, NeedsReason, LateNeedsReason, RowPastLimit, and what `read_file`
    raises.
    """
    read = read_file(store, who, data, name)
    return authorization.change(
        store, who, may_register_works, now, lambda transaction: _take(transaction, who, read, chosen, now)
    )


def _take(transaction: WriteTransaction, who: Principal, read: ReadFile, chosen: Chosen, now: datetime) -> Taken:
    connection = transaction.connection
    shown = compared(connection, read, context.ledger_time(transaction, now))
    if shown.seen != chosen.seen:
        raise PreviewOutdated(shown)
    wanted = [row for row in shown.rows if _is_wanted(row, chosen)]
    if not wanted:
        raise NothingToTake
    if any(row.outcome is RowOutcome.DIFFERS for row in wanted) and not chosen.reason.strip():
        raise NeedsReason
    if shown.late and any(row.outcome is RowOutcome.NEW for row in wanted) and not chosen.late_reason.strip():
        raise entry_refusals.LateNeedsReason
    contest = context.contest_state_in(connection).contest
    _must_fit_together(connection, contest, wanted)
    late_reason = chosen.late_reason if shown.late else ""
    taken = tuple(_written(transaction, contest, who, row, chosen.reason, late_reason, now) for row in wanted)
    author_review.review_submissions(transaction, [row.code for row in taken], context.written_at(transaction, now))
    numbers = {row.number for row in taken}
    return Taken(taken, tuple(row for row in shown.rows if row.number not in numbers))


def _is_wanted(row: RowPreview, chosen: Chosen) -> bool:
    return row.outcome is RowOutcome.NEW or (row.outcome is RowOutcome.DIFFERS and row.number in chosen.correct)


def _must_fit_together(connection: Connection, contest: Contest, wanted: Iterable[RowPreview]) -> None:
    """R07 once more, with the chosen corrections counted: the preview compares each row with what is stored."""
    people = WorksByPerson(
        AuthoredWork(code, stored_forms.people(form)) for code, form in rows.competing_forms(connection).items()
    )
    for row in wanted:
        assert row.form is not None
        work = AuthoredWork(row.code or f"#{row.number}", row.form.people)
        for finding in past_limits(people.sharing(work), work, contest.entries.max_per_author):
            if finding.refused:
                raise RowPastLimit(row.number, finding.sentence)
        people.put(work)


def _written(
    transaction: WriteTransaction, contest: Contest, who: Principal, row: RowPreview, reason: str, late_reason: str,
    now: datetime,
) -> TakenRow:  # fmt: skip
    assert row.form is not None
    if row.outcome is RowOutcome.NEW:
        added = registration.insert(transaction, contest, row.form, now, by=who.username, late_reason=late_reason)
        return TakenRow(row.number, added.code, row.title, row.outcome)
    found = rows.find(transaction.connection, row.code)
    assert found is not None
    submissions.store_correction(transaction, found, row.form, now, by=who.username, reason=reason)
    return TakenRow(row.number, row.code, row.title, row.outcome)
