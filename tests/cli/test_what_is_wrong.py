"""Mistakes of new users, with real commands: one clear line that names the mistake, exit status 1 or 2, no stack
trace.
"""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from core.settings import sqlite_url
from tests.serving.databases import migrated
from tests.serving.servers import ROOT

NO_CONTEST = "Chưa có cuộc thi nào. Người quản trị hãy chạy: python -m core init --contest TỆP.toml\n"
SON_LA = str(ROOT / "data" / "contests" / "son-la-2024.toml")


def core(folder: Path, *words: str, **variables: str) -> "subprocess.CompletedProcess[str]":
    """Run `python -m core …` with its own data folder."""
    environment = {**os.environ, "DATA_DIR": str(folder / "var"), "DATABASE_URL": "", **variables}
    return subprocess.run(
        [sys.executable, "-m", "core", *words], cwd=ROOT, env=environment, capture_output=True, text=True, check=False
    )


@pytest.mark.parametrize(
    "variables, words",
    [
        (
            {"DATA_DIR": "/proc/nothing"},
            "DATA_DIR không dùng được: không tạo hoặc không ghi được thư mục /proc/nothing",
        ),
        (
            {"DATA_DIR": "{file}"},
            "DATA_DIR không dùng được: không tạo hoặc không ghi được thư mục {file} (File exists)",
        ),
        ({"DATABASE_URL": "sqlite:///{folder}"}, "DATABASE_URL không dùng được: không mở được tệp {folder} (Is a dir"),
        (
            {"DATABASE_URL": "sqlite:///{file}"},
            "Tệp {file} không phải là cơ sở dữ liệu SQLite.",
        ),
        (
            {"DATABASE_URL": "postgresql+psycopg://x@127.0.0.1:1/x"},
            "Không có máy chủ PostgreSQL nào trả lời ở x (127.0.0.1:1). Hãy xem",
        ),
        ({"DATABASE_URL": "mysql://x"}, "DATABASE_URL không dùng được"),
        ({"CONTEST": "/nowhere.toml"}, "Không tìm thấy tệp /nowhere.toml."),
        ({"CONTEST": "{folder}"}, "Không đọc hoặc không ghi được {folder}: Is a directory."),
    ],
)
def test_a_wrong_setting_is_named(tmp_path: Path, variables: dict[str, str], words: str) -> None:
    places = {"folder": str(tmp_path), "file": str(tmp_path / "letter.txt")}
    (tmp_path / "letter.txt").write_text("Kính gửi Ban Tổ chức, đây không phải là một cơ sở dữ liệu.")
    done = core(tmp_path, "init", **{name: value.format(**places) for name, value in variables.items()})
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (1, "", 1)
    assert words.format(**places) in done.stderr


def test_verify_and_backup_refuse_an_empty_folder(tmp_path: Path) -> None:
    """An empty database must not pass as a good one, or produce an empty backup every night."""
    migrated(sqlite_url(tmp_path / "var" / "desk.db")).close()
    for words in (("verify",), ("backup", str(tmp_path / "copy"))):
        done = core(tmp_path, *words)
        assert (done.returncode, done.stdout, done.stderr) == (1, "", NO_CONTEST)
    assert not (tmp_path / "copy").exists()


def test_a_truncated_ledger_is_found_by_its_noted_head(tmp_path: Path) -> None:
    core(tmp_path, "init", "--contest", SON_LA)
    head = core(tmp_path, "verify").stdout.partition("mã cuối ")[2]
    assert core(tmp_path, "account", "add", "gk.lan", "--name", "Lan", "--roles", "judge").returncode == 0
    assert core(tmp_path, "verify", "--head", head[:16]).returncode == 0
    done = core(tmp_path, "verify", "--head", "00ff" * 4)
    assert done.returncode == 1 and "không có dòng mang mã 00ff" in done.stdout


