"""`python -m core rank` on files as spreadsheets and people save them, and on keys in two spellings."""

import gc
import json
from pathlib import Path
from typing import Any

import pytest

from core.cli import main

CONTEST = """
[contest]
key = "thu"
name = "Cuộc thi thử"
[[criteria]]
key = "A"
name = "A"
max = "10"
step = "0.25"
[scoring]
method = "mean"
min_sheets = 2
[[prizes]]
key = "nhat"
name = "Nhất"
quantity = 1
amount = 5000000
"""
PLAIN = "entry,judge,criterion,points\nE1,J1,A,8\nE1,J2,A,9\nE2,J1,A,7\nE2,J2,A,7\n"
TABS = PLAIN.replace(",", "\t")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "c.toml").write_text(CONTEST, encoding="utf-8")
    return tmp_path


def rank(folder: Path, scores: str | bytes, *more: str) -> int:
    (folder / "s.csv").write_bytes(scores if isinstance(scores, bytes) else scores.encode())
    return main(["rank", "--contest", str(folder / "c.toml"), "--scores", str(folder / "s.csv"), *more])


def answer(folder: Path, capsys: pytest.CaptureFixture[str], scores: str | bytes) -> tuple[int, dict[str, Any]]:
    status = rank(folder, scores, "--format", "json")
    return status, json.loads(capsys.readouterr().out)


@pytest.mark.parametrize(
    "scores",
    [
        PLAIN + ",,,\n,,,\n",
        "\n".join(line + ",," for line in PLAIN.split()),
        "sep=;\r\n" + PLAIN.replace(",", ";").replace("\n", "\r\n"),
        TABS,
        PLAIN.replace("entry,judge", "Entry,JUDGE").replace("criterion", " Criterion "),
        TABS.encode("utf-16"),
        b"\xfe\xff" + TABS.encode("utf-16-be"),
        TABS.encode("utf-16-le"),
        "entry;judge;a\nE1;J1;8,00\nE1;J2;9,00\nE2;J1;7\nE2;J2;7\n",
        'entry,judge,A\n"E1","J1","8,0"\n"E1","J2","9"\n\n"E2","J1",7\n"E2","J2",7\n,,\n',
    ],
)
def test_tables_as_people_save_them_are_taken(
    folder: Path, capsys: pytest.CaptureFixture[str], scores: str | bytes
) -> None:
    status, result = answer(folder, capsys, scores)
    assert (status, result["problems"]) == (0, [])
    assert [(s["place"], s["entry"], s["score"]) for s in result["standings"]] == [(1, "E1", "8.50"), (2, "E2", "7.00")]


@pytest.mark.parametrize(
    "one, other",
    [
        ("J1", "J1\u200b"),
        ("J1", "J\u00ad1"),
        ("Lê Thị Hoà", "Lê Thị Hòa"),
        ("GK01", "gk01"),
        ("Lò An", "Lò  An"),
        ("GK01", "GК01"),
    ],
)
def test_one_judge_in_two_spellings_makes_no_second_sheet_and_no_prize(
    folder: Path, capsys: pytest.CaptureFixture[str], one: str, other: str
) -> None:
    status, result = answer(folder, capsys, f"entry,judge,criterion,points\nE1,{one},A,10\nE1,{other},A,10\n")
    assert (status, result["standings"][0]["sheets"], result["awards"]) == (1, 1, [])
    assert [problem["line"] for problem in result["problems"]] == [2, 3, 3]


def test_one_work_in_two_spellings_keeps_its_sheets_together(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    scores = PLAIN.replace("E1,J1", "Hòa bình,J1").replace("E1,J2", "Hoà bình,J2")
    status, result = answer(folder, capsys, scores)
    assert status == 1 and [problem["line"] for problem in result["problems"]] == [2, 3]
    assert [(award["prize"], award["entry"]) for award in result["awards"]] == [("nhat", "Hòa bình")]


def test_the_garbage_collector_is_enabled_again_afterwards(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for act in (gc.enable, gc.disable):
        act()
        before = gc.isenabled()
        assert rank(folder, PLAIN) == 0 and rank(folder, "?") == 1
        assert gc.isenabled() == before
    gc.enable()


def test_thousands_of_problems_are_reported_and_do_not_stop_the_ranking(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    status, result = answer(folder, capsys, PLAIN + 'E3,J1,A,"8\n' * 3_000 + "E4,J1,A,99\n" * 3_000)
    assert status == 1 and len(result["problems"]) == 6_000
    assert result["awards"][0]["entry"] == "E1"
