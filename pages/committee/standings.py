"""Who leads, by how much, how complete: the live board, which Streamlit only frames."""

import streamlit as st

from core.desk import house, standings
from core.rules.access import NotAllowed
from pages.kit import gate, hall
from pages.kit.speech import _

who = gate.require()
if not standings.may_see(house.store(), who):
    raise NotAllowed
secret = house.circumstances(house.store()).published_at is None
note = _("Thứ hạng chưa công bố: chỉ mở trong phòng họp của Ban Tổ chức. Cho hội trường, hãy mở từ trang Tiến độ chấm.")
hall.headed(_("Bảng xếp hạng"), "/board?hall=1", note if secret else None)
with st.container(key="board"):
    st.iframe("/board", height=900, alt=_("Bảng xếp hạng trực tiếp"))
