"""The part of the page of awards about publication: its act, and its retraction by two members of the committee."""

import streamlit as st

from core.desk import context
from core.desk.awards import publication
from core.desk.awards.publication import Publication, PublicationState, Retraction
from core.rules.access import Principal
from core.rules.permissions import ORGANISERS
from core.rules.words import Moment, Sentence
from pages.kit import forms, guard, unavailable
from pages.kit.i18n import _, localized_markdown
from pages.kit.password_fields import password_field, reauthenticate

REASON = 1000  # characters
OUTCOMES = {"confirmed": Sentence("đã thu hồi"), "declined": Sentence("không đồng ý")}


def show(who: Principal) -> None:
    """Draw whether the result is public, what was done about it, and what this reader may do; nothing before the
    confirmation.
    """
    found = publication.state(context.store(), who)
    if not found.document:
        return
    st.header(_("Công bố kết quả"))
    show_state(found)
    with unavailable.refusals_in_place():
        if found.waiting is not None:
            waiting_form(who, found.waiting)
        elif found.standing is not None and found.may_publish:
            retraction_form(who, found.standing)
        elif found.may_publish:
            publish_button(found)
    show_history(found)


def show_state(found: PublicationState) -> None:
    """Say whether the result is public."""
    if found.standing is None:
        st.info(
            _("Kết quả chưa công bố: chỉ Ban Tổ chức, Tổ Thư ký và Trưởng Ban Giám khảo xem được."),
            icon=":material/lock:",
        )
        return
    facts = {"at": Moment(found.standing.at), "by": found.standing.by}
    text = Sentence("Kết quả được công bố lúc {at}; người công bố: {by}. Ai cũng xem được.", facts)
    st.success(localized_markdown(text), icon=":material/public:")
    with st.container(horizontal=True):
        st.link_button(_("Xem trang kết quả"), "/results", icon=":material/open_in_new:")
        st.link_button(_("Tải gói chứng cứ"), "/results/evidence.zip", icon=":material/verified_user:")


def publish_button(found: PublicationState) -> None:
    """Draw the button that publishes. Its dialog asks for the password again."""

    @st.dialog(_("Công bố kết quả"), width="medium", icon=":material/public:")
    def open_dialog() -> None:
        who = guard.require(*ORGANISERS)
        st.text(
            _(
                "Bảng trao giải và xếp hạng sẽ mở cho mọi người. Chỉ hai thành viên Ban Tổ chức mới thu hồi được, với lý do."
            )
        )
        with st.form("publish", border=False):
            password = password_field(who)
            submitted = st.form_submit_button(_("Công bố"), type="primary", icon=":material/public:", width="stretch")
        if submitted:
            with unavailable.refusals_in_place():
                again = reauthenticate(who, password)
                publication.publish(context.store(), again, found.document, context.now())
                st.rerun()

    if st.button(_("Công bố kết quả"), type="primary", icon=":material/public:"):
        open_dialog()


def retraction_form(who: Principal, standing: Publication) -> None:
    """Draw the form that proposes to take the publication back."""
    form = f"retraction_{forms.act_count()}"
    with st.expander(_("Đề nghị thu hồi công bố"), icon=":material/undo:"), st.form(form):
        st.caption(_("Một thành viên khác của Ban Tổ chức xác nhận thì kết quả mới thôi công bố."))
        reason = st.text_area(_("Lý do"), max_chars=REASON)
        if st.form_submit_button(_("Gửi đề nghị"), icon=":material/send:"):
            publication.propose_retraction(context.store(), who, standing.number, reason, context.now())
            forms.finish(_("Đã ghi đề nghị thu hồi."))


def waiting_form(who: Principal, proposal: Retraction) -> None:
    """Show the proposal that waits, and the form of who decides it."""
    facts = {"by": proposal.by, "at": Moment(proposal.at)}
    st.warning(localized_markdown(Sentence("{by} đề nghị thu hồi công bố lúc {at}.", facts)), icon=":material/undo:")
    st.text(proposal.reason)
    if not proposal.may_decide:
        st.caption(_("Chờ một thành viên khác của Ban Tổ chức quyết định."))
        return
    with st.form(f"retraction_{proposal.number}"):
        answer = st.text_area(_("Ý kiến (cần có khi không đồng ý)"), max_chars=REASON)
        password = password_field(who)
        agree = st.form_submit_button(_("Thu hồi công bố"), icon=":material/undo:")
        decline = st.form_submit_button(_("Không đồng ý"), icon=":material/block:")
    store, now = context.store(), context.now()
    if agree:
        publication.retract(store, reauthenticate(who, password), proposal.number, answer, now)
        forms.finish(_("Kết quả không còn công bố."))
    elif decline:
        publication.decline_retraction(store, who, proposal.number, answer, now)
        forms.finish(_("Đã ghi ý kiến; kết quả vẫn công bố."))


def show_history(found: PublicationState) -> None:
    """List the earlier publications and the decided proposals, which stay visible ever after."""
    for each in found.publications:
        if each.retracted_at is not None:
            facts = {"by": each.by, "at": Moment(each.at), "end": Moment(each.retracted_at)}
            st.caption(localized_markdown(Sentence("{by} công bố lúc {at}; thu hồi lúc {end}.", facts)))
    for proposal in found.retractions:
        if proposal.outcome is not None:
            facts = {
                "by": proposal.by, "at": Moment(proposal.at), "other": proposal.decided_by,
                "outcome": OUTCOMES[proposal.outcome],
            }  # fmt: skip
            st.caption(localized_markdown(Sentence("{by} đề nghị thu hồi lúc {at}; {other}: {outcome}.", facts)))
            st.text("\n".join(filter(None, (proposal.reason, proposal.answer))))
