"""The field in which a person says their password again, before what nobody can undo."""

import streamlit as st

from core.desk import again, house
from core.desk.again import Sure
from core.rules.access import Principal
from pages.kit.speech import _


def password_again() -> str:
    """One's own password once more."""
    return st.text_input(_("Mật khẩu của bạn, nhập lại"), type="password", autocomplete="current-password")


def sure(who: Principal, password: str) -> Sure:
    """Who has said it. Raises TooSoon, WrongAgain."""
    return again.sure(house.store(), who, password, house.now())
