"""The page of submissions: it frames `/board/submissions`."""

import streamlit as st

from core.rules.access import Role
from pages.kit import guard
from pages.kit.i18n import _

guard.require(Role.SECRETARY)
st.title(_("Đơn dự thi"))
with st.container(key="board"):
    st.iframe("/board/submissions", height=480, alt=_("Đơn dự thi"))
