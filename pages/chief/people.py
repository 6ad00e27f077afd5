"""The people of the panel: confirming accounts, assigning judges, returning a sheet of the chief judge."""

import streamlit as st

from core.desk import assignments, context
from core.desk.accounts import confirmations
from core.desk.accounts.confirmations import Waiting
from core.desk.judging import judge_sheets
from core.rules.access import Principal, Role
from core.rules.ids import EntryId, JudgeId
from core.rules.words import Moment, Refusal, Sentence
from pages.kit import flash, forms, guard
from pages.kit.i18n import _, localized, localized_markdown
from pages.kit.people import role_name

CAUSES = {
    "added": Sentence("Tài khoản mới tạo"),
    "roles": Sentence("Vai trò mới được gán"),
    "password": Sentence("Mật khẩu do người quản trị cấp lại"),
    "reactivated": Sentence("Tài khoản vừa được mở lại"),
}


def confirmation_list(who: Principal) -> None:
    """Draw each account that waits to be confirmed, with its button; nothing if none waits."""
    waiting = confirmations.waiting(context.store(), who)
    if not waiting:
        return
    st.header(_("Tài khoản chờ xác nhận"))
    st.markdown(
        _(
            "Từ khi có phiếu đầu tiên, tài khoản mà người quản trị tạo, gán vai trò, mở lại hoặc cấp lại mật khẩu chưa nộp "
            "phiếu, chưa quyết định và chưa xem điểm của người khác được, cho đến khi được xác nhận là đúng người."
        )
    )
    for account in waiting:
        with st.container(border=True, horizontal=True, vertical_alignment="center"):
            st.markdown(account_description(account), width="stretch")
            if account.own:
                st.caption(_("Chờ người khác xác nhận"), width="content")
            elif st.button(
                _("Xác nhận"), key=f"confirm_{account.username}", icon=":material/how_to_reg:", width="content"
            ):
                confirm_account(account)


def account_description(account: Waiting) -> str:
    """Two lines of Markdown: who it is, and why and since when they wait."""
    roles = ", ".join(role_name(role) for role in Role if role in account.roles)
    facts = {"name": account.name, "username": account.username, "roles": roles}
    waiting_facts = {"cause": localized(CAUSES[account.cause]), "since": Moment(account.since)}
    who = localized_markdown(Sentence("**{name}** ({username}): {roles}.", facts))
    return f"{who}  \n{localized_markdown(Sentence('{cause}, từ {since}.', waiting_facts))}"


def confirm_account(account: Waiting) -> None:
    """Open the dialog that confirms that the account is used by the person it names."""

    @st.dialog(_("Xác nhận đúng người"), icon=":material/how_to_reg:")
    def open_dialog() -> None:
        who = guard.require(Role.CHIEF, Role.COMMITTEE)
        facts = {"name": account.name, "username": account.username}
        st.text(localized(Sentence("Tài khoản {username} do chính {name} sử dụng.", facts)))
        st.text(_("Chỉ xác nhận sau khi đã gặp hoặc gọi điện cho người đó. Việc xác nhận được ghi vào sổ cái."))
        if st.button(_("Tôi đã kiểm tra, đúng người"), type="primary", icon=":material/how_to_reg:", width="stretch"):
            try:
                confirmations.confirm(context.store(), who, account.username, context.now())
            except Refusal as refused:
                st.error(localized_markdown(refused.sentence), icon=":material/block:")
            else:
                flash.store(
                    localized_markdown(Sentence("Đã xác nhận tài khoản {username}.", facts)), ":material/how_to_reg:"
                )
                st.rerun()

    open_dialog()


def assignment_form(who: Principal) -> None:
    """Draw the form that assigns to a judge every work they lack; nothing if every judge has all works."""
    judges = {judge.username: judge.name for judge in assignments.unassigned(context.store(), who)}
    if not judges:
        return
    st.header(_("Phân công thêm giám khảo"))
    with st.form(f"assign_{forms.act_count()}"):
        chosen = st.selectbox(
            _("Giám khảo chưa được phân công đủ"),
            list(judges),
            format_func=lambda username: f"{judges[username]} ({username})",
            index=None,
            placeholder=_("Chọn giám khảo"),
            key=f"assigned_{forms.act_count()}",
        )
        reason = st.text_area(_("Lý do (bắt buộc khi đã có phiếu nộp)"), max_chars=1000)
        submitted = st.form_submit_button(_("Phân công mọi tác phẩm"), icon=":material/person_add:")
    if not submitted:
        return
    if chosen is None:
        st.warning(_("Hãy chọn giám khảo."), icon=":material/rule:")
        return
    try:
        works = assignments.assign(context.store(), who, chosen, reason, context.now())
    except Refusal as refused:
        st.error(localized_markdown(refused.sentence), icon=":material/block:")
    else:
        facts = {"name": judges[chosen], "works": works}
        forms.finish(
            localized_markdown(Sentence("Đã phân công {name} chấm thêm {works} tác phẩm.", facts)),
            ":material/person_add:",
        )


def chief_sheet_form(who: Principal, works: tuple[tuple[EntryId, str], ...]) -> None:
    """Draw the form by which the committee returns a chief judge's sheet. A deputy uses the form for all sheets."""
    chiefs = {JudgeId(chief.username): chief.name for chief in assignments.chiefs(context.store(), who)}
    if not chiefs:
        return
    st.header(_("Trả lại phiếu của Trưởng Ban Giám khảo"))
    st.markdown(_("Trưởng Ban Giám khảo không tự trả lại phiếu của mình; Ban Tổ chức trả lại khi có lý do."))
    titles = dict(works)
    with st.form(f"chief_sheet_{forms.act_count()}"):
        left, right = st.columns(2)
        chief = left.selectbox(
            _("Trưởng Ban Giám khảo"), list(chiefs), index=0 if len(chiefs) == 1 else None,
            format_func=chiefs.__getitem__, placeholder=_("Chọn giám khảo"), key=f"chief_{forms.act_count()}",
        )  # fmt: skip
        code = right.selectbox(
            _("Tác phẩm"),
            list(titles),
            format_func=lambda entry: f"{entry} · {titles[entry]}",
            index=None,
            placeholder=_("Gõ mã số hoặc tên tác phẩm"),
            key=f"chief_work_{forms.act_count()}",
        )
        reason = st.text_area(_("Lý do"), max_chars=1000)
        submitted = st.form_submit_button(_("Trả lại phiếu"), icon=":material/undo:")
    if not submitted:
        return
    if chief is None or code is None:
        st.warning(_("Hãy chọn giám khảo và tác phẩm."), icon=":material/rule:")
        return
    try:
        judge_sheets.return_sheet(context.store(), who, chief, code, reason, context.now())
    except Refusal as refused:
        st.error(localized_markdown(refused.sentence), icon=":material/block:")
    else:
        forms.finish(_("Đã trả lại phiếu."), ":material/undo:")
