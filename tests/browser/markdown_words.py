"""A Streamlit page that shows outside text in every element that reads Markdown; run by test_markdown_words."""

import json
import os
import sys
from collections.abc import Callable
from pathlib import Path

import streamlit as st

sys.path.insert(0, str(Path.cwd()))

from core.rules.words import Sentence
from pages.kit.i18n import escape_markdown, localized_markdown

WORDS = json.loads(os.environ["WORDS"])
for number, words in enumerate(WORDS):
    places: dict[str, Callable[[str], object]] = {
        "markdown": st.markdown,
        "caption": st.caption,
        "error": st.error,
        "success": st.success,
        "title": st.title,
        "subheader": st.subheader,
        "button": st.button,
        "checkbox": st.checkbox,
        "expander": st.expander,
    }
    for place, draw in places.items():
        with st.container(key=f"{place}_{number}"):
            draw(escape_markdown(words))
    with st.container(key=f"sentence_{number}"):
        st.markdown(localized_markdown(Sentence("**{words}**", {"words": words})))
st.toast(escape_markdown(WORDS[0]), duration="infinite")
