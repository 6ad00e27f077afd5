"""The award table as files to take away. Whoever takes one from the desk is written down, with the file's fingerprint."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from core.desk import authorization, context
from core.desk.awards import award_decisions
from core.desk.context import written_at
from core.papers.csv_table import award_csv
from core.papers.document import AwardDocument
from core.papers.workbook import award_workbook
from core.rules.access import Principal
from core.rules.contest import Contest
from core.rules.permissions import may_see_awards, may_see_marks_by_name
from core.rules.words import Refusal
from core.store.engine import Store, WriteTransaction
from core.store.events.payloads import AwardsExported

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
CSV = "text/csv; charset=utf-8"
# form -> its media type, and what draws it: the document, whether judges' names stand in it
FORMS: dict[str, tuple[str, Callable[[AwardDocument, bool], bytes]]] = {
    "xlsx": (XLSX, lambda shown, names: award_workbook(shown, names=names)),
    "csv": (CSV, lambda shown, _names: award_csv(shown)),
}


class UnknownForm(Refusal):
    """The award table is not drawn in this form."""

    def __init__(self, form: str) -> None:
        known = ", ".join(FORMS)
        super().__init__("Bảng trao giải không có dạng {form}; các dạng: {known}.", form=form[:40], known=known)


@dataclass(frozen=True, slots=True)
class Export:
    """A file to take away."""

    name: str
    media_type: str
    content: bytes


def export(store: Store, who: Principal, form: str, now: datetime) -> Export:
    """The award table as a file in one of FORMS; judges' names only for those whom the contest lets see them.

    Raises UnknownForm, before anything is drawn or recorded.
    """
    if form not in FORMS:
        raise UnknownForm(form)
    contest, shown = context.contest(store), award_decisions.whole(store, who, now)
    made = _file(contest, shown, form, names=may_see_marks_by_name(who, contest))
    payload = AwardsExported(made.name, hashlib.sha256(made.content).hexdigest())

    def act(unit: WriteTransaction) -> None:
        unit.record(at=written_at(unit, now), actor=who.username, payload=payload)

    authorization.change(store, who, may_see_awards, now, act)
    return made


def files(store: Store, now: datetime, *, names: bool) -> tuple[Export, ...]:
    """Every form of the award table, for whoever holds the database itself."""
    contest, drawn_now = context.contest(store), award_decisions.document(store, now)
    return tuple(_file(contest, drawn_now, form, names=names) for form in FORMS)


def _file(contest: Contest, shown: AwardDocument, form: str, *, names: bool) -> Export:
    state = "du-thao" if shown.draft else "chinh-thuc"
    name = f"bang-trao-giai-{contest.key}-{state}.{form}"
    media_type, draw = FORMS[form]
    return Export(name, media_type, draw(shown, names))
