"""RFC 4180 records. A misplaced quotation mark spoils its whole record, and as few others as possible."""

import csv
import io
from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.desk.files.work_columns import COLUMNS
from core.desk.files.work_list import read_works
from core.desk.text_input.csv_lines import Problem, open_table
from core.desk.text_input.csv_records import NEAR, SPAN
from core.rules.words import Locale

HEAD = "code,title,author,unit,video\n"
BROKEN = "Dấu ngoặc kép trong dòng đặt sai hoặc chưa khép lại"


def read(rows: str) -> tuple[list[tuple[str, str]], list[tuple[int, str]]]:
    """Codes and titles, and the problems by line."""
    works, problems = read_works(HEAD + rows, "works.csv")
    return [(work.code, work.title) for work in works], line_texts(problems)


def line_texts(problems: Sequence[Problem]) -> list[tuple[int, str]]:
    return [(problem.line, problem.what.localize(Locale())) for problem in problems]


class TestWholeRecords:
    @pytest.mark.parametrize(
        "row, title",
        [
            ('T-1,"Chợ phiên\nkhông tiền mặt",A,X,a.mp4', "Chợ phiên không tiền mặt"),
            ('T-1,"Chợ\r\n\r\nphiên",A,X,a.mp4', "Chợ phiên"),
            ('T-1,"Chợ, phiên",A,X,a.mp4', "Chợ, phiên"),
            ('T-1,"Chợ ""phiên""",A,X,a.mp4', 'Chợ "phiên"'),
            ('"T-1" , "Chợ phiên" , A,"X","a.mp4"', "Chợ phiên"),
            ("T-1,  Chợ phiên  ,A,X,a.mp4", "Chợ phiên"),
            ('T-1,Màn hình 24" cong,A,X,a.mp4', 'Màn hình 24" cong'),
            ('T-1,Phim "Mùa xuân" ở bản,A,X,a.mp4', 'Phim "Mùa xuân" ở bản'),
            ('T-1,"Một\nT-9,Giả,B,Y,z.mp4",A,X,a.mp4', "Một T-9,Giả,B,Y,z.mp4"),
        ],
    )
    def test_one_record_is_one_work(self, row: str, title: str) -> None:
        works, _ = read(row + "\nT-2,Hai,B,Y,b.mp4\n")
        assert works == [("T-1", title), ("T-2", "Hai")]

    def test_lines_are_numbered_as_in_the_file(self) -> None:
        _, problems = read('T-1,"Một\nhai\nba",A,X,a.mp4\nT-2,,B,Y,b.mp4\n')
        assert problems == [(5, "Cột title trống.")]

    def test_a_cell_that_contains_what_looks_like_a_row_is_one_cell_and_is_reported(self) -> None:
        works, problems = read('T-1,"Một\nT-9,Giả,B,Y,z.mp4\nhết",A,X,a.mp4\n')
        assert works == [("T-1", "Một T-9,Giả,B,Y,z.mp4 hết")]
        what = (
            "Ô trong ngoặc kép mở ở dòng này gồm cả dòng 3, giống một dòng riêng của bảng; hãy kiểm tra dấu ngoặc kép."
        )
        assert problems == [(2, what)]


