"""Names of persons as they are compared: without titles and marks; and the names in a free text of authors."""

import re
from collections.abc import Iterator
from functools import lru_cache

from core.rules.vietnamese import bare, nfc

# Titles before a name, as `bare` writes them: Ông, Bà, Anh, Chị, Đ/c, ThS, TS, PGS, GS, CN, KS, BS, NSƯT, NSND. Titles that
# are family names too are left out: Bác (Bạc), Chú (Chu).
_TITLES = frozenset(
    ["ong", "ba", "anh", "chi", "d/c", "dc", "dongchi", "ths", "ts", "pgs", "gs", "cn", "ks", "bs", "nsut", "nsnd"]
)
_COMRADE = re.compile(r"^dong chi\b")
_AFTER_TITLE = re.compile(r"[.,:;]+")
_SIGNS = re.compile(r"[^\w\s]")
LEAST_WORDS = 2  # of a name: a title before a single word may be a part of the name
_ASIDE = re.compile(r"\([^()]*\)?|\[[^\[\]]*\]?")
_SEPARATOR = re.compile(r"[,;&+/\n]|\s[-–—]\s")
_COMRADE_SLASH = re.compile(r"\b[Đđ]/[Cc]\b\.?")  # "đ/c" has a separator in it
_AND, _AND_CAPITAL = re.compile(r"\s+(?:và|cùng|với)\s+"), re.compile(r"\s+(?:VÀ|CÙNG|VỚI)\s+")


@lru_cache(maxsize=8192)
def bare_name(name: str) -> str:
    """A person's name for comparing: no titles, diacritics or signs, and i for y. It is never shown.

    "Đ/c Lò Thị Thúy" and "LO THI THUI" are equal.
    """
    words = _COMRADE.sub("dongchi", bare(name)).split()
    while len(words) > LEAST_WORDS and _is_title(words[0]):
        words.pop(0)
    return " ".join(_SIGNS.sub(" ", " ".join(words)).split()).replace("y", "i")


def names_in(authors: str) -> tuple[str, ...]:
    """The names in a free text of authors: "Lò Văn An và Hà Thị Mai (Sơn La)" has two. Asides in brackets are left out.

    A text without a separator is one name. "Và" is a family name too: only a small "và", or "VÀ" in a text of capitals,
    separates.
    """
    return tuple(_names(nfc(authors)))


def _names(authors: str) -> Iterator[str]:
    conjunction = _AND_CAPITAL if authors.isupper() else _AND
    for part in _SEPARATOR.split(_ASIDE.sub(" ", _COMRADE_SLASH.sub("", authors))):
        for name in conjunction.split(part.strip()):
            if words := name.split():
                yield " ".join(words)


def _is_title(word: str) -> bool:
    parts = [part for part in _AFTER_TITLE.split(word) if part]
    return bool(parts) and all(part in _TITLES for part in parts)
