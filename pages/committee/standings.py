"""The page of standings: it frames `/board`, the live board."""

import streamlit as st

from core.desk import context
from core.desk.standings import standings_board
from core.rules.access import NotAllowed
from core.rules.permissions import may_see_finals
from pages.committee.calendar import show_calendar
from pages.kit import big_screen, guard
from pages.kit.i18n import _

who = guard.require()
if not standings_board.may_see(context.store(), who):
    raise NotAllowed
secret = context.contest_state(context.store()).published_at is None
note = _("Thứ hạng chưa công bố: chỉ mở trong phòng họp của Ban Tổ chức. Cho hội trường, hãy mở từ trang Tiến độ chấm.")
big_screen.draw_heading(_("Bảng xếp hạng"), "/board?hall=1", note if secret else None)
if may_see_finals(who):
    show_calendar(who)
with st.container(key="board"):
    st.iframe("/board", height=900, alt=_("Bảng xếp hạng trực tiếp"))
