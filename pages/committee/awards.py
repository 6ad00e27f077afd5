"""The page of awards: the award table, the committee's open decisions, and the downloads."""

from html import escape

import streamlit as st

from core.desk import context
from core.desk.awards import award_decisions
from core.desk.awards.award_decisions import Proposal
from core.desk.awards.award_files import AWARD_TABLE
from core.desk.robustness import robustness
from core.desk.standings.visibility import StillMarking
from core.rules.access import Principal
from core.rules.permissions import ORGANISERS
from core.rules.prizes.allocation import Undecided
from core.rules.vietnamese import money_in_words
from core.rules.words import Dong, Language, Moment, Points, Sentence
from pages.committee import awards_publication
from pages.kit import forms, guard, unavailable
from pages.kit.i18n import _, escape_markdown, locale, localized, localized_markdown
from pages.kit.password_fields import password_field, reauthenticate
from pages.kit.tables import Column, Lines, Named, paged_table

REASON = 1000  # characters


def show_status(proposal: Proposal) -> None:
    """Show the state of the table: confirmed, what is missing, prizes to decide, or ready to confirm."""
    if proposal.confirmed_at is not None:
        facts = {"at": Moment(proposal.confirmed_at), "by": proposal.document.confirmed_by or ""}
        text = "Bảng trao giải đã được xác nhận lúc {at}; người xác nhận: {by}. Mọi bản in sau này theo đúng bảng này."
        st.success(localized_markdown(Sentence(text, facts)), icon=":material/verified:")
        return
    if proposal.missing:
        st.info("\n\n".join(map(localized_markdown, proposal.missing)), icon=":material/hourglass_top:")
        st.caption(_("Bảng dưới đây là dự kiến theo các phiếu đã nộp và còn thay đổi."))
    elif proposal.document.undecided:
        text = "Còn {count} giải chờ Ban Tổ chức quyết định."
        st.warning(
            localized_markdown(Sentence(text, {"count": sum(each.quantity for each in proposal.document.undecided)})),
            icon=":material/balance:",
        )
    else:
        st.info(_("Mọi giải đã được phân định; có thể xác nhận bảng trao giải."), icon=":material/task_alt:")


def show_total(proposal: Proposal) -> None:
    """Show the number of prizes and their total in đồng, without the undecided ones, which a line below counts."""
    count, money = locale().count(len(proposal.document.awards)), localized(Dong(proposal.document.total))
    in_words = money_in_words(proposal.document.total) if locale().language is Language.VI else ""
    undecided = sum(each.quantity for each in proposal.document.undecided)
    left = Sentence(
        "Chưa gồm {count} giải chưa phân định, trị giá {money}.",
        {"count": undecided, "money": Dong(proposal.open_money)},
    )
    with st.container(key="sum"):
        st.html(
            f"<dl><div><dt>{escape(_('Số giải'))}</dt><dd>{escape(count)}</dd></div>"
            f"<div><dt>{escape(_('Tổng tiền thưởng'))}</dt><dd>{escape(money)}</dd>"
            f"<dd><small>{escape(in_words)}</small></dd></div></dl>"
            + (f"<p>{escape(localized(left))}</p>" if undecided else "")
        )


def show_table(proposal: Proposal) -> None:
    """Draw for each section the table of its awards, then the prizes that are not awarded, each with the reason."""
    left = iter(unawarded(proposal))
    for number, section in enumerate(proposal.document.sections):
        if heading := proposal.document.heading(section):
            st.subheader(escape_markdown(heading), anchor=False)
        with st.container(key=f"awards_{number}" if number else "awards"):
            show_awards(proposal, number)
        for withheld in section.withheld:
            pending, why = next(left)
            facts = {"count": withheld.quantity, "prize": withheld.prize_name}
            what = (
                Sentence("Chưa trao {count} {prize}.", facts)
                if pending
                else Sentence("Không trao {count} {prize}.", facts)
            )
            st.html(f'<p class="desk-item"><b>{escape(localized(what))}</b><span>{escape(why)}</span></p>')


