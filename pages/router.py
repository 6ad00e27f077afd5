"""The script Streamlit runs: who is signed in, and which page they see at this address."""

from collections.abc import Callable
from typing import Any

import streamlit as st

from core.rules.access import Principal
from core.rules.words import Refusal
from pages.account.frame import frame, refusal, title
from pages.account.menu import menu
from pages.account.password import first_password
from pages.account.reset import reset
from pages.account.sign_in import sign_in
from pages.kit import flash, guard, unavailable
from pages.kit import pages_registry as pages
from pages.kit.speech import said

Shown = dict[str, list[Any]]


def instead(who: Principal | None) -> Callable[[], None]:
    """What stands at an address the visitor may not read."""
    if who is None:
        return sign_in
    return first_password if who.must_change_password else refusal


def home(who: Principal | None) -> Callable[[], None]:
    """What stands at the address `/`: the first page of the person's own."""
    first = next((page for page in pages.ALL if page.roles and page.opens_for(who)), None)
    if first is None:
        return instead(who)
    return lambda: st.switch_page(first.script)


def standing(who: Principal | None) -> Shown:
    """Every address with what stands there for this visitor; what is not theirs is not in the menu."""
    start = st.Page(home(who), title=title(), url_path="home", default=True, visibility="hidden")
    shown: Shown = {"": [start, st.Page(reset, title=title(), url_path=pages.RESET, visibility="hidden")]}
    for page in pages.ALL:
        if page.opens_for(who):
            hidden = page.address == "marking" or (page.roles is None and who is None)
            made = st.Page(
                page.script,
                title=said(page.title),
                icon=page.icon,
                url_path=page.address,
                visibility="hidden" if hidden else "visible",
            )
            shown.setdefault(said(page.section), []).append(made)
        else:
            shown[""].append(st.Page(_at(page, who), title=title(), url_path=page.address, visibility="hidden"))
    return shown


def _at(page: pages.Page, who: Principal | None) -> Callable[[], None]:
    act = instead(who)

    def shown() -> None:
        act()

    shown.__name__ = page.address
    return shown


def run() -> None:
    """One run of the script."""
    who = guard.principal()
    st.set_page_config(page_title=title(), layout="wide" if who else "centered")
    shown = standing(who)
    here = st.navigation(shown, position="hidden")
    frame(who)
    if who is not None:
        menu(who, shown, here)
    try:
        here.run()
        flash.show()
    except Refusal as refused:
        unavailable.refused(refused)


try:
    run()
except Refusal as refused:
    unavailable.refused(refused)
except Exception as error:  # whatever it was: its words are for the log, never for a screen
    unavailable.failed(error)
