"""What a row of a table of submissions means beside the stored submissions (docs/contest-rules.md, Tables of submissions).

A row finds its submission by the code, where one is written, otherwise by the title and the first author's name.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from core.rules.entries.form import SubmissionForm
from core.rules.entries.states import OPEN_STATES, SubmissionState
from core.rules.vietnamese import identity
from core.rules.words import Refusal, Sentence

WorkKey = tuple[str, str]  # identities of the title and of the first author's name


class RowOutcome(StrEnum):
    """What taking the row would do."""

    NEW = "new"
    SAME = "same"
    DIFFERS = "differs"
    FAULTY = "faulty"


OUTCOME_NAMES = {
    RowOutcome.NEW: Sentence("Mới"),
    RowOutcome.SAME: Sentence("Giống đơn đã lưu"),
    RowOutcome.DIFFERS: Sentence("Khác đơn đã lưu"),
    RowOutcome.FAULTY: Sentence("Có lỗi"),
}


@dataclass(frozen=True, slots=True)
class StoredWork:
    """A submission that rows are compared with."""

    code: str
    state: SubmissionState
    version: int
    form: SubmissionForm

    @property
    def open(self) -> bool:
        """Whether it can still be corrected."""
        return self.state in OPEN_STATES


class UnknownCode(Refusal):
    """The row has a code that no submission has."""

    def __init__(self, code: str) -> None:
        super().__init__("Không có đơn dự thi nào mang mã {code}; đơn mới thì để trống cột mã.", code=code)


class SeveralStored(Refusal):
    """Several submissions have the row's title and first author."""

    def __init__(self, codes: Sequence[str]) -> None:
        super().__init__("Nhiều đơn cùng tên và tác giả: {codes}; hãy ghi mã đơn.", codes=", ".join(codes))


def work_key(title: str, author: str) -> WorkKey | None:
    """By what a row finds its submission again; None without a title or an author."""
    key = identity(title), identity(author)
    return key if all(key) else None


def stored_work(code: str, key: WorkKey | None, works: Sequence[StoredWork]) -> StoredWork | None:
    """The submission that a row is about; None for a new one. `works`: those with this code or this key.

    Of several with one key, those that can still be corrected go before the withdrawn and disqualified ones.
    Raises UnknownCode, SeveralStored.
    """
    if code:
        named = next((work for work in works if identity(work.code) == identity(code)), None)
        if named is None:
            raise UnknownCode(code)
        return named
    if key is None:
        return None
    found = [work for work in works if work.open] or list(works)
    if len(found) > 1:
        raise SeveralStored([work.code for work in found])
    return found[0] if found else None
