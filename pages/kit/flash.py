"""What has been done is said by the run that shows how things stand now.

A toast of a run that ends at once in another is lost where the browser is too busy to draw it before the other's page.
"""

import streamlit as st

from pages.kit import guard, session_keys


def keep(words: str, icon: str) -> None:
    """Say this at the end of the next whole run."""
    guard.keep(session_keys.NOTICE, (words, icon))


def show() -> None:
    """Say what was kept; the page that was asked for has been drawn."""
    kept = st.session_state.pop(session_keys.NOTICE, None)
    if kept:
        words, icon = kept
        st.toast(words, icon=icon)
