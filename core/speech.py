"""The catalogues: what the desk's sentences are in the reader's language. Vietnamese is the source and needs none."""

from collections.abc import Callable
from functools import cache
from pathlib import Path

from babel.messages.pofile import read_po

from core.rules.words import Language, Locale

SOURCE = Language.VI
LOCALE = Path(__file__).resolve().parent.parent / "data" / "locale"


def catalogue(language: Language) -> Path:
    """Where the words of a language lie."""
    return LOCALE / language.value / "LC_MESSAGES" / "desk.po"


@cache
def words(language: Language) -> dict[str, str]:
    """The source sentences that the language says otherwise, each with its own words; fuzzy ones are left out.

    The source language's own catalogue says nothing otherwise, and is not read.
    """
    path = catalogue(language)
    if language is SOURCE or not path.exists():
        return {}
    with path.open("rb") as file:
        read = read_po(file, locale=language.value)
    told = ((str(each.id), str(each.string)) for each in read if each.id and each.string and not each.fuzzy)
    return {source: said for source, said in told if source != said}


def gettext(language: Language) -> Callable[[str], str]:
    """What says a source sentence in the language; one without a translation is said as it was written."""
    known = words(language)
    return lambda source: known.get(source, source)


@cache
def locale(language: Language) -> Locale:
    """The language together with its catalogue."""
    return Locale(language, gettext(language))
