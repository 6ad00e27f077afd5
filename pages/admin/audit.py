"""The audit log: who did what, when. It shows no mark and no reason."""

import streamlit as st

from core.desk import context
from core.desk.maintenance import audit_log
from core.desk.maintenance.audit_log import AuditPage, AuditRow
from core.rules.access import Principal, Role
from core.rules.words import Moment, Sentence
from pages.kit import guard, unavailable
from pages.kit.i18n import _, locale, localized
from pages.kit.tables import Cell, Column, Named, table

ALL, EVERYBODY = "", 0  # no event and no account has this name, this number


def choose_event() -> str | None:
    """The act to show alone; None for all."""
    titles = {ALL: _("Mọi việc"), **{name: localized(title) for name, title in audit_log.LISTED.items()}}
    chosen = st.selectbox(_("Việc"), list(titles), format_func=titles.__getitem__, key="audit.event")
    return chosen or None


def choose_person(people: dict[int, str]) -> int | None:
    """The account number of the person whose acts to show alone; None for everybody."""
    names = {EVERYBODY: _("Mọi người"), **people}
    chosen = st.selectbox(_("Người"), list(names), format_func=names.__getitem__, key="audit.person")
    return chosen or None


def text(fact: str | Sentence) -> str:
    """A name or a code as it is; a sentence in the visitor's language."""
    return localized(fact) if isinstance(fact, Sentence) else fact


def row(act: AuditRow) -> tuple[Cell, ...]:
    """One act as a line of the table."""
    when = localized(Moment(act.at))
    return (Named(localized(act.act), f"#{act.number} · {when}"), text(act.person), ", ".join(map(text, act.about)))


def draw(me: Principal) -> None:
    """The filters, and one page of what they let through."""
    first, second = st.columns(2)
    with first:
        event = choose_event()
    with second:
        person = choose_person(audit_log.people(context.store(), me))
    place = st.container()
    found = audit_log.read(context.store(), me, event=event, number=person)
    pages = -(-found.all_rows // audit_log.PAGE)
    at = st.pagination(pages, key=f"audit.page.{event}.{person}") if pages > 1 else 1
    if at > 1:
        found = audit_log.read(context.store(), me, page=at, event=event, number=person)
    with place:
        show(found, at)


def show(found: AuditPage, at: int) -> None:
    """The table, and which of its rows these are."""
    columns = (Column(_("Việc")), Column(_("Người")), Column(_("Về")))
    empty = _("Chưa có việc nào như vậy. Mỗi việc làm trên bàn chấm hiện ở đây ngay khi làm xong.")
    table(columns, [row(act) for act in found.rows], caption=_("Nhật ký"), empty=empty)
    if found.all_rows > audit_log.PAGE:
        first = (at - 1) * audit_log.PAGE + 1
        facts = {"from": first, "to": first + len(found.rows) - 1, "all": found.all_rows}
        shown = {name: locale().count(number) for name, number in facts.items()}
        st.caption(_("Dòng {from} đến {to} trong {all}").format(**shown))


who = guard.require(Role.ADMIN, Role.COMMITTEE)
st.title(_("Nhật ký"))
with unavailable.refusals_in_place():
    draw(who)
