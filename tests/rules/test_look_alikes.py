"""Characters that look like others or are invisible, and how they are named."""

import unicodedata

import pytest

from core.rules.look_alikes import LETTERS, code_point, is_invisible, odd_characters, visible


@pytest.mark.parametrize("character", "\u200b\u00ad\ufeff\u200e\u2060\u180e\u034f\ufe0f\u3164\U000e0041\x00\x1b\x7f")
def test_what_shows_nothing_is_invisible(character: str) -> None:
    assert is_invisible(character)


@pytest.mark.parametrize("character", "aạđ1?  \u00a0\t\n-“🎬")
def test_letters_signs_and_spaces_are_not(character: str) -> None:
    assert not is_invisible(character)


def test_a_character_is_named_by_its_number() -> None:
    assert code_point("\u200b") == "U+200B (ZERO WIDTH SPACE)"
    assert code_point("\x00") == "U+0000"


def test_a_text_shows_invisible_and_look_alike_characters() -> None:
    assert visible("J1\u200b") == "J1<U+200B>"
    assert visible("Lò\u00a0An") == "Lò<U+00A0>An"
    assert visible("АB") == "А<U+0410>B"
    assert visible("Lò Thị Hoà") == "Lò Thị Hoà"


@pytest.mark.parametrize(
    "key, odd",
    [
        ("GK01", ""), ("Lò Thị Hoà", ""), ("H’Mông – 1", ""), ("Иван", ""), ("Ελένη", ""),
        ("J1\u200b\u200b", "\u200b"), ("GK０1", "０"), ("ТT-1", "Т"), ("АВС", "АВС"), ("𝗚K", "𝗚"), ("Ðỗ", "Ð"), ("é\x07", "\x07"),
    ],
)  # fmt: skip
def test_odd_in_a_key_is_what_is_not_what_it_seems(key: str, odd: str) -> None:
    assert "".join(odd_characters(key)) == odd


def test_no_latin_letter_of_vietnamese_is_taken_for_another() -> None:
    letters = {chr(code) for code in LETTERS}
    spelled = "aăâbcdđeêfghijklmnoôơpqrstuưvwxyz"
    assert letters.isdisjoint(spelled + spelled.upper() + "0123456789-'/")
    assert all(unicodedata.category(letter)[0] in "LS" for letter in letters)
