"""The page of a one-time link, for somebody who lost their password."""

from typing import Literal

import streamlit as st

from core.desk import context
from core.desk.accounts import password_resets
from core.desk.accounts.account_refusals import LinkSpent
from core.rules.words import Refusal
from pages.account.frame import language_button
from pages.account.password import PasswordsDiffer, new_password_fields
from pages.account.sign_in import show_contest
from pages.kit import session_keys
from pages.kit.guard import go, store_result
from pages.kit.i18n import _, localized_markdown
from pages.kit.password_fields import account_field


def reset() -> None:
    """Draw the page at the link's address."""
    with st.container(key="sign_in_page"):
        show_contest()
        with st.container(key="sign_in_column"):
            draw_reset()
            language_button()


def draw_reset() -> None:
    """Draw the form of a new password, or that the link is spent, or that the password has been set."""
    st.header(_("Đặt lại mật khẩu"))
    if st.session_state.get(session_keys.LINK_USED):
        st.success(_("Đã đặt mật khẩu mới. Hãy đăng nhập."), icon=":material/check_circle:")
        sign_in_button("primary")
        return
    secret = st.query_params.get("link", "")
    try:
        username = password_resets.link_owner(context.store(), secret, context.now())
    except LinkSpent as spent:
        st.error(localized_markdown(spent.sentence), icon=":material/link_off:")
        sign_in_button("secondary")
        return
    with st.container(key="reset_form"), st.form("reset"):
        account_field(username)
        new, again = new_password_fields()
        submitted = st.form_submit_button(_("Đặt mật khẩu"), type="primary")
    if submitted:
        set_password(secret, new, again)


def set_password(secret: str, new: str, again: str) -> None:
    """Set the password by the link's secret, or show why it is refused."""
    try:
        if new != again:
            raise PasswordsDiffer
        password_resets.use_link(context.store(), secret, new, context.now())
    except Refusal as refused:
        st.error(localized_markdown(refused.sentence), icon=":material/error:")
        return
    store_result(session_keys.LINK_USED, value=True)
    st.rerun()


def sign_in_button(button_type: Literal["primary", "secondary"]) -> None:
    """Draw the button that leads to sign-in; `look` is its Streamlit button type."""
    if st.button(_("Đăng nhập"), type=button_type):
        go("/")