def show_awards(proposal: Proposal, number: int) -> None:
    """Draw the table of awards of the section at this position (0 is the first)."""
    section, visitor_locale, why_by_award = proposal.document.sections[number], locale(), reasons(proposal)
    named = any(award.author or award.unit for award in section.awards)  # both empty: not for this reader
    columns = [Column(_("Giải")), Column(_("Tác phẩm"))]
    columns += [Column(_("Tác giả, đơn vị"))] * named
    columns += [Column(_("Điểm"), number=True), Column(_("Tiền thưởng"), number=True)]
    rows = [
        (
            Named(award.prize_name),
            Named(f"{award.code} · {award.title}", why_by_award.get((award.prize, award.code), award.why)),
            *([Lines(award.author, award.unit)] * named),
            "" if award.score is None else Points(award.score, section.score_places),
            visitor_locale.count(award.amount),
        )
        for award in section.awards
    ]
    caption = proposal.document.heading(section) or _("Bảng trao giải")
    empty = _("Chưa tác phẩm nào đủ số phiếu để xếp giải. Bảng sẽ hiện khi các giám khảo nộp phiếu.")
    paged_table(columns, rows, caption=caption, empty=empty, key=f"awards_page_{number}" if number else "awards_page")


def reasons(proposal: Proposal) -> dict[tuple[str, str], str]:
    """Why each award is proposed, in the visitor's language, by prize and work code; empty once confirmed."""
    awards = proposal.allocation.awards if proposal.allocation is not None else ()
    return {(award.prize, award.entry): localized(award.why) for award in awards}


def unawarded(proposal: Proposal) -> list[tuple[bool, str]]:
    """For each prize of the document that is not awarded: whether it may still be given, and the reason."""
    if proposal.allocation is None:
        return [(False, withheld.why) for withheld in proposal.document.withheld]
    prizes = (*proposal.allocation.withheld, *proposal.allocation.vacant)
    return [(each.pending, localized(each.why)) for each in prizes]


def download_links(proposal: Proposal) -> None:
    """Draw the links to the table in each of its formats; those addresses check the visitor themselves."""
    *buttons, note = st.columns([*(1 for _format in AWARD_TABLE.formats), 2])
    for column, each in zip(buttons, AWARD_TABLE.formats, strict=True):
        address = f"/export/{AWARD_TABLE.key}.{each.key}"
        column.link_button(localized_markdown(each.label), address, icon=each.icon, width="stretch")
    if proposal.document.draft:
        note.caption(_("Trước khi xác nhận, tệp tải về ghi rõ “Dự thảo”."))


def decision_form(who: Principal, proposal: Proposal, undecided: Undecided, prizes: dict[str, str]) -> None:
    """Draw the form by which the committee chooses among tied works and gives a reason."""
    facts = {"prize": prizes[undecided.prize], "count": undecided.quantity}
    st.subheader(localized_markdown(Sentence("{prize}: chọn {count} tác phẩm", facts)), anchor=False)
    st.text(localized(undecided.why))
    if not proposal.may_decide:
        return
    key = f"choose_{undecided.prize}_{forms.act_count()}"
    with st.form(key):
        codes = st.multiselect(
            _("Tác phẩm được chọn"),
            list(undecided.entries),
            format_func=lambda code: f"{code} · {proposal.titles[code]}",
            max_selections=undecided.quantity,
            placeholder=_("Chọn trong các tác phẩm bằng nhau"),
            key=f"{key}_works",
        )
        reason = st.text_area(_("Lý do"), max_chars=REASON)
        if st.form_submit_button(_("Ghi quyết định"), icon=":material/gavel:"):
            award_decisions.choose(context.store(), who, undecided.prize, tuple(codes), reason, context.now())
            forms.finish()


def undecided_forms(who: Principal, proposal: Proposal, prizes: dict[str, str]) -> None:
    """Draw a form for the first prize of each tie; the other prizes follow from that decision."""
    if proposal.allocation is None or not proposal.allocation.undecided:
        return
    st.header(_("Giải chờ quyết định"))
    ties: set[tuple[str, ...]] = set()
    for undecided in proposal.allocation.undecided:
        if undecided.entries not in ties:
            ties.add(undecided.entries)
            with unavailable.refusals_in_place():
                decision_form(who, proposal, undecided, prizes)


