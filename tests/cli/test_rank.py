"""`python -m core rank`, column by column as docs/design.md, Recount from files, states it."""

import csv
import io
import json
import unicodedata
from pathlib import Path
from typing import Any

import pytest

from core.cli import main
from core.rules.contest_file.reader import load
from core.rules.rule_card.card import fingerprint

GOLDEN = Path("tests/golden")
CONTEST = """
[contest]
key = "nho"
name = "Cuộc thi nhỏ"
[[criteria]]
key = "ND"
name = "Nội dung"
max = "10"
step = "0.25"
[[criteria]]
key = "ST"
name = "Sáng tạo"
max = "10"
step = "0.25"
[scoring]
method = "mean"
min_sheets = 1
[[prizes]]
key = "NHAT"
name = "Giải Nhất"
quantity = 1
amount = 500
[[prizes]]
key = "YT"
name = "Được yêu thích"
quantity = 1
amount = 100
by = "interaction"
"""
LONG = "entry,judge,criterion,points\n"
WIDE = "entry,judge,ND,ST\n"


class Desk:
    """Files in a folder of their own, and `rank` run on them."""

    def __init__(self, folder: Path, captured: pytest.CaptureFixture[str]) -> None:
        self.folder, self.captured = folder, captured
        self.write("contest.toml", CONTEST)

    def write(self, name: str, content: str | bytes) -> str:
        path = self.folder / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return str(path)

    def rank(self, scores: str | bytes, *more: str, interactions: str | None = None) -> tuple[int, str, str]:
        files = ["--contest", str(self.folder / "contest.toml"), "--scores", self.write("scores.csv", scores)]
        if interactions is not None:
            files += ["--interactions", self.write("interactions.csv", interactions)]
        status = main(["rank", *files, *more])
        out, err = self.captured.readouterr()
        return status, out, err

    def json(self, scores: str | bytes, interactions: str | None = None) -> dict[str, Any]:
        status, out, err = self.rank(scores, "--format", "json", interactions=interactions)
        answer: dict[str, Any] = json.loads(out)
        assert err == "" and status == (1 if answer["problems"] else 0)
        return answer

    def problems(self, scores: str | bytes, interactions: str | None = None) -> list[tuple[int, str]]:
        return [(problem["line"], problem["what"]) for problem in self.json(scores, interactions)["problems"]]


