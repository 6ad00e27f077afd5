"""The reader's language on a page."""

import re

import streamlit as st

from core.rules.words import Language, Sentence, Tongue
from core.settings import settings
from core.speech import tongue as tongue_of

MARKED = re.compile(r"([\\`*_{}\[\]()<>#+\-.!|~$:&])")


def language() -> Language:
    """The language this visitor chose, or the house's."""
    chosen = st.context.cookies.get("lang", "")
    return Language(chosen) if chosen in tuple(Language) else settings().language


def tongue() -> Tongue:
    """How numbers and sentences are said to this visitor."""
    return tongue_of(language())


def _(text: str) -> str:
    """A Vietnamese source sentence in the reader's language."""
    return tongue().translate(text)


def said(sentence: Sentence) -> str:
    """A sentence with its facts, in the reader's language."""
    return sentence.said(tongue())


def plain(text: str) -> str:
    """Somebody's words for a place that reads Markdown: shown as they were typed, on one line (SECURITY §2.5)."""
    return MARKED.sub(r"\\\1", " ".join(text.split()))
