"""The workbook opens clean in LibreOffice: every sheet becomes pages, every text stays the text it was."""

import csv
import subprocess
from pathlib import Path

from core.papers.workbook import award_workbook
from tests.papers.a_table import award_table, saying

ALL_SHEETS = "csv:Text - txt - csv (StarCalc):59,34,76,1,,0,false,true,false,false,false,-1"


def converted(folder: Path, content: bytes, form: str) -> list[Path]:
    (folder / "bang.xlsx").write_bytes(content)
    profile = f"-env:UserInstallation=file://{folder}/profile"
    words = ["soffice", profile, "--headless", "--convert-to", form, "--outdir", str(folder), str(folder / "bang.xlsx")]
    subprocess.run(words, check=True, timeout=180, capture_output=True)
    return sorted(path for path in folder.iterdir() if path.suffix in {".pdf", ".csv"})


def test_it_becomes_a_pdf(tmp_path: Path) -> None:
    (made,) = converted(tmp_path, award_workbook(award_table(), names=True), "pdf")
    assert made.read_bytes().startswith(b"%PDF-") and made.stat().st_size > 10_000


def test_every_sheet_reads_back_with_vietnamese_numbers(tmp_path: Path) -> None:
    made = converted(tmp_path, award_workbook(award_table(), names=True), ALL_SHEETS)
    assert len(made) == 4
    awards = next(path for path in made if "trao" in path.name)
    rows = list(csv.reader(awards.read_text("utf-8-sig").splitlines(), delimiter=";"))
    first = next(row for row in rows if row[0] == "1")
    assert first[1:4] == ["Giải Nhất", "T-417", "Chợ phiên không tiền mặt"]
    assert first[7] == "56,33" and first[8].replace(".", "") == "5000000"


def test_a_formula_in_a_title_is_shown_not_reckoned(tmp_path: Path) -> None:
    made = converted(tmp_path, award_workbook(saying('=1+1&HYPERLINK("http://x")'), names=True), ALL_SHEETS)
    awards = next(path for path in made if "trao" in path.name).read_text("utf-8-sig")
    assert '=1+1&HYPERLINK(""http://x"")' in awards or '=1+1&HYPERLINK("http://x")' in awards
