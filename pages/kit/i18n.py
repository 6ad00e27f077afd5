"""Translation on the pages. Which function to use:

* `_(text)`: a Vietnamese literal without facts.
* `localized(value)`: a Sentence, Moment or amount in a place that shows text.
* `localized_markdown(sentence)`: a Sentence in a place that reads Markdown.
* `escape_markdown(text)`: text that people typed, by itself in a place that reads Markdown.
"""

import re

import streamlit as st

from core import http_names
from core.rules.words import Language, Locale, Localizable, Sentence
from core.settings import settings
from core.speech import locale as locale_of

SPECIAL = re.compile(r"([\\`*_{}\[\]()<>#+\-.!|~$:&])")
# After parsing, Streamlit still turns addresses into links, ":name:" into pictures and "->" into arrows. It looks at
# one text node at a time, so an empty element at these places splits the node and prevents that.
SPLIT_POINTS = re.compile(r"(?<=[:@])(?=\S)|(?<=[wW]{3})(?=\.)|(?<=[<>\-~=])(?=[<>\-=])")
PLACEHOLDER = "\0"
EMPTY_ELEMENT = ":small[]"


def language() -> Language:
    """The language of the visitor's `lang` cookie, or the server's default."""
    chosen = http_names.LANGUAGE.value(st.context.cookies)
    return Language(chosen) if chosen in tuple(Language) else settings().language


def locale() -> Locale:
    """The visitor's locale: translates sentences and formats numbers."""
    return locale_of(language())


def _(text: str) -> str:
    """Translate a Vietnamese literal into the visitor's language. `make words` collects the literals given to `_`."""
    return locale().translate(text)


def localized(value: Localizable) -> str:
    """A sentence, moment or amount in the visitor's language, unescaped: for places that show text (`st.text`)."""
    return value.localize(locale())


def localized_markdown(sentence: Sentence) -> str:
    """A sentence in the visitor's language for places that read Markdown: its facts are escaped, its own signs not."""
    return sentence.localize(locale(), escape_markdown)


def escape_markdown(text: str) -> str:
    """Escape typed text for a place that reads Markdown; gives one line (docs/security.md, Untrusted text)."""
    split = SPLIT_POINTS.sub(PLACEHOLDER, " ".join(text.replace(PLACEHOLDER, "").split()))
    return SPECIAL.sub(r"\\\1", split).replace(PLACEHOLDER, EMPTY_ELEMENT)
