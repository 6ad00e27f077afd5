"""A field with the username, which a password manager needs beside a password field (ASVS 6.2.7)."""

from html import escape

import streamlit as st

from pages.kit.i18n import _


def account_field(username: str) -> None:
    """Draw the username as a read-only input field outside the tab order."""
    name = escape(username, quote=True)
    field = f'<input type="text" name="username" autocomplete="username" value="{name}" readonly tabindex="-1">'
    st.html(f'<label class="desk-account"><span>{escape(_("Tài khoản"))}</span> {field}</label>')
