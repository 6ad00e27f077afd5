"""Where the desk cannot answer at all: one sentence, and the page comes back by itself."""

import streamlit as st

from core.desk import house
from core.rules.words import Refusal, Unavailable
from pages.kit.speech import said

AGAIN_S = 5


def refused(refusal: Refusal) -> None:
    """The sentence of a refusal; one that passes by itself is asked again."""
    passes = isinstance(refusal, (Unavailable, house.NoContest))
    st.error(said(refusal.sentence), icon=":material/cloud_off:" if passes else ":material/block:")
    if passes:
        st.fragment(_again, run_every=AGAIN_S)()


def _again() -> None:
    try:
        house.circumstances(house.store())
    except (Unavailable, house.NoContest):
        return
    st.rerun()
