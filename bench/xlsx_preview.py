"""CPU time to preview a workbook, against pandas.read_excel, and the memory that a bomb takes. python -m bench.xlsx_preview

The second figure is a table of submissions beside as many that are stored, R07 and R02 included. The workbook has 1,000 rows of 18 columns (200 with --quick); every cell is checked. The bomb is 600 kB that unpack to
360 MB: the desk refuses it before it is unpacked; pandas reads it, in a process of its own.
"""

import io
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory

import psutil
import xlsxwriter

from bench import table
from bench.film_check import cost_s
from core.desk.table_files.columns import Column, Kind
from core.desk.table_files.preview import preview
from core.desk.table_files.reader import read_table
from core.desk.table_files.table import NotATable
from core.rules.entries.table_rows import RowOutcome
from core.settings import sqlite_url
from core.store.engine import connect
from core.store.migrate import migrate
from tests.desk.contest_with_panel import assigned_panel
from tests.desk.submission_tables import filled

COLUMNS = tuple(
    Column(f"c{at}", (f"Cột {at}",), Kind.PHONE if at == 3 else Kind.TEXT, required=at < 2) for at in range(18)
)
PANDAS = (
    "import resource, sys, time\nimport pandas\nstart = time.process_time()\n"
    "pandas.read_excel(sys.argv[1], dtype=str, header=None)\n"
    "print(time.process_time() - start, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)"
)


def measure(quick: bool) -> Iterator[table.Figure]:
    """The time of a preview, and the memory of a bomb."""
    rows = 200 if quick else 1_000
    with TemporaryDirectory() as folder:
        path = Path(folder, "a.xlsx")
        path.write_bytes(workbook(rows))
        ours = preview_s(path.read_bytes(), rows)
        theirs, _ = pandas_s_mb(path)
        spent = submissions_s(Path(folder), rows)
        yield table.Figure(
            f"processor's time to preview a table of {rows} submissions beside {rows} stored ones", spent, "s",
            "≤ 3 s", spent <= 3,
        )  # fmt: skip
        yield table.Figure(
            f"processor's time to preview a workbook of {rows} rows × 18 columns", ours, "s", "≤ 3 s", ours <= 3,
            plain=theirs, plain_is="pandas.read_excel",
        )  # fmt: skip
        path.write_bytes(bomb())
        grown = refusal_mb(path.read_bytes())
        _, plain = pandas_s_mb(path)
    yield table.Figure(
        "memory for a workbook of 600 kB that unpacks to 360 MB", grown, "MB", "≤ 5 MB", grown <= 5,
        plain=plain, plain_is="pandas.read_excel, its whole process",
    )  # fmt: skip


def workbook(rows: int) -> bytes:
    """A workbook of so many rows: texts and phone numbers, some of them without their zero."""
    file = io.BytesIO()
    with xlsxwriter.Workbook(file, {"in_memory": True}) as book:
        sheet = book.add_worksheet("Tác phẩm")
        sheet.write_row(0, 0, [column.title for column in COLUMNS])
        for row in range(1, rows + 1):
            sheet.write_row(row, 0, [f"Nguyễn Văn Án {row} {at}" for at in range(18)])
            sheet.write_number(row, 3, 912_000_000 + row)
    return file.getvalue()


def preview_s(data: bytes, rows: int) -> float:
    """Preview the workbook three times; return the median processor's time (s), with the limited process."""

    def act() -> None:
        checked = preview(read_table(data, "a.xlsx", COLUMNS), COLUMNS)
        if len(checked.rows) != rows or len(checked.faults) != rows:
            raise RuntimeError("the workbook was not read whole")

    return cost_s(act, 3)


def pandas_s_mb(path: Path) -> tuple[float, float]:
    """Read a workbook with pandas in a process of its own: its processor's time (s), its most memory (MB)."""
    command = [sys.executable, "-W", "ignore", "-c", PANDAS, str(path)]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    seconds, megabytes = map(float, done.stdout.split())
    return seconds, megabytes


def submissions_s(folder: Path, rows: int) -> float:
    """Take a table of so many submissions, then preview it again three times; the median processor's time (s)."""
    people = [
        {
            "title": f"Tác phẩm {n}",
            "name.1": f"Lò Văn Số {n}",
            "phone.1": f"09{n:08}",
            "group": f"Nhóm {n}",
            "name.2": f"Cà Thị {n}",
        }
        for n in range(rows)
    ]
    data = filled.table(*people)
    with closing(connect(sqlite_url(folder / "desk.db"))) as store:
        migrate(store)
        assigned_panel(store)
        filled.taken(store, data)

        def act() -> None:
            if filled.shown(store, data).count(RowOutcome.SAME) != rows:
                raise RuntimeError("a row did not find its submission")

        return cost_s(act, 3)


def bomb() -> bytes:
    """A small valid workbook whose sheet unpacks to 360 MB."""
    file = io.BytesIO(workbook(1))
    row = b'<row><c t="inlineStr"><is><t>' + b"a" * 3000 + b"</t></is></c></row>"
    out = io.BytesIO()
    with zipfile.ZipFile(file) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for part in old.infolist():
            data = old.read(part)
            head, end, tail = data.partition(b"</sheetData>")
            with new.open(part.filename, "w") as written:
                written.write(head)
                for _ in range(120 if end else 0):
                    written.write(row * 1000)
                written.write(end + tail)
    return out.getvalue()


def refusal_mb(data: bytes) -> float:
    """How much this process grows (MB) while the workbook is refused. Raises RuntimeError if it is not refused."""
    process = psutil.Process()
    before = process.memory_info().rss
    try:
        read_table(data, "a.xlsx", COLUMNS)
    except NotATable:
        return float(max(0, process.memory_info().rss - before)) / (1 << 20)
    raise RuntimeError("the bomb was read")


if __name__ == "__main__":
    table.run(__doc__, measure)
