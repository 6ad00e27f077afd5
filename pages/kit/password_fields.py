"""The fields beside a password: the username, and one's own password again before an act that cannot be undone."""

from html import escape

import streamlit as st

from core.desk import context
from core.desk.accounts import reauthentication
from core.desk.accounts.reauthentication import Reauthenticated
from core.rules.access import Principal
from pages.kit.i18n import _


def account_field(username: str) -> None:
    """Draw the username, which a password manager needs beside a password (ASVS 6.2.7), outside the tab order."""
    name = escape(username, quote=True)
    field = f'<input type="text" name="username" autocomplete="username" value="{name}" readonly tabindex="-1">'
    st.html(f'<label class="desk-account"><span>{escape(_("Tài khoản"))}</span> {field}</label>')


def password_field(who: Principal) -> str:
    """Draw the username and the password field; return what was typed."""
    account_field(who.username)
    return st.text_input(_("Mật khẩu của bạn, nhập lại"), type="password", autocomplete="current-password")


def reauthenticate(who: Principal, password: str) -> Reauthenticated:
    """Check the password typed again and return the proof of it. Raises TooSoon, WrongAgain."""
    return reauthentication.reauthenticate(context.store(), who, password, context.now())
