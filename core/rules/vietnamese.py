"""Vietnamese as it is compared, sorted and read aloud (docs/design.md, Text)."""

import re
import unicodedata

from core.rules.look_alikes import MARKS, TWINS, is_invisible

_ALPHABET = {letter: at for at, letter in enumerate("aăâbcdđeêfghijklmnoôơpqrstuưvwxyz")}
# The order of the dictionaries: ngang, huyền, hỏi, ngã, sắc, nặng.
_TONES = {"\u0300": 1, "\u0309": 2, "\u0303": 3, "\u0301": 4, "\u0323": 5}
_TONE = re.compile(f"[{''.join(_TONES)}]")
# The vowels of one syllable, decomposed: a tone mark may be written on any of them (hoà, hòa; giá, gía; thuý, thúy).
_VOWELS = re.compile("(?:[aeiouy][\u0300-\u036f]*)+")
_STRUCK_D = re.compile("d[\u0335-\u0338]")  # a d with a combining stroke
_DIGITS = ("không", "một", "hai", "ba", "bốn", "năm", "sáu", "bảy", "tám", "chín")
_GROUPS = ("", " nghìn", " triệu")

Weights = tuple[tuple[tuple[int, int], ...], tuple[int, ...]]


def nfc(text: str) -> str:
    """The text as it is kept and printed: NFC."""
    return unicodedata.normalize("NFC", text)


def identity(text: str) -> str:
    """The key by which two spellings of one name or code are equal. It is compared, never shown.

    It ignores composition, case, the vowel that carries the tone mark, invisible characters, the kind and number of
    spaces, and letters, digits, dashes and apostrophes that only look like the usual ones. Other words stay other
    words: Hoa is not Hòa, so is not sô, T-1 is not T-l. `identity(identity(text)) == identity(text)`.
    """
    if text.isascii() and text.isprintable():
        return " ".join(text.casefold().split())
    before = ""
    while text != before:
        before, text = text, _folded_once(text)
    return text


def _folded_once(text: str) -> str:
    """One step towards `identity`. A step can make another possible: "Г" has no Latin twin, but "г" has."""
    seen = "".join(_digit(character) for character in text if not is_invisible(character))
    latin = unicodedata.normalize("NFD", seen).translate(TWINS)
    plain = unicodedata.normalize("NFD", unicodedata.normalize("NFKC", latin).casefold()).translate(MARKS)
    return " ".join(nfc(_VOWELS.sub(_tone_last, _STRUCK_D.sub("đ", plain))).split())


def _digit(character: str) -> str:
    return str(unicodedata.decimal(character)) if character.isdecimal() else character


def _tone_last(vowels: re.Match[str]) -> str:
    """The vowels of a syllable, their tone marks moved behind the last."""
    return _TONE.sub("", vowels[0]) + "".join(_TONE.findall(vowels[0]))


fold = identity  # the name under which usernames are compared


def bare(text: str) -> str:
    """The text as it is searched by those who type no marks: "Đỗ Thuý" is "do thuy"."""
    parted = unicodedata.normalize("NFD", identity(text).replace("đ", "d"))
    return "".join(letter for letter in parted if not unicodedata.combining(letter))


def name_key(name: str) -> tuple[Weights, Weights, Weights, str]:
    """The order of a list of people: given name, family name, middle names; of two spellings, the code points decide."""
    words = nfc(name).split() or [""]
    return _weights(words[-1]), _weights(words[0]), _weights(" ".join(words[1:-1])), " ".join(words)


def _weights(text: str) -> Weights:
    """Where a text stands among others, whichever way it is spelled."""
    letters: list[tuple[int, int]] = []
    tones: list[int] = []
    for character in identity(text):
        parts = unicodedata.normalize("NFD", character)
        base = nfc("".join(part for part in parts if part not in _TONES))
        letters.append((1, _ALPHABET[base]) if base in _ALPHABET else (0, ord(base[0]) if base else 0))
        tones.append(sum(_TONES.get(part, 0) for part in parts))
    return tuple(letters), tuple(tones)


def number_in_words(number: int) -> str:
    """A whole number read aloud by the northern habit: 5050000 is "năm triệu không trăm năm mươi nghìn"."""
    if number < 0:
        return "âm " + number_in_words(-number)
    if number == 0:
        return _DIGITS[0]
    billions, rest = divmod(number, 10**9)
    said = [number_in_words(billions) + " tỷ"] if billions else []
    for power in (2, 1, 0):
        group = rest // 1000**power % 1000
        if group:
            said.append(_three(group, full=bool(said)) + _GROUPS[power])
    return " ".join(said)


def money_in_words(amount: int) -> str:
    """Money as the papers write it: "Năm triệu đồng" (plan V.1)."""
    words = number_in_words(amount) + " đồng"
    return words[0].upper() + words[1:]


def _three(group: int, *, full: bool) -> str:
    """A group of three digits; a full one says its missing hundreds."""
    hundreds, tens, ones = group // 100, group // 10 % 10, group % 10
    said = [f"{_DIGITS[hundreds]} trăm"] if hundreds or full else []
    if tens == 1:
        said.append("mười")
    elif tens:
        said.append(f"{_DIGITS[tens]} mươi")
    elif ones and said:
        said.append("linh")
    if ones == 1 and tens > 1:
        said.append("mốt")
    elif ones == 5 and tens:
        said.append("lăm")
    elif ones:
        said.append(_DIGITS[ones])
    return " ".join(said)
