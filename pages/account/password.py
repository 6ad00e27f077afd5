"""Changing one's password: at the first sign-in, and later on the account page."""

import streamlit as st

from core.desk import context
from core.desk.accounts import accounts, passwords
from core.rules.words import Refusal, Sentence
from pages.kit import guard
from pages.kit.i18n import _, localized_markdown
from pages.kit.password_fields import account_field


class PasswordsDiffer(Refusal):
    """The two entries of the new password differ."""

    def __init__(self) -> None:
        super().__init__("Hai lần nhập mật khẩu mới không giống nhau.")


def first_password() -> None:
    """Draw the only page that an account with a temporary password may open."""
    st.title(_("Đặt mật khẩu của bạn"))
    st.write(_("Mật khẩu tạm thời chỉ dùng một lần. Hãy đặt mật khẩu mới để vào bàn làm việc."))
    password_form(_("Mật khẩu tạm thời"))


def password_form(current_label: str) -> None:
    """Draw the form: current password, new password twice. After the change the browser gets a new session."""
    who = guard.principal()
    if who is None:
        guard.go("/")
    with st.container(key="password_form"), st.form("password"):
        account_field(who.username)
        current = st.text_input(current_label, type="password", autocomplete="current-password", key="current_password")
        new, again = new_password_fields()
        submitted = st.form_submit_button(_("Đổi mật khẩu"), type="primary")
    if not submitted:
        return
    try:
        if new != again:
            raise PasswordsDiffer
        ticket = accounts.change_password(context.store(), who, current, new, guard.browser(), context.now())
    except Refusal as refused:
        st.error(localized_markdown(refused.sentence), icon=":material/error:")
        return
    guard.go(f"/auth/establish?t={ticket}")


def new_password_fields() -> tuple[str, str]:
    """Draw the two fields of a new password and the rule for its length; return what was typed in both."""
    facts = {"least": passwords.LEAST, "most": passwords.MOST}
    rule = Sentence("Từ {least} đến {most} ký tự; một câu ngắn chỉ bạn nghĩ ra là tốt nhất.", facts)
    new = st.text_input(_("Mật khẩu mới"), type="password", autocomplete="new-password")
    st.caption(localized_markdown(rule))
    again = st.text_input(_("Nhập lại mật khẩu mới"), type="password", autocomplete="new-password")
    return new, again
