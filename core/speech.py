"""The translation catalogues (gettext .po files). Vietnamese is the source language and needs none."""

from functools import cache
from pathlib import Path

from babel.messages.pofile import read_po

from core.rules.words import Language, Locale

SOURCE = Language.VI
LOCALE = Path(__file__).resolve().parent.parent / "data" / "locale"


def catalogue(language: Language) -> Path:
    """The path of a language's .po file."""
    return LOCALE / language.value / "LC_MESSAGES" / "desk.po"


@cache
def translations(language: Language) -> dict[str, str]:
    """Source sentence -> translation. Fuzzy and empty translations, and those equal to the source, are left out.

    The source language's catalogue is not read: the result is empty, as for a language without a file.
    """
    path = catalogue(language)
    if language is SOURCE or not path.exists():
        return {}
    with path.open("rb") as file:
        read = read_po(file, locale=language.value)
    pairs = ((str(each.id), str(each.string)) for each in read if each.id and each.string and not each.fuzzy)
    return {source: translation for source, translation in pairs if source != translation}


@cache
def locale(language: Language) -> Locale:
    """The language with its catalogue; a sentence without a translation stays as it is."""
    known = translations(language)
    return Locale(language, lambda source: known.get(source, source))
