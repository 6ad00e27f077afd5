"""The page of the panel: its progress, works short of sheets, outlying sheets, the actions of chief and committee."""

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
from core.rules.judging.sheet_state import EXPECTED, SHEET_STATES, SheetState
from core.rules.scoring.methods import sheets_needed
from core.rules.words import Points, Refusal, Sentence
from pages.chief.people import assignment_form, chief_sheet_form, confirmation_list
from pages.kit import forms, guard
from pages.kit.i18n import _, locale, localized, localized_markdown
from pages.kit.password_fields import password_field, reauthenticate
from pages.kit.tables import Bar, Column, Named, paged_table, table

NAMED = 12  # works named in one sentence


@dataclass(frozen=True, slots=True)
class Withdrawal:
    """A judge whom the chief judge is about to withdraw from a work; `lost` is the sentence about what is lost."""

    judge: JudgeId
    name: str
    code: EntryId
    reason: str
    lost: str


def judge_name(judge: Panellist) -> str:
    """The judge's name, or the number in its place, as this reader may see it."""
    return judge.name


def show_progress(panel: Panel) -> None:
    """Draw the totals and a table with one row for each judge: how many sheets are in each state."""
    counts = panel.counts
    facts = {"sheets": counts.sheets, "expected": counts.expected, "complete": counts.complete, "works": counts.works}
    st.markdown(
        localized_markdown(
            Sentence("Đã nộp **{sheets}/{expected}** phiếu; **{complete}/{works}** tác phẩm đủ phiếu.", facts)
        )
    )
    columns = (
        Column(_("Giám khảo")),
        Column(localized(SHEET_STATES[SheetState.SEALED].name)),
        Column(localized(SHEET_STATES[SheetState.DRAFT].name), number=True),
        Column(localized(SHEET_STATES[SheetState.RETURNED].name), number=True),
        Column(localized(SHEET_STATES[SheetState.RECUSED].name), number=True),
    )
    rows = [
        (
            Named(judge_name(judge), "" if judge.sits else _("tài khoản đã khóa hoặc không còn là giám khảo")),
            Bar(judge.count(SheetState.SEALED), judge.count(*EXPECTED)),
            judge.count(SheetState.DRAFT),
            judge.count(SheetState.RETURNED),
            judge.count(SheetState.RECUSED),
        )
        for judge in panel.judges
    ]
    table(columns, rows, caption=_("Tiến độ của từng giám khảo"), empty=_("Chưa có giám khảo nào được phân công."))


def show_short_works(panel: Panel) -> None:
    """Draw the table of works that cannot reach the number of sheets a score needs; nothing if there are none."""
    if not panel.short:
        return
    needed = sheets_needed(panel.contest)
    text = "{count} tác phẩm không thể đủ {needed} phiếu để có điểm và được xếp hạng:"
    st.warning(
        localized_markdown(Sentence(text, {"count": len(panel.short), "needed": needed})),
        icon=":material/person_alert:",
    )
    columns = (
        Column(_("Mã số"), tight=True),
        Column(_("Tác phẩm")),
        Column(_("Số phiếu nhiều nhất có thể"), number=True),
    )
    rows = [(work.entry, Named(work.title), work.sheets) for work in panel.short]
    paged_table(columns, rows, caption=_("Tác phẩm không thể đủ phiếu"), empty="", key="short_page")
    if not panel.counts.closed:
        st.caption(_("Hãy phân công thêm giám khảo, hoặc ghi rõ lý do khi đóng vòng chấm."))


def show_outliers(panel: Panel) -> None:
    """List the sheets further from their work's mean than the contest's limit, for the panel to discuss."""
    st.header(_("Phiếu lệch quá ngưỡng"))
    if panel.gap_alert is None:
        st.caption(_("Thể lệ không đặt ngưỡng chênh lệch."))
        return
    limit = Points(panel.gap_alert)
    st.caption(
        localized_markdown(Sentence("Phiếu cách điểm trung bình của tác phẩm quá {limit} điểm.", {"limit": limit}))
    )
    if panel.hidden:
        hidden_works = Sentence(
            "Bạn còn {count} tác phẩm chưa nộp phiếu: điểm các giám khảo khác cho những tác phẩm đó chưa hiện với bạn.",
            {"count": len(panel.hidden)},
        )
        st.info(localized_markdown(hidden_works), icon=":material/visibility_off:")
    if not panel.gaps:
        st.markdown(_("Chưa có phiếu nào lệch quá ngưỡng."))
    names = {judge.key: judge_name(judge) for judge in panel.judges}
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
        st.markdown(localized_markdown(Sentence(text, facts)))


def action_form(panel: Panel, names: Mapping[JudgeId, str]) -> tuple[JudgeId | None, EntryId | None, str, bool, bool]:
    """Draw the form; return judge, work, reason, whether "return" was clicked, whether "withdraw" was clicked."""
    with st.form(f"act_{forms.act_count()}"):  # a new key after each success; after a refusal the input stays
        left, right = st.columns(2)
        judge = left.selectbox(
            _("Giám khảo"), list(names), format_func=names.__getitem__, index=None, placeholder=_("Chọn giám khảo"),
            key=f"judge_{forms.act_count()}",
        )  # fmt: skip
        titles = dict(panel.every_work)
        code = right.selectbox(
            _("Tác phẩm"),
            list(titles),
            format_func=lambda entry: f"{entry} · {titles[entry]}",
            index=None,
            placeholder=_("Gõ mã số hoặc tên tác phẩm"),
            key=f"work_{forms.act_count()}",
        )
        reason = st.text_area(_("Lý do"), max_chars=1000)
        left, right = st.columns(2)
        returned = left.form_submit_button(_("Trả lại phiếu"), icon=":material/undo:", width="stretch")
        recused = right.form_submit_button(
            _("Cho rút khỏi tác phẩm này"), icon=":material/person_off:", width="stretch"
        )
    return judge, code, reason, returned, recused


