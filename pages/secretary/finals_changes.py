"""The part of the page of finalists where one person proposes a change and another confirms or declines it."""

from urllib.parse import quote

import streamlit as st

from core.desk import context
from core.desk.finals import finalist_changes
from core.desk.finals.finalist_changes import REASON_LENGTH, NewProposal, Proposal
from core.desk.finals.finalists import Finalist
from core.desk.finals.proposed_film_checks import ProposedFilmCheck
from core.rules.access import Principal
from core.rules.entries.states import FINALIST_CHANGE_NAMES, FinalistChange
from core.rules.permissions import may_see_twins
from core.rules.words import Moment, Sentence
from pages.kit import forms, i18n
from pages.kit.i18n import _, localized, localized_markdown

TWINS = "/twins"  # the address of the page of films that are alike
OUTCOMES = {"confirmed": Sentence("đã xác nhận"), "declined": Sentence("không đồng ý")}


def show_proposals(who: Principal, found: tuple[Proposal, ...]) -> None:
    """Draw each proposal that waits, with the answer of the second person, then those that are decided."""
    st.header(_("Đề nghị thay đổi"))
    st.caption(_("Từ khi bốc thăm, mọi thay đổi do một người đề nghị và người khác xác nhận."))
    waiting = [each for each in found if each.outcome is None]
    if not waiting:
        st.markdown(_("Không có đề nghị nào chờ xác nhận."))
    for each in waiting:
        with st.container(border=True):
            show_waiting(who, each)
    decided = [each for each in found if each.outcome is not None]
    if decided:
        with st.expander(_("Các đề nghị đã quyết định"), icon=":material/history:"):
            for each in decided:
                st.text(localized(_decided(each)))


def show_waiting(who: Principal, proposal: Proposal) -> None:
    """Draw what is proposed, and the form of the answer for a person who may give one."""
    facts = {"code": proposal.code, "kind": FINALIST_CHANGE_NAMES[proposal.kind]}
    st.markdown(localized_markdown(Sentence("**{code}**: {kind}", facts)))
    st.text(localized(Sentence("Lý do: {reason}", {"reason": proposal.reason or "–"})))
    for field, before, after in proposal.fields:
        facts = {"field": field, "before": before, "after": after}
        one, two = Sentence("{field}: “{after}”", facts), Sentence("{field}: “{before}” → “{after}”", facts)
        st.text(localized(two if before else one))
    now_address = f"/video/{quote(proposal.code)}"
    if proposal.kind is FinalistChange.FILM:
        new_address = f"/proposed-films/{quote(proposal.code)}"
        st.markdown(f"[{_('Xem phim đang chấm')}]({now_address}) · [{_('Xem phim đề nghị')}]({new_address})")
    elif proposal.kind is FinalistChange.REINSTATE:
        st.markdown(f"[{_('Xem phim')}]({now_address})")
    if proposal.film_check is not None:
        show_film_check(who, proposal.film_check)
    st.caption(
        localized_markdown(Sentence("{by}, {at}", {"by": proposal.by, "at": Moment(proposal.at, seconds=False)}))
    )
    if not proposal.may_decide:
        st.caption(_("Chờ người khác xác nhận."))
        return
    with st.form(f"answer_{proposal.id}_{forms.act_count()}"):
        reason = st.text_input(_("Lý do (bắt buộc khi không đồng ý)"), max_chars=REASON_LENGTH, autocomplete="off")
        left, right = st.columns(2)
        confirmed = left.form_submit_button(_("Xác nhận"), type="primary", icon=":material/check:", width="stretch")
        declined = right.form_submit_button(_("Không đồng ý"), icon=":material/close:", width="stretch")
    store, now = context.store(), context.now()
    if confirmed:
        forms.act(lambda: finalist_changes.confirm(store, who, proposal.id, reason, now), _("Đã xác nhận thay đổi."))
    elif declined:
        forms.act(lambda: finalist_changes.decline(store, who, proposal.id, reason, now), _("Đã ghi không đồng ý."))


def show_film_check(who: Principal, found: ProposedFilmCheck) -> None:
    """Draw what the check of a proposed film has found, and which films it is like."""
    for line in found.check.for_author(i18n.language()) if found.check is not None else ():
        st.text(line)
    if found.compared and not found.pairs:
        st.text("\n".join(localized(said) for said in found.comparison))
    else:
        st.warning("\n\n".join(localized_markdown(said) for said in found.comparison), icon=":material/compare:")
    if found.pairs and may_see_twins(who):
        st.markdown(f"[{_('So sánh ở trang Phim giống nhau')}]({TWINS})")


def proposal_form(who: Principal, found: tuple[Finalist, ...]) -> None:
    """Draw the form that proposes a change of the chosen finalist."""
    by_code = {each.code: each for each in found}
    with st.expander(_("Đề nghị một thay đổi"), icon=":material/edit_note:"):
        left, right = st.columns(2)
        chosen = left.selectbox(
            _("Tác phẩm"), list(by_code), format_func=lambda code: by_code[code].post_text, index=None,
            placeholder=_("Gõ mã số hoặc tên tác phẩm"), key=f"changed_{forms.act_count()}",
        )  # fmt: skip
        if chosen not in by_code:
            st.caption(_("Để sửa đơn hoặc thay phim, mở tác phẩm ở trang Đơn dự thi và lưu ở đó."))
            return
        kinds = (
            [FinalistChange.WITHDRAW, FinalistChange.DISQUALIFY]
            if by_code[chosen].competes
            else [FinalistChange.REINSTATE]
        )
        kind = right.selectbox(
            _("Thay đổi"), kinds, format_func=lambda each: localized(FINALIST_CHANGE_NAMES[each]), index=None,
            placeholder=_("Chọn thay đổi"), key=f"kind_{chosen}_{forms.act_count()}",
        )  # fmt: skip
        if kind is None:
            return
        finalist = finalist_changes.changeable(context.store(), who, chosen)
        with st.form(f"propose_{chosen}_{kind}_{forms.act_count()}"):
            reason = st.text_input(_("Lý do"), max_chars=REASON_LENGTH, autocomplete="off")
            submitted = st.form_submit_button(_("Gửi đề nghị"), type="primary", icon=":material/send:")
        seen = forms.seen(f"propose_{chosen}", finalist.version)
    if submitted:
        new = NewProposal(chosen, kind, seen, reason)
        done = _("Đã gửi đề nghị; người khác cần xác nhận.")
        forms.act(lambda: finalist_changes.propose(context.store(), who, new, context.now()), done)


def _decided(proposal: Proposal) -> Sentence:
    facts = {
        "code": proposal.code, "kind": FINALIST_CHANGE_NAMES[proposal.kind], "reason": proposal.reason or "–", "by": proposal.by,
        "decided_by": proposal.decided_by, "outcome": OUTCOMES[proposal.outcome or ""], "answer": proposal.answer or "–",
    }  # fmt: skip
    return Sentence("{code}: {kind} ({by}: {reason}) – {decided_by} {outcome}: {answer}", facts)
