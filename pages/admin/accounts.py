"""The page of accounts: who may sign in, and with which roles. Administrators only; it shows no marks."""

from collections.abc import Callable
from functools import partial

import streamlit as st

from core.desk import context
from core.desk.accounts import accounts, password_resets
from core.rules.access import Principal, Role
from core.rules.words import Refusal, Sentence
from pages.kit import forms, guard, session_keys
from pages.kit.i18n import _, escape_markdown, localized_markdown
from pages.kit.people import role_name
from pages.kit.tables import Chip, Column, Named, paged_table


def show_secrets() -> None:
    """Show each secret just made (temporary password, one-time link) until the administrator hides it."""
    for key, text in (
        (
            session_keys.NEW_ACCOUNT,
            _("Mật khẩu tạm thời của {username}; ẩn đi rồi thì không xem lại được. Hãy trao tận tay:"),
        ),
        (
            session_keys.RESET_LINK,
            _("Đường dẫn đặt lại mật khẩu của {username}, dùng trong 48 giờ; ẩn đi rồi thì không xem lại được:"),
        ),
    ):
        made = st.session_state.get(key)
        if made:
            username, secret = made
            st.success(text.format(username=escape_markdown(username)), icon=":material/key:")
            st.code(secret, language=None, wrap_lines=True)
            if st.button(_("Đã trao, ẩn đi"), key=f"hide_{key}", icon=":material/visibility_off:"):
                del st.session_state[key]
                st.rerun()


def show_table(listed: tuple[accounts.Listed, ...]) -> None:
    """Draw the table of accounts, in the order given: that of a Vietnamese list of people."""
    columns = (
        Column(_("Họ và tên")),
        Column(_("Tên đăng nhập"), tight=True),
        Column(_("Vai trò")),
        Column(_("Trạng thái")),
    )
    rows = [
        (
            Named(each.name),
            each.username,
            ", ".join(role_name(role) for role in Role if role in each.roles),
            Chip(state_name(each), chip_colour(each)),
        )
        for each in listed
    ]
    paged_table(columns, rows, caption=_("Danh sách tài khoản"), empty=_("Chưa có tài khoản nào."), key="accounts_page")


def chip_colour(account: accounts.Listed) -> str:
    """The colour of the state's chip: bad, warn, doing or done."""
    if not account.active:
        return "bad"
    if not account.confirmed:
        return "warn"
    return "doing" if account.must_change else "done"


def state_name(account: accounts.Listed) -> str:
    """The account's state as a word: deactivated, waiting to be confirmed, waiting for its password, or active."""
    if not account.active:
        return _("Đã khóa")
    if not account.confirmed:
        return _("Chờ xác nhận")
    return _("Chờ đặt mật khẩu") if account.must_change else _("Đang hoạt động")


def account_form(who: Principal) -> None:
    """Draw the form of a new account. It keeps what was typed until the account is made."""
    with st.form(f"create_{forms.act_count()}"):
        username = st.text_input(_("Tên đăng nhập"), max_chars=32, autocomplete="off")
        name = st.text_input(_("Họ và tên"), max_chars=120, autocomplete="off")
        roles = st.pills(_("Vai trò"), list(Role), selection_mode="multi", format_func=role_name)
        submitted = st.form_submit_button(_("Tạo tài khoản"), type="primary")
    if submitted:
        password = accounts.add(context.store(), who, username, name, roles, context.now())
        guard.store_result(session_keys.NEW_ACCOUNT, (username.strip().lower(), password))
        forms.finish()


def show_refusals(action: Callable[[], None]) -> None:
    """Run the action; show a refusal in its place."""
    try:
        action()
    except Refusal as refused:
        st.error(localized_markdown(refused.sentence), icon=":material/error:")


def account_actions(who: Principal, account: accounts.Listed) -> None:
    """Draw what can be done to one account: set roles, make a reset link, deactivate, reactivate."""
    roles_form(who, account)
    link_column, lock_column = st.columns(2)
    if not account.active:
        if link_column.button(_("Mở lại tài khoản"), icon=":material/lock_open:", width="stretch"):
            accounts.reactivate(context.store(), who, account.username, context.now())
            forms.finish(Sentence("Đã mở lại tài khoản {username}.", {"username": account.username}))
        return
    if link_column.button(_("Tạo đường dẫn đặt lại mật khẩu"), icon=":material/link:", width="stretch"):
        secret = password_resets.reset_link(context.store(), who, account.username, context.now())
        guard.store_result(session_keys.RESET_LINK, (account.username, f"{guard.origin()}/reset?link={secret}"))
        st.rerun()
    with lock_column.popover(_("Khóa tài khoản"), icon=":material/lock:", width="stretch"):
        facts = {"username": account.username}
        st.write(
            localized_markdown(
                Sentence("Mọi phiên của {username} kết thúc ngay và người này không đăng nhập được nữa.", facts)
            )
        )
        if st.button(_("Khóa ngay"), type="primary", key=f"deactivate_{account.username}"):
            accounts.deactivate(context.store(), who, account.username, context.now())
            forms.finish(Sentence("Đã khóa tài khoản {username}.", facts))


def roles_form(who: Principal, account: accounts.Listed) -> None:
    """Draw the roles and save them. Removing a role ends all sessions of the person, so a warning comes first."""
    current, facts = [role for role in Role if role in account.roles], {"username": account.username}
    chosen = st.pills(
        _("Vai trò"),
        list(Role),
        selection_mode="multi",
        default=current,
        format_func=role_name,
        key=f"roles_{account.username}",
    )
    removed = [role for role in current if role not in chosen]
    if removed:
        removed_names = ", ".join(map(role_name, removed))
        warning = Sentence(
            "{username} mất vai trò {roles}: mọi phiên của người này kết thúc ngay.", {**facts, "roles": removed_names}
        )
        st.warning(localized_markdown(warning), icon=":material/warning:")
    text = _("Lưu vai trò và kết thúc phiên") if removed else _("Lưu vai trò")
    seen = forms.seen(f"roles_{account.username}", current)
    if st.button(text, type="primary", disabled=set(chosen) == set(current), key=f"save_roles_{account.username}"):
        accounts.set_roles(context.store(), who, account.username, chosen, context.now(), seen=seen)
        forms.finish(Sentence("Đã lưu vai trò của {username}.", facts))


me = guard.require(Role.ADMIN)
st.title(_("Quản lý tài khoản"))
show_secrets()
all_accounts = accounts.listed(context.store(), me)
show_table(all_accounts)
with st.expander(_("Tạo tài khoản mới"), icon=":material/person_add:"):
    show_refusals(partial(account_form, me))
by_username = {each.username: each for each in all_accounts}
chosen = st.selectbox(
    _("Sửa tài khoản"), list(by_username), index=None, placeholder=_("Chọn một tài khoản"), key="chosen_account"
)
if chosen in by_username:
    show_refusals(partial(account_actions, me, by_username[chosen]))
