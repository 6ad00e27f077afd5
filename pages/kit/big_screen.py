"""A page that can also be shown on the hall's big screen."""

import streamlit as st

from pages.kit.speech import _


def headed(title: str, address: str, note: str | None = None) -> None:
    """The page's title, and beside it the way to the big screen; `note` says who may look at it."""
    with st.container(key="hall", horizontal=True, horizontal_alignment="distribute", vertical_alignment="bottom"):
        st.title(title, width="content")
        st.link_button(_("Mở trên màn hình lớn"), address, icon=":material/present_to_all:", type="tertiary", help=note)
