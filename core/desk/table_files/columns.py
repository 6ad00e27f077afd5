"""What the columns of a table mean: a declared list of columns, and the header row that names them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum

from core.desk.text_input.csv_header import ColumnTwice, Names, NoHeader
from core.rules.vietnamese import identity
from core.rules.words import Sentence


class Kind(Enum):
    """What the cells of a column are."""

    TEXT = "text"  # words: every run of whitespace becomes one space
    VERBATIM = "verbatim"  # a code or a file name: kept as written, and checked by the caller
    DATE = "date"
    PHONE = "phone"  # digits, kept as text
    CHOICE = "choice"  # one of `choices`
    YES_NO = "yes_no"


@dataclass(frozen=True, slots=True)
class Column:
    """One column. Its first title is the one that templates and messages have; its cells may be headed by any of them."""

    key: str
    titles: tuple[str, ...]
    kind: Kind = Kind.TEXT
    required: bool = False  # every row has a value; with False the whole column may be missing
    max_length: int = 300  # characters
    choices: tuple[str, ...] = ()
    suggestions: tuple[str, ...] = ()  # offered by the template; any other value is good too
    example: str = ""
    help: Sentence | None = None

    @property
    def title(self) -> str:
        """The title that templates and messages have."""
        return self.titles[0]


def titles(columns: Iterable[Column]) -> list[str]:
    """Every title, and every key, by which a header may name one of the columns; two spellings of one title once."""
    names = [name for column in columns for name in (*column.titles, column.key)]
    return list({identity(name): name for name in reversed(names)}.values())[::-1]


def required(columns: Iterable[Column]) -> list[str]:
    """The titles of the columns that a table must have."""
    return [column.title for column in columns if column.required]


class Header:
    """Finds the declared columns in a header row."""

    def __init__(self, columns: Sequence[Column]) -> None:
        self.columns = columns
        self.names = Names(titles(columns))
        self.keys = {identity(name): column.key for column in columns for name in (*column.titles, column.key)}

    def count(self, cells: Sequence[str]) -> int:
        """The number of different columns that these cells name."""
        return len({self.keys[identity(cell)] for cell in cells if identity(cell) in self.keys})

    def places(self, name: str, row: int, header: Mapping[int, str]) -> dict[str, int]:
        """The place of each column, by its key, in the header of a file `name`.

        Raises ColumnTwice if two cells name one column, and NoHeader if a required column is missing.
        """
        found: dict[str, int] = {}
        for place, written in header.items():
            key = self.keys.get(identity(written))
            if key in found:
                raise ColumnTwice(name, row, header[found[key]], written)
            if key is not None:
                found[key] = place
        if any(column.required and column.key not in found for column in self.columns):
            raise NoHeader(name, required(self.columns), row)
        return found
