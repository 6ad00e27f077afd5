"""The page of interaction counts: readings of the works' posts, entered by hand until the cut-off, then frozen."""

from datetime import datetime
from html import escape

import streamlit as st

from core.desk import context, interaction_freezes, interactions
from core.desk.channel import reading_entry
from core.desk.interaction_freezes import FrozenByYourself, Reopening
from core.desk.interactions import Counts, Entered, PostedWork
from core.rules.access import Principal, Role
from core.rules.interaction_kinds import INTERACTION_KINDS
from core.rules.interactions import ReadingState
from core.rules.permissions import COUNTERS
from core.rules.words import VIETNAM, Moment, Sentence
from pages.kit import forms, guard, unavailable
from pages.kit.i18n import _, localized, localized_markdown
from pages.kit.tables import Cell, Chip, Column, Named, paged_table

REASON = 1000  # characters


def show_status(counts: Counts, reopening: Reopening) -> None:
    """Show the cut-off, or when the counts were frozen and by whom; then each reopening and the weights."""
    if counts.frozen_at is not None:
        facts = {"at": Moment(counts.frozen_at), "by": reopening.by}
        text = (
            "Lượt tương tác đã chốt lúc {at}; người chốt: {by}." if reopening.by else "Lượt tương tác đã chốt lúc {at}."
        )
        st.success(localized_markdown(Sentence(text, facts)), icon=":material/lock:")
    elif reopening.freezes:
        text = _(
            "Ban Tổ chức đã mở lại lượt tương tác: hãy nhập số liệu đúng, cùng giờ đọc với số liệu cần sửa, rồi chốt lại."
        )
        st.warning(text, icon=":material/lock_open:")
    if counts.frozen_at is None and counts.closes is not None:
        text = "Giờ chốt theo thể lệ: {closes}. Số liệu đọc sau giờ này vẫn được lưu nhưng không tính."
        st.info(localized_markdown(Sentence(text, {"closes": Moment(counts.closes)})), icon=":material/schedule:")
    show_reopenings(reopening)
    for number in range(1, len(reopening.freezes) + 1):
        label = localized(Sentence("Biên bản chốt lần {number}", {"number": number}))
        st.link_button(label, f"/board/readings?freeze={number}", icon=":material/description:")
    st.caption(
        localized_markdown(
            Sentence("Cách quy đổi: {weights}.", {"weights": ", ".join(weight_text(*each) for each in counts.weights)})
        )
    )


def show_reopenings(reopening: Reopening) -> None:
    """Show each reopening by the committee: who, when and why, and the freeze before it."""
    for each in reopening.freezes:
        if each.reopened_at is None:
            continue
        facts = {"who": each.reopened_by, "again": time_text(each.reopened_at), "by": each.by, "at": time_text(each.at)}
        what = localized(Sentence("{who} mở lại lúc {again}", facts))
        why = localized(Sentence("Lý do: {reason}", {"reason": each.reason}))
        before = localized(Sentence("Trước đó {by} đã chốt lúc {at}.", facts))
        lines = f"<b>{escape(what)}</b><span>{escape(why)}</span><span>{escape(before)}</span>"
        st.html(f'<p class="desk-item">{lines}</p>')


def weight_text(kind: str, weight: int) -> str:
    """One kind of interaction with its weight, as text."""
    return f"{kind_names()[kind]} × {weight}"


def kind_names() -> dict[str, str]:
    """The name of each kind of interaction in the visitor's language, by its key."""
    return {key: localized(kind.name) for key, kind in INTERACTION_KINDS.items()}


def show_table(counts: Counts) -> None:
    """Draw the table of the works and their counted readings, by weighted sum, highest first."""
    counted = {work.code: next((each for each in work.history if each.counts), None) for work in counts.works}
    ordered = sorted(counts.works, key=lambda work: -1 if work.weighted is None else work.weighted, reverse=True)
    columns = (
        Column(_("Tác phẩm")),
        Column(_("Quy đổi"), number=True),
        *(Column(name.capitalize(), number=True) for name in kind_names().values()),
    )
    empty = _("Chưa có tác phẩm nào. Danh sách hiện ở đây khi các tác phẩm vào vòng chung kết.")
    rows = [table_row(work, counted[work.code]) for work in ordered]
    paged_table(columns, rows, caption=_("Lượt tương tác được tính"), empty=empty, key="counts_page")