@pytest.fixture
def desk(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Desk:
    return Desk(tmp_path, capsys)


@pytest.mark.parametrize("name", ["son-la-2024", "thang-10"])
def test_goldens_worked_by_hand(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    """The calculation, with the source of every number, is in `tests/golden/<name>/working.md`."""
    folder, contest = GOLDEN / name, Path(f"data/contests/{name}.toml")
    command = ["rank", "--contest", str(contest), "--scores", str(folder / "scores.csv"), "--format", "json"]
    if (folder / "interactions.csv").exists():
        command += ["--interactions", str(folder / "interactions.csv")]
    assert main(command) == 0
    answer = json.loads(capsys.readouterr().out)
    assert answer.pop("rule_card") == fingerprint(load(contest.read_text(encoding="utf-8"), name))
    assert answer == json.loads((folder / "expected.json").read_text(encoding="utf-8"))


def test_the_answer_has_exactly_these_keys(desk: Desk) -> None:
    answer = desk.json(WIDE + "A,an,8,8\nB,an,8,8\nC,,1,1\n")
    assert list(answer) == [
        "contest", "rule_card", "standings", "awards", "undecided", "withheld", "vacant", "shared", "problems", "notices",
    ]  # fmt: skip
    assert list(answer["standings"][0]) == ["place", "span", "entry", "score", "sheets", "tie_break", "note"]
    assert list(answer["undecided"][0]) == ["prize", "quantity", "entries", "why"]
    assert list(answer["problems"][0]) == ["line", "what"]
    assert list(answer["vacant"][0]) == ["prize", "quantity", "why"]
    answer = desk.json(WIDE + "A,an,8,8\n")
    assert list(answer["awards"][0]) == ["prize", "entry", "amount", "why"]
    assert answer["standings"] == [
        {"place": 1, "span": None, "entry": "A", "score": "16.00", "sheets": 1, "tie_break": None, "note": None}
    ]


class TestForms:
    @pytest.mark.parametrize(
        "scores",
        [
            LONG + 'A,an,ND,8.75\nA,an,ST,"8,75"\n',
            "points,criterion,judge,entry\n8.75,ST,an,A\n8.75,ND,an,A\n",
            "entry;judge;criterion;points\nA;an;ND;8,75\nA;an;ST;8,750\n",
            WIDE + 'A,an,8.75,"8,75"\n',
            'entry, judge, "ND", ST\n"A", an, 8.75 , "8,75"\n',
            "entry;judge;ST;ND\r\nA;an;8,75;8.75\r\n\r\n",
            b"\xef\xbb\xbf" + WIDE.encode() + b"A,an,8.75,8.75",
            '"entry","judge","ND","ST"\r"A"," an ","8.75","8.75"\r',
        ],
    )
    def test_long_or_wide_comma_or_semicolon_any_line_end(self, desk: Desk, scores: str | bytes) -> None:
        answer = desk.json(scores)
        assert answer["problems"] == []
        assert answer["standings"][0]["score"] == "17.50"

    def test_names_are_nfc(self, desk: Desk) -> None:
        apart = unicodedata.normalize("NFD", "Hoà,Thảo,ND,8\n")
        answer = desk.json(LONG + apart + "Hoà,Thảo,ST,8\n")
        assert answer["problems"] == []
        assert [(s["entry"], s["sheets"]) for s in answer["standings"]] == [("Hoà", 1)]


class TestProblems:
    """A bad line is reported with its number; the other lines are still read."""

    @pytest.mark.parametrize("points", ["1e1", "nan", "+8", "-8", "８", "8.", "abc", "0x8", "inf"])
    def test_what_is_not_plain_digits(self, desk: Desk, points: str) -> None:
        answer = desk.problems(LONG + f"A,an,ND,8\nA,an,ST,{points}\nB,an,ND,8\nB,an,ST,8\n")
        assert answer == [
            (2, "Phiếu của an cho A thiếu tiêu chí ST: không được tính."),
            (3, f"Sáng tạo: “{points}” không phải là điểm; viết số như 8,5 hoặc 8.5."),
        ]

    @pytest.mark.parametrize(
        "row, line, what",
        [
            ("A,an,ND,10.25", 4, "Nội dung: 10.25 vượt quá điểm tối đa 10."),
            ("A,an,ND,8.1", 4, "Nội dung: 8.1 không đúng bước 0,25."),
            ("A,an,ND,", 4, "Nội dung: chưa có điểm."),
            ("A,an,XX,8", 4, "Không có tiêu chí “XX”."),
            ("A,an,nđ,8", 4, "Không có tiêu chí “nđ”."),
            (",an,ND,8", 4, "Thiếu mã tác phẩm hoặc tên giám khảo."),
            ("A,,ND,8", 4, "Thiếu mã tác phẩm hoặc tên giám khảo."),
            ("A,an,ND", 4, "Dòng có 3 ô, cần 4 ô; ô nào có dấu “,” thì đặt trong ngoặc kép."),
            ("A,an,ND,8,75", 4, "Dòng có 5 ô, cần 4 ô; ô nào có dấu “,” thì đặt trong ngoặc kép."),
            ('A,an,ND,"8', 4, "Dấu ngoặc kép trong dòng đặt sai hoặc chưa khép lại."),
            ("B,an,ND,9", 4, "an đã có điểm ND cho B ở trên: lấy điểm ghi trước."),
        ],
    )
    def test_each_is_reported_at_its_line(self, desk: Desk, row: str, line: int, what: str) -> None:
        answer = desk.json(LONG + f"B,an,ND,8\nB,an,ST,8\n{row}\nC,an,ND,1\nC,an,ST,1\n")
        assert {"line": line, "what": what} in answer["problems"]
        scores = {standing["entry"]: standing["score"] for standing in answer["standings"]}
        assert (scores["B"], scores["C"]) == ("16.00", "2.00")
        assert scores.get("A") is None

    def test_blank_lines_count_as_lines_and_are_not_reported(self, desk: Desk) -> None:
        assert desk.problems(WIDE + "\n\nA,an,8,99\n")[0][0] == 4

    def test_the_first_of_two_marks_counts(self, desk: Desk) -> None:
        answer = desk.json(WIDE + "A,an,8,\nA,an,9,7\n")
        assert answer["problems"] == [{"line": 3, "what": "an đã có điểm ND cho A ở trên: lấy điểm ghi trước."}]
        assert answer["standings"][0]["score"] == "15.00"

    def test_a_sheet_with_a_criterion_missing_does_not_count(self, desk: Desk) -> None:
        answer = desk.json(WIDE + "A,an,8,8\nA,binh,1,\nB,an,,\n")
        assert answer["problems"] == [
            {"line": 3, "what": "Phiếu của binh cho A thiếu tiêu chí ST: không được tính."},
            {"line": 4, "what": "Phiếu của an cho B thiếu tiêu chí ND, ST: không được tính."},
        ]
        assert [(s["entry"], s["score"], s["sheets"]) for s in answer["standings"]] == [
            ("A", "16.00", 1),
            ("B", None, 0),
        ]

    def test_a_missing_mark_is_reported_at_the_first_mark_that_could_be_read(self, desk: Desk) -> None:
        answer = desk.problems(LONG + "A,an,ST,1e1\nB,an,ND,8\nA,an,ND,8\nB,an,ST,8\n")
        assert answer == [
            (2, "Sáng tạo: “1e1” không phải là điểm; viết số như 8,5 hoặc 8.5."),
            (4, "Phiếu của an cho A thiếu tiêu chí ST: không được tính."),
        ]

    def test_where_no_mark_could_be_read_one_problem_is_enough(self, desk: Desk) -> None:
        answer = desk.json(LONG + "A,an,ND,8\nA,an,ST,8\nB,an,ST,1e1\n")
        assert [problem["line"] for problem in answer["problems"]] == [4]
        assert [(s["entry"], s["score"], s["sheets"]) for s in answer["standings"]] == [
            ("A", "16.00", 1),
            ("B", None, 0),
        ]

    def test_a_column_that_is_not_a_criterion_is_reported_at_line_1(self, desk: Desk) -> None:
        answer = desk.json("entry,judge,ND,ST,XX\nA,an,8,8,8\n")
        assert answer["problems"] == [{"line": 1, "what": "Không có tiêu chí hoặc cột nào là “XX”."}]
        assert answer["standings"][0]["score"] == "16.00"


class TestInteractions:
    HEAD = "entry,taken_at,reactions,comments,shares\n"
    SCORES = WIDE + "A,an,8,8\nB,an,7,7\n"

    def test_the_last_reading_counts(self, desk: Desk) -> None:
        rows = "B,2024-09-10T16:59:59Z,5,1,2\nB,2024-09-09T16:59:59+07:00,500,1,2\nA,2024-09-09 16:59:59+07:00,1,0,0\n"
        answer = desk.json(self.SCORES, self.HEAD + rows)
        assert answer["problems"] == answer["notices"] == []
        assert answer["awards"][-1]["prize"] == "YT" and answer["awards"][-1]["entry"] == "B"
        assert answer["awards"][-1]["why"].startswith("Hạng 1 về lượng tương tác: 10 lượt quy đổi")

    def test_a_code_found_only_in_this_file_is_a_problem_and_not_a_work(self, desk: Desk) -> None:
        rows = "C,2024-09-10T16:59:59Z,500,0,0\nA,2024-09-10T16:59:59Z,1,0,0\nC,2024-09-10T16:00:00Z,9,0,0\n"
        answer = desk.json(self.SCORES, self.HEAD + rows)
        what = "Tệp tương tác: Không có tác phẩm “C” trong tệp điểm: không tính."
        assert answer["problems"] == [{"line": 2, "what": what}]
        assert [standing["entry"] for standing in answer["standings"]] == ["A", "B"]
        assert [(award["prize"], award["entry"]) for award in answer["awards"]] == [("NHAT", "A"), ("YT", "A")]

    def test_of_two_readings_at_one_moment_the_later_entered_counts_as_at_the_desk(self, desk: Desk) -> None:
        rows = "A,2024-09-10T16:59:59Z,9,0,0\nB,2024-09-10T16:59:59Z,7,0,0\nA,2024-09-10T23:59:59+07:00,5,0,0\n"
        answer = desk.json(self.SCORES, self.HEAD + rows)
        what = "Tệp tương tác: A có hai số liệu ở cùng thời điểm, dòng 2 và dòng 4: lấy số liệu ghi sau."
        assert answer["problems"] == [{"line": 2, "what": what}, {"line": 4, "what": what}]
        assert answer["awards"][-1]["entry"] == "B"

    @pytest.mark.parametrize(
        "row, what",
        [
            ("A,2024-09-10T16:59:59,1,1,1", "“2024-09-10T16:59:59” không phải là thời điểm có múi giờ"),
            ("A,0001-01-01T00:00:00+07:00,1,1,1", "“0001-01-01T00:00:00+07:00” không phải là thời điểm có múi giờ"),
            ("A,10/9/2024,1,1,1", "“10/9/2024” không phải là thời điểm có múi giờ"),
            ("A,2024-09-10T16:59:59Z,1.5,1,1", "reactions: “1.5” không phải là số nguyên không âm."),
            ("A,2024-09-10T16:59:59Z,1,-1,1", "comments: “-1” không phải là số nguyên không âm."),
            ("A,2024-09-10T16:59:59Z,1,1,", "shares: “” không phải là số nguyên không âm."),
            (",2024-09-10T16:59:59Z,1,1,1", "Thiếu mã tác phẩm."),
            ("A,2024-09-10T16:59:59Z,1,1", "Dòng có 4 ô, cần 5 ô"),
            ("A,2024-09-10T16:59:59Z,1\u00a0234,1,1", "reactions: “1<U+00A0>234” không phải là số nguyên không âm."),
        ],
    )
    def test_a_bad_line_is_a_problem_of_its_file(self, desk: Desk, row: str, what: str) -> None:
        answer = desk.json(self.SCORES, self.HEAD + f"B,2024-09-10T16:59:59Z,5,1,2\n{row}\n")
        (problem,) = answer["problems"]
        assert problem["line"] == 3
        assert problem["what"].startswith(f"Tệp tương tác: {what}")
        assert answer["awards"][-1]["entry"] == "B"

    def test_an_unknown_column_is_reported(self, desk: Desk) -> None:
        answer = desk.problems(self.SCORES, "entry,taken_at,reactions,comments,shares,views,likes\n")
        assert answer == [(1, "Tệp tương tác: Không có cột nào là “likes”.")]


class TestRefusals:
    """One clear line on stderr and exit status 1; wrong usage gives 2."""

    def refused(self, desk: Desk, *more: str, scores: str | bytes = WIDE, interactions: str | None = None) -> str:
        status, out, err = desk.rank(scores, *more, interactions=interactions)
        assert (status, out) == (1, "")
        assert err.count("\n") == 1
        return err.strip()

    @pytest.mark.parametrize("scores", ["", "A,an,8,8\n", "entry,judge\n", "entry,entry,judge,ND\n", '"entry,judge\n'])
    def test_no_header(self, desk: Desk, scores: str) -> None:
        assert self.refused(desk, scores=scores).endswith(
            "scores.csv: dòng 1 phải là tên cột entry, judge, criterion, points."
        )

    def test_no_header_of_interactions(self, desk: Desk) -> None:
        assert "entry, taken_at, reactions, comments, shares" in self.refused(desk, interactions="entry,likes\n")

    def test_a_file_that_is_not_there(self, desk: Desk) -> None:
        status = main(["rank", "--contest", str(desk.folder / "x.toml"), "--scores", "y.csv"])
        assert status == 1
        assert desk.captured.readouterr().err == f"Không tìm thấy tệp {desk.folder / 'x.toml'}.\n"

    def test_a_folder_is_not_a_file(self, desk: Desk) -> None:
        assert main(["rank", "--contest", str(desk.folder), "--scores", "y.csv"]) == 1
        assert desk.captured.readouterr().err == f"Không đọc hoặc không ghi được {desk.folder}: Is a directory.\n"

    def test_another_encoding(self, desk: Desk) -> None:
        assert "không phải là văn bản UTF-8 hay UTF-16" in self.refused(desk, scores="entry,judge,Đ\n".encode("cp1258"))

    def test_a_bad_contest(self, desk: Desk) -> None:
        desk.write("contest.toml", CONTEST.replace('"10"', "10.0", 1))
        assert "contest.toml, dòng 8: criteria[1].max phải viết chính xác" in self.refused(desk)

    @pytest.mark.parametrize("words", [[], ["--contest", "x"], ["--contest", "x", "--scores", "y", "--format", "xml"]])
    def test_wrong_usage(self, words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
        assert main(["rank", *words]) == 2
        assert "usage" in capsys.readouterr().err


class TestOtherForms:
    SCORES = WIDE + "A,an,8,8\nB,an,8,8\nC,an,9\n"

    def test_the_table_reads_well_and_names_what_is_open(self, desk: Desk) -> None:
        status, out, err = desk.rank(self.SCORES)
        assert status == 1
        assert "Hạng  Tác phẩm   Điểm  Số phiếu  Ghi chú\n   1  A         16,00         1\n" in out
        assert "Giải Nhất: chưa quyết định. 2 tác phẩm vẫn bằng nhau" in out
        assert "Được yêu thích: còn 1 suất." in out
        assert err.splitlines() == [
            "Dòng 4: Dòng có 3 ô, cần 4 ô; ô nào có dấu “,” thì đặt trong ngoặc kép.",
            "Lưu ý: Không có tệp số liệu tương tác (--interactions): chưa xét Được yêu thích.",
        ]

    def test_the_csv_is_for_programs(self, desk: Desk) -> None:
        status, out, _ = desk.rank(WIDE + "A,an,8,8\nB,an,7.5,7.25\nC,,1,1\n", "--format", "csv")
        assert status == 1
        rows = list(csv.DictReader(io.StringIO(out)))
        assert [(row["place"], row["entry"], row["score"], row["prizes"], row["amount"]) for row in rows] == [
            ("1", "A", "16.00", "NHAT", "500"),
            ("2", "B", "14.75", "", "0"),
            ("", "C", "", "", "0"),
        ]

    def test_an_undecided_prize_is_printed_with_a_question_mark(self, desk: Desk) -> None:
        _, out, _ = desk.rank(WIDE + "A,an,8,8\nB,an,8,8\n", "--format", "csv")
        assert [row["prizes"] for row in csv.DictReader(io.StringIO(out))] == ["NHAT?", "NHAT?"]

    def test_awards_are_printed(self, desk: Desk) -> None:
        readings = "entry,taken_at,reactions,comments,shares\n"
        status, out, err = desk.rank(WIDE + "A,an,8,8\n", interactions=readings)
        assert (status, err) == (0, "")
        assert "Giải Nhất: A, 500 đồng. Hạng 1 với 16,00 điểm.\n" in out
