"""Toasts that report an action, shown by the next complete run of the script.

A run that calls `st.rerun` cannot show its toast: a busy browser may draw the next run first and lose it.
"""

import streamlit as st

from pages.kit import guard, session_keys


def store(text: str, icon: str) -> None:
    """Store a toast, in Markdown, for the end of the next complete run."""
    guard.store_result(session_keys.NOTICE, (text, icon))


def show() -> None:
    """Show the stored toast, if any, and forget it. Call it after the page has been drawn."""
    stored = st.session_state.pop(session_keys.NOTICE, None)
    if stored:
        text, icon = stored
        st.toast(text, icon=icon)