@pytest.fixture(scope="module")
def opened(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with an open contest, for commands that change nothing."""
    folder = tmp_path_factory.mktemp("opened")
    core(folder, "init", "--contest", SON_LA)
    return folder


@pytest.mark.parametrize(
    "noted", ["", "0", "7f3a-91c2", "7f3a-91c2-08d4-5be", "#7 · 7f3a-91c", "a word of no use", "g" * 16]
)
def test_too_little_of_a_hash_proves_nothing_and_is_refused(opened: Path, noted: str) -> None:
    for words in (("verify",), ("restore", str(opened / "copy"))):
        done = core(opened, *words, "--head", noted)
        assert done.returncode == 1 and "không phải là mã sổ cái" in done.stderr and done.stdout == ""


@pytest.mark.parametrize("port", ["0", "99999", "abc"])
def test_an_invalid_port_is_wrong_usage(tmp_path: Path, port: str) -> None:
    done = core(tmp_path, "demo", "--if-missing", "--port", port)
    assert done.returncode == 2 and "--port" in done.stderr and "Traceback" not in done.stderr


def test_a_folder_that_cannot_take_a_backup_is_named(tmp_path: Path) -> None:
    core(tmp_path, "init", "--contest", SON_LA)
    done = core(tmp_path, "backup", "/proc/nothing/copy")
    assert (done.returncode, done.stderr) == (
        1,
        "Không đọc hoặc không ghi được /proc/nothing: No such file or directory.\n",
    )


class TestContestFile:
    """All problems of a contest file are reported at once: each problem and notice is one line "FILE, dòng N: …"."""

    GOOD = (ROOT / "data" / "contests" / "son-la-2024.toml").read_text(encoding="utf-8")
    FAULTS = (
        ('key = "son-la-2024"', 'key = "Sơn La"', "contest.key chỉ gồm"),
        ('max = "40"', "max = 40.0", "criteria[1].max phải viết chính xác"),
        ("min_sheets = 3", "minsheets = 3", "Khóa scoring.minsheets không có trong mẫu tệp cuộc thi. Có phải là min_sheets?"),
        ("quantity = 2 ", "quantity = 0 ", "prizes[2].quantity phải là số nguyên không nhỏ hơn 1."),
        ("amount = 2_000_000", "amount = 4_000_000", "prizes[3].amount là 4.000.000 đồng, cao hơn 3.000.000 đồng"),
        ("ceremony = 2024-10-10", "ceremony = 2024-09-10", "phases.ceremony sớm hơn mốc thời gian"),
    )  # fmt: skip

    @pytest.fixture
    def bad(self, tmp_path: Path) -> Path:
        text = self.GOOD
        for good, fault, _ in self.FAULTS:
            assert good in text
            text = text.replace(good, fault, 1)
        path = tmp_path / "moi.toml"
        path.write_text(text, encoding="utf-8")
        return path

    @pytest.mark.parametrize("command", ["init", "inspect", "rank"])
    def test_every_problem_is_a_line(self, tmp_path: Path, bad: Path, command: str) -> None:
        (tmp_path / "diem.csv").write_text("entry,judge,criterion,points\n")
        more = {"init": (), "inspect": ("phim.mp4",), "rank": ("--scores", str(tmp_path / "diem.csv"))}[command]
        done = core(tmp_path, command, "--contest", str(bad), *more)
        lines = done.stderr.splitlines()
        assert (done.returncode, done.stdout, len(lines)) == (1, "", len(self.FAULTS))
        for _, fault, words in self.FAULTS:
            at = 1 + bad.read_text().splitlines().index(next(x for x in bad.read_text().splitlines() if fault in x))
            assert [line for line in lines if f"moi.toml, dòng {at}: {words}" in line]

    def test_a_bad_file_opens_no_database(self, tmp_path: Path, bad: Path) -> None:
        core(tmp_path, "init", "--contest", str(bad))
        assert not (tmp_path / "var").exists()

    def test_defaults_are_reported_and_the_contest_is_opened(self, tmp_path: Path) -> None:
        text = self.GOOD.replace("sizes = [[1280, 720], [1920, 1080]]", "").replace("decimals = 2", "")
        text = text.replace('chief = "gk01"', 'chief = "Trưởng ban"')
        (tmp_path / "moi.toml").write_text(text, encoding="utf-8")
        done = core(tmp_path, "init", "--contest", str(tmp_path / "moi.toml"))
        assert done.returncode == 0 and "\nĐã mở" in done.stdout
        notices = [line.partition(": lưu ý: ") for line in done.stderr.splitlines() if ": lưu ý: " in line]
        assert all(where.startswith("moi.toml, dòng ") for where, _, _ in notices)
        assert [what[:50] for _, _, what in notices] == [
            "[entries.video] sizes không ghi: dùng 1280×720, 19",
            "[scoring] decimals không ghi: dùng 2.",
            "ties.chief “Trưởng ban” không thể là tên đăng nhập",
        ]

    def test_a_missing_calendar_is_reported_with_every_other_problem(self, tmp_path: Path, bad: Path) -> None:
        text = bad.read_text().split("[phases]")[0] + "[entries]" + bad.read_text().split("[entries]")[1]
        bad.write_text(text, encoding="utf-8")
        done = core(tmp_path, "init", "--contest", str(bad))
        assert done.returncode == 1
        assert done.stderr.splitlines()[0] == "moi.toml: Thiếu khóa phases." and len(done.stderr.splitlines()) > 4

    def test_a_film_is_checked_against_rules_that_are_printed(self, tmp_path: Path) -> None:
        (tmp_path / "moi.toml").write_text(self.GOOD.replace("seconds = [240, 300]", ""), encoding="utf-8")
        done = core(tmp_path, "inspect", "--contest", str(tmp_path / "moi.toml"), "phim.mp4")
        first, second = done.stderr.splitlines()
        assert first.endswith("lưu ý: [entries.video] seconds không ghi: dùng từ 240 đến 300 giây.")
        assert "Không tìm thấy tệp phim.mp4" in second
