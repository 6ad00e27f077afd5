"""What forms share: the count of acts in the keys of their fields, and what the visitor saw when he decided.

Streamlit gives a field without a key the identity of its arguments. Where those come from the data or from the clock,
what was typed is lost when they change, and the field silently has another value: every such field has a key.
"""

from collections.abc import Callable
from typing import NoReturn, TypeVar

import streamlit as st

from core.rules.words import Refusal, Sentence
from pages.kit import flash, guard, session_keys
from pages.kit.i18n import localized_markdown

T = TypeVar("T")


def act_count() -> int:
    """Successful acts in this session, in the keys of forms and fields: success empties them, a refusal keeps them."""
    return int(st.session_state.get(session_keys.ACTS, 0))


def seen(form: str, now: T) -> T:
    """What the run before this one drew in `form`, on which the visitor decided; `now` where it was not drawn.

    A click runs the page again, with the data of now: `now` names what nobody has looked at yet.
    """
    key = f"{session_keys.SEEN}.{form}"
    before: T = st.session_state.get(key, now)
    guard.store_result(key, now)
    return before


def act(change: Callable[[], object], done: str | Sentence, icon: str = ":material/check:") -> None:
    """Run the change and draw the page again with a toast, or show why it is refused."""
    try:
        change()
    except Refusal as refused:
        st.error(localized_markdown(refused.sentence), icon=":material/block:")
    else:
        finish(done, icon)


def finish(done: str | Sentence = "", icon: str = ":material/check:") -> NoReturn:
    """Store the toast if there is a text, count the act so that the forms are empty, and run the page again."""
    if done:
        flash.store(done if isinstance(done, str) else localized_markdown(done), icon)
    guard.store_result(session_keys.ACTS, act_count() + 1)
    st.rerun()
