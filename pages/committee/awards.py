"""Who takes which prize: the award table, what the committee has still to decide, and the paper to take away."""

from html import escape

import streamlit as st

from core.desk import context
from core.desk.awards import award_decisions
from core.desk.awards.award_decisions import Proposal
from core.desk.standings.visibility import StillMarking
from core.rules.access import Principal
from core.rules.permissions import ORGANISERS
from core.rules.prizes.allocation import Undecided
from core.rules.vietnamese import money_in_words
from core.rules.words import Dong, Language, Moment, Points, Sentence
from pages.kit import guard, unavailable
from pages.kit.reauthentication import password_again, sure
from pages.kit.speech import _, locale, marked, plain, said
from pages.kit.tables import Column, Lines, Named, paged

REASON = 1000  # characters


def standing(shown: Proposal) -> None:
    """How far the table is: what is missing, ready, or confirmed."""
    if shown.confirmed_at is not None:
        facts = {"at": Moment(shown.confirmed_at), "by": shown.document.confirmed_by or ""}
        text = "Bảng trao giải đã được xác nhận lúc {at}; người xác nhận: {by}. Mọi bản in sau này theo đúng bảng này."
        st.success(marked(Sentence(text, facts)), icon=":material/verified:")
        return
    if shown.missing:
        st.info("\n\n".join(map(marked, shown.missing)), icon=":material/hourglass_top:")
        st.caption(_("Bảng dưới đây là dự kiến theo các phiếu đã nộp và còn thay đổi."))
    elif shown.document.undecided:
        text = "Còn {count} giải chờ Ban Tổ chức quyết định."
        st.warning(
            marked(Sentence(text, {"count": sum(each.quantity for each in shown.document.undecided)})),
            icon=":material/balance:",
        )
    else:
        st.info(_("Mọi giải đã được phân định; có thể xác nhận bảng trao giải."), icon=":material/task_alt:")


def the_sum(shown: Proposal) -> None:
    """The answer first: how many prizes, how much money."""
    count, money = locale().count(len(shown.document.awards)), Dong(shown.document.total).localize(locale())
    words = money_in_words(shown.document.total) if locale().language is Language.VI else ""
    open_ = sum(each.quantity for each in shown.document.undecided)
    left = Sentence(
        "Chưa gồm {count} giải chưa phân định, trị giá {money}.", {"count": open_, "money": Dong(shown.open_money)}
    )
    with st.container(key="sum"):
        st.html(
            f"<dl><div><dt>{escape(_('Số giải'))}</dt><dd>{escape(count)}</dd></div>"
            f"<div><dt>{escape(_('Tổng tiền thưởng'))}</dt><dd>{escape(money)}</dd>"
            f"<dd><small>{escape(words)}</small></dd></div></dl>" + (f"<p>{escape(said(left))}</p>" if open_ else "")
        )


def the_table(shown: Proposal) -> None:
    """Of each section one line for each award, then the prizes that nobody takes."""
    left = iter(not_given(shown))
    for number, section in enumerate(shown.document.sections):
        if heading := shown.document.heading(section):
            st.subheader(plain(heading), anchor=False)
        with st.container(key=f"awards_{number}" if number else "awards"):
            the_awards(shown, number)
        for kept in section.withheld:
            pending, why = next(left)
            facts = {"count": kept.quantity, "prize": kept.prize_name}
            what = (
                Sentence("Chưa trao {count} {prize}.", facts)
                if pending
                else Sentence("Không trao {count} {prize}.", facts)
            )
            st.html(f'<p class="desk-who"><b>{escape(said(what))}</b><span>{escape(why)}</span></p>')


def the_awards(shown: Proposal, number: int) -> None:
    """The awards of the section at this position."""
    section, speech, whys = shown.document.sections[number], locale(), reasons(shown)
    named = any(award.author or award.unit for award in section.awards)  # whoever still marks is not told
    columns = [Column(_("Giải")), Column(_("Tác phẩm"))]
    columns += [Column(_("Tác giả, đơn vị"))] * named
    columns += [Column(_("Điểm"), number=True), Column(_("Tiền thưởng"), number=True)]
    rows = [
        (
            Named(award.prize_name),
            Named(f"{award.code} · {award.title}", whys.get((award.prize, award.code), award.why)),
            *([Lines(award.author, award.unit)] * named),
            "" if award.score is None else Points(award.score, section.score_places),
            speech.count(award.amount),
        )
        for award in section.awards
    ]
    caption = shown.document.heading(section) or _("Bảng trao giải")
    empty = _("Chưa tác phẩm nào đủ số phiếu để xếp giải. Bảng sẽ hiện khi các giám khảo nộp phiếu.")
    paged(columns, rows, caption=caption, empty=empty, key=f"awards_page_{number}" if number else "awards_page")


def reasons(shown: Proposal) -> dict[tuple[str, str], str]:
    """Why each award is proposed, in the reader's language; a confirmed table speaks as it was signed."""
    awards = shown.allocation.awards if shown.allocation is not None else ()
    return {(award.prize, award.entry): said(award.why) for award in awards}


def not_given(shown: Proposal) -> list[tuple[bool, str]]:
    """For each prize of the document that nobody takes: whether it may still be given, and why."""
    if shown.allocation is None:
        return [(False, kept.why) for kept in shown.document.withheld]
    kept = (*shown.allocation.withheld, *shown.allocation.vacant)
    return [(each.pending, said(each.why)) for each in kept]


def take_away(shown: Proposal) -> None:
    """The paper, by an address that asks who is there."""
    book, lines, note = st.columns([1, 1, 2])
    book.link_button(_("Tải bảng XLSX"), "/export/award-table.xlsx", icon=":material/table_view:", width="stretch")
    lines.link_button(_("Tải bảng CSV"), "/export/award-table.csv", icon=":material/csv:", width="stretch")
    if shown.document.draft:
        note.caption(_("Trước khi xác nhận, tệp tải về ghi rõ “Dự thảo”."))


