"""What stands around every page: the house's look, the language, the session's watch."""

from pathlib import Path

import streamlit as st

from core.desk import house
from core.rules.access import NotAllowed, Principal
from core.rules.words import Language
from pages.kit import look
from pages.kit.gate import go
from pages.kit.speech import _, language, said

LOOK = Path(__file__).with_name("frame.css")
ICON = (  # a seal, red and gold; drawn here so that no outside host is asked for one
    "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 32 32'%3E%3Crect width='32' height='32' "
    "rx='8' fill='%23B3202A'/%3E%3Cpath d='M9 16.5l5 5 9-11' fill='none' stroke='%23F6D58A' stroke-width='3.5'/%3E%3C/svg%3E"
)


def title() -> str:
    """The name in the browser's tab: the contest's, or the desk's where there is none yet."""
    try:
        return house.contest(house.store()).name
    except house.NoContest:
        return _("Bàn Giám khảo")


def frame(who: Principal | None) -> None:
    """Draw the frame of this visitor."""
    look.dress()
    st.html(LOOK)
    st.html(f'<style>:root {{ --away-word: "{_("Mất kết nối với máy chủ, đang thử lại.")}"; }}</style>')
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
    """What stands where the visitor's roles do not reach."""
    st.title(_("Không có quyền"))
    st.error(said(NotAllowed().sentence), icon=":material/lock:")
