"""The wording of papers: dates, times, and text that stays text."""

from datetime import date

import pytest
from hypothesis import given

from core.papers.layout.wording import clock, day_in_words, escape_formula, place_and_day, printable
from tests.papers.sample_document import TEXTS, as_typed


class TestDayInWords:
    """Decree 30/2020, Annex I: a leading 0 only for days under 10 and months 1 and 2."""

    @pytest.mark.parametrize(
        "day, words",
        [
            (date(2024, 2, 5), "ngày 05 tháng 02 năm 2024"),
            (date(2024, 9, 15), "ngày 15 tháng 9 năm 2024"),
            (date(2024, 8, 1), "ngày 01 tháng 8 năm 2024"),
            (date(2024, 1, 31), "ngày 31 tháng 01 năm 2024"),
            (date(2024, 12, 10), "ngày 10 tháng 12 năm 2024"),
        ],
    )
    def test_days(self, day: date, words: str) -> None:
        assert day_in_words(day) == words

    def test_the_day_is_vietnams_not_greenwichs(self) -> None:
        assert place_and_day("Sơn La", 1_725_987_599_000) == "Sơn La, ngày 10 tháng 9 năm 2024"  # 16:59:59Z
        assert place_and_day("Sơn La", 1_725_987_600_000) == "Sơn La, ngày 11 tháng 9 năm 2024"  # 17:00:00Z
        assert clock(1_725_987_599_000) == "23:59:59 ngày 10/09/2024"

    def test_without_a_place_only_the_day_is_written(self) -> None:
        assert place_and_day("", 1_726_387_200_000) == "Ngày 15 tháng 9 năm 2024"


class TestTextsAreNotFormulas:
    """docs/security.md, Formulas; ASVS 1.2.10."""

    @pytest.mark.parametrize("text", ["=1+1", "+84 912", "-5", "@SUM(A1)", "\t=1", "  =1", "＝1", "'=1"])
    def test_a_formula_is_marked(self, text: str) -> None:
        assert escape_formula(text) == "'" + text

    @pytest.mark.parametrize("text", ["Bản Mòng", "'Số hoá'", "5 - 4", "", "a=b"])
    def test_other_texts_are_unchanged(self, text: str) -> None:
        assert escape_formula(text) == text

    @given(TEXTS)
    def test_what_was_marked_can_be_unmarked(self, text: str) -> None:
        marked = escape_formula(text)
        assert as_typed(marked) == text
        assert marked.lstrip()[:1] not in set("=+-@＝＋－＠")

    def test_what_no_file_can_hold_is_shown_not_dropped(self) -> None:
        assert printable("a\x00b\x1fc\ud800d\r\ne\rf") == "a\ufffdb\ufffdc\ufffdd\ne\nf"
        assert len(printable("x" * 40_000)) == 32_000 and printable("x" * 40_000).endswith("…")
