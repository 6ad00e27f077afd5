"""Who is on the panel: accounts that wait to be confirmed, judges to be assigned, and the chief's own sheet returned."""

import streamlit as st

from core.desk import assignments, context
from core.desk.accounts import confirmations
from core.desk.accounts.confirmations import Waiting
from core.desk.judging import judge_sheets
from core.rules.access import Principal, Role
from core.rules.ids import EntryId, JudgeId
from core.rules.words import Moment, Refusal, Sentence
from pages.kit import flash, guard, session_keys
from pages.kit.people import role_name
from pages.kit.speech import _, marked, said

CAUSES = {
    "added": Sentence("Tài khoản mới tạo"),
    "roles": Sentence("Vai trò mới được gán"),
    "password": Sentence("Mật khẩu do người quản trị cấp lại"),
    "reactivated": Sentence("Tài khoản vừa được mở lại"),
}


def accounts_to_confirm(who: Principal) -> None:
    """Each account that waits, with the button that confirms it; nothing where none waits."""
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
            st.markdown(about(account), width="stretch")
            if account.own:
                st.caption(_("Chờ người khác xác nhận"), width="content")
            elif st.button(
                _("Xác nhận"), key=f"confirm_{account.username}", icon=":material/how_to_reg:", width="content"
            ):
                sure_to_confirm(account)


def about(account: Waiting) -> str:
    """Who it is and why they wait, in Markdown."""
    roles = ", ".join(role_name(role) for role in Role if role in account.roles)
    facts = {"name": account.name, "username": account.username, "roles": roles}
    why = {"cause": said(CAUSES[account.cause]), "since": Moment(account.since)}
    who = marked(Sentence("**{name}** ({username}): {roles}.", facts))
    return f"{who}  \n{marked(Sentence('{cause}, từ {since}.', why))}"


def sure_to_confirm(account: Waiting) -> None:
    """The one thing to be certain of, asked once more."""

    @st.dialog(_("Xác nhận đúng người"), icon=":material/how_to_reg:")
    def ask() -> None:
        who = guard.require(Role.CHIEF, Role.COMMITTEE)
        facts = {"name": account.name, "username": account.username}
        st.text(said(Sentence("Tài khoản {username} do chính {name} sử dụng.", facts)))
        st.text(_("Chỉ xác nhận sau khi đã gặp hoặc gọi điện cho người đó. Việc xác nhận được ghi vào sổ cái."))
        if st.button(_("Tôi đã kiểm tra, đúng người"), type="primary", icon=":material/how_to_reg:", width="stretch"):
            try:
                confirmations.confirm(context.store(), who, account.username, context.now())
            except Refusal as refused:
                st.error(marked(refused.sentence), icon=":material/block:")
            else:
                flash.keep(marked(Sentence("Đã xác nhận tài khoản {username}.", facts)), ":material/how_to_reg:")
                st.rerun()

    ask()


def judges_to_assign(who: Principal) -> None:
    """Give a judge every work they don't mark yet; nothing where every judge has them all."""
    judges = {judge.username: judge.name for judge in assignments.unassigned(context.store(), who)}
    if not judges:
        return
    st.header(_("Phân công thêm giám khảo"))
    with st.form(f"assign_{acts()}"):
        chosen = st.selectbox(
            _("Giám khảo chưa được phân công đủ"),
            list(judges),
            format_func=lambda username: f"{judges[username]} ({username})",
            index=None,
            placeholder=_("Chọn giám khảo"),
        )
        reason = st.text_area(_("Lý do (bắt buộc khi đã có phiếu nộp)"), max_chars=1000)
        sent = st.form_submit_button(_("Phân công mọi tác phẩm"), icon=":material/person_add:")
    if not sent:
        return
    if chosen is None:
        st.warning(_("Hãy chọn giám khảo."), icon=":material/rule:")
        return
    try:
        works = assignments.assign(context.store(), who, chosen, reason, context.now())
    except Refusal as refused:
        st.error(marked(refused.sentence), icon=":material/block:")
    else:
        facts = {"name": judges[chosen], "works": works}
        done(marked(Sentence("Đã phân công {name} chấm thêm {works} tác phẩm.", facts)), ":material/person_add:")


def chief_sheets(who: Principal, works: tuple[tuple[EntryId, str], ...]) -> None:
    """A sheet of the chief's, returned by somebody else: a deputy by the form of all sheets, the committee by this one."""
    chiefs = {JudgeId(chief.username): chief.name for chief in assignments.chiefs(context.store(), who)}
    if not chiefs:
        return
    st.header(_("Trả lại phiếu của Trưởng Ban Giám khảo"))
    st.markdown(_("Trưởng Ban Giám khảo không tự trả lại phiếu của mình; Ban Tổ chức trả lại khi có lý do."))
    titles = dict(works)
    with st.form(f"chief_sheet_{acts()}"):
        left, right = st.columns(2)
        chief = left.selectbox(_("Trưởng Ban Giám khảo"), list(chiefs), format_func=chiefs.__getitem__)
        code = right.selectbox(
            _("Tác phẩm"),
            list(titles),
            format_func=lambda entry: f"{entry} · {titles[entry]}",
            index=None,
            placeholder=_("Gõ mã số hoặc tên tác phẩm"),
        )
        reason = st.text_area(_("Lý do"), max_chars=1000)
        sent = st.form_submit_button(_("Trả lại phiếu"), icon=":material/undo:")
    if not sent:
        return
    if code is None:
        st.warning(_("Hãy chọn tác phẩm."), icon=":material/rule:")
        return
    try:
        judge_sheets.return_sheet(context.store(), who, chief, code, reason, context.now())
    except Refusal as refused:
        st.error(marked(refused.sentence), icon=":material/block:")
    else:
        done(_("Đã trả lại phiếu."), ":material/undo:")


def acts() -> int:
    """How many forms of this page were sent in this session: each is new afterwards, and what is refused stays typed."""
    return int(st.session_state.get(session_keys.PANEL_ACTS, 0))


def done(words: str = "", icon: str = "") -> None:
    """What was asked is done: say it, and show an empty form."""
    if words:
        flash.keep(words, icon)
    st.session_state[session_keys.PANEL_ACTS] = acts() + 1
    st.rerun()
