"""Whether an author is an official: R02, "Thành viên Ban Tổ chức; Ban Giám khảo; Tổ Thư ký, giúp việc … không được tham gia dự thi" (plan III.1).

A name proves little: in one province many people share it. The phone and the date of birth decide, and where they are
not known a person decides. The thresholds of likeness were measured (DECISIONS 83; `tests/desk/matching`).
"""

from dataclasses import dataclass
from enum import IntEnum, StrEnum

from core.rules.people.names import bare_name
from core.rules.people.person import Person
from core.rules.words import Sentence

ALIKE = 92  # likeness of names (0–100) from which they count as alike
ALIKE_WITH_BIRTH = 70  # the same between two persons born on one day
EQUAL = 100


class Verdict(IntEnum):
    """What a comparison means for an entry; a greater one is stronger."""

    NONE = 0
    NOTED = 1  # told, and left at that
    REVIEW = 2  # a person decides; the entry goes on
    BLOCKS = 3  # a person decides; until then the entry is not accepted


class Ground(StrEnum):
    """What two persons have in common. The values are stored."""

    PHONE = "phone"
    BIRTH = "birth"  # the date of birth, and names that are alike
    NAME = "name"  # names that are equal or alike, where a date of birth is missing
    OTHER_BIRTH = "other_birth"  # names that are equal or alike, but dates of birth that differ


VERDICTS = {
    Ground.PHONE: Verdict.BLOCKS,
    Ground.BIRTH: Verdict.BLOCKS,
    Ground.NAME: Verdict.REVIEW,
    Ground.OTHER_BIRTH: Verdict.NOTED,
}
SENTENCES = {
    Ground.PHONE: Sentence(
        "Cùng số điện thoại. Thành viên các ban của cuộc thi không được dự thi (Kế hoạch, mục III.1): chưa nhận tác phẩm "
        "cho đến khi có quyết định."
    ),
    Ground.BIRTH: Sentence(
        "Cùng ngày sinh, họ tên giống nhau. Thành viên các ban của cuộc thi không được dự thi (Kế hoạch, mục III.1): chưa "
        "nhận tác phẩm cho đến khi có quyết định."
    ),
    Ground.NAME: Sentence(
        "Họ tên giống nhau, chưa đủ ngày sinh để phân biệt. Thành viên các ban của cuộc thi không được dự thi (Kế hoạch, "
        "mục III.1): cần xem có phải cùng một người không."
    ),
    Ground.OTHER_BIRTH: Sentence(
        "Họ tên giống nhau nhưng ngày sinh khác nhau: được coi là hai người (Kế hoạch, mục III.1)."
    ),
}


@dataclass(frozen=True, slots=True)
class Match:
    """What an author and an official have in common, and how alike their names are (0–100)."""

    ground: Ground
    likeness: int

    @property
    def verdict(self) -> Verdict:
        """What it means for the entry."""
        return VERDICTS[self.ground]

    @property
    def sentence(self) -> Sentence:
        """What they have in common, and the clause of the plan."""
        return SENTENCES[self.ground]

    def about(self, author: str) -> Sentence:
        """The same, naming the author: one of a group may be meant."""
        return Sentence("Tác giả {author}: {match}", {"author": author, "match": self.sentence})


def compare(author: Person, official: Person, likeness: int) -> Match | None:
    """What the two have in common; None if nothing that matters. `likeness` of their bare names, 0–100.

    Equal bare names count as EQUAL whatever `likeness` says, and a name without letters is like no other.
    """
    ours, theirs = bare_name(author.name), bare_name(official.name)
    alike = 0 if not ours or not theirs else EQUAL if ours == theirs else likeness
    if author.phone and author.phone == official.phone:
        return Match(Ground.PHONE, alike)
    if author.birth and official.birth:
        if author.birth == official.birth:
            return Match(Ground.BIRTH, alike) if alike >= ALIKE_WITH_BIRTH else None
        return Match(Ground.OTHER_BIRTH, alike) if alike >= ALIKE else None
    return Match(Ground.NAME, alike) if alike >= ALIKE else None
