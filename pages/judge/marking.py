"""One work and its sheet. The sheet is a small page of our own that talks to its routes; Streamlit only frames it."""

from urllib.parse import quote

import streamlit as st

from core.desk import house, viewing
from core.desk.seats import NoSuchWork
from core.rules.access import Role
from pages.kit import gate
from pages.kit.speech import _

who = gate.require(Role.JUDGE)
code = st.query_params.get("work", "")
if not code:
    st.switch_page("judge/queue.py")
try:
    viewing.film(house.store(), who, code)
except NoSuchWork:
    st.query_params.clear()
    raise
with st.container(key="sheet"):
    st.iframe(f"/sheet/{quote(code, safe='')}", height=800, alt=_("Phiếu chấm"))
