"""Signing in: streamlit-authenticator's form and hash check, and nothing else of it (docs/platform.md, streamlit-authenticator).

It never sees the list of accounts, never writes its cookie, and what it leaves in the session is swept at once.
"""

from collections.abc import Callable
from typing import Any

import streamlit as st
import streamlit_authenticator as stauth
from streamlit_authenticator.controllers import AuthenticationController
from streamlit_authenticator.utilities import Hasher
from streamlit_authenticator.views import authentication_view

from core.desk import context
from core.desk.accounts import accounts, sessions
from core.desk.demo.material import PASSWORD as DEMO_PASSWORD
from core.rules.access import Role
from core.rules.words import Refusal
from pages.account.frame import languages
from pages.kit import guard, session_keys
from pages.kit.people import role_name
from pages.kit.speech import _, marked, plain
from pages.kit.tables import Column, table


class NoCookie:
    """The authenticator's cookie is never read and never written: the desk has its own."""

    def get_cookie(self) -> None:
        """There is none."""

    def set_cookie(self) -> None:
        """None is made."""


class Form:
    """The form the library draws in: its fields say what they are, so that a password manager fills them (ASVS 6.2.7)."""

    def __init__(self, key: str, **told: Any) -> None:
        self._form = st.form(key, **told)

    def __getattr__(self, name: str) -> Any:
        """What is not said here is the form's own."""
        return getattr(self._form, name)

    def text_input(self, label: str, **told: Any) -> str | None:
        """A field: a name, or the password that goes with it."""
        told["autocomplete"] = "current-password" if told.get("type") == "password" else "username"
        typed: str | None = self._form.text_input(label, **told)
        return typed

    def form_submit_button(self, label: str) -> bool:
        """The act that matters on the page."""
        sent: bool = self._form.form_submit_button(label, type="primary", width="stretch")
        return sent


class Drawing:
    """Streamlit as the library's view is given it: another form, all else as it is."""

    form = Form

    def __getattr__(self, name: str) -> Any:
        """Streamlit's own."""
        return getattr(st, name)


authentication_view.st = Drawing()


class DeskAuthenticator(stauth.Authenticate):  # type: ignore[misc]  # the library has no types
    """The library's form; the password is checked by the library's hasher against what the desk hands it."""

    def __init__(self, check: Callable[[str, str], bool]) -> None:
        self.path = self.api_key = None
        self.attrs = {"login_sleep_time": 0}
        self.cookie_controller = NoCookie()
        self.authentication_controller = AuthenticationController({"usernames": {}}, auto_hash=False)
        model = self.authentication_controller.authentication_model
        known = model.credentials["usernames"]

        def checked(username: str, password: str) -> bool:
            right = check(username, password)
            if right:
                known[username] = {"name": "", "password": ""}
            return right

        model.check_credentials = checked


def sign_in() -> None:
    """The sign-in page, at whatever address a stranger asks for."""
    with st.container(key="door"):
        heading()
        with st.container(key="entry"):
            entry()
        demonstration()


def entry() -> None:
    """The form, why it was refused, and the other language."""
    tickets: list[str] = []
    refusals: list[Refusal] = []

    def check(username: str, password: str) -> bool:
        attempt = sessions.Attempt(username, password, guard.address(), guard.browser(), guard.device())
        try:
            tickets.append(sessions.sign_in(context.store(), attempt, context.now(), Hasher.check_pw))
        except Refusal as refused:
            refusals.append(refused)
        return bool(tickets)

    fields = {
        "Form name": _("Đăng nhập"),
        "Username": _("Tên đăng nhập"),
        "Password": _("Mật khẩu"),
        "Login": _("Đăng nhập"),
    }
    with st.container(key="sign_in_form"):
        DeskAuthenticator(check).login(fields=fields, key="sign_in")
    for key in session_keys.AUTHENTICATOR:
        st.session_state.pop(key, None)
    if tickets:
        guard.go(f"/auth/establish?t={tickets[0]}")
    for refused in refusals:
        st.error(marked(refused.sentence), icon=":material/error:")
    languages()


def heading() -> None:
    """The contest and the body that holds it."""
    try:
        contest = context.contest(context.store())
    except context.NoContest as missing:
        st.title(_("Bàn Giám khảo"))
        st.info(marked(missing.sentence), icon=":material/info:")
        return
    with st.container(key="masthead"):
        for _what, body in contest.bodies[:1]:
            st.caption(plain(body))
        st.title(plain(contest.name))
        if contest.theme:
            st.markdown(plain(contest.theme))


def demonstration() -> None:
    """The accounts of the demo contest; nothing anywhere else."""
    found = accounts.demo_accounts(context.store())
    if not found:
        return
    with st.container(key="demo"):
        st.markdown(f"**{_('Cuộc thi dùng thử')}**")
        st.caption(_("Mọi tác phẩm, tên người và điểm số ở đây đều là hư cấu."))
        st.markdown(f"{_('Mật khẩu chung:')} **{plain(DEMO_PASSWORD)}**")
        held: dict[str, list[str]] = {}
        for each in found:
            held.setdefault(", ".join(role_name(role) for role in Role if role in each.roles), []).append(each.username)
        columns = (Column(_("Vai trò")), Column(_("Tên đăng nhập")))
        rows = [(roles, ", ".join(names)) for roles, names in held.items()]
        table(columns, rows, caption=_("Tài khoản dùng thử"), empty=_("Chưa có tài khoản dùng thử."))
