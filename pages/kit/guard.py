"""The guard at the head of every page and every fragment: who is asking, as the database knows them now."""

from collections.abc import Callable
from typing import NoReturn

import streamlit as st
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.runtime.scriptrunner import RerunException, get_script_run_ctx

from core.desk import context
from core.desk.accounts import sessions
from core.rules.access import NotAllowed, Principal, Role
from core.settings import settings
from pages.kit.speech import marked


def principal() -> Principal | None:
    """Who the gate's word and the database agree is asking; None for strangers."""
    session = st.user.get("jd_session")
    if not isinstance(session, str) or not session:
        return None
    return sessions.principal_of(context.store(), session, context.now())


def require(*roles: Role) -> Principal:
    """The signed-in person, who holds at least one of these roles (any role where none is named); stops otherwise."""
    who = principal()
    if who is None:
        go("/")
    if who.must_change_password or (roles and not who.has(*roles)):
        st.error(marked(NotAllowed().sentence), icon=":material/lock:")
        st.stop()
    return who


def browser() -> str:
    """The secret of this browser's cookie, to which a sign-in ticket is bound."""
    cookies = st.context.cookies
    return str(cookies.get("__Host-browser") or cookies.get("browser") or "")


def device() -> str:
    """The cookie of a browser in which somebody has signed in, if this is one."""
    cookies = st.context.cookies
    return str(cookies.get("__Host-device") or cookies.get("device") or "")


def address() -> str:
    """The visitor's address, by the gate's word."""
    return str(st.context.headers.get("x-jd-address") or "")


def origin() -> str:
    """The address people reach this house by, as the gate has checked it."""
    told = str(st.context.headers.get("origin") or "")
    return next(iter(settings().public_origins), told)


def go(address: str) -> NoReturn:
    """Leave Streamlit's page for an address of ours, as a full navigation."""
    message = ForwardMsg()
    message.auth_redirect.url = address
    context = get_script_run_ctx()
    if context is not None:
        through(lambda: context.enqueue(message))
    st.stop()


def keep(key: str, value: object) -> None:
    """Remember for this window what an act has given and nothing else can give again."""
    through(lambda: st.session_state.update({key: value}))


def through(step: Callable[[], None]) -> None:
    """Take the step that tells what has been done.

    Streamlit breaks a run off where a second click is waiting, and the desk's answer to the first would be lost; the
    second click asked for the same and is forgotten.
    """
    try:
        step()
    except RerunException:
        step()
