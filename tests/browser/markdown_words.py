"""A page that shows words from outside in every place of Streamlit's that reads Markdown; run by test_markdown_words."""

import json
import os
import sys
from collections.abc import Callable
from pathlib import Path

import streamlit as st

sys.path.insert(0, str(Path.cwd()))

from core.rules.words import Sentence
from pages.kit.speech import marked, plain

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
            draw(plain(words))
    with st.container(key=f"sentence_{number}"):
        st.markdown(marked(Sentence("**{words}**", {"words": words})))
st.toast(plain(WORDS[0]), duration="infinite")
