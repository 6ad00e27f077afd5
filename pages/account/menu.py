"""The menu in the sidebar of every page: contest, links, the person's name and roles, sign-out, language.

It replaces Streamlit's menu, whose list a screen reader cannot count.
"""

from collections.abc import Mapping, Sequence
from html import escape
from typing import Any

import streamlit as st

from core.rules.access import Principal, Role
from pages.account.frame import language_button, title
from pages.kit.guard import go
from pages.kit.i18n import _
from pages.kit.people import role_name


def menu(who: Principal, navigation: Mapping[str, Sequence[Any]], current: Any) -> None:
    """Draw the menu: the visible pages of each section of `navigation`; `current` is the current page."""
    with st.sidebar:
        st.html(f'<p class="desk-brand"><span>{escape(title())}</span></p>')
        with st.container(key="menu"):
            for section, pages in navigation.items():
                links = [page for page in pages if page.visibility == "visible"]
                if section and links:
                    st.html(f'<p class="desk-section">{escape(section)}</p>')
                for page in links:
                    with st.container(key=f"link_{page.url_path}{'_here' if page == current else ''}"):
                        st.page_link(page, width="stretch")
        with st.container(key="signed_in"):
            role_names = ", ".join(role_name(role) for role in Role if role in who.roles)
            st.html(f'<p class="desk-item"><b>{escape(who.name)}</b><span>{escape(role_names)}</span></p>')
            if not who.confirmed and not who.must_change_password:
                st.warning(
                    _("Tài khoản chờ xác nhận: chưa nộp phiếu hay quyết định được."), icon=":material/how_to_reg:"
                )
            if st.button(_("Đăng xuất"), icon=":material/logout:", key="sign_out", width="stretch"):
                go("/auth/end")
            language_button()
