"""What is said of a cell whose characters are not what they seem."""

from collections.abc import Sequence

from core.rules.look_alikes import code_point, visible
from core.rules.words import Sentence


def odd(column: str, text: str, characters: Sequence[str]) -> Sentence:
    """A cell holds characters that cannot be seen or only look like the usual ones: each is named by its code point."""
    facts = {"column": column, "text": visible(text), "characters": _named(characters)}
    return Sentence("Cột {column}: “{text}” có ký tự lạ: {characters}.", facts)


def odd_name(name: str, characters: Sequence[str]) -> Sentence:
    """The same of a column's name."""
    facts = {"column": visible(name), "characters": _named(characters)}
    return Sentence("Tên cột “{column}” có ký tự lạ: {characters}.", facts)


def lost(column: str, text: str) -> Sentence:
    """Letters of a cell were lost before it came (`core.desk.text_input.lost_letters`)."""
    facts = {"column": column, "text": visible(text)}
    return Sentence(
        "Cột {column}: “{text}” có chữ tiếng Việt bị mất hoặc sai bảng mã từ trước; hãy nhập lại từ bản gốc.", facts
    )


def _named(characters: Sequence[str]) -> str:
    return ", ".join(code_point(character) for character in characters)
