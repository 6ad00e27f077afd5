"""The final round: its list is closed, the judging codes are drawn, finalists are posted and changed."""

import streamlit as st

from core.desk import context
from core.desk.finals import draw, finalist_changes, finalists
from core.rules.access import Role
from core.rules.permissions import may_record_posts, may_register_works
from pages.kit import guard
from pages.kit.i18n import _
from pages.secretary import finals_changes, finals_draw, finals_list

who = guard.require(Role.SECRETARY, Role.COMMITTEE, Role.CHANNEL)
st.title(_("Danh sách chung kết"))
state = draw.state(context.store(), who)
if state.draw is not None:
    found = finalists.listed(context.store(), who, context.now())
    finals_list.show_list(found)
    if may_record_posts(who):
        finals_list.post_form(who, found)
    finals_changes.show_proposals(who, finalist_changes.proposals(context.store(), who))
    if may_register_works(who):
        finals_changes.proposal_form(who, found)
    finals_draw.show_drawn(state)
else:
    finals_draw.show_before(state)
    if may_register_works(who) and state.now.works:
        finals_draw.closing_form(who, state)
        if state.closed is not None and not state.outdated:
            finals_draw.draw_form(who, state)
