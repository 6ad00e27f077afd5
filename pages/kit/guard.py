"""The check at the start of every page and fragment: the signed-in person and their roles, read from the database."""

from collections.abc import Callable
from typing import NoReturn

import streamlit as st
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.runtime.scriptrunner import RerunException, get_script_run_ctx

from core import http_names
from core.desk import context
from core.desk.accounts import sessions
from core.rules.access import NotAllowed, Principal, Role
from core.settings import settings
from pages.kit.i18n import localized_markdown


def principal() -> Principal | None:
    """The signed-in person: the session in the gate's header, looked up in the database. None for a stranger."""
    session = st.user.get(http_names.claim(http_names.SESSION_HEADER))
    if not isinstance(session, str) or not session:
        return None
    return sessions.principal_of(context.store(), session, context.now())


def require(*roles: Role) -> Principal:
    """The signed-in person, if they hold one of these roles; without arguments any signed-in person.

    A stranger is sent to `/`. Anybody else without access sees a refusal and the run stops.
    """
    who = principal()
    if who is None:
        go("/")
    if who.must_change_password or (roles and not who.has(*roles)):
        st.error(localized_markdown(NotAllowed().sentence), icon=":material/lock:")
        st.stop()
    return who


def browser() -> str:
    """The value of the browser cookie, to which a sign-in ticket is bound; "" if there is none."""
    return http_names.BROWSER.value(st.context.cookies)


def device() -> str:
    """The value of the device cookie of a browser in which somebody has signed in; "" if there is none."""
    return http_names.DEVICE.value(st.context.cookies)


def address() -> str:
    """The client's IP address from the gate's header; "" if there is none."""
    return str(st.context.headers.get(http_names.ADDRESS_HEADER) or "")


def origin() -> str:
    """The server's public origin: the first of `PUBLIC_ORIGIN`, else the Origin header, which the gate has checked."""
    origin_header = str(st.context.headers.get("origin") or "")
    return next(iter(settings().public_origins), origin_header)


def go(address: str) -> NoReturn:
    """Make the browser navigate from Streamlit's page to this address of the desk, then stop the run."""
    message = ForwardMsg()
    message.auth_redirect.url = address
    context = get_script_run_ctx()
    if context is not None:
        retry_on_rerun(lambda: context.enqueue(message))
    st.stop()


def store_result(key: str, value: object) -> None:
    """Store in the session state the result of an action that cannot be computed again."""
    retry_on_rerun(lambda: st.session_state.update({key: value}))


def retry_on_rerun(step: Callable[[], None]) -> None:
    """Run the step that stores or sends the result of an action, a second time if a waiting click interrupts it.

    Streamlit raises RerunException when a second click is waiting, and the result of the first would be lost.
    The second click requested the same action, so it is dropped.
    """
    try:
        step()
    except RerunException:
        step()
