"""The screeners' page: it frames `/board/screening`, which the secretary may watch."""

import streamlit as st

from core.rules.access import Role
from pages.kit import guard
from pages.kit.i18n import _

guard.require(Role.SCREENER, Role.SECRETARY)
st.title(_("Sơ loại"))
with st.container(key="board"):
    st.iframe("/board/screening", height=480, alt=_("Sơ loại"))
