"""Vietnamese text: comparing, sorting, and numbers in words (docs/design.md, Text)."""

import re
import unicodedata

from core.rules.look_alikes import MARKS, TWINS, is_invisible

_ALPHABET = {letter: at for at, letter in enumerate("aăâbcdđeêfghijklmnoôơpqrstuưvwxyz")}
# The tones in dictionary order: ngang, huyền, hỏi, ngã, sắc, nặng.
_TONES = {"\u0300": 1, "\u0309": 2, "\u0303": 3, "\u0301": 4, "\u0323": 5}
_TONE = re.compile(f"[{''.join(_TONES)}]")
# The decomposed vowels of one syllable: the tone mark may be on any of them (hoà, hòa; giá, gía; thuý, thúy).
_VOWELS = re.compile("(?:[aeiouy][\u0300-\u036f]*)+")
_STRUCK_D = re.compile("d[\u0335-\u0338]")  # a d with a combining stroke
_DIGITS = ("không", "một", "hai", "ba", "bốn", "năm", "sáu", "bảy", "tám", "chín")
_GROUPS = ("", " nghìn", " triệu")

Weights = tuple[tuple[tuple[int, int], ...], tuple[int, ...]]


def nfc(text: str) -> str:
    """The text in NFC, the form that is stored and printed."""
    return unicodedata.normalize("NFC", text)


def identity(text: str) -> str:
    """A comparison key that is equal for different spellings of one name or code. It is never shown.

    It ignores composition, case, the vowel that carries the tone mark, invisible characters, and the kind and number of
    spaces. Look-alike letters, digits, dashes and apostrophes count as the usual ones. Different words keep different
    keys: Hoa is not Hòa, so is not sô, T-1 is not T-l. `identity(identity(text)) == identity(text)`.
    """
    if text.isascii() and text.isprintable():
        return " ".join(text.casefold().split())
    before = ""
    while text != before:
        before, text = text, _folded_once(text)
    return text


def _folded_once(text: str) -> str:
    """One folding pass. A pass can make another one possible: "Г" has no Latin look-alike, but "г" has."""
    visible = "".join(_digit(character) for character in text if not is_invisible(character))
    latin = unicodedata.normalize("NFD", visible).translate(TWINS)
    plain = unicodedata.normalize("NFD", unicodedata.normalize("NFKC", latin).casefold()).translate(MARKS)
    return " ".join(nfc(_VOWELS.sub(_tone_last, _STRUCK_D.sub("đ", plain))).split())


def _digit(character: str) -> str:
    return str(unicodedata.decimal(character)) if character.isdecimal() else character


def _tone_last(vowels: re.Match[str]) -> str:
    """The vowels of a syllable, with their tone marks moved to the end."""
    return _TONE.sub("", vowels[0]) + "".join(_TONE.findall(vowels[0]))


fold = identity  # the same key, under the name used for usernames


def bare(text: str) -> str:
    """The text without diacritics, for searching: "Đỗ Thuý" becomes "do thuy"."""
    parted = unicodedata.normalize("NFD", identity(text).replace("đ", "d"))
    return "".join(letter for letter in parted if not unicodedata.combining(letter))


def name_key(name: str) -> tuple[Weights, Weights, Weights, str]:
    """The sort key for people: given name, family name, middle names; code points decide between two spellings."""
    words = nfc(name).split() or [""]
    return _weights(words[-1]), _weights(words[0]), _weights(" ".join(words[1:-1])), " ".join(words)


def _weights(text: str) -> Weights:
    """The sort key of a text: the weight of each letter, then the tone of each letter. Equal spellings have equal keys.

    A letter's weight is (1, position in the Vietnamese alphabet), or (0, code point) for any other character.
    """
    letters: list[tuple[int, int]] = []
    tones: list[int] = []
    for character in identity(text):
        parts = unicodedata.normalize("NFD", character)
        base = nfc("".join(part for part in parts if part not in _TONES))
        letters.append((1, _ALPHABET[base]) if base in _ALPHABET else (0, ord(base[0]) if base else 0))
        tones.append(sum(_TONES.get(part, 0) for part in parts))
    return tuple(letters), tuple(tones)


def number_in_words(number: int) -> str:
    """A whole number in Vietnamese words, northern usage: 5050000 is "năm triệu không trăm năm mươi nghìn"."""
    if number < 0:
        return "âm " + number_in_words(-number)
    if number == 0:
        return _DIGITS[0]
    billions, rest = divmod(number, 10**9)
    parts = [number_in_words(billions) + " tỷ"] if billions else []
    for power in (2, 1, 0):
        group = rest // 1000**power % 1000
        if group:
            parts.append(_three(group, full=bool(parts)) + _GROUPS[power])
    return " ".join(parts)


def money_in_words(amount: int) -> str:
    """Money in words as printed on the papers: "Năm triệu đồng" (plan V.1)."""
    words = number_in_words(amount) + " đồng"
    return words[0].upper() + words[1:]


def _three(group: int, *, full: bool) -> str:
    """A group of three digits in words. `full`: also write hundreds that are zero ("không trăm")."""
    hundreds, tens, ones = group // 100, group // 10 % 10, group % 10
    parts = [f"{_DIGITS[hundreds]} trăm"] if hundreds or full else []
    if tens == 1:
        parts.append("mười")
    elif tens:
        parts.append(f"{_DIGITS[tens]} mươi")
    elif ones and parts:
        parts.append("linh")
    if ones == 1 and tens > 1:
        parts.append("mốt")
    elif ones == 5 and tens:
        parts.append("lăm")
    elif ones:
        parts.append(_DIGITS[ones])
    return " ".join(parts)
