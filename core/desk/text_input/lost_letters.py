"""Detects Vietnamese text whose letters were lost or changed by an earlier conversion.

Known cases: a letter replaced by `?`, `¿` or U+FFFD; text typed for a TCVN3 (.VnTime) or VNI font, shown without that
font; UTF-8 read as Windows-1252. Text for a font is found by decoding it: a word that is not a Vietnamese syllable
becomes one when decoded with the font's table. One such word is enough if it contains a sign that is unusual in words;
otherwise two are needed.
"""

import re
import unicodedata
from collections.abc import Callable

_SYLLABLE = re.compile(
    "(?:ngh?|nh|ch|gh|gi|kh|ph|qu|th|tr|[bcdđghklmnpqrstvx])?"
    "(?:(?:iê|yê|uyê|uô|ươ|o[aăeo]|u[âêơy]|[aăâeêioôơuưy])(?P<final>ch|nh|ng|[cmnpt])?"
    "|[iyuư]a|uya|a[iouy]|â[uy]|[eê]o|êu|iu|[iy]êu|[oôơuư]i|u[ôy]i|ươ[iu]|ưu|oa[ioy]|oeo|u[âa]y|uyu)"
)
_TONES = {"\u0300", "\u0309", "\u0303", "\u0301", "\u0323"}
_TONES_BEFORE_STOPS = {"\u0301", "\u0323"}
_WORD = re.compile(r"(?:[^\W\d_]|[¡-©«-¬\u00ad®¶-¹»-¾×÷])+")
_FOREIGN_TO_WORDS = re.compile(r"[¡-©«-¬\u00ad®¶-¹»-¾×÷]|(?<=[a-z])[À-ÖØ-Þ]|(?<=[A-Za-z])µ|[åøûÅØÛ]|[aeoAEO][âäãàÂÄÃÀ]")
_REPLACED = re.compile(r"([^\W\d_])[?¿]+([^\W\d_])")
_REPLACED_FIRST = re.compile(r"(?<![^\s\"'“‘(])\?+[a-zà-ỹ]|\ufffd|ï¿½")
_SIGN_WITHIN = re.compile(r"[^\W\d_][¡-©«¬®¶¸¹»-¾][a-zà-ỹ]")
_LINK = re.compile(r"://|www\.|\?\w+=")
MAX_CHECKED = 2_000  # characters that are checked
_1252 = "[\x80-\xbf€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ]"  # the bytes 80–BF decoded as Windows-1252
_UTF8_AS_1252 = re.compile(f"á[º»]{_1252}|Ä[\x90\x91‘ƒ]|Æ[°¡¯]|[ÃÂ]{_1252}")

# TCVN 5712:1993, VN1 (which contains VN3, the .VnTime fonts): the letters of the bytes 80 to FF, as in glibc's TCVN5712-1.
TCVN3_LETTERS = (
    "ÀẢÃÁẠẶẬÈẺẼÉẸỆÌỈĨÍỊÒỎÕÓỌỘỜỞỠỚỢÙỦŨ\u00a0ĂÂÊÔƠƯĐăâêôơưđẰ\u0300\u0309\u0303\u0301\u0323àảãáạẲằẳẵắẴẮẦẨẪẤỀặầẩẫấậèỂẻẽéẹ"
    "ềểễếệìỉỄẾỒĩíịòỔỏõóọồổỗốộờởỡớợùỖủũúụừửữứựỳỷỹýỵỐ"
)
# As signs of Latin-1. The fonts have no capitals with tones: a second font shows the small letters' codes as capitals.
_TCVN3 = {chr(0x80 + at): letter for at, letter in enumerate(TCVN3_LETTERS) if letter.islower() or letter in "ĂÂÊÔƠƯĐ"}
# VNI: a vowel, then a letter for its marks; some letters are a single code.
_VNI_ALONE = dict(zip("ñôöíìæóòîÑÔÖÍÌÆÓÒÎ", "đơưíìỉĩịỵĐƠƯÍÌỈĨỊỴ", strict=True))
_VNI_TONES = {"ø": "\u0300", "û": "\u0309", "õ": "\u0303", "ù": "\u0301", "ï": "\u0323"}
_VNI_HATS = {"â": "", "à": "\u0300", "å": "\u0309", "ã": "\u0303", "á": "\u0301", "ä": "\u0323"}
_VNI_BREVES = {"ê": "", "è": "\u0300", "ú": "\u0309", "ü": "\u0303", "é": "\u0301", "ë": "\u0323"}
_VNI_PAIR = re.compile("[aeo][âàåãáä]|a[êèúüéë]|[aeouyôö][øûõùï]|[ñôöíìæóòî]", re.IGNORECASE)


