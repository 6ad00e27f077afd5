"""The parts of the page of finalists up to the draw: the list, its closing, the draw, and how to check it."""

import streamlit as st

from core.desk import context
from core.desk.context import moment
from core.desk.finals import draw
from core.desk.finals.draw import TEXT_LENGTH, ClosedList, Closing, DrawState
from core.rules.access import Principal
from core.rules.words import Moment, Sentence
from pages.kit import forms
from pages.kit.i18n import _, escape_markdown, localized, localized_markdown
from pages.kit.password_fields import password_field, reauthenticate


def show_before(state: DrawState) -> None:
    """Say how many works are on the list, which ones wait, and what stands against the draw."""
    if state.now.works:
        facts = {"count": len(state.now.works)}
        st.markdown(localized_markdown(Sentence("**{count}** tác phẩm đạt sơ loại.", facts)))
        st.text(", ".join(state.now.works))
    else:
        st.markdown(
            _("Chưa có tác phẩm nào đạt sơ loại. Khi sơ loại xong, danh sách được chốt và bốc thăm mã chấm ở đây.")
        )
    if state.waiting:
        waiting = Sentence("{count} tác phẩm chưa sơ loại xong:", {"count": len(state.waiting)})
        st.warning(
            f"{localized_markdown(waiting)} {escape_markdown(', '.join(state.waiting))}",
            icon=":material/hourglass_top:",
        )
    for problem in state.problems:
        st.warning(localized_markdown(problem.sentence), icon=":material/person_alert:")
    if state.closed is not None:
        show_closed(state.closed)
    if state.outdated:
        st.warning(
            _("Danh sách đã chốt không còn đúng với các tác phẩm đạt sơ loại: phải chốt lại trước khi bốc thăm."),
            icon=":material/rule:",
        )


def show_closed(closed: ClosedList) -> None:
    """Draw what was made public when the list was closed."""
    facts = {"number": closed.id, "count": len(closed.works), "at": _at(closed.closed_at), "by": closed.closed_by}
    st.markdown(localized_markdown(Sentence("Danh sách lần {number}: {count} tác phẩm, chốt lúc {at}, {by}.", facts)))
    st.caption(_("Mã kiểm tra của danh sách (SHA-256). Hãy đọc to hoặc đăng lên trước khi có con số bốc thăm."))
    st.code(closed.sha256, language=None, wrap_lines=True)
    st.text(localized(Sentence("Con số bốc thăm lấy từ: {source}", {"source": closed.source or "–"})))
    if closed.left_out:
        st.text(localized(Sentence("Không vào danh sách: {codes}", {"codes": ", ".join(closed.left_out)})))
    if closed.reason:
        st.text(localized(Sentence("Lý do: {reason}", {"reason": closed.reason})))


def closing_form(who: Principal, state: DrawState) -> None:
    """Draw the form that closes the list, or closes it again with a reason."""
    again = state.closed is not None
    with st.expander(_("Chốt lại danh sách") if again else _("Chốt danh sách"), expanded=not again or state.outdated):
        st.caption(_("Chốt xong mới được có con số bốc thăm: như vậy không ai chọn được danh sách khi đã biết con số."))
        with st.form(f"close_{forms.act_count()}"):
            source = st.text_input(
                _("Con số bốc thăm sẽ lấy từ đâu"), max_chars=TEXT_LENGTH, autocomplete="off",
                placeholder=_("Giải đặc biệt xổ số miền Bắc ngày 12/8/2024"),
            )  # fmt: skip
            reason = st.text_input(
                _("Lý do (khi còn tác phẩm chưa sơ loại, hoặc khi chốt lại)"), max_chars=TEXT_LENGTH, autocomplete="off"
            )
            submitted = st.form_submit_button(_("Chốt danh sách"), type="primary", icon=":material/lock:")
    seen = forms.seen("close", state.now.sha256)
    if submitted:
        closing = Closing(seen, source, reason)
        forms.act(lambda: draw.close_list(context.store(), who, closing, context.now()), _("Đã chốt danh sách."))


def draw_form(who: Principal, state: DrawState) -> None:
    """Draw the form that draws the codes for good."""
    closed = state.closed
    assert closed is not None
    st.header(_("Bốc thăm mã chấm"))
    st.markdown(
        localized_markdown(
            Sentence(
                "Mỗi tác phẩm được một mã ngẫu nhiên, như {example}, tính từ danh sách đã chốt và con số công khai. Sau đó các "
                "tác phẩm vào hàng chấm của Ban Giám khảo.",
                {"example": f"{state.prefix}-417"},
            )
        )
    )
    with st.form(f"draw_{forms.act_count()}"):
        seed = st.text_input(_("Con số bốc thăm"), max_chars=200, autocomplete="off", placeholder="04817")
        confirmed = st.checkbox(_("Tôi hiểu chỉ bốc thăm một lần, không thể hoàn tác"))
        password = password_field(who)
        submitted = st.form_submit_button(_("Bốc thăm"), type="primary", icon=":material/casino:")
    seen = forms.seen("draw", closed.sha256)
    if submitted and not confirmed:
        st.warning(_("Hãy đánh dấu xác nhận trước khi bốc thăm."), icon=":material/check_box_outline_blank:")
    elif submitted:

        def draw_now() -> None:
            draw.draw(context.store(), reauthenticate(who, password), seen, seed, context.now())

        forms.act(draw_now, _("Đã bốc thăm mã chấm."))


def show_drawn(state: DrawState) -> None:
    """Draw when and with which seed the codes were drawn, and what anybody needs to draw them again."""
    made, closed = state.draw, state.closed
    assert made is not None and closed is not None
    facts = {"seed": made.seed, "at": _at(made.drawn_at), "by": made.drawn_by, "count": len(closed.works)}
    st.success(
        localized_markdown(Sentence("Đã bốc thăm {count} mã chấm lúc {at}, {by}. Con số: {seed}", facts)),
        icon=":material/casino:",
    )
    with st.expander(_("Kiểm tra lại cuộc bốc thăm"), icon=":material/verified:"):
        show_closed(closed)
        st.caption(
            _(
                "Danh sách đã chốt. Ai có danh sách này và con số đều tính lại được mã (docs/contest-rules.md, Judging codes)."
            )
        )
        st.code(draw.list_of(closed).text, language=None)


def _at(millis: int) -> Moment:
    at = moment(millis)
    assert at is not None
    return Moment(at, seconds=False)
