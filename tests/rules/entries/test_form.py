"""The form of a submission: what is cleaned, and every fault with its field."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.rules.contest import EntryRules, Phases, Window
from core.rules.entries.form import (
    LENGTHS,
    LINKS,
    MOST_AUTHORS,
    TEXT_FIELDS,
    Author,
    Fault,
    FormRefused,
    SubmissionForm,
    checked,
    cleaned,
    faults_of,
    from_fields,
    minors,
)
from core.rules.entries.terms import CURRENT, TERMS
from core.rules.people.person import Person
from core.rules.words import Locale
from tests.rules.sample_contest import contest

TODAY = date(2024, 7, 1)
OPENS = datetime(2024, 5, 31, 17, tzinfo=UTC)  # midnight of 1 June in Vietnam
FIRST, SECOND, THIRD = (
    Window(OPENS + timedelta(days=30 * month), OPENS + timedelta(days=30 * month + 29)) for month in range(3)
)
PHASES = Phases(FIRST, SECOND, THIRD, *(OPENS + timedelta(days=100 + day) for day in range(3)))
AGREED = tuple((key, term.version) for key, term in CURRENT.items())
CONTEST = replace(
    contest(), entries=EntryRules(categories=("Học sinh", "Nhân dân"), forms=("Tiểu phẩm",)), phases=PHASES
)
GOOD = SubmissionForm(
    title="Chợ phiên số", form="Tiểu phẩm", summary="", category="Nhân dân", link="live", unit="Xã Chiềng Xôm",
    group="", authors=(Author("Lò Thị Thuỷ", "1990-03-15", "0912345678"),), terms=AGREED,
)  # fmt: skip
YOUNG = Author("Quàng Văn Nam", "2010-01-02", "0987654321")


def faults(form: SubmissionForm) -> list[str]:
    return [fault.field for fault in faults_of(form, CONTEST, TODAY)]


def test_a_good_form_has_no_fault() -> None:
    assert faults(GOOD) == [] and checked(GOOD, CONTEST, TODAY) == GOOD
    assert GOOD.author_names == "Lò Thị Thuỷ" and GOOD.people == (
        Person("Lò Thị Thuỷ", date(1990, 3, 15), "0912345678"),
    )
    assert replace(GOOD, group="Nhóm bản Bó").author_names == "Nhóm bản Bó"


@pytest.mark.parametrize(
    "change, field",
    [
        ({"title": ""}, "title"), ({"title": "…!"}, "title"), ({"title": "a" * 201}, "title"),
        ({"form": "Ca nhạc"}, "form"), ({"category": "Vận động viên"}, "category"), ({"summary": "a" * 1001}, "summary"),
        ({"link": ""}, "link"), ({"link": "visit"}, "link"), ({"unit": ""}, "unit"), ({"unit": "a" * 201}, "unit"),
        ({"group": "a" * 121}, "group"), ({"email": "a@b"}, "email"), ({"email": f"{'a' * 60}@{'b' * 70}.vn"}, "email"),
        ({"published_on": "2024-05-31", "published_where": "Facebook"}, "published_on"),
        ({"published_on": "2024-07-02", "published_where": "Facebook"}, "published_on"),
        ({"published_on": "hôm qua", "published_where": "Facebook"}, "published_on"),
        ({"published_on": "2024-02-30", "published_where": "Facebook"}, "published_on"),
        ({"published_on": "2024-06-15"}, "published_where"),
        ({"authors": ()}, "authors.0.name"), ({"authors": (GOOD.authors[0], Author(""))}, "group"),
        ({"authors": (Author("", "1990-03-15", "0912345678"),)}, "authors.0.name"),
        ({"authors": (Author("Lò Thị Thuỷ", "", "0912345678"),)}, "authors.0.birth"),
        ({"authors": (Author("Lò Thị Thuỷ", "2023-01-01", "0912345678"),)}, "authors.0.birth"),
        ({"authors": (Author("Lò Thị Thuỷ", "1890-01-01", "0912345678"),)}, "authors.0.birth"),
        ({"authors": (Author("Lò Thị Thuỷ", "1990-03-15", ""),)}, "authors.0.phone"),
        ({"authors": (Author("Lò Thị Thuỷ", "1990-03-15", "113"),)}, "authors.0.phone"),
        ({"authors": (YOUNG,), "guardian_phone": "0912345678"}, "guardian"),
        ({"authors": (YOUNG,), "guardian": "Quàng Văn Bố"}, "guardian_phone"),
        *(({"terms": tuple(each for each in AGREED if each[0] != key)}, f"terms.{key}") for key in CURRENT),
    ],
)  # fmt: skip
def test_each_fault_names_its_field(change: dict[str, Any], field: str) -> None:
    found = faults(replace(GOOD, **change))
    assert field in found and len(found) <= 3


def test_a_group_of_too_many_is_refused_with_the_rest_read() -> None:
    crowd = replace(GOOD, group="Đội văn nghệ", authors=GOOD.authors * (MOST_AUTHORS + 1))
    assert faults(crowd) == ["authors"]


def test_a_published_work_needs_a_calendar_to_be_too_early() -> None:
    early = replace(GOOD, published_on="2024-01-01", published_where="Facebook")
    assert not list(faults_of(early, replace(CONTEST, phases=None), TODAY))


def test_a_contest_without_lists_takes_any_category() -> None:
    free = replace(CONTEST, entries=EntryRules())
    assert not list(faults_of(replace(GOOD, form="Ca nhạc", category=""), free, TODAY))


def test_a_minor_has_a_guardian_until_the_birthday() -> None:
    form = replace(GOOD, authors=(Author("Lò Nam", "2006-07-01", "0912345678"), Author("Không rõ tuổi")))
    assert minors(form, date(2024, 6, 30)) == ("Lò Nam",) and minors(form, date(2024, 7, 1)) == ()


def test_the_refusal_has_a_line_for_each_fault() -> None:
    with pytest.raises(FormRefused) as refused:
        checked(replace(GOOD, title="", unit=""), CONTEST, TODAY)
    assert [each.localize(Locale()) for each in refused.value.sentences] == [
        "Đơn dự thi còn 2 chỗ cần sửa.", "Hãy ghi tên tác phẩm.", "Hãy ghi đơn vị hoặc nơi ở.",
    ]  # fmt: skip
    assert isinstance(refused.value.faults[0], Fault)


@pytest.mark.parametrize("typed", ["+84 912 345 678", "84912345678", "0912.345.678", "(091) 234-5678"])
def test_phones_are_kept_in_national_form(typed: str) -> None:
    form = replace(GOOD, authors=(replace(GOOD.authors[0], phone=typed),))
    assert checked(form, CONTEST, TODAY).authors[0].phone == "0912345678"


def test_empty_authors_and_strange_spaces_are_taken_away() -> None:
    form = replace(GOOD, title="\u200b Chợ  phiên\u00a0số \n", authors=(*GOOD.authors, Author(" ")), terms=AGREED[::-1])
    assert checked(form, CONTEST, TODAY) == replace(GOOD, terms=tuple(sorted(AGREED)))


@given(st.text())
def test_cleaning_twice_is_cleaning_once(text: str) -> None:
    assert cleaned(cleaned(text)) == cleaned(text)


@given(st.fixed_dictionaries({name: st.text(max_size=30) for name in TEXT_FIELDS}), st.text(), st.text(), st.text())
def test_any_text_is_a_form_or_faults(fields: dict[str, str], name: str, birth: str, phone: str) -> None:
    form = from_fields(fields, (Author(name, birth, phone),), ())
    assert {fault.field for fault in faults_of(form, CONTEST, TODAY)} >= {f"terms.{key}" for key in CURRENT}


def test_the_window_begins_on_its_day_in_vietnam() -> None:
    first = replace(GOOD, published_on="2024-06-01", published_where="Facebook")
    assert faults(first) == []


def test_terms_are_registered_by_version() -> None:
    assert set(TERMS) == {(term.key, term.version) for term in CURRENT.values()}
    assert set(LENGTHS) - {"name"} < {*TEXT_FIELDS, "group"} and len(LINKS) == 3


def test_people_have_phones_as_officials_have_them() -> None:
    typed = ("01621234567", "12", "")
    form = replace(GOOD, authors=tuple(Author("Lò Thị Thuỷ", "1990-03-15", phone) for phone in typed))
    assert [person.phone for person in form.people] == ["0321234567", "", ""]
