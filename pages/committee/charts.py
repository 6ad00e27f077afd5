"""The page of charts of the marking: it frames `/board/charts`, which redraws after each change."""

import streamlit as st

from core.rules.permissions import ORGANISERS
from pages.kit import guard
from pages.kit.i18n import _

guard.require(*ORGANISERS)
st.title(_("Biểu đồ chấm điểm"))
with st.container(key="board"):
    st.iframe("/board/charts", height=1400, alt=_("Biểu đồ chấm điểm"))
