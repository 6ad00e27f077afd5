"""The field in which a person says their password again, before what nobody can undo."""

import streamlit as st

from core.desk import context
from core.desk.accounts import reauthentication
from core.desk.accounts.reauthentication import Reauthenticated
from core.rules.access import Principal
from pages.kit.account_field import account_field
from pages.kit.speech import _


def password_again(who: Principal) -> str:
    """One's own password once more."""
    account_field(who.username)
    return st.text_input(_("Mật khẩu của bạn, nhập lại"), type="password", autocomplete="current-password")


def sure(who: Principal, password: str) -> Reauthenticated:
    """Who has said it. Raises TooSoon, WrongAgain."""
    return reauthentication.sure(context.store(), who, password, context.now())
