"""What people type about an official: each text checked, and a whole list read from a table.

A table has one row for each official, with the columns name, body, date of birth, phone and note; the last three may be
missing. Cells pasted from a spreadsheet are separated by tabs.
"""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from core.desk.accounts.account_names import name_of
from core.desk.accounts.account_refusals import NameMissing
from core.desk.entries.official_headings import LIST_NAME, MEANINGS, REQUIRED, headings_of
from core.desk.text_input.csv_lines import Problem, open_table
from core.desk.text_input.lost_letters import lost_letters
from core.desk.text_input.strange_text import lost
from core.rules.people.phones import phone_key
from core.rules.vietnamese import identity
from core.rules.words import Refusal, Sentence
from core.store.people.officials import OfficialTexts

Bodies = Sequence[tuple[str, str]]  # the contest's bodies: (key, name)
BODY_LENGTH, NOTE_LENGTH = 120, 300  # characters
LIST_LENGTH = 100_000  # characters of a pasted list
OLDEST = 1900  # year of birth
_DAY = re.compile(r"(\d{1,2})[./-](\d{1,2})[./-](\d{4})")
_ISO_DAY = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})")


class OfficialNameMissing(Refusal):
    """An official needs a name with letters."""

    def __init__(self) -> None:
        super().__init__("Hãy ghi họ và tên của thành viên.")


class BodyMissing(Refusal):
    """An official needs a body."""

    def __init__(self) -> None:
        super().__init__("Hãy chọn hoặc ghi ban, tổ của thành viên.")


class TextLong(Refusal):
    """The body, the note or the whole list has too many characters."""

    def __init__(self, what: Sentence, most: int) -> None:
        super().__init__("{what} dài quá {most} ký tự.", what=what, most=most)


class BadBirthDate(Refusal):
    """The text is no date of birth: not a day, in the future, or too long ago."""

    def __init__(self, text: str) -> None:
        super().__init__("“{text}” không phải ngày sinh; hãy ghi như 07/05/1990.", text=text[:20])


@dataclass(frozen=True, slots=True)
class Typed:
    """An official as typed."""

    name: str
    body: str
    birth_date: str = ""
    phone: str = ""
    note: str = ""


def checked(typed: Typed, bodies: Bodies, today: date) -> OfficialTexts:
    """The texts as they are stored. A body of the contest becomes its key.

    Raises OfficialNameMissing, NameLong, NameUnreadable, BodyMissing, TextLong, BadBirthDate, NotAPhone.
    """
    try:
        name = name_of(typed.name)
    except NameMissing:
        raise OfficialNameMissing from None
    birth = birth_date(typed.birth_date, today)
    body, note = _line(typed.body), _line(typed.note)
    if not body:
        raise BodyMissing
    for text, what, most in ((body, Sentence("Tên ban"), BODY_LENGTH), (note, Sentence("Ghi chú"), NOTE_LENGTH)):
        if len(text) > most:
            raise TextLong(what, most)
    return OfficialTexts(
        name, _body_key(body, bodies), birth.isoformat() if birth else "", phone_key(typed.phone), note
    )


def birth_date(text: str, today: date) -> date | None:
    """A date of birth such as "7/5/1990" or "1990-05-07"; None for an empty text. Raises BadBirthDate."""
    typed = _line(text)
    if not typed:
        return None
    if found := _DAY.fullmatch(typed):
        day, month, year = map(int, found.groups())
    elif found := _ISO_DAY.fullmatch(typed):
        year, month, day = map(int, found.groups())
    else:
        raise BadBirthDate(typed)
    try:
        born = date(year, month, day)
    except ValueError:
        raise BadBirthDate(typed) from None
    if not born.year >= OLDEST or born > today:
        raise BadBirthDate(typed)
    return born


def read_officials(text: str, bodies: Bodies, today: date) -> tuple[list[OfficialTexts], list[Problem]]:
    """The officials of a table, and its problems by line. Raises NoHeader, ColumnTwice, TextLong.

    A row with a problem gives no official, unless the problem is a warning.
    """
    if len(text) > LIST_LENGTH:
        raise TextLong(Sentence("Danh sách"), LIST_LENGTH)
    opened = open_table(text, LIST_NAME, REQUIRED, [each for each in MEANINGS if each not in REQUIRED])
    headings = headings_of(opened)
    found: list[OfficialTexts] = []
    problems: list[Problem] = []
    for row in opened.rows(problems):
        cells = {column: row.fields[heading] for column, heading in headings.items()}
        try:
            official = checked(Typed(**cells), bodies, today)
        except Refusal as refused:
            problems.append(Problem(row.line, refused.sentence))
            continue
        if lost_letters(official.name):
            problems.append(Problem(row.line, lost(REQUIRED[0], official.name), warning=True))
        found.append(official)
    return found, sorted(problems, key=lambda problem: problem.line)


def _body_key(body: str, bodies: Bodies) -> str:
    """The key of the contest's body with this key or name; the text itself for another body."""
    keys = {identity(text): key for key, name in bodies for text in (key, name)}
    return keys.get(identity(body), body)


def _line(text: str) -> str:
    """A text on one line, in NFC, with single spaces."""
    return " ".join(unicodedata.normalize("NFC", text).split())
