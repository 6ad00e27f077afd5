"""Vietnamese text whose letters were lost or exchanged before it came to the desk.

Known ways: a letter replaced by `?`, `¿` or U+FFFD; text typed for a TCVN3 (.VnTime) or VNI font, as its bytes look without
that font; UTF-8 read as Windows-1252. A font's text is found by reading it back: a word that is no Vietnamese syllable as it
stands but is one when read by the font's table. One such word is enough if it holds a sign that words do not hold, else two.
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
MOST = 2_000  # characters that are looked at
_1252 = "[\x80-\xbf€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ]"  # what Windows-1252 makes of the bytes 80–BF
_UTF8_AS_1252 = re.compile(f"á[º»]{_1252}|Ä[\x90\x91‘ƒ]|Æ[°¡¯]|[ÃÂ]{_1252}")

# TCVN 5712:1993, VN3: the letters of the .VnTime fonts. (Their capitals with tones are these letters in a font of capitals.)
_TCVN3 = dict(
    zip(
        "¡¢£¤¥¦§¨©ª«¬\u00ad®µ¶·¸¹»¼½¾ÆÇÈÉÊËÌÎÏÐÑÒÓÔÕÖ×ØÜÝÞßáâãäåæçèéêëìíîïñòóôõö÷øùúûüýþ",
        "ĂÂÊÔƠƯĐăâêôơưđàảãáạằẳẵắặầẩẫấậèẻẽéẹềểễếệìỉĩíịòỏõóọồổỗốộờởỡớợùủũúụừửữứựỳỷỹýỵ",
        strict=True,
    )
)
# VNI: a vowel, then a letter for its marks; some letters stand alone.
_VNI_ALONE = dict(zip("ñôöíìæóòîÑÔÖÍÌÆÓÒÎ", "đơưíìỉĩịỵĐƠƯÍÌỈĨỊỴ", strict=True))
_VNI_TONES = {"ø": "\u0300", "û": "\u0309", "õ": "\u0303", "ù": "\u0301", "ï": "\u0323"}
_VNI_HATS = {"â": "", "à": "\u0300", "å": "\u0309", "ã": "\u0303", "á": "\u0301", "ä": "\u0323"}
_VNI_BREVES = {"ê": "", "è": "\u0300", "ú": "\u0309", "ü": "\u0303", "é": "\u0301", "ë": "\u0323"}
_VNI_PAIR = re.compile("[aeo][âàåãáä]|a[êèúüéë]|[aeouyôö][øûõùï]|[ñôöíìæóòî]", re.IGNORECASE)


def lost_letters(text: str) -> bool:
    """True if Vietnamese letters in the text were lost or exchanged. A question mark at the end of a word is none of that."""
    if text.isascii() and "?" not in text:
        return False
    text = " ".join(word for word in unicodedata.normalize("NFC", text[:MOST]).split() if not _LINK.search(word))
    return (
        _REPLACED_FIRST.search(text) is not None
        or _SIGN_WITHIN.search(text) is not None
        or _UTF8_AS_1252.search(text) is not None
        or any(_is_replaced(text, found) for found in _REPLACED.finditer(text))
        or _is_written_for(_tcvn3, text)
        or _is_written_for(_vni, text)
    )


def _is_replaced(text: str, found: re.Match[str]) -> bool:
    """True for `Chuy?n`, not for `gì?Vì sao`; for `CHUY?N`, if the text has no letter that would have been lost too."""
    before, after = found[1], found[2]
    return after.islower() or (before.isupper() and not any("Ạ" <= letter <= "ỹ" for letter in text))


def _is_written_for(read: Callable[[str], str | None], text: str) -> bool:
    """True if the words of the text make sense only when read by a font's table."""
    words = [word for word in _WORD.findall(text) if len(word) > 1]
    others = [
        word for word in words if not (_is_syllable(word) and (word.islower() or word.isupper() or word.istitle()))
    ]
    found = [word for word in others if _is_syllable(read(word) or "")]
    return len(found) > 1 or any(_FOREIGN_TO_WORDS.search(word) for word in found)


def _is_syllable(word: str) -> bool:
    """True if the word is formed like a Vietnamese one."""
    parts = unicodedata.normalize("NFD", word.casefold())
    tones = [part for part in parts if part in _TONES]
    plain = unicodedata.normalize("NFC", "".join(part for part in parts if part not in _TONES))
    found = _SYLLABLE.fullmatch(plain)
    if found is None or len(tones) > 1:
        return False
    return found["final"] not in {"c", "ch", "p", "t"} or not tones or tones[0] in _TONES_BEFORE_STOPS


def _tcvn3(word: str) -> str | None:
    """A word read by the table of TCVN3; None where it holds a letter that is not in it."""
    letters = [letter if letter.isascii() else _TCVN3.get(letter) for letter in word]
    return None if word.isascii() or None in letters else "".join(filter(None, letters))


def _vni(word: str) -> str | None:
    """A word read by the table of VNI; None where there is nothing of it."""
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
