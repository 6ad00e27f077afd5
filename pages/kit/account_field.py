"""Whose password a field is for: a field with the account's name, which a password manager needs beside it (ASVS 6.2.7)."""

from html import escape

import streamlit as st

from pages.kit.speech import _


def account_field(username: str) -> None:
    """Draw the account's name as a field that is read, not typed into."""
    name = escape(username, quote=True)
    field = f'<input type="text" name="username" autocomplete="username" value="{name}" readonly tabindex="-1">'
    st.html(f'<label class="desk-account"><span>{escape(_("Tài khoản"))}</span> {field}</label>')