def return_or_withdraw(panel: Panel) -> None:
    """Return a sheet, or withdraw a judge from a work: one form for both; the desk requires a reason."""
    st.header(_("Trả lại phiếu, cho giám khảo rút khỏi tác phẩm"))
    names = {judge.key: judge_name(judge) for judge in panel.judges}
    judge, code, reason, returned, recused = action_form(panel, names)
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
            confirm_withdrawal(
                Withdrawal(judge, names[judge], code, judge_assignment.required_reason(reason), localized(lost))
            )
    except Refusal as refused:
        st.error(localized_markdown(refused.sentence), icon=":material/block:")
    else:
        if returned:
            forms.finish(_("Đã trả lại phiếu."), ":material/undo:")


def confirm_withdrawal(withdrawal: Withdrawal) -> None:
    """Open the dialog that confirms a withdrawal and names what will be lost; it cannot be undone."""

    @st.dialog(_("Cho giám khảo rút khỏi tác phẩm"), icon=":material/person_off:")
    def open_dialog() -> None:
        chief = guard.require(Role.CHIEF)
        facts = {"judge": withdrawal.name, "code": withdrawal.code}
        st.text(localized(Sentence("{judge} không còn xem và chấm được tác phẩm {code}.", facts)))
        st.text(withdrawal.lost)
        st.text(localized(Sentence("Lý do: {reason}", {"reason": withdrawal.reason})))
        st.text(_("Việc này không thể hoàn tác."))
        if st.button(_("Cho rút, không chấm nữa"), type="primary", icon=":material/person_off:", width="stretch"):
            try:
                recusals.declare_for(
                    context.store(), chief, withdrawal.judge, withdrawal.code, withdrawal.reason, context.now()
                )
            except Refusal as refused:
                st.error(localized_markdown(refused.sentence), icon=":material/block:")
            else:
                forms.finish(_("Đã ghi nhận giám khảo rút khỏi tác phẩm."), ":material/person_off:")

    open_dialog()


def warn_without_score(panel: Panel) -> None:
    """Warn of the works that would have no score if the round were closed now; at most `NAMED` codes are listed."""
    if not panel.scoreless:
        return
    codes = ", ".join(panel.scoreless[:NAMED])
    facts = {"count": len(panel.scoreless), "codes": codes, "more": len(panel.scoreless) - NAMED}
    text = "Nếu đóng bây giờ, {count} tác phẩm không có điểm và không được xếp hạng: {codes}."
    if len(panel.scoreless) > NAMED:
        text = (
            "Nếu đóng bây giờ, {count} tác phẩm không có điểm và không được xếp hạng: {codes} và {more} tác phẩm khác."
        )
    st.warning(localized_markdown(Sentence(text, facts)), icon=":material/person_alert:")


def closing_form(panel: Panel, last_change: int) -> None:
    """Draw the form that closes the round for good, with the number of missing sheets and a password field."""
    st.header(_("Đóng vòng chấm"))
    if panel.counts.closed:
        st.success(_("Vòng chấm đã đóng."), icon=":material/lock:")
        return
    missing = panel.counts.expected - panel.counts.sheets
    text = "Sau khi đóng, không phiếu nào được sửa hay nộp thêm. Còn {missing} phiếu chưa nộp sẽ không được tính."
    st.markdown(localized_markdown(Sentence(text, {"missing": missing})))
    warn_without_score(panel)
    seen = forms.seen("close", last_change)
    with st.form("close"):
        reason = st.text_area(_("Lý do (bắt buộc khi còn phiếu chưa nộp hoặc tác phẩm không có điểm)"), max_chars=1000)
        confirmed = st.checkbox(_("Tôi hiểu việc đóng vòng chấm không thể hoàn tác"))
        password = password_field(who)
        submitted = st.form_submit_button(_("Đóng vòng chấm"), type="primary", icon=":material/lock:")
    if submitted and not confirmed:
        st.warning(_("Hãy đánh dấu xác nhận trước khi đóng vòng chấm."), icon=":material/check_box_outline_blank:")
    elif submitted:
        try:
            rounds.close(context.store(), reauthenticate(who, password), reason, context.now(), seen)
        except Refusal as refused:
            st.error(localized_markdown(refused.sentence), icon=":material/block:")
        else:
            st.rerun()


who = guard.require(Role.CHIEF, Role.COMMITTEE)
st.title(_("Ban Giám khảo"))
confirmation_list(who)
sheets_changed = rounds.last_change(context.store())  # before what is shown
current_panel = panel_progress.panel(live_standings_of(context.store()), who)
show_progress(current_panel)
if st.button(_("Xem việc còn mở"), icon=":material/rule:"):
    st.switch_page("chief/open_issues.py")
show_short_works(current_panel)
if who.has(Role.CHIEF):
    show_outliers(current_panel)
    if not current_panel.counts.closed:
        return_or_withdraw(current_panel)
        assignment_form(who)
    closing_form(current_panel, sheets_changed)
elif not current_panel.counts.closed:
    chief_sheet_form(who, current_panel.every_work)
