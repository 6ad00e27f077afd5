"""The award table as CSV: what a Vietnamese Excel opens by a double click."""

import csv
import io

from hypothesis import given

from core.papers.csv_table import HEADS, award_csv
from core.papers.layout.wording import printable
from tests.papers.a_document import TEXTS, as_typed, award_document, saying


def rows(content: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline=""), delimiter=";"))


def test_it_begins_with_the_mark_of_utf_8_and_ends_its_lines_as_rfc_4180_says() -> None:
    content = award_csv(award_document())
    assert content.startswith(b"\xef\xbb\xbfSTT;") and content.endswith(b"\r\n")


def test_a_line_is_an_award_with_a_decimal_comma_and_money_in_figures_and_words() -> None:
    first = rows(award_csv(award_document()))[1]
    assert first[:3] == ["1", "Giải Nhất", "T-417"]
    assert first[6:] == [
        "1", "56,33", "5000000", "Năm triệu đồng", "Hạng 1.\nKèm Bằng khen của Chủ tịch Ủy ban nhân dân tỉnh.", "Đã xác nhận",
    ]  # fmt: skip


def test_every_line_has_every_column() -> None:
    assert {len(row) for row in rows(award_csv(award_document(draft=True)))} == {len(HEADS)}


def test_the_total_and_what_is_open_or_withheld_are_said() -> None:
    said = rows(award_csv(award_document(draft=True)))
    assert ["", "Tổng cộng", *[""] * 6, "10000000", "Mười triệu đồng", "", "Dự thảo"] in said
    assert next(row for row in said if row[-1] == "Chưa quyết định 01 giải")[1:3] == [
        "Giải Khuyến khích",
        "T-420, T-421",
    ]
    assert next(row for row in said if row[-1] == "Chưa trao hoặc không trao 01 giải")[10] == "Không đủ số liệu."


def test_a_draft_says_so_on_every_award() -> None:
    assert [row[-1] for row in rows(award_csv(award_document(draft=True)))[1:4]] == ["Dự thảo"] * 3


def test_it_can_be_checked_against_the_rule_card_and_the_ledger() -> None:
    assert "sha256:" + "ab12" * 16 in rows(award_csv(award_document()))[-1][10]


@given(TEXTS)
def test_any_text_is_no_formula_and_comes_back(text: str) -> None:
    """docs/security.md, Formulas: titles, authors, reasons."""
    said = rows(award_csv(saying(text)))
    for field in (said[1][2], said[1][3], said[1][4], said[1][5], said[5][1]):
        assert as_typed(field) == printable(text)
    for row in said:
        for field in row:
            assert field.lstrip()[:1] not in set("=+-@＝＋－＠")
