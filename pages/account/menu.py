"""The way from page to page, beside every page: the contest, what is yours, who you are, the way out.

Our own, because the list Streamlit draws is one that a screen reader cannot count.
"""

from collections.abc import Mapping, Sequence
from html import escape
from typing import Any

import streamlit as st

from core.rules.access import Principal, Role
from pages.account.frame import languages, title
from pages.kit.guard import go
from pages.kit.people import role_name
from pages.kit.speech import _


def menu(who: Principal, shown: Mapping[str, Sequence[Any]], here: Any) -> None:
    """Draw the menu of this person; `here` is the page they are on."""
    with st.sidebar:
        st.html(f'<p class="desk-brand"><span>{escape(title())}</span></p>')
        with st.container(key="menu"):
            for section, made in shown.items():
                links = [page for page in made if page.visibility == "visible"]
                if section and links:
                    st.html(f'<p class="desk-section">{escape(section)}</p>')
                for page in links:
                    with st.container(key=f"link_{page.url_path}{'_here' if page == here else ''}"):
                        st.page_link(page, width="stretch")
        with st.container(key="who"):
            held = ", ".join(role_name(role) for role in Role if role in who.roles)
            st.html(f'<p class="desk-who"><b>{escape(who.name)}</b><span>{escape(held)}</span></p>')
            if not who.confirmed and not who.must_change_password:
                st.warning(
                    _("Tài khoản chờ xác nhận: chưa nộp phiếu hay quyết định được."), icon=":material/how_to_reg:"
                )
            if st.button(_("Đăng xuất"), icon=":material/logout:", key="sign_out", width="stretch"):
                go("/auth/end")
            languages()
