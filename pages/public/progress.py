"""The page of the panel's progress, open to everybody: it frames `/board/progress`, which shows counts only."""

import streamlit as st

from core.desk import context
from core.desk.awards import public_result
from pages.kit import big_screen, guard
from pages.kit.i18n import _, escape_markdown

who = guard.principal()
with st.container(key="public" if who is None else "own"):
    if who is None:
        st.caption(escape_markdown(context.contest(context.store()).name))
    big_screen.draw_heading(_("Tiến độ chấm"), "/board/progress?hall=1")
    with st.container(key="board"):
        st.iframe("/board/progress", height=320, alt=_("Tiến độ chấm"))
    if public_result.is_public(context.store()):
        st.link_button(_("Xem kết quả cuộc thi"), "/results", icon=":material/trophy:")
    if who is None and st.button(_("Đăng nhập"), icon=":material/login:", type="tertiary"):
        guard.go("/")
