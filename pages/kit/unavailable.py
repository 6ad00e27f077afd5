"""Refusals and errors on a page: one sentence, and a retry where the cause may pass by itself."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager

import streamlit as st

from core.desk import context
from core.rules.words import Moment, Refusal, Sentence, Unavailable
from pages.kit.i18n import localized_markdown

AGAIN_S = 5  # seconds


def show_refusal(refusal: Refusal) -> None:
    """Show a refusal. Unavailable and NoContest are checked again every `AGAIN_S` seconds; once they pass, rerun."""
    passes = isinstance(refusal, (Unavailable, context.NoContest))
    st.error(localized_markdown(refusal.sentence), icon=":material/cloud_off:" if passes else ":material/block:")
    if passes:
        st.fragment(_rerun_if_available, run_every=AGAIN_S)()


@contextmanager
def refusals_in_place() -> Iterator[None]:
    """Show a refusal raised in the block and go on with the page. Unavailable is raised again."""
    try:
        yield
    except Refusal as refusal:
        if isinstance(refusal, Unavailable):
            raise
        st.error(localized_markdown(refusal.sentence), icon=":material/block:")


def show_error(error: Exception) -> None:
    """Handle an unexpected error: log the traceback, and show a sentence with the time for the visitor to report."""
    at = context.now()
    logging.getLogger(__name__).error("a page failed at %s", at.isoformat(timespec="seconds"), exc_info=error)
    text = "Máy chủ gặp lỗi nên trang này chưa mở được. Hãy tải lại trang; nếu vẫn gặp, hãy báo quản trị viên kèm giờ này: {at}."
    st.error(localized_markdown(Sentence(text, {"at": Moment(at)})), icon=":material/error:")


def _rerun_if_available() -> None:
    try:
        context.contest_state(context.store())
    except (Unavailable, context.NoContest):
        return
    st.rerun()