def table_row(work: PostedWork, counted: Entered | None) -> tuple[Cell, ...]:
    """One work's row. Without a counted reading its cells are empty, not zero."""
    reading = counted.reading if counted else None
    read = _("Chưa có số liệu được tính") if reading is None else read_at(reading.taken_at)
    return (
        Named(f"{work.code} · {work.title}", read),
        work.weighted,
        *(getattr(reading, kind) if reading else None for kind in kind_names()),
    )


def time_text(at: datetime) -> str:
    """A time to the minute with no-break spaces, so that it stays on one line."""
    text = localized(Moment(at, seconds=False))
    return text.replace(" ", "\N{NO-BREAK SPACE}")


def read_at(at: datetime) -> str:
    """The sentence that says when a reading was taken."""
    return localized(Sentence("Đọc lúc {at}", {"at": time_text(at)}))


def entry_form(who: Principal, counts: Counts) -> None:
    """Draw the form of one reading of one work, and store it; nothing if the visitor may not enter readings."""
    if not counts.may_enter or not counts.works:
        return
    st.header(_("Nhập số liệu"))
    code, typed, taken_at, explanation, submitted = entry_fields({work.code: work.title for work in counts.works})
    if not submitted:
        return
    if code is None:
        st.warning(_("Hãy chọn tác phẩm."), icon=":material/rule:")
        return
    reading_entry.enter(context.store(), who, code, typed, taken_at, context.now(), explanation)
    text = "Đã lưu số liệu của {code}; số liệu được tính khi một người khác xác nhận."
    forms.finish(Sentence(text, {"code": code}))


def entry_fields(titles: dict[str, str]) -> tuple[str | None, dict[str, str], datetime, str, bool]:
    """Draw the fields; return work, counts as typed, when they were read, the explanation, whether it was saved."""
    key = f"reading_{forms.act_count()}"
    minute = context.now().astimezone(VIETNAM).replace(second=0, microsecond=0)
    with st.form(key):
        code = st.selectbox(
            _("Tác phẩm"), list(titles), format_func=lambda each: f"{each} · {titles[each]}", index=None,
            placeholder=_("Gõ mã số hoặc tên tác phẩm"), key=f"{key}_work",
        )  # fmt: skip
        fields = st.columns(len(INTERACTION_KINDS))
        typed = {
            kind: field.text_input(
                name.capitalize(), max_chars=13, placeholder="0", autocomplete="off", key=f"{key}_{kind}"
            )
            for field, (kind, name) in zip(fields, kind_names().items(), strict=True)
        }
        on, at = st.columns(2)
        day = on.date_input(_("Ngày đọc số liệu"), minute.date(), format="DD/MM/YYYY", key=f"{key}_day")
        hour = at.time_input(_("Giờ đọc số liệu (giờ Việt Nam)"), minute.time(), step=60, key=f"{key}_hour")
        explanation = st.text_input(_("Giải thích, nếu số liệu khác thường"), max_chars=REASON, autocomplete="off")
        submitted = st.form_submit_button(_("Lưu số liệu"), type="primary", icon=":material/save:")
    return code, typed, datetime.combine(day, hour, VIETNAM), explanation, submitted


def show_history(counts: Counts) -> None:
    """Draw the table of all readings, latest entered first. A correction is a new row beside the one it corrects."""
    entered_readings = [(work, each) for work in counts.works for each in work.history]
    if not entered_readings:
        return
    st.header(_("Lịch sử nhập"))
    entered_readings.sort(key=lambda pair: pair[1].entered_at, reverse=True)
    columns = (
        Column(_("Lần đọc")),
        *(Column(name.capitalize(), number=True) for name in kind_names().values()),
    )
    rows = [
        (reading_cell(work.code, each), *(getattr(each.reading, kind) for kind in kind_names()))
        for work, each in entered_readings
    ]
    paged_table(columns, rows, caption=_("Lịch sử nhập"), empty="", key="history_page")