def decide(who: Principal, shown: Proposal, open_: Undecided, prizes: dict[str, str]) -> None:
    """The committee chooses among equals and says why."""
    facts = {"prize": prizes[open_.prize], "count": open_.quantity}
    st.subheader(marked(Sentence("{prize}: chọn {count} tác phẩm", facts)), anchor=False)
    st.text(said(open_.why))
    if not shown.may_decide:
        return
    with st.form(f"choose_{open_.prize}"):
        codes = st.multiselect(
            _("Tác phẩm được chọn"),
            list(open_.entries),
            format_func=lambda code: f"{code} · {shown.titles[code]}",
            max_selections=open_.quantity,
            placeholder=_("Chọn trong các tác phẩm bằng nhau"),
        )
        reason = st.text_area(_("Lý do"), max_chars=REASON)
        if st.form_submit_button(_("Ghi quyết định"), icon=":material/gavel:"):
            award_decisions.choose(context.store(), who, open_.prize, tuple(codes), reason, context.now())
            st.rerun()


def undecided(who: Principal, shown: Proposal, prizes: dict[str, str]) -> None:
    """The first prize of each tie; the others follow from it."""
    if shown.allocation is None or not shown.allocation.undecided:
        return
    st.header(_("Giải chờ quyết định"))
    asked: set[tuple[str, ...]] = set()
    for open_ in shown.allocation.undecided:
        if open_.entries not in asked:
            asked.add(open_.entries)
            with unavailable.told():
                decide(who, shown, open_, prizes)


def decisions(who: Principal, shown: Proposal, prizes: dict[str, str]) -> None:
    """What was decided, by whom and why; each can be taken back until the table is confirmed."""
    if not shown.decisions:
        return
    st.header(_("Quyết định của Ban Tổ chức"))
    for made in shown.decisions:
        words, act = st.columns([4, 1])
        words.text(said(award_decisions.in_words(made, prizes.get(made.prize, made.prize))))
        words.text(made.reason)
        if made.id in shown.moot:
            chip = _("Không có tác dụng: các giải hiện được phân định theo cách khác")
            words.html(f'<span class="state-chip warn">{escape(chip)}</span>')
        by = {"by": made.decided_by, "at": Moment(context.moment(made.decided_at) or context.now())}
        words.caption(marked(Sentence("{by}, {at}", by)))
        if shown.may_decide and act.button(
            _("Thu hồi"), key=f"revoke_{made.id}", icon=":material/undo:", width="stretch"
        ):
            award_decisions.revoke(context.store(), who, made.id, context.now())
            st.rerun()


def withhold(who: Principal, shown: Proposal, prizes: dict[str, str]) -> None:
    """Fewer prizes than the regulation offers, with a reason."""
    if not shown.may_decide:
        return
    with st.expander(_("Không trao đủ số giải"), icon=":material/do_not_disturb_on:"), st.form("withhold"):
        prize, count = st.columns([3, 1])
        key = prize.selectbox(_("Giải"), list(prizes), format_func=lambda each: prizes[each])
        quantity = count.number_input(_("Số giải không trao"), min_value=1, step=1)
        reason = st.text_area(_("Lý do"), max_chars=REASON)
        if st.form_submit_button(_("Ghi quyết định"), icon=":material/gavel:"):
            award_decisions.withhold(context.store(), who, str(key), int(quantity), reason, context.now())
            st.rerun()


def awarded(shown: Proposal) -> list[str]:
    """Every award as a line, below the name of its section where there are several."""
    lines: list[str] = []
    for section in shown.document.sections:
        lines += filter(None, [shown.document.heading(section)])
        lines += [f"{award.prize_name}: {award.code} · {award.title}" for award in section.awards]
    return lines


def confirm(shown: Proposal) -> None:
    """The one act of this page that nobody can undo."""

    @st.dialog(_("Xác nhận bảng trao giải"), width="medium", icon=":material/verified:")
    def asked() -> None:
        who = guard.require(*ORGANISERS)
        facts = {"count": len(shown.document.awards), "total": Dong(shown.document.total)}
        st.text(said(Sentence("Bảng gồm {count} giải, tổng cộng {total}:", facts)))
        st.text("\n".join(awarded(shown)))
        st.text(_("Sau khi xác nhận, không ai sửa được bảng này nữa; phiếu chấm và lượt tương tác đóng hẳn."))
        with st.form("confirm", border=False):
            password = password_again(who)
            words = _("Xác nhận, không sửa nữa")
            sent = st.form_submit_button(words, type="primary", icon=":material/verified:", width="stretch")
        if sent:
            with unavailable.told():
                award_decisions.confirm(
                    context.store(), sure(who, password), shown.seen, context.now(), context.new_salt()
                )
                st.rerun()

    if shown.may_decide and not shown.document.undecided:
        st.divider()
        if st.button(_("Xác nhận bảng trao giải"), type="primary", icon=":material/verified:"):
            asked()


me = guard.require(*ORGANISERS)
st.title(_("Bảng trao giải"))
try:
    now = award_decisions.proposal(context.store(), me, context.now())
except StillMarking as waits:
    st.info(marked(waits.sentence), icon=":material/visibility_off:")
    st.stop()
names = {str(prize.key): prize.name for prize in context.contest(context.store()).prizes}
standing(now)
the_sum(now)
the_table(now)
take_away(now)
undecided(me, now, names)
with unavailable.told():
    decisions(me, now, names)
with unavailable.told():
    withhold(me, now, names)
confirm(now)
