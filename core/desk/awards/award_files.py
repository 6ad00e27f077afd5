"""The award table as files to download. Each download is recorded in the ledger with the person and the file's hash."""

import hashlib
from dataclasses import dataclass
from datetime import datetime

from core.desk import authorization, context
from core.desk.awards import award_decisions
from core.desk.context import written_at
from core.desk.printed_marks import printed_mark
from core.papers.document import AwardDocument
from core.papers.layout.printed_mark import PrintedMark
from core.papers.register import AWARD_TABLE, Format
from core.rules.access import Principal
from core.rules.contest import Contest
from core.rules.permissions import may_see_awards, may_see_marks_by_name
from core.rules.words import Refusal
from core.store.engine import Store, WriteTransaction
from core.store.events.payloads import AwardsExported

__all__ = ["AWARD_TABLE", "Export", "UnknownFormat", "export", "files"]


class UnknownFormat(Refusal):
    """The award table is not drawn in this format."""

    def __init__(self, key: str) -> None:
        known = ", ".join(each.key for each in AWARD_TABLE.formats)
        super().__init__("Bảng trao giải không có dạng {form}; các dạng: {known}.", form=key[:40], known=known)


@dataclass(frozen=True, slots=True)
class Export:
    """A file to download or save."""

    name: str
    media_type: str
    content: bytes


def export(store: Store, who: Principal, key: str, now: datetime) -> Export:
    """The award table as a file in the format of this key. Judges' names only for those whom the contest lets see them.

    The file carries the mark of the newest checkpoint. Raises UnknownFormat, before anything is drawn or recorded;
    BrokenSigningKey.
    """
    chosen = AWARD_TABLE.format(key)
    if chosen is None:
        raise UnknownFormat(key)
    contest, document = context.contest(store), award_decisions.full_document(store, who, now)
    made = _file(contest, document, chosen, printed_mark(store, now), names=may_see_marks_by_name(who, contest))
    payload = AwardsExported(made.name, hashlib.sha256(made.content).hexdigest())

    def act(transaction: WriteTransaction) -> None:
        transaction.record(at=written_at(transaction, now), actor=who.username, payload=payload)

    authorization.change(store, who, may_see_awards, now, act)
    return made


def files(store: Store, now: datetime, *, names: bool) -> tuple[Export, ...]:
    """The award table in every format, for whoever holds the database itself."""
    contest, document = context.contest(store), award_decisions.document(store, now)
    mark = printed_mark(store, now)
    return tuple(_file(contest, document, each, mark, names=names) for each in AWARD_TABLE.formats)


def _file(contest: Contest, document: AwardDocument, chosen: Format, mark: PrintedMark, *, names: bool) -> Export:
    state = "du-thao" if document.draft else "chinh-thuc"
    name = f"{AWARD_TABLE.file_name}-{contest.key}-{state}.{chosen.key}"
    return Export(name, chosen.media_type, chosen.draw(document, names, mark))