def reading_cell(code: str, each: Entered) -> Named:
    """The first cell of a reading's row: the work, whether it counts, when it was taken, who entered it and when."""
    facts = {"by": each.entered_by, "at": time_text(each.entered_at)}
    entered = localized(Sentence("{by} nhập lúc {at}", facts))
    return Named(code, f"{read_at(each.reading.taken_at)}\n{entered}", state_chip(each))


def state_chip(each: Entered) -> Chip:
    """The chip that says whether a reading counts, and if not, why."""
    if each.counts:
        return Chip(_("Được tính"), "done")
    if each.state is ReadingState.REJECTED:
        return Chip(_("Không nhận"), "warn")
    if each.waits:
        return Chip(_("Chờ xác nhận"), "warn")
    if each.corrected:
        return Chip(_("Đã sửa"))
    return Chip(_("Sau giờ chốt, không tính"), "warn") if each.late else Chip(_("Đã có số liệu mới hơn"))


def freeze_button(counts: Counts) -> None:
    """Draw the button that freezes the counts. Its dialog names the works without a counted reading."""

    @st.dialog(_("Chốt lượt tương tác"), icon=":material/lock:")
    def open_dialog() -> None:
        who = guard.require(*COUNTERS)
        without = [work.code for work in counts.works if work.weighted is None]
        st.text(_("Sau khi chốt, không ai nhập hay sửa số liệu được nữa."))
        st.text(_("Chỉ một thành viên Ban Tổ chức khác người chốt mở lại được, khi giải chưa xác nhận."))
        if without:
            st.text(localized(Sentence("Chưa có số liệu trước giờ chốt: {codes}.", {"codes": ", ".join(without)})))
        waiting = [work.code for work in counts.works if any(each.waits for each in work.history)]
        if waiting:
            text = "Còn số liệu chưa ai xác nhận nên không tính: {codes}."
            st.text(localized(Sentence(text, {"codes": ", ".join(waiting)})))
        if st.button(_("Chốt, không nhập nữa"), type="primary", icon=":material/lock:", width="stretch"):
            with unavailable.refusals_in_place():
                interactions.freeze(context.store(), who, context.now())
                st.rerun()

    if counts.may_freeze:
        st.divider()
        if st.button(_("Chốt lượt tương tác"), icon=":material/lock:"):
            open_dialog()


def reopen_button(reopening: Reopening) -> None:
    """Draw the button that reopens the counts. Its dialog asks for a reason and lists the decisions that lapse."""

    @st.dialog(_("Mở lại lượt tương tác"), icon=":material/lock_open:")
    def open_dialog() -> None:
        who = guard.require(*COUNTERS)
        st.text(_("Số liệu được nhập lại cho đến lần chốt sau; bảng trao giải chờ lần chốt đó."))
        if reopening.falls:
            st.text(_("Các quyết định sau dựa trên số liệu cũ và sẽ hết hiệu lực:"))
            st.text("\n".join(map(localized, reopening.falls)))
        with st.form("reopen", border=False):
            reason = st.text_area(_("Lý do"), max_chars=REASON)
            submitted = st.form_submit_button(
                _("Mở lại để sửa số liệu"), type="primary", icon=":material/lock_open:", width="stretch"
            )
        if submitted:
            with unavailable.refusals_in_place():
                interaction_freezes.reopen(context.store(), who, reason, reopening.seen, context.now())
                st.rerun()

    if reopening.own or reopening.may:
        st.divider()
    if reopening.own:
        st.caption(localized_markdown(FrozenByYourself().sentence))
    elif reopening.may and st.button(_("Mở lại lượt tương tác"), icon=":material/lock_open:"):
        open_dialog()


me = guard.require(Role.CHANNEL, Role.SECRETARY, Role.COMMITTEE)
st.title(_("Lượt tương tác"))
current_counts = interactions.counts(context.store(), me, context.now())
current_reopening = interaction_freezes.reopening(context.store(), me)
show_status(current_counts, current_reopening)
show_table(current_counts)
with unavailable.refusals_in_place():
    entry_form(me, current_counts)
freeze_button(current_counts)
reopen_button(current_reopening)
show_history(current_counts)