def lost_letters(text: str) -> bool:
    """True if Vietnamese letters in the text were lost or changed. A question mark at the end of a word is normal."""
    if text.isascii() and "?" not in text:
        return False
    text = " ".join(word for word in unicodedata.normalize("NFC", text[:MAX_CHECKED]).split() if not _LINK.search(word))
    return (
        _REPLACED_FIRST.search(text) is not None
        or _SIGN_WITHIN.search(text) is not None
        or _UTF8_AS_1252.search(text) is not None
        or any(_is_replaced(text, found) for found in _REPLACED.finditer(text))
        or _is_written_for(_tcvn3, text)
        or _is_written_for(_vni, text)
    )


def restored(text: str) -> str | None:
    """The text decoded with the table of the font that it seems to be written for; None if it is written for none."""
    text = unicodedata.normalize("NFC", text[:MAX_CHECKED])
    read = next((table for table in (_tcvn3, _vni) if _is_written_for(table, text)), None)
    return (
        None if read is None else unicodedata.normalize("NFC", _WORD.sub(lambda word: read(word[0]) or word[0], text))
    )


def _is_replaced(text: str, found: re.Match[str]) -> bool:
    """True for `Chuy?n`, not for `gì?Vì sao`; true for `CHUY?N` if no letter survived that would have been lost too."""
    before, after = found[1], found[2]
    return after.islower() or (before.isupper() and not any("Ạ" <= letter <= "ỹ" for letter in text))


def _is_written_for(read: Callable[[str], str | None], text: str) -> bool:
    """True if words of the text are Vietnamese only when decoded with a font's table (`read`)."""
    words = [word for word in _WORD.findall(text) if len(word) > 1]
    others = [
        word for word in words if not (is_syllable(word) and (word.islower() or word.isupper() or word.istitle()))
    ]
    found = [word for word in others if is_syllable(read(word) or "")]
    return len(found) > 1 or any(_FOREIGN_TO_WORDS.search(word) for word in found)


def is_syllable(word: str) -> bool:
    """True if the word has the form of a Vietnamese syllable."""
    parts = unicodedata.normalize("NFD", word.casefold())
    tones = [part for part in parts if part in _TONES]
    plain = unicodedata.normalize("NFC", "".join(part for part in parts if part not in _TONES))
    found = _SYLLABLE.fullmatch(plain)
    if found is None or len(tones) > 1:
        return False
    return found["final"] not in {"c", "ch", "p", "t"} or not tones or tones[0] in _TONES_BEFORE_STOPS


def _tcvn3(word: str) -> str | None:
    """A word decoded with the TCVN3 table; None if it is ASCII or has a letter that is not in the table."""
    letters = [letter if letter.isascii() else _TCVN3.get(letter) for letter in word]
    return None if word.isascii() or None in letters else "".join(filter(None, letters))


def _vni(word: str) -> str | None:
    """A word decoded with the VNI table; None if it contains no VNI letter."""
    read, count = _VNI_PAIR.subn(_vni_letter, word)
    return read if count else None


def _vni_letter(pair: re.Match[str]) -> str:
    letter, mark = pair[0][0], pair[0][1:].casefold()
    letter = _VNI_ALONE.get(letter, letter)
    if mark in _VNI_TONES:
        letter += _VNI_TONES[mark]
    elif mark in _VNI_HATS:
        letter += "\u0302" + _VNI_HATS[mark]
    elif mark:
        letter += "\u0306" + _VNI_BREVES[mark]
    return letter
