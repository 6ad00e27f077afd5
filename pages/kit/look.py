"""The house's clothes for Streamlit's pages: its tokens and one sheet of style, said once in every run."""

from functools import cache
from pathlib import Path

import streamlit as st

SHEETS = (
    Path(__file__).parents[2] / "core" / "web" / "static" / "tokens.css",
    Path(__file__).parent / "look.css",
)


def dress() -> None:
    """Put the house's style on the page; it draws nothing."""
    st.html(_style())


@cache
def _style() -> str:
    return "<style>" + "\n".join(sheet.read_text(encoding="utf-8") for sheet in SHEETS) + "</style>"
