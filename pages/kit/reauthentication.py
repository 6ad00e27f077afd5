"""The field for entering one's password again before an action that cannot be undone."""

import streamlit as st

from core.desk import context
from core.desk.accounts import reauthentication
from core.desk.accounts.reauthentication import Reauthenticated
from core.rules.access import Principal
from pages.kit.account_field import account_field
from pages.kit.i18n import _


def password_field(who: Principal) -> str:
    """Draw the username and the password field; return what was typed."""
    account_field(who.username)
    return st.text_input(_("Mật khẩu của bạn, nhập lại"), type="password", autocomplete="current-password")


def reauthenticate(who: Principal, password: str) -> Reauthenticated:
    """Check the password typed again and return the proof of it. Raises TooSoon, WrongAgain."""
    return reauthentication.reauthenticate(context.store(), who, password, context.now())
