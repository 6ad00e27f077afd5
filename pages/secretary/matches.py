"""Authors who are like officials: what waits for a decision, the decision with its reason, and its history."""

from datetime import date
from html import escape

import streamlit as st

from core.desk import context
from core.desk.matching import match_decisions
from core.desk.matching.match_decisions import Decision, MatchLine, OfficialSide, Outcome
from core.rules.access import Principal, Role
from core.rules.people.same_person import Verdict
from core.rules.words import Day, Moment, Refusal, Sentence
from pages.kit import flash, guard
from pages.kit.i18n import _, localized, localized_markdown

REASON = match_decisions.REASON_LENGTH
SHOWN = 10  # matches on one screen
ROLES = (Role.SECRETARY, Role.ADMIN)
OUTCOMES = {
    Outcome.DIFFERENT: Sentence("Là hai người khác nhau: được dự thi"),
    Outcome.SAME: Sentence("Là cùng một người: không được dự thi"),
}
ICONS = {Verdict.BLOCKS: ":material/block:", Verdict.REVIEW: ":material/search:", Verdict.NOTED: ":material/info:"}


def show_queue(lines: tuple[MatchLine, ...], bodies: dict[str, str]) -> None:
    """Draw the matches that wait for a decision, `SHOWN` at a time, each with its button."""
    waiting = [line for line in lines if line.open]
    st.header(_("Tác giả cần xem xét"))
    if not waiting:
        empty = _(
            "Không có tác giả nào chờ xem xét. Khi danh sách thành viên, tài khoản hoặc tác giả thay đổi, hai bên được so lại; ai "
            "giống nhau hiện ở đây."
        )
        st.html(f'<p class="desk-empty">{escape(empty)}</p>')
        return
    place = st.container()
    pages = -(-len(waiting) // SHOWN)
    first = (st.pagination(pages, key="matches_page") - 1) * SHOWN if pages > 1 else 0
    with place:
        for line in waiting[first : first + SHOWN]:
            with st.container(border=True):
                show_match(line, bodies)
                if st.button(_("Quyết định"), key=f"decide_{line.id}", icon=":material/gavel:"):
                    open_decision(line)


def show_match(line: MatchLine, bodies: dict[str, str]) -> None:
    """Draw both sides of a match, and below what they have in common."""
    author = _("không còn trong tác phẩm") if line.author is None else line.author.name
    born = birth_text(line.author.birth if line.author else None)
    about = ", ".join(filter(None, (author, born, phone_text(line.author.phone if line.author else ""))))
    sides = (
        localized(Sentence("Tác giả: {about}", {"about": about})),
        localized(Sentence("Thành viên: {about}", {"about": official_text(line.official, bodies)})),
    )
    spans = "".join(f"<span>{escape(side)}</span>" for side in sides)
    st.html(f'<p class="desk-item"><b>{escape(f"{line.work} · {line.title}")}</b>{spans}</p>')
    text, icon = localized_markdown(line.match.sentence), ICONS[line.match.verdict]
    if not line.open:
        st.caption(text)
    elif line.match.verdict is Verdict.BLOCKS:
        st.error(text, icon=icon)
    else:
        st.warning(text, icon=icon)


def official_text(official: OfficialSide, bodies: dict[str, str]) -> str:
    """The official in one line: name, body or account, date of birth, phone."""
    where = bodies.get(official.body, official.body)
    if official.username:
        where = localized(Sentence("tài khoản {username}", {"username": official.username}))
    person = official.person
    return ", ".join(filter(None, (person.name, where, birth_text(person.birth), phone_text(person.phone))))


def birth_text(birth: date | None) -> str:
    """The date of birth in words: sinh ngày 07/05/1990. Empty if it is not known."""
    return localized(Sentence("sinh ngày {day}", {"day": Day(birth)})) if birth else ""


def phone_text(phone: str) -> str:
    """A phone number in groups of digits, on one line."""
    return "\N{NO-BREAK SPACE}".join(filter(None, (phone[:4], phone[4:7], phone[7:])))


def open_decision(line: MatchLine) -> None:
    """Open the dialog in which somebody decides about a match."""

    @st.dialog(_("Có phải cùng một người không?"), icon=":material/gavel:")
    def dialog() -> None:
        who = guard.require(*ROLES)
        facts = {"author": line.author.name if line.author else "", "official": line.official.person.name}
        st.text(
            localized(
                Sentence("Tác phẩm {work}: tác giả {author}, thành viên {official}.", {**facts, "work": line.work})
            )
        )
        with st.form(f"decision_{line.id}_{line.seen}", border=False):
            outcome = st.radio(
                _("Kết luận"), list(OUTCOMES), index=None, format_func=lambda each: localized_markdown(OUTCOMES[each])
            )
            reason = st.text_area(_("Lý do"), max_chars=REASON, placeholder=_("Đã hỏi ai, đối chiếu giấy tờ nào"))
            submitted = st.form_submit_button(_("Lưu quyết định"), type="primary", width="stretch")
        if submitted and outcome is None:
            st.warning(_("Hãy chọn kết luận."), icon=":material/rule:")
        elif submitted and outcome is not None:
            decide(who, line, outcome, reason)

    dialog()


def decide(who: Principal, line: MatchLine, outcome: Outcome, reason: str) -> None:
    """Store the decision and draw the page again, or show why it is refused."""
    try:
        match_decisions.decide(context.store(), who, line.id, outcome, reason, line.seen, context.now())
    except Refusal as refused:
        st.error(localized_markdown(refused.sentence), icon=":material/block:")
    else:
        flash.store(
            localized_markdown(Sentence("Đã lưu quyết định về tác phẩm {work}.", {"work": line.work})),
            ":material/check:",
        )
        st.rerun()


def show_history(lines: tuple[MatchLine, ...], bodies: dict[str, str]) -> None:
    """Draw what was decided, newest decision first in each match, and what is only told."""
    decided = [line for line in lines if line.decisions]
    told = [line for line in lines if not line.open and not line.decisions]
    if decided:
        with st.expander(
            localized_markdown(Sentence("Đã quyết định ({count})", {"count": len(decided)})), icon=":material/history:"
        ):
            for line in decided:
                show_decided(line, bodies)
    if told:
        label = localized_markdown(Sentence("Trùng tên nhưng khác ngày sinh ({count})", {"count": len(told)}))
        with st.expander(label, icon=":material/info:"):
            for line in told:
                show_match(line, bodies)


def show_decided(line: MatchLine, bodies: dict[str, str]) -> None:
    """Draw one match with all its decisions, and the button to decide again."""
    show_match(line, bodies)
    for decision in line.decisions:
        what, why = decision_text(decision)
        st.html(f'<p class="desk-item"><b>{escape(what)}</b><span>{escape(why)}</span></p>')
    if not line.open and st.button(_("Quyết định lại"), key=f"decide_{line.id}", icon=":material/gavel:"):
        open_decision(line)


def decision_text(decision: Decision) -> tuple[str, str]:
    """What was decided, by whom and when; and the reason."""
    facts = {"outcome": localized(OUTCOMES[decision.outcome]), "by": decision.by}
    if decision.at is not None:
        facts["at"] = localized(Moment(decision.at, seconds=False))
    what = localized(Sentence("{outcome}. {by}, {at}.", facts))
    return what, localized(Sentence("Lý do: {reason}", {"reason": decision.reason or "–"}))
