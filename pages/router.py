"""The script that Streamlit runs on each rerun: finds who is signed in and runs the page of the address."""

from collections.abc import Callable
from typing import Any

import streamlit as st

from core.rules.access import Principal
from core.rules.words import Refusal
from pages.account.frame import frame, show_refusal, title
from pages.account.menu import menu
from pages.account.password import first_password
from pages.account.reset import reset
from pages.account.sign_in import sign_in
from pages.kit import flash, guard, unavailable
from pages.kit import pages_registry as pages
from pages.kit.i18n import localized

Navigation = dict[str, list[Any]]
HIDDEN = frozenset({"marking", "robustness", "issues"})  # pages that others lead to, not the menu


def substitute_page(who: Principal | None) -> Callable[[], None]:
    """The function drawn in place of a page that this visitor may not open: sign-in, first password or refusal."""
    if who is None:
        return sign_in
    return first_password if who.must_change_password else show_refusal


def home_page(who: Principal | None) -> Callable[[], None]:
    """The function for the address `/`: switches to the first page that this person's roles open."""
    first = next((page for page in pages.ALL if page.roles and page.opens_for(who)), None)
    if first is None:
        return substitute_page(who)
    return lambda: st.switch_page(first.script)


def build_navigation(who: Principal | None) -> Navigation:
    """Every address as a Streamlit page, by section title; the section "" and hidden pages are not in the menu.

    An address that the visitor may not open gets the function of `substitute_page`.
    """
    start = st.Page(home_page(who), title=title(), url_path="home", default=True, visibility="hidden")
    navigation: Navigation = {"": [start, st.Page(reset, title=title(), url_path=pages.RESET, visibility="hidden")]}
    for page in pages.ALL:
        if page.opens_for(who):
            hidden = page.address in HIDDEN or (page.roles is None and who is None)
            streamlit_page = st.Page(
                page.script,
                title=localized(page.title),
                icon=page.icon,
                url_path=page.address,
                visibility="hidden" if hidden else "visible",
            )
            navigation.setdefault(localized(page.section), []).append(streamlit_page)
        else:
            navigation[""].append(
                st.Page(_substitute_at(page, who), title=title(), url_path=page.address, visibility="hidden")
            )
    return navigation


def _substitute_at(page: pages.Page, who: Principal | None) -> Callable[[], None]:
    draw = substitute_page(who)

    def draw_at_address() -> None:
        draw()

    draw_at_address.__name__ = page.address
    return draw_at_address


def run() -> None:
    """Run the script once: frame, menu, the page of the address, then the stored toast."""
    who = guard.principal()
    st.set_page_config(page_title=title(), layout="wide" if who else "centered")
    navigation = build_navigation(who)
    current = st.navigation(navigation, position="hidden")
    frame(who)
    if who is not None:
        menu(who, navigation, current)
    try:
        current.run()
        flash.show()
    except Refusal as refused:
        unavailable.show_refusal(refused)


try:
    run()
except Refusal as refused:
    unavailable.show_refusal(refused)
except Exception as error:  # any error: its text goes to the log, never to the screen
    unavailable.show_error(error)
