"""The award table as CSV that a Vietnamese Excel opens with a double click."""

import csv
import io

from hypothesis import given

from core.papers.csv_table import HEADS, award_csv
from core.papers.layout.wording import printable
from tests.papers.sample_document import TEXTS, as_typed, award_document, saying


def rows(content: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline=""), delimiter=";"))


def test_it_begins_with_the_utf_8_byte_order_mark_and_has_line_ends_of_rfc_4180() -> None:
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


def test_the_total_and_undecided_or_withheld_prizes_are_listed() -> None:
    table = rows(award_csv(award_document(draft=True)))
    assert ["", "Tổng cộng", *[""] * 6, "10000000", "Mười triệu đồng", "", "Dự thảo"] in table
    assert next(row for row in table if row[-1] == "Chưa quyết định 01 giải")[1:3] == [
        "Giải Khuyến khích",
        "T-420, T-421",
    ]
    assert next(row for row in table if row[-1] == "Chưa trao hoặc không trao 01 giải")[10] == "Không đủ số liệu."


def test_a_draft_is_marked_on_every_award() -> None:
    assert [row[-1] for row in rows(award_csv(award_document(draft=True)))[1:4]] == ["Dự thảo"] * 3


def test_it_can_be_checked_against_the_rule_card_and_the_ledger() -> None:
    assert "sha256:" + "ab12" * 16 in rows(award_csv(award_document()))[-1][10]


@given(TEXTS)
def test_no_text_becomes_a_formula_and_every_text_is_read_back(text: str) -> None:
    """docs/security.md, Formulas: titles, authors, reasons."""
    table = rows(award_csv(saying(text)))
    for field in (table[1][2], table[1][3], table[1][4], table[1][5], table[5][1]):
        assert as_typed(field) == printable(text)
    for row in table:
        for field in row:
            assert field.lstrip()[:1] not in set("=+-@＝＋－＠")
