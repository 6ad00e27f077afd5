"""What each posted work has gathered: readings entered by hand, counted at the cut-off, then frozen."""

from datetime import datetime
from html import escape

import streamlit as st

from core.desk import context, interaction_freezes, interactions
from core.desk.interaction_freezes import FrozenByYourself, Reopening
from core.desk.interactions import Counts, Entered, PostedWork
from core.rules.access import Principal, Role
from core.rules.permissions import COUNTERS
from core.rules.words import VIETNAM, Moment, Sentence
from pages.kit import flash, guard, unavailable
from pages.kit.speech import _, locale, marked, said
from pages.kit.tables import Cell, Chip, Column, Named, paged

REASON = 1000  # characters


def standing(shown: Counts, told: Reopening) -> None:
    """When it closes, or when it was frozen and by whom."""
    if shown.frozen_at is not None:
        facts = {"at": Moment(shown.frozen_at), "by": told.by}
        text = "Lượt tương tác đã chốt lúc {at}; người chốt: {by}." if told.by else "Lượt tương tác đã chốt lúc {at}."
        st.success(marked(Sentence(text, facts)), icon=":material/lock:")
    elif told.freezes:
        text = _(
            "Ban Tổ chức đã mở lại lượt tương tác: hãy nhập số liệu đúng, cùng giờ đọc với số liệu cần sửa, rồi chốt lại."
        )
        st.warning(text, icon=":material/lock_open:")
    if shown.frozen_at is None and shown.closes is not None:
        text = "Giờ chốt theo thể lệ: {closes}. Số liệu đọc sau giờ này vẫn được lưu nhưng không tính."
        st.info(marked(Sentence(text, {"closes": Moment(shown.closes)})), icon=":material/schedule:")
    opened_again(told)
    st.caption(
        marked(Sentence("Cách quy đổi: {weights}.", {"weights": ", ".join(worth(*each) for each in shown.weights)}))
    )


def opened_again(told: Reopening) -> None:
    """Each time the committee opened the interactions again: who, when and why."""
    for each in told.freezes:
        if each.reopened_at is None:
            continue
        facts = {"who": each.reopened_by, "again": unbroken(each.reopened_at), "by": each.by, "at": unbroken(each.at)}
        what = said(Sentence("{who} mở lại lúc {again}", facts))
        why = said(Sentence("Lý do: {reason}", {"reason": each.reason}))
        before = said(Sentence("Trước đó {by} đã chốt lúc {at}.", facts))
        lines = f"<b>{escape(what)}</b><span>{escape(why)}</span><span>{escape(before)}</span>"
        st.html(f'<p class="desk-who">{lines}</p>')


def worth(kind: str, weight: int) -> str:
    """One kind of interaction with its weight."""
    return f"{kinds()[kind]} × {weight}"


def kinds() -> dict[str, str]:
    """What is counted, by the names of the form."""
    return {
        "reactions": _("cảm xúc"),
        "comments": _("bình luận"),
        "shares": _("chia sẻ"),
        "views": _("lượt xem"),
    }


def the_table(shown: Counts) -> None:
    """Every work and what counts of it now, the most first."""
    counted = {work.code: next((each for each in work.history if each.counts), None) for work in shown.works}
    ordered = sorted(shown.works, key=lambda work: -1 if work.weighted is None else work.weighted, reverse=True)
    columns = (
        Column(_("Tác phẩm")),
        Column(_("Quy đổi"), number=True),
        *(Column(name.capitalize(), number=True) for name in kinds().values()),
    )
    empty = _("Chưa có tác phẩm nào. Danh sách hiện ở đây khi các tác phẩm vào vòng chung kết.")
    rows = [row(work, counted[work.code]) for work in ordered]
    paged(columns, rows, caption=_("Lượt tương tác được tính"), empty=empty, key="counts_page")


def row(work: PostedWork, counted: Entered | None) -> tuple[Cell, ...]:
    """One work's line; what was never read stays empty, it is not zero."""
    reading = counted.reading if counted else None
    read = _("Chưa có số liệu được tính") if reading is None else read_at(reading.taken_at)
    return (
        Named(f"{work.code} · {work.title}", read),
        work.weighted,
        *(getattr(reading, kind) if reading else None for kind in kinds()),
    )


def unbroken(at: datetime) -> str:
    """A moment that no line breaks in two."""
    return Moment(at, seconds=False).localize(locale()).replace(" ", "\N{NO-BREAK SPACE}")


def read_at(at: datetime) -> str:
    """When a reading was taken."""
    return said(Sentence("Đọc lúc {at}", {"at": unbroken(at)}))


