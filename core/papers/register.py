"""The register of papers: what the desk draws of a document, and in which formats each can be taken away.

Drawing is pure: the same document with the same mark gives the same bytes.
"""

from collections.abc import Callable
from dataclasses import dataclass

from core.papers.csv_table import award_csv
from core.papers.document import AwardDocument
from core.papers.layout.printed_mark import PrintedMark
from core.papers.workbook import award_workbook
from core.rules.words import Sentence


@dataclass(frozen=True, slots=True)
class Format:
    """One format of a paper.

    `draw` takes the document, whether its reader may see which judge gave which mark, and the mark that is printed on it.
    It returns the file's bytes.
    """

    key: str  # the file's ending
    media_type: str
    label: Sentence  # on the button
    icon: str
    draw: Callable[[AwardDocument, bool, PrintedMark], bytes]


@dataclass(frozen=True, slots=True)
class Paper:
    """One paper: `key` is its address, `/export/KEY.FORMAT`; `file_name` the head of its file's name."""

    key: str
    file_name: str
    formats: tuple[Format, ...]

    def format(self, key: str) -> Format | None:
        """The format of this key, exactly as it is written; None where the paper has none."""
        return next((each for each in self.formats if each.key == key), None)


AWARD_TABLE = Paper(
    "award-table",
    "bang-trao-giai",
    (
        Format(
            "xlsx",
            "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            Sentence("Tải bảng XLSX"),
            ":material/table_view:",
            lambda document, names, mark: award_workbook(document, names=names, mark=mark),
        ),
        Format(
            "csv",
            "text/csv; charset=utf-8",
            Sentence("Tải bảng CSV"),
            ":material/csv:",
            lambda document, _names, mark: award_csv(document, mark),
        ),
    ),
)
