"""The reader's language on a page."""

import re

import streamlit as st

from core.rules.words import Language, Locale, Sentence
from core.settings import settings
from core.speech import locale as locale_of

MARKED = re.compile(r"([\\`*_{}\[\]()<>#+\-.!|~$:&])")
# After parsing, Streamlit's Markdown still turns addresses into links, ":name:" into pictures and "->" into arrows, by
# looking at one piece of text at a time. An element without content parts the pieces there.
PARTED = re.compile(r"(?<=[:@])(?=\S)|(?<=[wW]{3})(?=\.)|(?<=[<>\-~=])(?=[<>\-=])")
PART = "\0"
EMPTY = ":small[]"


def language() -> Language:
    """The language this visitor chose, or the server's default."""
    chosen = st.context.cookies.get("lang", "")
    return Language(chosen) if chosen in tuple(Language) else settings().language


def locale() -> Locale:
    """How numbers and sentences are said to this visitor."""
    return locale_of(language())


def _(text: str) -> str:
    """A Vietnamese source sentence in the reader's language."""
    return locale().translate(text)


def said(sentence: Sentence) -> str:
    """A sentence with its facts, in the reader's language, for a place that shows text as it is."""
    return sentence.localize(locale())


def marked(sentence: Sentence) -> str:
    """A sentence for a place that reads Markdown: its own marks count, its facts are shown as they were typed."""
    return sentence.localize(locale(), plain)


def plain(text: str) -> str:
    """Somebody's words for a place that reads Markdown: shown as they were typed, on one line (docs/security.md, Untrusted text)."""
    parted = PARTED.sub(PART, " ".join(text.replace(PART, "").split()))
    return MARKED.sub(r"\\\1", parted).replace(PART, EMPTY)