def enter(who: Principal, shown: Counts) -> None:
    """One reading of one work."""
    if not shown.may_enter or not shown.works:
        return
    st.header(_("Nhập số liệu"))
    titles = {work.code: work.title for work in shown.works}
    read_at = context.now().astimezone(VIETNAM)
    with st.form("reading"):
        code = st.selectbox(_("Tác phẩm"), list(titles), format_func=lambda each: f"{each} · {titles[each]}")
        fields = st.columns(4)
        typed = {
            kind: field.text_input(name.capitalize(), max_chars=13, placeholder="0", autocomplete="off")
            for field, (kind, name) in zip(fields, kinds().items(), strict=True)
        }
        on, at = st.columns(2)
        day = on.date_input(_("Ngày đọc số liệu"), read_at.date(), format="DD/MM/YYYY")
        hour = at.time_input(
            _("Giờ đọc số liệu (giờ Việt Nam)"), read_at.time().replace(second=0, microsecond=0), step=60
        )
        sent = st.form_submit_button(_("Lưu số liệu"), type="primary", icon=":material/save:")
    if sent and hour is not None:
        taken_at = datetime.combine(day, hour, VIETNAM)
        interactions.enter(context.store(), who, code, typed, taken_at, context.now())
        flash.keep(marked(Sentence("Đã lưu số liệu của {code}.", {"code": code})), ":material/check:")
        st.rerun()


def history(shown: Counts) -> None:
    """Everything that was ever entered: nothing is changed, a correction stands beside what it corrects."""
    found = [(work, each) for work in shown.works for each in work.history]
    if not found:
        return
    st.header(_("Lịch sử nhập"))
    found.sort(key=lambda pair: pair[1].entered_at, reverse=True)
    columns = (
        Column(_("Lần đọc")),
        *(Column(name.capitalize(), number=True) for name in kinds().values()),
    )
    rows = [(told_of(work.code, each), *(getattr(each.reading, kind) for kind in kinds())) for work, each in found]
    paged(columns, rows, caption=_("Lịch sử nhập"), empty="", key="history_page")


def told_of(code: str, each: Entered) -> Named:
    """Whose reading, whether it counts, when it was taken, and who entered it."""
    facts = {"by": each.entered_by, "at": unbroken(each.entered_at)}
    entered = said(Sentence("{by} nhập lúc {at}", facts))
    return Named(code, f"{read_at(each.reading.taken_at)}\n{entered}", state(each))


def state(each: Entered) -> Chip:
    """Whether a reading counts, and if not, why."""
    if each.counts:
        return Chip(_("Được tính"), "done")
    return Chip(_("Sau giờ chốt, không tính"), "warn") if each.late else Chip(_("Đã có số liệu mới hơn"))


def freeze(shown: Counts) -> None:
    """No reading afterwards: asked once more, naming what will be missing."""

    @st.dialog(_("Chốt lượt tương tác"), icon=":material/lock:")
    def asked() -> None:
        who = guard.require(*COUNTERS)
        without = [work.code for work in shown.works if work.weighted is None]
        st.text(_("Sau khi chốt, không ai nhập hay sửa số liệu được nữa."))
        st.text(_("Chỉ một thành viên Ban Tổ chức khác người chốt mở lại được, khi giải chưa xác nhận."))
        if without:
            st.text(said(Sentence("Chưa có số liệu trước giờ chốt: {codes}.", {"codes": ", ".join(without)})))
        if st.button(_("Chốt, không nhập nữa"), type="primary", icon=":material/lock:", width="stretch"):
            with unavailable.told():
                interactions.freeze(context.store(), who, context.now())
                st.rerun()

    if shown.may_freeze:
        st.divider()
        if st.button(_("Chốt lượt tương tác"), icon=":material/lock:"):
            asked()


def reopen(told: Reopening) -> None:
    """The committee's act, with a reason, naming what will no longer stand."""

    @st.dialog(_("Mở lại lượt tương tác"), icon=":material/lock_open:")
    def asked() -> None:
        who = guard.require(*COUNTERS)
        st.text(_("Số liệu được nhập lại cho đến lần chốt sau; bảng trao giải chờ lần chốt đó."))
        if told.falls:
            st.text(_("Các quyết định sau dựa trên số liệu cũ và sẽ hết hiệu lực:"))
            st.text("\n".join(map(said, told.falls)))
        with st.form("reopen", border=False):
            reason = st.text_area(_("Lý do"), max_chars=REASON)
            sure = st.form_submit_button(
                _("Mở lại để sửa số liệu"), type="primary", icon=":material/lock_open:", width="stretch"
            )
        if sure:
            with unavailable.told():
                interaction_freezes.reopen(context.store(), who, reason, told.seen, context.now())
                st.rerun()

    if told.own or told.may:
        st.divider()
    if told.own:
        st.caption(marked(FrozenByYourself().sentence))
    elif told.may and st.button(_("Mở lại lượt tương tác"), icon=":material/lock_open:"):
        asked()


me = guard.require(Role.CHANNEL, Role.SECRETARY, Role.COMMITTEE)
st.title(_("Lượt tương tác"))
now = interactions.counts(context.store(), me, context.now())
opened = interaction_freezes.reopening(context.store(), me)
standing(now, opened)
the_table(now)
with unavailable.told():
    enter(me, now)
freeze(now)
reopen(opened)
history(now)
