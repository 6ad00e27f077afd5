"""How far the panel has come: open to everybody, counts and nothing else."""

import streamlit as st

from pages.kit.speech import _

st.title(_("Tiến độ chấm"))
with st.container(key="board"):
    st.iframe("/board/progress", height=320, alt=_("Tiến độ chấm"))
