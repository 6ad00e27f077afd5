"""The panel's work to be looked at: drawn by a page of our own, again whenever something changed."""

import streamlit as st

from core.rules.permissions import ORGANISERS
from pages.kit import guard
from pages.kit.speech import _

guard.require(*ORGANISERS)
st.title(_("Biểu đồ chấm điểm"))
with st.container(key="board"):
    st.iframe("/board/charts", height=1400, alt=_("Biểu đồ chấm điểm"))
