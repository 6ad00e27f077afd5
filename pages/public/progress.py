"""How far the panel has come: open to everybody, counts and nothing else."""

import streamlit as st

from core.desk import house
from pages.kit import gate, hall
from pages.kit.speech import _, plain

who = gate.principal()
with st.container(key="public" if who is None else "own"):
    if who is None:
        st.caption(plain(house.contest(house.store()).name))
    hall.headed(_("Tiến độ chấm"), "/board/progress?hall=1")
    with st.container(key="board"):
        st.iframe("/board/progress", height=320, alt=_("Tiến độ chấm"))
    if who is None and st.button(_("Đăng nhập"), icon=":material/login:", type="tertiary"):
        gate.go("/")
