"""The parts common to all pages: the title, the language button, the frame that watches the session, the refusal."""

import streamlit as st

from core.desk import context
from core.rules.access import NotAllowed, NotConfirmed, Principal
from core.rules.words import Language
from pages.kit.guard import go, principal
from pages.kit.i18n import _, language, localized_markdown


def title() -> str:
    """The title of the browser tab: the contest's name, or the desk's if there is no contest yet."""
    try:
        return context.contest(context.store()).name
    except context.NoContest:
        return _("Bàn Giám khảo")


def frame(who: Principal | None) -> None:
    """Embed `/auth/watch`, which watches the session, for a signed-in visitor; nothing for a stranger."""
    if who is None:
        return
    with st.container(key="watch"):
        st.iframe("/auth/watch", height=1, alt=_("Canh phiên đăng nhập"))


def language_button() -> None:
    """Draw the button that switches to the other language."""
    other, name = (Language.EN, "English") if language() is Language.VI else (Language.VI, "Tiếng Việt")
    if st.button(name, icon=":material/translate:", key="language", type="tertiary"):
        go(f"/language/{other}")


def show_refusal() -> None:
    """Draw the page for somebody without the role, or whose account is not confirmed yet."""
    who = principal()
    refused = NotAllowed() if who is None or who.confirmed else NotConfirmed()
    st.title(_("Không có quyền"))
    st.error(localized_markdown(refused.sentence), icon=":material/lock:")
