"""What people type about officials: checked texts, and lists pasted from a spreadsheet."""

from datetime import date

import pytest

from core.desk.accounts.account_refusals import NameLong, NameUnreadable
from core.desk.entries.official_input import (
    LIST_LENGTH,
    BadBirthDate,
    BodyMissing,
    OfficialNameMissing,
    TextLong,
    Typed,
    birth_date,
    checked,
    read_officials,
)
from core.desk.text_input.csv_lines import ColumnTwice, NoHeader
from core.rules.people.phones import NotAPhone
from core.rules.words import Refusal
from core.store.people.officials import OfficialTexts

TODAY = date(2024, 8, 20)
BODIES = (("committee", "Ban Tổ chức"), ("jury", "Ban Giám khảo"))
AN = OfficialTexts("Lò Văn An", "committee", "1990-05-07", "0912345678", "Phó ban")


def test_texts_are_stored_in_one_form() -> None:
    typed = Typed("  Lò  Văn An", "ban tổ chức", "7/5/1990", "+84 912.345.678", " Phó  ban ")
    assert checked(typed, BODIES, TODAY) == AN


@pytest.mark.parametrize(
    "body, stored", [("jury", "jury"), ("BAN GIÁM KHẢO", "jury"), ("Hội đồng  tư vấn", "Hội đồng tư vấn")]
)
def test_a_body_of_the_contest_becomes_its_key_and_another_stays_as_typed(body: str, stored: str) -> None:
    assert checked(Typed("Lò Văn An", body), BODIES, TODAY) == OfficialTexts("Lò Văn An", stored)


@pytest.mark.parametrize(
    "typed, refusal",
    [
        (Typed(" ", "jury"), OfficialNameMissing), (Typed("123", "jury"), OfficialNameMissing),
        (Typed("A" * 300, "jury"), NameLong), (Typed("Lò\u200b Văn An", "jury"), NameUnreadable),
        (Typed("\u202eLò Văn An", "jury"), NameUnreadable), (Typed("Lò Văn An", " "), BodyMissing),
        (Typed("Lò Văn An", "B" * 121), TextLong), (Typed("Lò Văn An", "jury", note="g" * 301), TextLong),
        (Typed("Lò Văn An", "jury", "1990"), BadBirthDate), (Typed("Lò Văn An", "jury", phone="123"), NotAPhone),
    ],
)  # fmt: skip
def test_bad_input_gives_one_sentence(typed: Typed, refusal: type[Refusal]) -> None:
    with pytest.raises(refusal):
        checked(typed, BODIES, TODAY)


@pytest.mark.parametrize(
    "text, day",
    [
        ("07/05/1990", date(1990, 5, 7)), ("7-5-1990", date(1990, 5, 7)), ("7.5.1990", date(1990, 5, 7)),
        ("1990-05-07", date(1990, 5, 7)), ("20/08/2024", TODAY), ("", None), ("  ", None),
    ],
)  # fmt: skip
def test_dates_of_birth(text: str, day: date | None) -> None:
    assert birth_date(text, TODAY) == day


@pytest.mark.parametrize(
    "text", ["31/02/1990", "21/08/2024", "01/01/1899", "05/1990", "1990", "7/5/90", "x" * 300, "٠٧/٠٥/١٩٩٠x"]
)
def test_what_is_no_date_of_birth_is_refused(text: str) -> None:
    with pytest.raises(BadBirthDate) as refused:
        birth_date(text, TODAY)
    assert len(str(refused.value)) < 100


class TestLists:
    @pytest.mark.parametrize("separator", ["\t", ",", ";"])
    def test_a_pasted_list_is_read_whatever_separates_its_cells(self, separator: str) -> None:
        header = ("STT", "Họ và tên", "Ngày sinh", "Điện thoại", "Ban", "Ghi chú")
        rows = [
            ("1", "Lò Văn An", "7/5/1990", "912345678", "Ban Tổ chức", "Phó ban"),
            ("2", "Hà Thị Mai", "", "", "jury", ""),
        ]
        text = "\n".join(separator.join(cells) for cells in (header, *rows))
        found, problems = read_officials(text, BODIES, TODAY)
        assert found == [AN, OfficialTexts("Hà Thị Mai", "jury")] and problems == []

    def test_a_bad_row_is_named_by_its_line_and_does_not_stop_the_others(self) -> None:
        text = "họ tên,ban,điện thoại\nLò Văn An,jury,12\n,jury,\nHà Thị Mai,jury,0912345678\nVừ A Dơ,,\nch,"
        found, problems = read_officials(text, BODIES, TODAY)
        assert [each.name for each in found] == ["Hà Thị Mai"]
        assert [problem.line for problem in problems] == [2, 3, 5, 6]

    def test_lost_letters_in_a_name_are_a_warning(self) -> None:
        found, problems = read_officials("name,body\nNguy?n Văn An,jury", BODIES, TODAY)
        assert found == [] and len(problems) == 1
        found, problems = read_officials("name,body\nNguyÔn V¨n An,jury", BODIES, TODAY)
        assert not found or problems[0].warning

    def test_a_list_without_its_columns_or_too_long_is_refused(self) -> None:
        for text in ("Lò Văn An\nHà Thị Mai", "họ và tên\nLò Văn An", ""):
            with pytest.raises(NoHeader, match="họ và tên, ban"):
                read_officials(text, BODIES, TODAY)
        with pytest.raises(TextLong):
            read_officials("x" * (LIST_LENGTH + 1), BODIES, TODAY)

    def test_two_columns_of_one_meaning_are_refused(self) -> None:
        with pytest.raises(ColumnTwice, match="“ban” và cột “cơ quan”"):
            read_officials("họ và tên,ban,cơ quan\nLò Văn An,jury,Sở", BODIES, TODAY)
