"""How far the panel has come: open to everybody, counts and nothing else."""

import streamlit as st

from core.desk import context
from pages.kit import big_screen, guard
from pages.kit.speech import _, plain

who = guard.principal()
with st.container(key="public" if who is None else "own"):
    if who is None:
        st.caption(plain(context.contest(context.store()).name))
    big_screen.headed(_("Tiến độ chấm"), "/board/progress?hall=1")
    with st.container(key="board"):
        st.iframe("/board/progress", height=320, alt=_("Tiến độ chấm"))
    if who is None and st.button(_("Đăng nhập"), icon=":material/login:", type="tertiary"):
        guard.go("/")
