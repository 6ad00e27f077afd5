"""The page of background jobs: it frames `/board/jobs`, the live list."""

import streamlit as st

from core.rules.access import Role
from pages.kit import guard
from pages.kit.i18n import _

guard.require(Role.SECRETARY, Role.ADMIN)
st.title(_("Việc chạy nền"))
with st.container(key="board"):
    st.iframe("/board/jobs", height=480, alt=_("Việc chạy nền"))
