"""Vietnamese as it is compared, sorted and read aloud (`contest/practice.md` §4.2–4.4)."""

import re
import unicodedata

_ALPHABET = {letter: at for at, letter in enumerate("aăâbcdđeêfghijklmnoôơpqrstuưvwxyz")}
# The order of the dictionaries: ngang, huyền, hỏi, ngã, sắc, nặng.
_TONES = {"\u0300": 1, "\u0309": 2, "\u0303": 3, "\u0301": 4, "\u0323": 5}
_TONE = f"[{''.join(_TONES)}]"
# hoà/hòa, khoẻ/khỏe, thuỷ/thủy, quý/qúy: both places of the mark are written; compared, it stands on the first vowel.
_LATE_MARK = re.compile(rf"(o)([ae])({_TONE})|(u)(y)({_TONE})")
_DIGITS = ("không", "một", "hai", "ba", "bốn", "năm", "sáu", "bảy", "tám", "chín")
_GROUPS = ("", " nghìn", " triệu")

SortKey = tuple[tuple[tuple[int, int], ...], tuple[int, ...], str]


def nfc(text: str) -> str:
    """The text as it is kept and printed: NFC."""
    return unicodedata.normalize("NFC", text)


def fold(text: str) -> str:
    """The text as it is compared for likeness: hoà = hòa, Đ = Ð, no case, single spaces. Hoa is not Hòa."""
    plain = unicodedata.normalize("NFD", nfc(text).replace("Ð", "đ").replace("ð", "đ").casefold())
    moved = _LATE_MARK.sub(lambda m: "".join((m[1], m[3], m[2]) if m[1] else (m[4], m[6], m[5])), plain)
    return " ".join(nfc(moved).split())


def bare(text: str) -> str:
    """The text as it is searched by those who type no marks: "Đỗ Thuý" is "do thuy"."""
    parted = unicodedata.normalize("NFD", fold(text).replace("đ", "d"))
    return "".join(letter for letter in parted if not unicodedata.combining(letter))


def vi_key(text: str) -> SortKey:
    """The order of Vietnamese dictionaries: letters first, then tones."""
    letters: list[tuple[int, int]] = []
    tones: list[int] = []
    text = nfc(text).casefold()
    for character in text:
        parts = unicodedata.normalize("NFD", character)
        base = nfc("".join(part for part in parts if part not in _TONES))
        letters.append((1, _ALPHABET[base]) if base in _ALPHABET else (0, ord(base[0]) if base else 0))
        tones.append(sum(_TONES.get(part, 0) for part in parts))
    return tuple(letters), tuple(tones), text


def name_key(name: str) -> tuple[SortKey, SortKey, SortKey]:
    """The order of a list of people: given name, family name, middle names."""
    words = nfc(name).split() or [""]
    return vi_key(words[-1]), vi_key(words[0]), vi_key(" ".join(words[1:-1]))


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
