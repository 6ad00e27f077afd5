"""The history of a submission: each act with who, when and why, and what a correction changed."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import datetime

from core.desk import context, stored_forms
from core.rules.entries.film_rules import FILM_RULES, FilmRule
from core.rules.entries.form import SubmissionForm
from core.rules.entries.screening import VERDICT_NAMES, Answer, Verdict
from core.rules.entries.states import FINALIST_CHANGE_NAMES, FinalistChange, SubmissionState
from core.rules.words import Points, Sentence
from core.store.events import EVENTS, decode
from core.store.events.payloads import (
    FinalistChangeConfirmed,
    Payload,
    ScreeningRecused,
    ScreeningVerdictGiven,
    SubmissionAccepted,
    SubmissionCorrected,
    SubmissionFilmReceived,
    SubmissionRegistered,
    SubmissionRejected,
    SubmissionReturned,
)
from core.store.finals.changes import ChangeRow
from core.store.ledger import SYSTEM, Row, account_number
from core.store.queries.submissions import Submission

AUTHOR, DESK, OFFICE = Sentence("Tác giả"), Sentence("Hệ thống"), Sentence("Tổ Thư ký")
PAST_RULES = Sentence("Nhận dù phim chưa đúng")
SCREENER = Sentence("Người sơ loại")
INSIDE = (ScreeningVerdictGiven, ScreeningRecused)  # what screeners do, which the author does not see
FIELD_NAMES = {
    "title": Sentence("Tên tác phẩm"),
    "form": Sentence("Thể loại"),
    "summary": Sentence("Tóm tắt nội dung"),
    "category": Sentence("Đối tượng dự thi"),
    "link": Sentence("Gắn với tỉnh"),
    "unit": Sentence("Đơn vị hoặc nơi ở"),
    "group": Sentence("Tên nhóm tác giả"),
    "authors": Sentence("Tác giả"),
    "email": Sentence("Thư điện tử"),
    "guardian": Sentence("Người giám hộ"),
    "guardian_phone": Sentence("Điện thoại người giám hộ"),
    "published_on": Sentence("Ngày công bố"),
    "published_where": Sentence("Nơi công bố"),
    "terms": Sentence("Điều đã đồng ý"),
}


@dataclass(frozen=True, slots=True)
class FieldChange:
    """One field before and after a correction."""

    field: Sentence
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class HistoryLine:
    """One act about a submission."""

    at: datetime
    act: Sentence  # with what a screener said, once the work is decided
    person: str | Sentence
    reason: str
    changes: tuple[FieldChange, ...]
    returned: bool = False  # the act sent the work back to its author


def history(
    submission: Submission, ledger: Sequence[Row], texts: Mapping[str, str], proposed: Mapping[int, ChangeRow],
    names: Mapping[int, str] | None,
) -> Iterator[HistoryLine]:  # fmt: skip
    """The lines of these rows, oldest first. `texts` of commitments; proposals by their number; without `names` for the author."""
    form = stored_forms.ERASED
    for row in ledger:
        payload, changed = decode(row), tuple[FieldChange, ...]()
        if isinstance(payload, INSIDE) and names is None:
            continue
        reason, corrected = texts.get(getattr(payload, "reason", None) or "", ""), ""
        if isinstance(payload, SubmissionRegistered | SubmissionCorrected):
            corrected = texts.get(payload.form, "")
        elif isinstance(payload, FinalistChangeConfirmed) and payload.number in proposed:
            corrected, reason = proposed[payload.number].form, proposed[payload.number].reason
        elif isinstance(payload, SubmissionFilmReceived) and payload.past_rules:
            changed = (FieldChange(PAST_RULES, "", rule_numbers(payload.past_rules)),)
        if corrected:
            before, form = form, stored_forms.decode(corrected)
            changed = () if isinstance(payload, SubmissionRegistered) else tuple(differences(before, form))
        yield _line(submission, row, payload, names, reason, changed)


def _line(
    submission: Submission, row: Row, payload: Payload, names: Mapping[int, str] | None, reason: str,
    changed: tuple[FieldChange, ...],
) -> HistoryLine:  # fmt: skip
    at, person = context.moment(row.at), _person(row, payload, names)
    assert at is not None
    if isinstance(payload, ScreeningVerdictGiven) and _undisclosed(payload, submission):
        return HistoryLine(at, EVENTS[row.event].title, person, "", ())
    return HistoryLine(at, _act(row, payload), person, reason, changed, isinstance(payload, SubmissionReturned))


def rule_numbers(past_rules: Iterable[str]) -> str:
    """The numbers of rules of the film's check, as a person reads them."""
    return ", ".join(FILM_RULES[FilmRule(rule)].number for rule in past_rules)


def _undisclosed(payload: ScreeningVerdictGiven, submission: Submission) -> bool:
    """Whether other screeners are still to say what they think of this revision: until then nobody reads the verdict."""
    return submission.state is SubmissionState.RECEIVED and payload.revision == submission.revision


def _act(row: Row, payload: Payload) -> Sentence:
    title = EVENTS[row.event].title
    if isinstance(payload, FinalistChangeConfirmed):
        return Sentence(
            "{title}: {kind}", {"title": title, "kind": FINALIST_CHANGE_NAMES[FinalistChange(payload.kind)]}
        )
    if not isinstance(payload, ScreeningVerdictGiven):
        return title
    said: list[object] = [VERDICT_NAMES[Verdict(payload.verdict)]]
    if payload.points is not None:
        said = [Sentence("{points} điểm", {"points": Points(payload.points, 2)})]
    unmet = [key for key, answer in payload.answers.items() if answer == Answer.NO]
    if unmet:
        said.append(Sentence("chưa đạt {items}", {"items": ", ".join(unmet)}))
    if payload.names_author:
        said.append(Sentence("hình ảnh nêu tên tác giả"))
    text = "{title}: " + "; ".join(f"{{said{number}}}" for number in range(len(said)))
    return Sentence(text, {"title": title, **{f"said{number}": each for number, each in enumerate(said)}})


def _person(row: Row, payload: Payload, names: Mapping[int, str] | None) -> str | Sentence:
    if getattr(payload, "by_author", False):
        return AUTHOR
    if row.actor == SYSTEM:
        return DESK
    if names is not None:
        return names.get(account_number(row.actor), row.actor)
    screened = isinstance(payload, SubmissionAccepted | SubmissionRejected) or getattr(payload, "by_screeners", False)
    return SCREENER if screened else OFFICE


def differences(before: SubmissionForm, after: SubmissionForm) -> Iterator[FieldChange]:
    """The fields that a correction changed, in the form's order."""
    for field in fields(SubmissionForm):
        old, new = getattr(before, field.name), getattr(after, field.name)
        if old != new:
            yield FieldChange(FIELD_NAMES[field.name], _shown(old), _shown(new))


def _shown(value: object) -> str:
    """A field's value as one text: authors with birth date and phone, terms with their version."""
    if isinstance(value, str):
        return value
    assert isinstance(value, tuple)
    return "; ".join(
        f"{each[0]} ({each[1]})"
        if isinstance(each, tuple)
        else " · ".join(filter(None, (each.name, each.birth, each.phone)))
        for each in value
    )
