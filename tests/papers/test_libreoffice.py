"""The workbook opens without errors in LibreOffice: every sheet becomes pages, every text is unchanged."""

import csv
import subprocess
from pathlib import Path

import pytest

from core.papers.workbook import award_workbook
from tests.fixtures import pdf_pages
from tests.papers.sample_document import award_document, of_many, saying

ALL_SHEETS = "csv:Text - txt - csv (StarCalc):59,34,76,1,,0,false,true,false,false,false,-1"


def converted(folder: Path, content: bytes, form: str) -> list[Path]:
    (folder / "bang.xlsx").write_bytes(content)
    profile = f"-env:UserInstallation=file://{folder}/profile"
    words = ["soffice", profile, "--headless", "--convert-to", form, "--outdir", str(folder), str(folder / "bang.xlsx")]
    subprocess.run(words, check=True, timeout=180, capture_output=True)
    return sorted(path for path in folder.iterdir() if path.suffix in {".pdf", ".csv"})


def test_it_becomes_a_pdf(tmp_path: Path) -> None:
    (made,) = converted(tmp_path, award_workbook(award_document(), names=True), "pdf")
    assert made.read_bytes().startswith(b"%PDF-") and made.stat().st_size > 10_000


def test_every_sheet_reads_back_with_vietnamese_numbers(tmp_path: Path) -> None:
    made = converted(tmp_path, award_workbook(award_document(), names=True), ALL_SHEETS)
    assert len(made) == 4
    awards = next(path for path in made if "trao" in path.name)
    rows = list(csv.reader(awards.read_text("utf-8-sig").splitlines(), delimiter=";"))
    first = next(row for row in rows if row[0] == "1")
    assert first[1:4] == ["Giải Nhất", "T-417", "Chợ phiên không tiền mặt"]
    assert first[7] == "56,33" and first[8].replace(".", "") == "5000000"


def test_a_formula_in_a_title_is_shown_not_calculated(tmp_path: Path) -> None:
    made = converted(tmp_path, award_workbook(saying('=1+1&HYPERLINK("http://x")'), names=True), ALL_SHEETS)
    awards = next(path for path in made if "trao" in path.name).read_text("utf-8-sig")
    assert '=1+1&HYPERLINK(""http://x"")' in awards or '=1+1&HYPERLINK("http://x")' in awards


def test_what_thirty_judges_gave_to_fifty_works_can_be_read_on_a4(tmp_path: Path) -> None:
    document = of_many(judges=30, works=50, criteria=12)
    (made,) = converted(tmp_path, award_workbook(document, names=True), "pdf")
    pages = pdf_pages.pages(made.read_bytes())
    assert all(page.is_a4 and page.landscape and page.cut == () for page in pages)
    assert min(page.type_size for page in pages) >= 8
    begins = [at for at, page in enumerate(pages) if page.has("BẢNG TỔNG HỢP ĐIỂM (PHẦN")]
    ends = next(at for at, page in enumerate(pages) if page.has("TỔNG HỢP PHIẾU CHẤM ĐIỂM"))
    assert len(begins) == 3  # each part starts on a new page
    summary = pages[begins[0] : ends]
    for judge in document.sections[0].judges:
        assert any(page.has(judge.name) for page in summary)
    for row in document.sections[0].standings:  # once on each part
        assert sum(page.has(row.code) for page in summary) == 3


@pytest.mark.parametrize("judges", [6, 7, 12, 31])
def test_no_panel_is_too_large_for_type_that_can_be_read(tmp_path: Path, judges: int) -> None:
    (made,) = converted(tmp_path, award_workbook(of_many(judges, works=3), names=True), "pdf")
    assert min(page.type_size for page in pdf_pages.pages(made.read_bytes())) >= 8
