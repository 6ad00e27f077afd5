"""The heading of a page that can also be opened on a big screen."""

import streamlit as st

from pages.kit.i18n import _


def draw_heading(title: str, address: str, note: str | None = None) -> None:
    """Draw the page's title and a link to its big-screen version at `address`; `note` is the link's tooltip."""
    with st.container(key="hall", horizontal=True, horizontal_alignment="distribute", vertical_alignment="bottom"):
        st.title(title, width="content")
        st.link_button(_("Mở trên màn hình lớn"), address, icon=":material/present_to_all:", type="tertiary", help=note)
