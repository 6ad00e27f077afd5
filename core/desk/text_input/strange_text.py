"""Messages about cells with misleading characters or lost letters."""

from collections.abc import Sequence

from core.rules.look_alikes import code_point, is_invisible, visible
from core.rules.words import Sentence


def odd(column: str, text: str, characters: Sequence[str]) -> Sentence:
    """The cell has invisible or look-alike characters; the message names each by its code point."""
    facts = {"column": column, "text": visible(text), "characters": _named(characters)}
    return Sentence("Cột {column}: “{text}” có ký tự lạ: {characters}.", facts)


def odd_name(name: str, characters: Sequence[str]) -> Sentence:
    """The same for a column's name."""
    facts = {"column": visible(name), "characters": _named(characters)}
    return Sentence("Tên cột “{column}” có ký tự lạ: {characters}.", facts)


def lost(column: str, text: str) -> Sentence:
    """Letters of the cell were lost by an earlier conversion (`core.desk.text_input.lost_letters`)."""
    facts = {"column": column, "text": visible(text)}
    return Sentence(
        "Cột {column}: “{text}” có chữ tiếng Việt bị mất hoặc sai bảng mã từ trước; hãy nhập lại từ bản gốc.", facts
    )


def lost_and_restored(column: str, text: str, instead: str) -> Sentence:
    """The cell is written for a font from before Unicode; `instead` is what it seems to mean."""
    facts = {"column": column, "text": visible(text), "instead": instead}
    return Sentence("Cột {column}: “{text}” viết bằng phông chữ cũ (.VnTime, VNI); có lẽ là “{instead}”.", facts)


def unseen(text: str) -> tuple[str, ...]:
    """The invisible characters of a text, each once, except variation selectors, which belong to the sign before."""
    return tuple(
        dict.fromkeys(
            each
            for each in text
            if not (each.isprintable() or each.isspace()) or (is_invisible(each) and not "\ufe00" <= each <= "\ufe0f")
        )
    )


def _named(characters: Sequence[str]) -> str:
    return ", ".join(code_point(character) for character in characters)
