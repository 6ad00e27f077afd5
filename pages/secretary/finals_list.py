"""The parts of the page of finalists after the draw: the list, its files, and where each work was posted."""

from datetime import datetime

import streamlit as st

from core.desk import context
from core.desk.finals import finalists
from core.desk.finals.finalists import Finalist, NewPost, Post
from core.rules.access import Principal
from core.rules.entries.posts import MOST
from core.rules.entries.states import STATE_NAMES
from core.rules.words import VIETNAM, Moment, Sentence
from pages.kit import forms
from pages.kit.i18n import _, localized, localized_markdown
from pages.kit.tables import Address, Chip, Column, Named, paged_table

REASON = 1000  # characters
NAMED = 12  # codes in one sentence


def show_list(found: tuple[Finalist, ...]) -> None:
    """Draw the list, what is not posted yet, and the links to its files."""
    waiting = [each for each in found if each.competes and each.post is None]
    late = [each for each in found if each.competes and each.late]
    show_waiting(waiting, late)
    columns = (
        Column(_("Mã chấm"), tight=True),
        Column(_("Tác phẩm")),
        Column(_("Bài đăng")),
        Column(_("Đăng lúc"), tight=True),
    )
    rows = [
        (each.code, _named(each), Address(each.post.address) if each.post else None, _posted(each)) for each in found
    ]
    paged_table(columns, rows, caption=_("Danh sách chung kết"), empty="", key="finals_page")
    left, right = st.columns(2)
    left.link_button(_("Tải danh sách XLSX"), "/export/finals.xlsx", icon=":material/table_view:", width="stretch")
    right.link_button(_("Tải nội dung bài đăng"), "/export/finals.txt", icon=":material/article:", width="stretch")
    st.caption(_("Bài đăng chỉ ghi mã và tên tác phẩm, không ghi tác giả."))
    with st.expander(_("Nội dung các bài đăng"), icon=":material/content_copy:"):
        st.code(finalists.post_texts(found), language=None, wrap_lines=True)


def show_waiting(waiting: list[Finalist], late: list[Finalist]) -> None:
    """Say what is not posted yet, and what was or would be posted after the window of R17."""
    if waiting:
        more = ", …" if len(waiting) > NAMED else ""
        facts = {"count": len(waiting), "codes": ", ".join(each.code for each in waiting[:NAMED]) + more}
        text = "Chưa đăng {count} tác phẩm: {codes}"
        st.warning(localized_markdown(Sentence(text, facts)), icon=":material/schedule:")
    if late:
        text = "{count} tác phẩm đăng sau thời gian sơ loại và đăng tải, hoặc đã quá hạn mà chưa đăng (kế hoạch IV.4)."
        st.warning(localized_markdown(Sentence(text, {"count": len(late)})), icon=":material/event_busy:")


def post_form(who: Principal, found: tuple[Finalist, ...]) -> None:
    """Draw the form that records where and when a finalist was posted, and the history of the chosen one."""
    st.header(_("Ghi bài đăng"))
    by_code = {each.code: each for each in sorted(found, key=lambda each: each.post is not None)}
    chosen = st.selectbox(
        _("Tác phẩm"), list(by_code), format_func=lambda code: by_code[code].post_text, index=None,
        placeholder=_("Gõ mã số hoặc tên tác phẩm"), key=f"posted_{forms.act_count()}",
    )  # fmt: skip
    if chosen not in by_code:
        return
    work = by_code[chosen]
    for post in work.posts:
        st.caption(localized_markdown(_history(post)))
    before = (work.post.posted_at if work.post else None) or context.now()
    at = before.astimezone(VIETNAM)
    form = f"post_{chosen}_{forms.act_count()}"
    with st.form(form):
        address = st.text_input(
            _("Địa chỉ bài đăng"), work.post.address if work.post else "", max_chars=MOST, autocomplete="off",
            key=f"{form}_address",
        )  # fmt: skip
        left, right = st.columns(2)
        day = left.date_input(_("Ngày đăng"), at.date(), format="DD/MM/YYYY", key=f"{form}_day")
        minute = at.time().replace(second=0, microsecond=0)
        hour = right.time_input(_("Giờ đăng (giờ Việt Nam)"), minute, step=60, key=f"{form}_hour")
        reason = ""
        if work.posts:
            reason = st.text_input(
                _("Lý do sửa (để trống địa chỉ nếu bài đã gỡ)"), max_chars=REASON, autocomplete="off"
            )
        submitted = st.form_submit_button(_("Lưu bài đăng"), type="primary", icon=":material/save:")
    seen = forms.seen(f"post_{chosen}", work.seen)
    if submitted and hour is not None:
        posted = NewPost(work.code, address, datetime.combine(day, hour, VIETNAM), seen, reason)
        done = localized_markdown(Sentence("Đã lưu bài đăng của {code}.", {"code": work.code}))
        forms.act(lambda: finalists.record_post(context.store(), who, posted, context.now()), done)


def _history(post: Post) -> Sentence:
    facts = {"address": post.address, "at": Moment(post.entered_at, seconds=False), "by": post.entered_by}
    if not post.address:
        return Sentence("{at}, {by}: bài đã gỡ. Lý do: {reason}", {**facts, "reason": post.reason or "–"})
    if not post.reason:
        return Sentence("{at}, {by}: {address}", facts)
    return Sentence("{at}, {by}: {address} Lý do: {reason}", {**facts, "reason": post.reason})


def _named(each: Finalist) -> Named:
    chip = None if each.competes else Chip(localized(STATE_NAMES[each.state]), "bad")
    return Named(each.title, each.submission, chip)


def _posted(each: Finalist) -> str:
    if each.post is None or each.post.posted_at is None:
        return _("chưa đăng") if each.competes else ""
    return localized(Moment(each.post.posted_at, seconds=False))
