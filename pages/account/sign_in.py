"""The sign-in page: the form and hash check of its library, nothing else (docs/platform.md, streamlit-authenticator).

The library never gets the list of accounts and never writes its cookie.
Its keys in the session state are deleted at once.
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
from core.desk.awards import public_result
from core.desk.demo.material import PASSWORD as DEMO_PASSWORD
from core.rules.access import Role
from core.rules.words import Refusal
from pages.account.frame import language_button
from pages.kit import guard, session_keys
from pages.kit.i18n import _, escape_markdown, localized_markdown
from pages.kit.people import role_name
from pages.kit.tables import Column, table


class NoCookie:
    """Replaces the authenticator's cookie, which is never read or written: the desk has its own."""

    def get_cookie(self) -> None:
        """Return None: there is no cookie."""

    def set_cookie(self) -> None:
        """Do nothing: no cookie is made."""


class Form:
    """The form that the library draws. `autocomplete` on its fields lets a password manager fill them (ASVS 6.2.7)."""

    def __init__(self, key: str, **options: Any) -> None:
        self._form = st.form(key, **options)

    def __getattr__(self, name: str) -> Any:
        """Any other attribute: that of Streamlit's form."""
        return getattr(self._form, name)

    def text_input(self, label: str, **options: Any) -> str | None:
        """Draw the field of the username or the password, with its `autocomplete`."""
        options["autocomplete"] = "current-password" if options.get("type") == "password" else "username"
        text: str | None = self._form.text_input(label, key=f"sign_in_{label}", **options)
        return text

    def form_submit_button(self, label: str) -> bool:
        """Draw the submit button as the page's primary button; True if it was clicked."""
        clicked: bool = self._form.form_submit_button(label, type="primary", width="stretch")
        return clicked


class Drawing:
    """The `st` that the library's view uses: Streamlit with `Form` as its form."""

    form = Form

    def __getattr__(self, name: str) -> Any:
        """Any other attribute: that of Streamlit."""
        return getattr(st, name)


authentication_view.st = Drawing()


class DeskAuthenticator(stauth.Authenticate):  # type: ignore[misc]  # the library has no types
    """The library's form, with `check(username, password)` instead of the library's own check of credentials."""

    def __init__(self, check: Callable[[str, str], bool]) -> None:
        self.path = self.api_key = None
        self.attrs = {"login_sleep_time": 0}
        self.cookie_controller = NoCookie()
        self.authentication_controller = AuthenticationController({"usernames": {}}, auto_hash=False)
        model = self.authentication_controller.authentication_model
        users = model.credentials["usernames"]

        def check_credentials(username: str, password: str) -> bool:
            valid = check(username, password)
            if valid:
                users[username] = {"name": "", "password": ""}
            return valid

        model.check_credentials = check_credentials


def sign_in() -> None:
    """Draw the sign-in page, at any address that a stranger opens."""
    with st.container(key="sign_in_page"):
        show_contest()
        with st.container(key="sign_in_column"):
            draw_form()
            show_results_link()
        show_demo_accounts()


def draw_form() -> None:
    """Draw the form, the refusal if there was one, and the language button; on success go on with the ticket."""
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
        st.error(localized_markdown(refused.sentence), icon=":material/error:")
    language_button()


def show_results_link() -> None:
    """Draw the link to the page of the result, once it is published."""
    if public_result.is_public(context.store()):
        st.link_button(_("Xem kết quả cuộc thi"), "/results", icon=":material/trophy:", width="stretch")


def show_contest() -> None:
    """Draw the contest's name and theme, and the first of its bodies."""
    try:
        contest = context.contest(context.store())
    except context.NoContest as missing:
        st.title(_("Bàn Giám khảo"))
        st.info(localized_markdown(missing.sentence), icon=":material/info:")
        return
    with st.container(key="masthead"):
        for _what, body in contest.bodies[:1]:
            st.caption(escape_markdown(body))
        st.title(escape_markdown(contest.name))
        if contest.theme:
            st.markdown(escape_markdown(contest.theme))


def show_demo_accounts() -> None:
    """Draw the accounts and the password of a demo contest; nothing for a real contest."""
    demo_accounts = accounts.demo_accounts(context.store())
    if not demo_accounts:
        return
    with st.container(key="demo"):
        st.markdown(f"**{_('Cuộc thi dùng thử')}**")
        st.caption(_("Mọi tác phẩm, tên người và điểm số ở đây đều là hư cấu."))
        st.markdown(f"{_('Mật khẩu chung:')} **{escape_markdown(DEMO_PASSWORD)}**")
        usernames: dict[str, list[str]] = {}
        for each in demo_accounts:
            usernames.setdefault(", ".join(role_name(role) for role in Role if role in each.roles), []).append(
                each.username
            )
        columns = (Column(_("Vai trò")), Column(_("Tên đăng nhập")))
        rows = [(roles, ", ".join(names)) for roles, names in usernames.items()]
        table(columns, rows, caption=_("Tài khoản dùng thử"), empty=_("Chưa có tài khoản dùng thử."))
