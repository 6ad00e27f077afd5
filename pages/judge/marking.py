"""The page of one work's sheet: it frames `/sheet/CODE`, a page with its own routes. The query names the `work`."""

from urllib.parse import quote

import streamlit as st

from core.desk import context
from core.desk.judging import judge_queue
from core.desk.judging.judge_assignment import NoSuchWork
from core.rules.access import Role
from pages.kit import guard
from pages.kit.i18n import _

who = guard.require(Role.JUDGE)
code = st.query_params.get("work", "")
if not code:
    st.switch_page("judge/queue.py")
try:
    judge_queue.film(context.store(), who, code)
except NoSuchWork:
    st.query_params.clear()
    raise
with st.container(key="sheet"):
    st.iframe(f"/sheet/{quote(code, safe='')}", height=800, alt=_("Phiếu chấm"))
