"""The page of one's own account: current sessions, and the form to change the password."""

from html import escape

import streamlit as st

from core.desk import context
from core.desk.accounts import sessions
from core.rules.words import Moment, Sentence
from pages.account.password import password_form
from pages.kit import guard
from pages.kit.i18n import _, localized

who = guard.require()
st.title(_("Tài khoản của tôi"))

st.header(_("Các phiên đang đăng nhập"))
own_sessions = sessions.own(context.store(), who, context.now())
for number, session in enumerate(own_sessions):
    device, act = st.columns([4, 1], vertical_alignment="center")
    facts = {"address": session.address, "seen": Moment(session.last_seen), "began": Moment(session.began)}
    with device:
        name = escape(sessions.device(session.agent) or _("Không rõ thiết bị"))
        chip = f' <span class="state-chip done">{escape(_("Phiên này"))}</span>' if session.current else ""
        sentence = Sentence("Địa chỉ {address}, đăng nhập lúc {began}, hoạt động gần nhất {seen}", facts)
        st.html(f'<p class="desk-item"><b>{name}{chip}</b><span>{escape(localized(sentence))}</span></p>')
    if not session.current and act.button(_("Kết thúc"), key=f"end_{number}", width="stretch"):
        sessions.end(context.store(), who, session.session, context.now())
        st.rerun()
if len(own_sessions) > 1 and st.button(_("Kết thúc mọi phiên khác"), icon=":material/logout:"):
    sessions.end_all(context.store(), who, context.now())
    st.rerun()

st.header(_("Đổi mật khẩu"))
password_form(_("Mật khẩu đang dùng"))
