"""My account: my password, and where I am signed in."""

from html import escape

import streamlit as st

from core.desk import context
from core.desk.accounts import sessions
from core.rules.words import Moment, Sentence
from pages.account.password import password_form
from pages.kit import guard
from pages.kit.speech import _, said

who = guard.require()
st.title(_("Tài khoản của tôi"))

st.header(_("Các phiên đang đăng nhập"))
mine_all = sessions.own(context.store(), who, context.now())
for number, mine in enumerate(mine_all):
    device, act = st.columns([4, 1], vertical_alignment="center")
    facts = {"address": mine.address, "seen": Moment(mine.last_seen), "began": Moment(mine.began)}
    with device:
        name = escape(sessions.device(mine.agent) or _("Không rõ thiết bị"))
        chip = f' <span class="state-chip done">{escape(_("Phiên này"))}</span>' if mine.current else ""
        words = Sentence("Địa chỉ {address}, đăng nhập lúc {began}, hoạt động gần nhất {seen}", facts)
        st.html(f'<p class="desk-who"><b>{name}{chip}</b><span>{escape(said(words))}</span></p>')
    if not mine.current and act.button(_("Kết thúc"), key=f"end_{number}", width="stretch"):
        sessions.end(context.store(), who, mine.session, context.now())
        st.rerun()
if len(mine_all) > 1 and st.button(_("Kết thúc mọi phiên khác"), icon=":material/logout:"):
    sessions.end_all(context.store(), who, context.now())
    st.rerun()

st.header(_("Đổi mật khẩu"))
password_form(_("Mật khẩu đang dùng"))
