"""What stands around every page: the contest's name, the language, the session's watch."""

import streamlit as st

from core.desk import context
from core.rules.access import NotAllowed, NotConfirmed, Principal
from core.rules.words import Language
from pages.kit.guard import go, principal
from pages.kit.speech import _, language, marked


def title() -> str:
    """The name in the browser's tab: the contest's, or the desk's where there is none yet."""
    try:
        return context.contest(context.store()).name
    except context.NoContest:
        return _("Bàn Giám khảo")


def frame(who: Principal | None) -> None:
    """Draw the frame of this visitor."""
    if who is None:
        return
    with st.container(key="watch"):
        st.iframe("/auth/watch", height=1, alt=_("Canh phiên đăng nhập"))


def languages() -> None:
    """The other language, one click away."""
    other, name = (Language.EN, "English") if language() is Language.VI else (Language.VI, "Tiếng Việt")
    if st.button(name, icon=":material/translate:", key="language", type="tertiary"):
        go(f"/language/{other}")


def refusal() -> None:
    """What stands where the visitor's roles do not reach, or do not yet."""
    who = principal()
    refused = NotAllowed() if who is None or who.confirmed else NotConfirmed()
    st.title(_("Không có quyền"))
    st.error(marked(refused.sentence), icon=":material/lock:")
