"""What is left for this judge to mark."""

import streamlit as st

from core.desk import context
from core.desk.judging import judge_queue
from core.desk.judging.judge_queue import Queue, WorkState
from core.rules.access import Role
from core.rules.words import Moment
from pages.judge import cards
from pages.kit import guard
from pages.kit.speech import _, locale, marked

SHELF = 60  # works on one screen

who = guard.require(Role.JUDGE, Role.CHIEF)
if not who.has(Role.JUDGE):
    st.switch_page("chief/panel.py")


def answer(queue: Queue) -> str:
    """The answer first: how many are left."""
    left = queue.count(WorkState.LEFT, WorkState.DRAFT, WorkState.RETURNED)
    if not queue.works:
        return _("Chưa có tác phẩm nào được phân công")
    if left and queue.closed is not None:
        return _("Vòng chấm đang đóng")
    return _("Còn {left} tác phẩm cần nộp phiếu").format(left=left) if left else _("Đã nộp phiếu mọi tác phẩm")


def shelf(queue: Queue) -> None:
    """The works of the chosen state, in the judge's own order."""
    chosen = st.segmented_control(
        _("Trạng thái"),
        [cards.ALL, *(state.value for state in WorkState if queue.count(state))],
        default=cards.ALL,
        required=True,
        format_func=lambda state: cards.filter_name(queue, state),
        label_visibility="collapsed",
        key="judge.queue.state",
    )
    works = [queued for queued in queue.works if chosen in {cards.ALL, queued.state}]
    pages = -(-len(works) // SHELF)
    page = st.pagination(pages, key="judge.queue.page") if pages > 1 else 1
    st.html(cards.grid(queue.contest, works[(page - 1) * SHELF : page * SHELF], locale()))


queue = judge_queue.queue(context.store(), who, context.now())
st.title(answer(queue))
if queue.closed is not None:
    st.info(marked(queue.closed), icon=":material/lock_clock:")
elif queue.closes_at is not None:
    facts = {"at": Moment(queue.closes_at, seconds=False).localize(locale()), "days": locale().count(queue.days_left)}
    told = (
        _("Hạn nộp phiếu: {at}, còn {days} ngày")
        if queue.days_left
        else _("Hạn nộp phiếu: {at}, còn chưa đầy một ngày")
    )
    st.caption(told.format(**facts))
if queue.works:
    st.html(cards.head(queue, locale()))
    shelf(queue)
else:
    st.caption(_("Khi Trưởng Ban Giám khảo phân công, tác phẩm sẽ hiện ở đây."))