class TestBrokenRecords:
    @pytest.mark.parametrize(
        "rows, codes, lines",
        [
            ('T-1,"Một,A,X,a.mp4\nT-2,Hai,B,Y,b.mp4\n', ["T-2"], [2]),
            ('T-1,"Một" hai,A,X,a.mp4\nT-2,Hai,B,Y,b.mp4\n', ["T-2"], [2]),
            ('T-1,Một",A,X,a.mp4\nT-2,Hai,B,Y,b.mp4\n', ["T-2"], [2]),
            ('T-1,Mộ"t,A,X,a.mp4\nT-2,Hai,B,Y,b.mp4\n', ["T-2"], [2]),
            ('T-1,"Một\nhai,A,X,a.mp4\nT-2,Hai,B,Y,b.mp4\n', ["T-2"], [2]),
            ('T-1,"Một\nhai, ba\nbốn,A,X,a.mp4\nT-2,Hai,B,Y,b.mp4\nT-3,Ba,C,Z,c.mp4\n', ["T-2", "T-3"], [2]),
            ('T-1,"Một\nT-9,Giả,B,Y,z.mp4\nhai,A,X,a.mp4\nT-2,Hai,B,Y,b.mp4\n', ["T-2"], [2]),
            ('T-1,"Một\nT-2,Hai,B,Y,b.mp4\nT-3,Ba,C,Z,c.mp4\n', ["T-2", "T-3"], [2]),
            ('T-1,"Một\nT-9,Giả,B,Y,z.mp4\n', [], [2]),
            ('T-1,"Một\nT-2,"Hai",B,Y,b.mp4\n', ["T-2"], [2]),
            ('T-1,"Một\nhai","Nhóm\nA,X,a.mp4\nT-2,Hai,B,Y,b.mp4\n', ["T-2"], [3]),
            ('T-1,"Một,A,X,a.mp4\nT-2,"Hai,B,Y,b.mp4\nT-3,"Ba,C,Z,c.mp4\n', [], [2, 3, 4]),
            ('T-1,Một,A,X,"a.mp4\n', [], [2]),
        ],
    )
    def test_it_is_dropped_completely_and_reported_at_the_line_of_its_quotation_mark(
        self, rows: str, codes: list[str], lines: list[int]
    ) -> None:
        works, problems = read(rows)
        assert [code for code, _ in works] == codes
        assert [line for line, _ in problems] == lines
        assert all(what.startswith(BROKEN) for _, what in problems)

    def test_the_lines_dropped_with_it_are_reported(self) -> None:
        _, problems = read('T-1,"Một\nhai,A,X,a.mp4\nT-2,Hai,B,Y,b.mp4\n')
        assert problems == [(2, f"{BROKEN}: bỏ từ dòng 2 đến dòng 3.")]

    def test_half_of_a_last_cell_without_its_first_quotation_mark_is_not_a_work(self) -> None:
        text = (
            'code,author,unit,video,title\nT-1,A,X,a.mp4,Một\nT-2,B,Y,b.mp4,Chuyển đổi\nsố ở bản"\nT-3,C,Z,c.mp4,Ba\n'
        )
        works, problems = read_works(text, "works.csv")
        assert [work.code for work in works] == ["T-1", "T-3"]
        assert line_texts(problems) == [(4, f"{BROKEN}: bỏ từ dòng 3 đến dòng 4.")]

    def test_a_mark_never_closed_does_not_swallow_the_file(self) -> None:
        rows = "".join(f"T-{n},Một,A,X,a{n}.mp4\n" for n in range(2, 2 * SPAN))
        works, problems = read(f'T-1,"Một\n{rows}T-9000,Màn 24",A,X,z.mp4\n')
        assert len(works) == 2 * SPAN - 2 and works[0] == ("T-2", "Một")
        assert [line for line, _ in problems] == [2, 2 * SPAN + 1]

    def test_a_long_cell_is_read_to_its_end(self) -> None:
        lines = "\n".join("dòng" for _ in range(5 * NEAR))
        file = open_table(f'a,b\n1,"{lines}"\n2,3\n', "t.csv", ("a", "b"))
        assert [(row.line, row.fields["b"].count("dòng")) for row in file.rows([])] == [
            (2, 5 * NEAR),
            (2 + 5 * NEAR, 0),
        ]

    def test_without_a_key_format_reading_resumes_at_records_of_the_right_size(self) -> None:
        problems: list[Problem] = []
        rows = list(open_table('a,b\n1,"2\n3\n4,5\n6,7\n', "t.csv", ("a", "b")).rows(problems))
        assert [(row.line, dict(row.fields)) for row in rows] == [(4, {"a": "4", "b": "5"}), (5, {"a": "6", "b": "7"})]
        assert [problem.line for problem in problems] == [2]


