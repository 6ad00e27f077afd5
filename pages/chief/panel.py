"""The panel: who is where, which works fall short, which sheets lie apart; and what the chief and the committee do."""

from collections.abc import Mapping
from dataclasses import dataclass

import streamlit as st

from core.desk import context, rounds
from core.desk.judging import judge_assignment, judge_sheets, recusals
from core.desk.standings import panel_progress
from core.desk.standings.live_standings import live_standings_of
from core.desk.standings.panel_progress import Panel, Panellist
from core.rules.access import Role
from core.rules.ids import EntryId, JudgeId
from core.rules.scoring.methods import sheets_needed
from core.rules.words import Points, Refusal, Sentence
from pages.chief.people import accounts_to_confirm, acts, chief_sheets, done, judges_to_assign
from pages.kit import guard
from pages.kit.reauthentication import password_again, sure
from pages.kit.speech import _, locale, marked, said
from pages.kit.tables import Bar, Column, Named, paged, table

NAMED = 12  # works named in one sentence
ON_TIME = ("none", "draft", "returned", "sealed")


@dataclass(frozen=True, slots=True)
class Withdrawal:
    """A judge whom the chief judge means to withdraw from a work, and what is lost by it."""

    judge: JudgeId
    name: str
    code: EntryId
    reason: str
    lost: str


def name(judge: Panellist) -> str:
    """The judge as this reader may know them."""
    return judge.name


def who_is_where(panel: Panel) -> None:
    """One row for each judge."""
    counts = panel.counts
    facts = {"sheets": counts.sheets, "expected": counts.expected, "complete": counts.complete, "works": counts.works}
    st.markdown(
        marked(Sentence("Đã nộp **{sheets}/{expected}** phiếu; **{complete}/{works}** tác phẩm đủ phiếu.", facts))
    )
    columns = (
        Column(_("Giám khảo")),
        Column(_("Đã nộp")),
        Column(_("Đang chấm"), number=True),
        Column(_("Được trả lại"), number=True),
        Column(_("Không chấm"), number=True),
    )
    rows = [
        (
            Named(name(judge), "" if judge.sits else _("tài khoản đã khóa hoặc không còn là giám khảo")),
            Bar(judge.count("sealed"), judge.count(*ON_TIME)),
            judge.count("draft"),
            judge.count("returned"),
            judge.count("recused"),
        )
        for judge in panel.judges
    ]
    table(columns, rows, caption=_("Tiến độ của từng giám khảo"), empty=_("Chưa có giám khảo nào được phân công."))


def short_of_sheets(panel: Panel) -> None:
    """The works that cannot reach the sheets a score needs; nothing where all can."""
    if not panel.short:
        return
    needed = sheets_needed(panel.contest)
    text = "{count} tác phẩm không thể đủ {needed} phiếu để có điểm và được xếp hạng:"
    st.warning(marked(Sentence(text, {"count": len(panel.short), "needed": needed})), icon=":material/person_alert:")
    columns = (
        Column(_("Mã số"), tight=True),
        Column(_("Tác phẩm")),
        Column(_("Số phiếu nhiều nhất có thể"), number=True),
    )
    rows = [(work.entry, Named(work.title), work.sheets) for work in panel.short]
    paged(columns, rows, caption=_("Tác phẩm không thể đủ phiếu"), empty="", key="short_page")
    if not panel.counts.closed:
        st.caption(_("Hãy phân công thêm giám khảo, hoặc ghi rõ lý do khi đóng vòng chấm."))


def apart(panel: Panel) -> None:
    """The sheets to be talked over."""
    st.header(_("Phiếu lệch quá ngưỡng"))
    if panel.gap_alert is None:
        st.caption(_("Thể lệ không đặt ngưỡng chênh lệch."))
        return
    limit = Points(panel.gap_alert)
    st.caption(marked(Sentence("Phiếu cách điểm trung bình của tác phẩm quá {limit} điểm.", {"limit": limit})))
    if panel.hidden:
        waits = Sentence(
            "Bạn còn {count} tác phẩm chưa nộp phiếu: điểm các giám khảo khác cho những tác phẩm đó chưa hiện với bạn.",
            {"count": len(panel.hidden)},
        )
        st.info(marked(waits), icon=":material/visibility_off:")
    if not panel.gaps:
        st.markdown(_("Chưa có phiếu nào lệch quá ngưỡng."))
    names = {judge.key: name(judge) for judge in panel.judges}
    for gap in panel.gaps:
        facts = {
            "code": gap.entry,
            "title": gap.title,
            "judge": names[gap.judge],
            "total": Points(gap.total, panel.total_decimals),
            "mean": Points(gap.mean, panel.total_decimals),
            "apart": locale().decimal(abs(gap.apart), panel.total_decimals),
        }
        text = "**{code}** {title}: {judge} chấm {total}, trung bình {mean}, thấp hơn {apart} điểm."
        if gap.apart > 0:
            text = "**{code}** {title}: {judge} chấm {total}, trung bình {mean}, cao hơn {apart} điểm."
        st.markdown(marked(Sentence(text, facts)))


