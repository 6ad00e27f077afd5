"""The page of films that are alike: it frames `/board/twins`, where the secretary decides about them and the committee reads."""

import streamlit as st

from core.rules.access import Role
from pages.kit import guard
from pages.kit.i18n import _

guard.require(Role.SECRETARY, Role.COMMITTEE)
st.title(_("Phim giống nhau"))
with st.container(key="board"):
    st.iframe("/board/twins", height=480, alt=_("Phim giống nhau"))