def show_decisions(who: Principal, proposal: Proposal, prizes: dict[str, str]) -> None:
    """List the decisions: what, by whom, when and why. Each can be revoked until the table is confirmed."""
    if not proposal.decisions:
        return
    st.header(_("Quyết định của Ban Tổ chức"))
    for decision in proposal.decisions:
        column, act = st.columns([4, 1])
        column.text(localized(award_decisions.decision_sentence(decision, prizes.get(decision.prize, decision.prize))))
        column.text(decision.reason)
        if decision.id in proposal.moot:
            chip = _("Không có tác dụng: các giải hiện được phân định theo cách khác")
            column.html(f'<span class="state-chip warn">{escape(chip)}</span>')
        by = {"by": decision.decided_by, "at": Moment(context.moment(decision.decided_at) or context.now())}
        column.caption(localized_markdown(Sentence("{by}, {at}", by)))
        if proposal.may_decide and act.button(
            _("Thu hồi"), key=f"revoke_{decision.id}", icon=":material/undo:", width="stretch"
        ):
            award_decisions.revoke(context.store(), who, decision.id, context.now())
            st.rerun()


def withhold_form(who: Principal, proposal: Proposal, prizes: dict[str, str]) -> None:
    """Draw the form that withholds some of a prize's awards, with a reason."""
    if not proposal.may_decide:
        return
    form = f"withhold_{forms.act_count()}"
    with st.expander(_("Không trao đủ số giải"), icon=":material/do_not_disturb_on:"), st.form(form):
        prize, count = st.columns([3, 1])
        key = prize.selectbox(_("Giải"), list(prizes), format_func=prizes.__getitem__, key=f"{form}_prize")
        quantity = count.number_input(_("Số giải không trao"), min_value=1, step=1)
        reason = st.text_area(_("Lý do"), max_chars=REASON)
        if st.form_submit_button(_("Ghi quyết định"), icon=":material/gavel:"):
            award_decisions.withhold(context.store(), who, str(key), int(quantity), reason, context.now())
            forms.finish()


def award_lines(proposal: Proposal) -> list[str]:
    """One line of text for each award, below its section's heading if it has one."""
    lines: list[str] = []
    for section in proposal.document.sections:
        lines += filter(None, [proposal.document.heading(section)])
        lines += [f"{award.prize_name}: {award.code} · {award.title}" for award in section.awards]
    return lines


def confirm_button(proposal: Proposal) -> None:
    """Draw the button that confirms the table for good. Its dialog lists all awards and asks for the password again."""

    @st.dialog(_("Xác nhận bảng trao giải"), width="medium", icon=":material/verified:")
    def open_dialog() -> None:
        who = guard.require(*ORGANISERS)
        facts = {"count": len(proposal.document.awards), "total": Dong(proposal.document.total)}
        st.text(localized(Sentence("Bảng gồm {count} giải, tổng cộng {total}:", facts)))
        st.text("\n".join(award_lines(proposal)))
        st.text(_("Sau khi xác nhận, không ai sửa được bảng này nữa; phiếu chấm và lượt tương tác đóng hẳn."))
        with st.form("confirm", border=False):
            password = password_field(who)
            label = _("Xác nhận, không sửa nữa")
            submitted = st.form_submit_button(label, type="primary", icon=":material/verified:", width="stretch")
        if submitted:
            with unavailable.refusals_in_place():
                award_decisions.confirm(
                    context.store(), reauthenticate(who, password), proposal.seen, context.now(), context.new_salt()
                )
                st.rerun()

    if proposal.may_decide and not proposal.document.undecided:
        st.divider()
        if st.button(_("Xác nhận bảng trao giải"), type="primary", icon=":material/verified:"):
            open_dialog()


def robustness_button(who: Principal) -> None:
    """Draw the button that leads to the page of how robust the result is, for whom it is open."""
    if robustness.is_open(context.store(), who, context.now()) and st.button(
        _("Độ vững của kết quả"), icon=":material/balance:"
    ):
        st.switch_page("committee/robustness.py")


me = guard.require(*ORGANISERS)
st.title(_("Bảng trao giải"))
try:
    current_proposal = award_decisions.proposal(context.store(), me, context.now())
except StillMarking as refusal:
    st.info(localized_markdown(refusal.sentence), icon=":material/visibility_off:")
    st.stop()
prize_names = {str(prize.key): prize.name for prize in context.contest(context.store()).prizes}
show_status(current_proposal)
show_total(current_proposal)
show_table(current_proposal)
download_links(current_proposal)
robustness_button(me)
undecided_forms(me, current_proposal, prize_names)
with unavailable.refusals_in_place():
    show_decisions(me, current_proposal, prize_names)
with unavailable.refusals_in_place():
    withhold_form(me, current_proposal, prize_names)
confirm_button(current_proposal)
awards_publication.show(me)
