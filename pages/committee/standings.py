"""Who leads, by how much, how complete: the live board, which Streamlit only frames."""

import streamlit as st

from core.desk import house, standings
from core.rules.access import NotAllowed
from pages.kit import gate
from pages.kit.speech import _

who = gate.require()
if not standings.may_see(house.store(), who):
    raise NotAllowed
title, hall = st.columns([3, 1], vertical_alignment="bottom")
title.title(_("Bảng xếp hạng"))
with hall, st.container(key="hall", horizontal=True, horizontal_alignment="right"):
    st.link_button(_("Mở trên màn hình lớn"), "/board?hall=1", icon=":material/present_to_all:", type="tertiary")
with st.container(key="board"):
    st.iframe("/board", height=900, alt=_("Bảng xếp hạng trực tiếp"))
