"""The page of a judge's works: what is left to mark."""

import streamlit as st

from core.desk import context
from core.desk.judging import judge_queue
from core.desk.judging.judge_queue import Queue
from core.rules.access import Role
from core.rules.judging.sheet_state import EDITABLE, SHEET_STATES
from core.rules.words import Moment
from pages.judge import cards
from pages.kit import guard
from pages.kit.i18n import _, locale, localized, localized_markdown

PAGE_SIZE = 60  # works on one screen

who = guard.require(Role.JUDGE, Role.CHIEF)
if not who.has(Role.JUDGE):
    st.switch_page("chief/panel.py")


def page_title(queue: Queue) -> str:
    """The page's title: how many works are left to submit."""
    left = queue.count(*EDITABLE)
    if not queue.works:
        return _("Chưa có tác phẩm nào được phân công")
    if left and queue.closed is not None:
        return _("Vòng chấm đang đóng")
    return _("Còn {left} tác phẩm cần nộp phiếu").format(left=left) if left else _("Đã nộp phiếu mọi tác phẩm")


def show_works(queue: Queue) -> None:
    """Draw the works of the chosen state, in the judge's own order, `PAGE_SIZE` per page."""
    chosen = st.segmented_control(
        _("Trạng thái"),
        [cards.ALL, *(state.value for state in SHEET_STATES if queue.count(state))],
        default=cards.ALL,
        required=True,
        format_func=lambda state: cards.filter_name(queue, state),
        label_visibility="collapsed",
        key="judge.queue.state",
    )
    works = [queued for queued in queue.works if chosen in {cards.ALL, queued.state}]
    pages = -(-len(works) // PAGE_SIZE)
    page = st.pagination(pages, key="judge.queue.page") if pages > 1 else 1
    st.html(cards.card_grid(queue.contest, works[(page - 1) * PAGE_SIZE : page * PAGE_SIZE], locale()))


queue = judge_queue.queue(context.store(), who, context.now())
st.title(page_title(queue))
if queue.closed is not None:
    st.info(localized_markdown(queue.closed), icon=":material/lock_clock:")
elif queue.closes_at is not None:
    facts = {"at": localized(Moment(queue.closes_at, seconds=False)), "days": locale().count(queue.days_left)}
    text = (
        _("Hạn nộp phiếu: {at}, còn {days} ngày")
        if queue.days_left
        else _("Hạn nộp phiếu: {at}, còn chưa đầy một ngày")
    )
    st.caption(text.format(**facts))
if queue.works:
    st.html(cards.progress_header(queue, locale()))
    show_works(queue)
else:
    st.caption(_("Khi Trưởng Ban Giám khảo phân công, tác phẩm sẽ hiện ở đây."))