def asked_of(panel: Panel, names: Mapping[JudgeId, str]) -> tuple[JudgeId | None, EntryId | None, str, bool, bool]:
    """The form: whose sheet, of which work, why, and which of the two acts."""
    with st.form(f"act_{acts()}"):  # a new form after each act: what a refusal speaks of stays typed
        left, right = st.columns(2)
        judge = left.selectbox(
            _("Giám khảo"), list(names), format_func=names.__getitem__, index=None, placeholder=_("Chọn giám khảo")
        )
        titles = dict(panel.every_work)
        code = right.selectbox(
            _("Tác phẩm"),
            list(titles),
            format_func=lambda entry: f"{entry} · {titles[entry]}",
            index=None,
            placeholder=_("Gõ mã số hoặc tên tác phẩm"),
        )
        reason = st.text_area(_("Lý do"), max_chars=1000)
        left, right = st.columns(2)
        returned = left.form_submit_button(_("Trả lại phiếu"), icon=":material/undo:", width="stretch")
        recused = right.form_submit_button(
            _("Cho rút khỏi tác phẩm này"), icon=":material/person_off:", width="stretch"
        )
    return judge, code, reason, returned, recused


def act_on_a_sheet(panel: Panel) -> None:
    """Return a sheet, or withdraw a judge from a work: one form, its reason required."""
    st.header(_("Trả lại phiếu, cho giám khảo rút khỏi tác phẩm"))
    names = {judge.key: name(judge) for judge in panel.judges}
    judge, code, reason, returned, recused = asked_of(panel, names)
    if not (returned or recused):
        return
    if judge is None or code is None:
        st.warning(_("Hãy chọn giám khảo và tác phẩm."), icon=":material/rule:")
        return
    try:
        if returned:
            judge_sheets.return_sheet(context.store(), who, judge, code, reason, context.now())
        else:
            lost = recusals.at_stake(context.store(), who, judge, code)
            sure_to_withdraw(Withdrawal(judge, names[judge], code, judge_assignment.reason_given(reason), said(lost)))
    except Refusal as refused:
        st.error(marked(refused.sentence), icon=":material/block:")
    else:
        if returned:
            done(_("Đã trả lại phiếu."), ":material/undo:")


def sure_to_withdraw(asked: Withdrawal) -> None:
    """Nobody can undo it: asked once more, naming what will be lost."""

    @st.dialog(_("Cho giám khảo rút khỏi tác phẩm"), icon=":material/person_off:")
    def ask() -> None:
        chief = guard.require(Role.CHIEF)
        facts = {"judge": asked.name, "code": asked.code}
        st.text(said(Sentence("{judge} không còn xem và chấm được tác phẩm {code}.", facts)))
        st.text(asked.lost)
        st.text(said(Sentence("Lý do: {reason}", {"reason": asked.reason})))
        st.text(_("Việc này không thể hoàn tác."))
        if st.button(_("Cho rút, không chấm nữa"), type="primary", icon=":material/person_off:", width="stretch"):
            try:
                recusals.declare_for(context.store(), chief, asked.judge, asked.code, asked.reason, context.now())
            except Refusal as refused:
                st.error(marked(refused.sentence), icon=":material/block:")
            else:
                done(_("Đã ghi nhận giám khảo rút khỏi tác phẩm."), ":material/person_off:")

    ask()


def without_score(panel: Panel) -> None:
    """The works that would be left without a score if the round were closed now, by their codes."""
    if not panel.scoreless:
        return
    codes = ", ".join(panel.scoreless[:NAMED])
    facts = {"count": len(panel.scoreless), "codes": codes, "more": len(panel.scoreless) - NAMED}
    text = "Nếu đóng bây giờ, {count} tác phẩm không có điểm và không được xếp hạng: {codes}."
    if len(panel.scoreless) > NAMED:
        text = (
            "Nếu đóng bây giờ, {count} tác phẩm không có điểm và không được xếp hạng: {codes} và {more} tác phẩm khác."
        )
    st.warning(marked(Sentence(text, facts)), icon=":material/person_alert:")


def close_the_round(panel: Panel) -> None:
    """Close for good, naming what will be missing."""
    st.header(_("Đóng vòng chấm"))
    if panel.counts.closed:
        st.success(_("Vòng chấm đã đóng."), icon=":material/lock:")
        return
    missing = panel.counts.expected - panel.counts.sheets
    text = "Sau khi đóng, không phiếu nào được sửa hay nộp thêm. Còn {missing} phiếu chưa nộp sẽ không được tính."
    st.markdown(marked(Sentence(text, {"missing": missing})))
    without_score(panel)
    with st.form("close"):
        reason = st.text_area(_("Lý do (bắt buộc khi còn phiếu chưa nộp hoặc tác phẩm không có điểm)"), max_chars=1000)
        understood = st.checkbox(_("Tôi hiểu việc đóng vòng chấm không thể hoàn tác"))
        password = password_again(who)
        closing = st.form_submit_button(_("Đóng vòng chấm"), type="primary", icon=":material/lock:")
    if closing and not understood:
        st.warning(_("Hãy đánh dấu xác nhận trước khi đóng vòng chấm."), icon=":material/check_box_outline_blank:")
    elif closing:
        try:
            rounds.close(context.store(), sure(who, password), reason, context.now())
        except Refusal as refused:
            st.error(marked(refused.sentence), icon=":material/block:")
        else:
            st.rerun()


who = guard.require(Role.CHIEF, Role.COMMITTEE)
st.title(_("Ban Giám khảo"))
accounts_to_confirm(who)
found = panel_progress.panel(live_standings_of(context.store()), who)
who_is_where(found)
short_of_sheets(found)
if who.has(Role.CHIEF):
    apart(found)
    if not found.counts.closed:
        act_on_a_sheet(found)
        judges_to_assign(who)
    close_the_round(found)
elif not found.counts.closed:
    chief_sheets(who, found.every_work)
