"""The mark on papers: the same text in every format, and its QR code."""

import html
import io
import re
import zipfile
from collections.abc import Callable

import openpyxl
import pytest
import segno

from core.papers.csv_table import award_csv
from core.papers.finals_table import FinalsRow, finals_workbook
from core.papers.layout.printed_mark import PrintedMark
from core.papers.workbook import award_workbook
from tests.papers.sample_document import award_document, of_many

TEXT = "187:7f3a91c208d45be1"
PLAIN = PrintedMark(TEXT)
CODED = PrintedMark(TEXT, f"https://cham.example.vn/results?mark={TEXT}")
ROW = FinalsRow("T-401", "Chợ phiên", "Chung kết", "", None, competes=True, late=False)
WORKBOOKS: dict[str, Callable[[PrintedMark], bytes]] = {
    "award table": lambda mark: award_workbook(award_document(), names=True, mark=mark),
    "draft": lambda mark: award_workbook(award_document(draft=True), names=False, mark=mark),
    "parts": lambda mark: award_workbook(of_many(20, works=3), names=True, mark=mark),
    "finals": lambda mark: finals_workbook("Cuộc thi", [ROW], mark),
}


def pictures(content: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(content)) as file:
        return {name: file.read(name) for name in file.namelist() if "/media/" in name}


@pytest.mark.parametrize("name", WORKBOOKS)
def test_every_page_of_a_workbook_carries_the_mark(name: str) -> None:
    book = openpyxl.load_workbook(io.BytesIO(WORKBOOKS[name](CODED)))
    for page in book:
        assert page.oddFooter and page.oddFooter.left and f"Dấu xác thực {TEXT}" in str(page.oddFooter.left.text)
        words = [str(cell.value) for row in page.iter_rows() for cell in row if cell.value is not None]
        assert next(word for word in words if TEXT in word).startswith(f"Dấu xác thực {TEXT}")
        assert len(vars(page)["_images"]) == 1


@pytest.mark.parametrize("name", WORKBOOKS)
def test_the_qr_code_is_of_the_address_and_without_one_there_is_none(name: str) -> None:
    assert list(pictures(WORKBOOKS[name](CODED)).values()) == [CODED.png()]  # one picture, on every sheet
    plain = WORKBOOKS[name](PLAIN)
    assert pictures(plain) == {}
    assert any(
        TEXT in str(cell.value) for row in openpyxl.load_workbook(io.BytesIO(plain)).worksheets[0] for cell in row
    )


@pytest.mark.parametrize("name", WORKBOOKS)
def test_the_same_state_gives_the_same_bytes(name: str) -> None:
    assert WORKBOOKS[name](CODED) == WORKBOOKS[name](CODED)


def test_the_footer_fits_what_excel_reads() -> None:
    """255 characters; xlsxwriter leaves a longer footer out and only warns."""
    content = WORKBOOKS["award table"](PrintedMark(f"{10**9}:{'f' * 16}"))
    with zipfile.ZipFile(io.BytesIO(content)) as file:
        sheet = file.read("xl/worksheets/sheet1.xml").decode()
    (foot,) = re.findall("<oddFooter>(.*)</oddFooter>", sheet, re.DOTALL)
    assert len(html.unescape(foot)) < 220


def test_csv_carries_the_mark_and_no_code() -> None:
    assert f'Dấu xác thực;;;;;;;;;"{TEXT}; Thể lệ chấm' in award_csv(award_document(), CODED).decode("utf-8-sig")


def test_the_code_is_black_on_white_with_its_quiet_zone() -> None:
    svg = CODED.svg()
    wanted = segno.make_qr(CODED.address, error="m")
    side = wanted.symbol_size(border=2)[0]
    assert svg.startswith(f'<svg viewBox="0 0 {side} {side}"')
    assert re.findall(r'(?:fill|stroke)="([^"]+)"', svg) == ["#fff", "#000"]


def test_without_an_address_there_is_no_code() -> None:
    for draw in (PLAIN.svg, PLAIN.png):
        with pytest.raises(ValueError, match="no address"):
            draw()
