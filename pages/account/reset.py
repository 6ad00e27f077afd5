"""A lost password: the page behind a one-time link."""

from typing import Literal

import streamlit as st

from core.desk import context
from core.desk.accounts import password_resets
from core.desk.accounts.account_refusals import LinkSpent
from core.rules.words import Refusal
from pages.account.frame import languages
from pages.account.password import Unlike, new_twice
from pages.account.sign_in import heading
from pages.kit import session_keys
from pages.kit.account_field import account_field
from pages.kit.guard import go, keep
from pages.kit.speech import _, marked


def reset() -> None:
    """The page at the link's address."""
    with st.container(key="door"):
        heading()
        with st.container(key="entry"):
            chosen()
            languages()


def chosen() -> None:
    """Set a new password by the link an administrator made."""
    st.header(_("Đặt lại mật khẩu"))
    if st.session_state.get(session_keys.LINK_USED):
        st.success(_("Đã đặt mật khẩu mới. Hãy đăng nhập."), icon=":material/check_circle:")
        to_the_form("primary")
        return
    secret = st.query_params.get("link", "")
    try:
        username = password_resets.link_owner(context.store(), secret, context.now())
    except LinkSpent as spent:
        st.error(marked(spent.sentence), icon=":material/link_off:")
        to_the_form("secondary")
        return
    with st.container(key="reset_form"), st.form("reset"):
        account_field(username)
        new, again = new_twice()
        sent = st.form_submit_button(_("Đặt mật khẩu"), type="primary")
    if sent:
        use(secret, new, again)


def use(secret: str, new: str, again: str) -> None:
    """Set it, or say why not."""
    try:
        if new != again:
            raise Unlike
        password_resets.use_link(context.store(), secret, new, context.now())
    except Refusal as refused:
        st.error(marked(refused.sentence), icon=":material/error:")
        return
    keep(session_keys.LINK_USED, value=True)
    st.rerun()


def to_the_form(look: Literal["primary", "secondary"]) -> None:
    """The way on: signing in."""
    if st.button(_("Đăng nhập"), type=look):
        go("/")
