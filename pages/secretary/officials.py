"""The officials: who belongs to the contest's bodies and may not enter, and the authors who are like one of them."""

import streamlit as st

from core.desk import context
from core.desk.entries import official_input, officials
from core.desk.entries.official_input import Typed
from core.desk.entries.officials import Official
from core.desk.matching import match_decisions
from core.rules.access import Principal
from core.rules.words import Day, Sentence
from pages.kit import forms, guard, unavailable
from pages.kit.i18n import _, localized, localized_markdown
from pages.kit.tables import Column, Named, paged_table
from pages.secretary import matches

NAME_LENGTH = 120  # characters


def show_list(listed: tuple[Official, ...], bodies: dict[str, str]) -> None:
    """Draw the table of officials, in the order of a Vietnamese list of people."""
    st.header(_("Danh sách"))
    columns = (
        Column(_("Họ và tên")),
        Column(_("Ban, tổ")),
        Column(_("Ngày sinh"), tight=True),
        Column(_("Điện thoại"), tight=True),
    )
    rows = [
        (
            Named(each.name, each.note),
            bodies.get(each.body, each.body),
            localized(Day(each.birth)) if each.birth else None,
            matches.phone_text(each.phone),
        )
        for each in listed
    ]
    empty = _(
        "Danh sách chưa có ai. Hãy thêm thành viên Ban Tổ chức, Ban Giám khảo, Tổ Thư ký và người giúp việc: những người này "
        "không được dự thi."
    )
    paged_table(columns, rows, caption=_("Danh sách thành viên các ban"), empty=empty, key="officials_page")


def fields(key: str, bodies: dict[str, str], official: Official | None = None) -> Typed:
    """Draw the fields of one official, filled from `official`, and return what was typed."""
    known = dict(bodies)
    if official is not None:
        known.setdefault(official.body, official.body)
    name = st.text_input(
        _("Họ và tên"), official.name if official else "", max_chars=NAME_LENGTH, key=f"{key}_name", autocomplete="off"
    )
    body = st.selectbox(
        _("Ban, tổ"),
        list(known),
        index=list(known).index(official.body) if official else None,
        format_func=lambda each: known.get(each, each),
        accept_new_options=True,
        placeholder=_("Chọn, hoặc gõ tên ban khác"),
        key=f"{key}_body",
    )
    left, right = st.columns(2)
    born = f"{official.birth:%d/%m/%Y}" if official and official.birth else ""
    birth = left.text_input(
        _("Ngày sinh"), born, max_chars=10, placeholder="25/12/1990", key=f"{key}_birth", autocomplete="off"
    )
    phone = right.text_input(
        _("Điện thoại"), official.phone if official else "", max_chars=20, placeholder="0912 345 678",
        key=f"{key}_phone", autocomplete="off",
    )  # fmt: skip
    note = st.text_input(
        _("Ghi chú"), official.note if official else "", max_chars=official_input.NOTE_LENGTH, key=f"{key}_note",
        autocomplete="off",
    )  # fmt: skip
    return Typed(name, body or "", birth, phone, note)


def add_form(who: Principal, bodies: dict[str, str]) -> None:
    """Draw the form of a new official. It keeps what was typed until the official is added."""
    key = f"add_{forms.act_count()}"
    with st.form(key):
        typed = fields(key, bodies)
        submitted = st.form_submit_button(_("Thêm thành viên"), type="primary", icon=":material/person_add:")
    if submitted:
        forms.act(
            lambda: officials.add(context.store(), who, typed, context.now()),
            Sentence("Đã thêm {name} vào danh sách.", {"name": typed.name}),
        )


def import_form(who: Principal) -> None:
    """Draw the form that adds a pasted list. Rows with problems are named, and the text stays to be corrected."""
    with st.form(f"import_{forms.act_count()}"):
        text = st.text_area(
            _("Danh sách"), max_chars=official_input.LIST_LENGTH, height=160, key=f"import_text_{forms.act_count()}"
        )
        st.caption(_("Dán từ bảng tính hoặc tệp CSV, cả dòng tên cột: Họ và tên, Ban, Ngày sinh, Điện thoại, Ghi chú."))
        submitted = st.form_submit_button(_("Thêm cả danh sách"), type="primary", icon=":material/playlist_add:")
    if not submitted:
        return
    with unavailable.refusals_in_place():
        done = officials.import_list(context.store(), who, text, context.now())
        facts = {"added": done.added, "known": done.known}
        summary = Sentence("Đã thêm {added} người; {known} người đã có trong danh sách.", facts)
        if not done.problems:
            forms.finish(summary)
        st.warning(localized_markdown(summary), icon=":material/rule:")
        for problem in done.problems:
            line = Sentence("Dòng {line}: {what}", {"line": problem.line, "what": problem.what})
            st.text(localized(line))


def change_form(who: Principal, listed: tuple[Official, ...], bodies: dict[str, str]) -> None:
    """Draw the choice of an official, and the form that corrects or removes the chosen one."""
    by_id = {each.id: each for each in listed}
    chosen = st.selectbox(
        _("Sửa thành viên"),
        list(by_id),
        format_func=lambda each: f"{by_id[each].name} · {bodies.get(by_id[each].body, by_id[each].body)}",
        index=None,
        placeholder=_("Chọn một thành viên"),
        key=f"chosen_official_{forms.act_count()}",
    )
    if chosen not in by_id:
        return
    official, key = by_id[chosen], f"change_{chosen}_{forms.act_count()}"
    with st.form(key):
        typed = fields(key, bodies, official)
        submitted = st.form_submit_button(_("Lưu"), type="primary", icon=":material/save:")
    seen = forms.seen(f"official_{chosen}", official)
    if submitted:
        forms.act(
            lambda: officials.correct(context.store(), who, seen, typed, context.now()),
            Sentence("Đã lưu thông tin của {name}.", {"name": typed.name}),
        )
    facts = {"name": official.name}
    with st.popover(_("Đưa ra khỏi danh sách"), icon=":material/person_remove:"):
        st.text(
            localized(
                Sentence(
                    "{name} không còn bị coi là thành viên; tác giả giống người này không còn phải xem xét.", facts
                )
            )
        )
        if st.button(_("Đưa ra ngay"), type="primary", key=f"remove_{key}"):
            forms.act(
                lambda: officials.remove(context.store(), who, official.id, context.now()),
                Sentence("Đã đưa {name} ra khỏi danh sách.", facts),
            )


me = guard.require(*matches.ROLES)
st.title(_("Thành viên các ban"))
st.caption(
    _("Thành viên Ban Tổ chức, Ban Giám khảo, Tổ Thư ký và người giúp việc không được dự thi (Kế hoạch, mục III.1).")
)
names = dict(officials.bodies(context.store()))
found = match_decisions.lines(context.store(), me)
matches.show_queue(found, names)
matches.show_history(found, names)
members = officials.listed(context.store(), me)
show_list(members, names)
with st.expander(_("Thêm thành viên"), icon=":material/person_add:"):
    add_form(me, names)
with st.expander(_("Nhập cả danh sách"), icon=":material/playlist_add:"):
    import_form(me)
if members:
    change_form(me, members, names)
