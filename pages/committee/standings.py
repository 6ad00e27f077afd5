"""Who leads, by how much, how complete: the live board, which Streamlit only frames."""

import streamlit as st

from core.desk import house, standings
from core.rules.access import NotAllowed
from pages.kit import gate, hall
from pages.kit.speech import _

who = gate.require()
if not standings.may_see(house.store(), who):
    raise NotAllowed
hall.headed(_("Bảng xếp hạng"), "/board?hall=1")
with st.container(key="board"):
    st.iframe("/board", height=900, alt=_("Bảng xếp hạng trực tiếp"))
