"""The page of readings: it frames `/board/readings`, where counts are entered by one person and confirmed by another."""

import streamlit as st

from core.rules.permissions import COUNTERS
from pages.kit import guard
from pages.kit.i18n import _

guard.require(*COUNTERS)
st.title(_("Nhập lượt tương tác"))
with st.container(key="board"):
    st.iframe("/board/readings", height=480, alt=_("Nhập lượt tương tác"))
