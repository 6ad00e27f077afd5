"""The calendar of the plan on the organisers' first page: one line that says where the contest is, and all of it inside."""

from datetime import datetime

import streamlit as st

from core.desk import context
from core.desk.finals import contest_calendar
from core.rules.access import Principal
from core.rules.calendar import STATE_NAMES, CalendarLine, MilestoneState
from core.rules.words import Moment, Sentence
from pages.kit.i18n import _, localized, localized_markdown
from pages.kit.tables import Chip, Column, Lines, Named, table

LOOKS = {MilestoneState.DONE: "done", MilestoneState.RUNNING: "doing", MilestoneState.LATE: "bad"}


def show_calendar(who: Principal) -> None:
    """Draw the calendar, closed; nothing where the contest has none."""
    lines = contest_calendar.lines(context.store(), who, context.now())
    if not lines:
        return
    with st.expander(localized_markdown(_summary(lines)), icon=":material/calendar_month:"):
        columns = (Column(_("Mốc")), Column(_("Kế hoạch"), tight=True), Column(_("Thời gian")), Column(_("Cần làm")))
        rows = [
            (
                Named(localized(line.title), chip=_chip(line)),
                line.clause,
                _times(line),
                "; ".join(map(localized, line.due)),
            )
            for line in lines
        ]
        table(columns, rows, caption=_("Lịch cuộc thi"), empty="")


def _chip(line: CalendarLine) -> Chip:
    return Chip(localized(STATE_NAMES[line.state]), LOOKS.get(line.state, ""))


def _summary(lines: tuple[CalendarLine, ...]) -> Sentence:
    """What runs now, else what comes next; and how much is late."""
    late = sum(line.state is MilestoneState.LATE for line in lines)
    running = [line for line in lines if line.state is MilestoneState.RUNNING]
    coming = [line for line in lines if line.state is MilestoneState.NEXT]
    shown = running or coming or list(lines[-1:])
    facts = {"milestone": shown[0].title, "state": STATE_NAMES[shown[0].state], "late": late}
    if late:
        return Sentence("Lịch cuộc thi: {milestone} ({state}); {late} mốc trễ", facts)
    return Sentence("Lịch cuộc thi: {milestone} ({state})", facts)


def _times(line: CalendarLine) -> str | Lines:
    if line.opens == line.closes:
        return _time(line.opens)
    return Lines(_time(line.opens), _time(line.closes))


def _time(at: datetime) -> str:
    return localized(Moment(at, seconds=False))
