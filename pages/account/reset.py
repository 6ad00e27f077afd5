"""A lost password: the page behind a one-time link."""

import streamlit as st

from core.desk import house, lost_passwords
from core.rules.words import Refusal, Sentence
from pages.account.password import Unlike, new_twice
from pages.kit import session_keys
from pages.kit.gate import go, keep
from pages.kit.speech import _, said


def reset() -> None:
    """Set a new password by the link an administrator made."""
    st.title(_("Đặt lại mật khẩu"))
    if st.session_state.get(session_keys.LINK_USED):
        st.success(_("Đã đặt mật khẩu mới. Hãy đăng nhập."), icon=":material/check_circle:")
        if st.button(_("Đăng nhập"), type="primary"):
            go("/")
        return
    secret = st.query_params.get("link", "")
    username = lost_passwords.link_owner(house.store(), secret, house.now())
    st.write(said(Sentence("Tài khoản: {username}", {"username": username})))
    with st.container(key="reset_form"), st.form("reset"):
        new, again = new_twice()
        sent = st.form_submit_button(_("Đặt mật khẩu"), type="primary")
    if not sent:
        return
    try:
        if new != again:
            raise Unlike
        lost_passwords.use_link(house.store(), secret, new, house.now())
    except Refusal as refused:
        st.error(said(refused.sentence), icon=":material/error:")
        return
    keep(session_keys.LINK_USED, value=True)
    st.rerun()
