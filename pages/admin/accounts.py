"""Accounts: who may sign in, and as what. Administrators only; no mark is to be seen from here."""

from collections.abc import Callable
from functools import partial
from typing import NoReturn

import streamlit as st

from core.desk import context
from core.desk.accounts import accounts, password_resets
from core.rules.access import Principal, Role
from core.rules.words import Refusal, Sentence
from pages.kit import flash, guard, session_keys
from pages.kit.people import role_name
from pages.kit.speech import _, marked, plain
from pages.kit.tables import Chip, Column, Named, paged


def handed_over() -> None:
    """A secret just made, with what to do with it, until it has been handed over."""
    for key, words in (
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
            st.success(words.format(username=plain(username)), icon=":material/key:")
            st.code(secret, language=None, wrap_lines=True)
            if st.button(_("Đã trao, ẩn đi"), key=f"hide_{key}", icon=":material/visibility_off:"):
                del st.session_state[key]
                st.rerun()


def listing(found: tuple[accounts.Listed, ...]) -> None:
    """Everybody, in the order of a Vietnamese list of people."""
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
            Chip(state(each), look(each)),
        )
        for each in found
    ]
    paged(columns, rows, caption=_("Danh sách tài khoản"), empty=_("Chưa có tài khoản nào."), key="accounts_page")


def look(account: accounts.Listed) -> str:
    """How the state's chip is coloured."""
    if not account.active:
        return "bad"
    if not account.confirmed:
        return "warn"
    return "doing" if account.must_change else "done"


def state(account: accounts.Listed) -> str:
    """What an administrator wants to know at a glance."""
    if not account.active:
        return _("Đã khóa")
    if not account.confirmed:
        return _("Chờ xác nhận")
    return _("Chờ đặt mật khẩu") if account.must_change else _("Đang hoạt động")


def create(who: Principal) -> None:
    """The form of a new account: what was typed stays until the account is made."""
    made = st.session_state.setdefault(session_keys.ACCOUNTS_MADE, 0)
    with st.form(f"create_{made}"):
        username = st.text_input(_("Tên đăng nhập"), max_chars=32, autocomplete="off")
        name = st.text_input(_("Họ và tên"), max_chars=120, autocomplete="off")
        roles = st.pills(_("Vai trò"), list(Role), selection_mode="multi", format_func=role_name)
        sent = st.form_submit_button(_("Tạo tài khoản"), type="primary")
    if sent:
        password = accounts.add(context.store(), who, username, name, roles, context.now())
        guard.keep(session_keys.NEW_ACCOUNT, (username.strip().lower(), password))
        guard.keep(session_keys.ACCOUNTS_MADE, made + 1)
        st.rerun()


def told(act: Callable[[], None]) -> None:
    """Do it, or say in place why not."""
    try:
        act()
    except Refusal as refused:
        st.error(marked(refused.sentence), icon=":material/error:")


def change(who: Principal, account: accounts.Listed) -> None:
    """What can be done to one account."""
    change_roles(who, account)
    link, door = st.columns(2)
    if not account.active:
        if link.button(_("Mở lại tài khoản"), icon=":material/lock_open:", width="stretch"):
            accounts.reactivate(context.store(), who, account.username, context.now())
            done(Sentence("Đã mở lại tài khoản {username}.", {"username": account.username}))
        return
    if link.button(_("Tạo đường dẫn đặt lại mật khẩu"), icon=":material/link:", width="stretch"):
        secret = password_resets.reset_link(context.store(), who, account.username, context.now())
        guard.keep(session_keys.RESET_LINK, (account.username, f"{guard.origin()}/reset?link={secret}"))
        st.rerun()
    with door.popover(_("Khóa tài khoản"), icon=":material/lock:", width="stretch"):
        facts = {"username": account.username}
        st.write(
            marked(Sentence("Mọi phiên của {username} kết thúc ngay và người này không đăng nhập được nữa.", facts))
        )
        if st.button(_("Khóa ngay"), type="primary", key=f"deactivate_{account.username}"):
            accounts.deactivate(context.store(), who, account.username, context.now())
            done(Sentence("Đã khóa tài khoản {username}.", facts))


def change_roles(who: Principal, account: accounts.Listed) -> None:
    """Roles given are saved at a click; a role taken away asks first, since it ends what the person has open."""
    held, facts = [role for role in Role if role in account.roles], {"username": account.username}
    chosen = st.pills(
        _("Vai trò"),
        list(Role),
        selection_mode="multi",
        default=held,
        format_func=role_name,
        key=f"roles_{account.username}",
    )
    lost = [role for role in held if role not in chosen]
    if lost:
        names = ", ".join(map(role_name, lost))
        taken = Sentence(
            "{username} mất vai trò {roles}: mọi phiên của người này kết thúc ngay.", {**facts, "roles": names}
        )
        st.warning(marked(taken), icon=":material/warning:")
    words = _("Lưu vai trò và kết thúc phiên") if lost else _("Lưu vai trò")
    if st.button(words, type="primary", disabled=set(chosen) == set(held), key=f"save_roles_{account.username}"):
        accounts.set_roles(context.store(), who, account.username, chosen, context.now())
        done(Sentence("Đã lưu vai trò của {username}.", facts))


def done(sentence: Sentence) -> NoReturn:
    """Say what has been done, and show how things stand now."""
    flash.keep(marked(sentence), ":material/check:")
    st.rerun()


me = guard.require(Role.ADMIN)
st.title(_("Quản lý tài khoản"))
handed_over()
everybody = accounts.listed(context.store(), me)
listing(everybody)
with st.expander(_("Tạo tài khoản mới"), icon=":material/person_add:"):
    told(partial(create, me))
names = {each.username: each for each in everybody}
chosen = st.selectbox(
    _("Sửa tài khoản"), list(names), index=None, placeholder=_("Chọn một tài khoản"), key="chosen_account"
)
if chosen in names:
    told(partial(change, me, names[chosen]))
