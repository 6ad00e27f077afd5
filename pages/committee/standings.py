"""Who leads, by how much, how complete: the live board, which Streamlit only frames."""

import streamlit as st

from core.rules.permissions import ORGANISERS
from pages.kit import gate
from pages.kit.speech import _

gate.require(*ORGANISERS)
st.title(_("Bảng xếp hạng"))
st.iframe("/board", height=720, alt=_("Bảng xếp hạng trực tiếp"))
st.link_button(_("Mở trên màn hình lớn"), "/board?hall=1", icon=":material/present_to_all:", type="tertiary")
