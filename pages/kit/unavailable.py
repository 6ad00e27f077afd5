"""Where the desk cannot answer at all: one sentence, and the page comes back by itself."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager

import streamlit as st

from core.desk import context
from core.rules.words import Moment, Refusal, Sentence, Unavailable
from pages.kit.speech import marked

AGAIN_S = 5


def refused(refusal: Refusal) -> None:
    """The sentence of a refusal; one that passes by itself is asked again."""
    passes = isinstance(refusal, (Unavailable, context.NoContest))
    st.error(marked(refusal.sentence), icon=":material/cloud_off:" if passes else ":material/block:")
    if passes:
        st.fragment(_again, run_every=AGAIN_S)()


@contextmanager
def told() -> Iterator[None]:
    """Where one act of a page is refused, it is said in its place, and the rest of the page stands."""
    try:
        yield
    except Refusal as refusal:
        if isinstance(refusal, Unavailable):
            raise
        st.error(marked(refusal.sentence), icon=":material/block:")


def failed(error: Exception) -> None:
    """What nobody foresaw: the trace goes to the server's log, the person gets a sentence and the minute to report."""
    at = context.now()
    logging.getLogger(__name__).error("a page failed at %s", at.isoformat(timespec="seconds"), exc_info=error)
    text = "Máy chủ gặp lỗi nên trang này chưa mở được. Hãy tải lại trang; nếu vẫn gặp, hãy báo quản trị viên kèm giờ này: {at}."
    st.error(marked(Sentence(text, {"at": Moment(at)})), icon=":material/error:")


def _again() -> None:
    try:
        context.contest_state(context.store())
    except (Unavailable, context.NoContest):
        return
    st.rerun()
