"""My account: my password, and where I am signed in."""

import streamlit as st

from core.desk import house, sessions
from core.rules.words import Moment, Sentence
from pages.account.password import password_form
from pages.kit import gate
from pages.kit.speech import _, plain, said

who = gate.require()
st.title(_("Tài khoản của tôi"))

st.subheader(_("Các phiên đang đăng nhập"))
for number, mine in enumerate(sessions.own(house.store(), who, house.now())):
    device, act = st.columns([4, 1], vertical_alignment="center")
    facts = {"address": mine.address, "seen": Moment(mine.last_seen), "began": Moment(mine.began)}
    with device:
        st.markdown(plain(sessions.device(mine.agent)) + (f" — **{_('phiên này')}**" if mine.current else ""))
        st.caption(said(Sentence("Địa chỉ {address}, đăng nhập lúc {began}, hoạt động gần nhất {seen}", facts)))
    if not mine.current and act.button(_("Kết thúc"), key=f"end_{number}", width="stretch"):
        sessions.end(house.store(), who, mine.session, house.now())
        st.rerun()
if st.button(_("Kết thúc mọi phiên khác"), icon=":material/logout:"):
    sessions.end_all(house.store(), who, house.now())
    st.rerun()

st.subheader(_("Đổi mật khẩu"))
password_form(_("Mật khẩu đang dùng"))