PIECES = ["bản ", "số", '"chợ phiên"', ", ", "; ", "\n", "Mường La", "5", " ", '"4.0" ', "“mới”", "a.mp4"]
texts = st.lists(st.sampled_from(PIECES), max_size=6).map(lambda pieces: "Phim " + "".join(pieces))
tables = st.lists(st.tuples(texts, texts, texts), min_size=1, max_size=5)
forms = st.sampled_from(
    [(csv.QUOTE_MINIMAL, ","), (csv.QUOTE_MINIMAL, ";"), (csv.QUOTE_ALL, ","), (csv.QUOTE_ALL, "\t")]
)


def written(table: Sequence[tuple[str, str, str]], quoting: int, separator: str) -> list[str]:
    """A file of works as a program writes it: the header, then each record."""
    lines = [
        tuple(column.key for column in COLUMNS),
        *((f"T-{n}", *row, f"phim-{n}.mp4") for n, row in enumerate(table)),
    ]
    records = list[str]()
    for line in lines:
        file = io.StringIO()
        csv.writer(file, delimiter=separator, quoting=quoting, lineterminator="\n").writerow(line)  # type: ignore[arg-type]
        records.append(file.getvalue())
    return records


def works_of(text: str) -> set[tuple[str, str, str, str, str]]:
    return {(w.code, w.title, w.author, w.unit, w.video) for w in read_works(text, "works.csv")[0]}


@given(tables, forms)
def test_what_a_program_writes_is_read_back(table: list[tuple[str, str, str]], form: tuple[int, str]) -> None:
    works, problems = read_works("".join(written(table, *form)), "works.csv")
    assert [(w.title, w.author, w.unit) for w in works] == [tuple(" ".join(t.split()) for t in row) for row in table]
    assert problems == []


@settings(max_examples=400)
@given(tables, forms, st.data())
def test_no_work_comes_out_of_a_damaged_file_that_was_not_in_it(
    table: list[tuple[str, str, str]], form: tuple[int, str], data: st.DataObject
) -> None:
    """Damage: one quotation mark lost, one added at the edge of a cell, or the file cut at the end of a line."""
    records = written(table, *form)
    text, start = "".join(records), len(records[0])
    places = [at for at in range(start, len(text)) if text[at] == '"']
    ends = [at for at in range(start + 1, len(text)) if text[at - 1] == "\n"]
    bounds = [at for at in range(start, len(text)) if _is_bound(text, start, at, form[1])]
    damages = [text[:at] + text[at + 1 :] for at in places] + [text[:at] for at in ends]
    damages += [text[:at] + '"' + text[at:] for at in bounds]
    damaged = data.draw(st.sampled_from(damages))
    assert works_of(damaged) <= works_of(text)


def _is_bound(text: str, start: int, at: int, separator: str) -> bool:
    """True at the start and the end of a cell."""
    outside = text[start:at].count('"') % 2 == 0
    return outside and (text[at - 1] in f"{separator}\n" or text[at] in f"{separator}\n")


@settings(max_examples=100)
@given(tables, forms, st.data())
def test_one_lost_quotation_mark_spoils_few_records(
    table: list[tuple[str, str, str]], form: tuple[int, str], data: st.DataObject
) -> None:
    """At most the record with the lost mark and its two neighbours, or the records between two similar marks."""
    records = written(table, *form)
    n = data.draw(st.integers(1, len(records) - 1))
    marks = [at for at, character in enumerate(records[n]) if character == '"']
    if marks:
        at = data.draw(st.sampled_from(marks))
        damaged = [*records[:n], records[n][:at] + records[n][at + 1 :], *records[n + 1 :]]
        ahead = works_of("".join(records[: n - 1])) if n > 1 else set()
        assert ahead <= works_of("".join(damaged))
