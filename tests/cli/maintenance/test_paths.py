"""Any name of DATA_DIR or of a backup is used exactly as given, or refused; nothing is written under another name."""

import os
from pathlib import Path

import pytest

from core import cli
from tests.cli.commands import SON_LA, Commands, core

__all__ = ["core"]
ODD = [
    "hoi?khong",
    "bai%20thi",
    "100%",
    "%3F%2F",
    "có khoảng trắng",
    "a#b",
    "a&b=c",
    "a'b\"c",
    "[ngoac]",
    "-gach",
    "a~b",
    "$HOME `x` \\n",
    "a:b@c;d",
    "a+b",
    "mode=memory",
    ":memory:",
    "dấu-tiếng-Việt-⭐",
    "x" * 200,
    "file:a",
]


def inside(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir() if not path.name.startswith("."))


@pytest.mark.parametrize("name", ODD)
def test_the_database_and_its_backup_are_inside_the_folder(core: Commands, tmp_path: Path, name: str) -> None:
    folder, elsewhere = tmp_path / name, tmp_path / "khac" / name
    core.environment = {"DATA_DIR": str(folder)}
    assert core("init", "--contest", SON_LA)[0] == cli.DONE
    assert core("account", "add", "gk.lan", "--name", "Lan", "--roles", "judge")[0] == cli.DONE
    copy = folder / f"{name[:150]}.bak"
    status, out, wrong = core("backup", str(copy))
    assert (status, wrong) == (cli.DONE, "")
    head = out.split()[-1].rstrip(".")
    assert copy.name in inside(folder) and "desk.db" in inside(folder)
    assert core("restore", str(copy), "--head", head, DATA_DIR=str(elsewhere))[0] == cli.DONE
    status, out, _ = core("verify", "--head", head, DATA_DIR=str(elsewhere))
    assert status == cli.DONE and head in out
    assert "gk.lan" in core("account", "list", DATA_DIR=str(elsewhere))[1]
    assert {path.name for path in tmp_path.iterdir()} == {name, "khac"}


@pytest.mark.parametrize("name", ["a\nb", "cuối ", " đầu", "\u00a0", "x" * 255, "tab\tgiữa", "'; --", "-"])
def test_a_backup_may_have_any_valid_file_name(core: Commands, tmp_path: Path, name: str) -> None:
    core("init", "--contest", SON_LA)
    copy = tmp_path / "copies" / name
    assert core("backup", str(copy))[0] == cli.DONE
    assert {path.name for path in copy.parent.iterdir()} == {name, "backup-films"}
    assert core("restore", str(copy), DATA_DIR=str(tmp_path / "new"))[0] == cli.DONE
    assert core("verify", DATA_DIR=str(tmp_path / "new"))[0] == cli.DONE


@pytest.mark.parametrize(
    "name, says",
    [
        (" đầu", "có khoảng trắng ở đầu hoặc cuối"),
        ("cuối ", "có khoảng trắng ở đầu hoặc cuối"),
        ("dòng\nmới", "có ký tự xuống dòng"),
        ("tab\tgiữa", "ký tự điều khiển"),
        ("cuối\r", "có khoảng trắng ở đầu hoặc cuối"),
        ("~/desk", "bắt đầu bằng ~"),
        ("~lan", "bắt đầu bằng ~"),
        (os.fsdecode(b"\xff\xfe"), "không phải UTF-8"),
    ],
)
def test_an_invalid_folder_name_is_refused_by_name(
    core: Commands, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, says: str
) -> None:
    monkeypatch.chdir(tmp_path)
    for words in (("init", "--contest", SON_LA), ("verify",)):
        status, out, err = core(*words, DATA_DIR=name)
        assert (status, out, err.count("\n")) == (cli.REFUSED, "", 1)
        assert "DATA_DIR" in err and says in err
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("name", [("x" * 100 + "/") * 5 + "y", "x" * 300, ("x" * 100 + "/") * 45])
def test_a_path_that_is_too_long_is_refused_by_name(core: Commands, tmp_path: Path, name: str) -> None:
    status, out, err = core("init", "--contest", SON_LA, DATA_DIR=str(tmp_path / name))
    assert (status, out, err.count("\n")) == (cli.REFUSED, "", 1) and "x" * 100 in err
    assert "quá dài" in err or "File name too long" in err
    core("init", "--contest", SON_LA, DATA_DIR=str(tmp_path / "a"))
    status, out, err = core("backup", str(tmp_path / name / "copy"), DATA_DIR=str(tmp_path / "a"))
    assert (status, out, err.count("\n")) == (cli.REFUSED, "", 1)
    assert "quá dài" in err or "File name too long" in err


def test_the_longest_path_that_is_taken_works(core: Commands, tmp_path: Path) -> None:
    room = 460 - len(str(tmp_path / "desk.db")) - 1
    folder = tmp_path / "/".join(["x" * 99] * (room // 100) + ["y" * (room % 100)] if room % 100 else [])
    assert len(str(folder / "desk.db")) == 460
    assert core("init", "--contest", SON_LA, DATA_DIR=str(folder))[0] == cli.DONE
    assert core("backup", str(folder / "copy.b"), DATA_DIR=str(folder))[0] == cli.DONE
    status, _, err = core("backup", str(folder / "copy.ba"), DATA_DIR=str(folder))
    assert status == cli.DONE, err
    assert core("backup", str(folder / "copy.bak"), DATA_DIR=str(folder))[0] == cli.REFUSED


def test_relative_and_linked_paths_are_the_same_place(
    core: Commands, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "thật?").mkdir()
    (tmp_path / "liên kết").symlink_to("thật?")
    assert core("init", "--contest", SON_LA, DATA_DIR="liên kết")[0] == cli.DONE
    for name in ("thật?", "./thật?/../liên kết", str(tmp_path / "liên kết")):
        assert core("verify", DATA_DIR=name)[0] == cli.DONE
    assert core("backup", "--", "-bản?sao", DATA_DIR="thật?")[0] == cli.DONE
    assert core("restore", "--", "-bản?sao", DATA_DIR="mới%41")[0] == cli.DONE
    assert inside(tmp_path / "mới%41") == ["desk.db", "library"]


def test_folders_linked_to_each_other_are_refused(core: Commands, tmp_path: Path) -> None:
    (tmp_path / "a").symlink_to("b")
    (tmp_path / "b").symlink_to("a")
    status, out, err = core("init", "--contest", SON_LA, DATA_DIR=str(tmp_path / "a"))
    assert (status, out, err.count("\n")) == (cli.REFUSED, "", 1) and "DATA_DIR" in err


@pytest.mark.parametrize(
    "words", [("backup", "~/copy"), ("restore", "~/copy"), ("backup", "copy", "--films", "~/films")]
)
def test_a_tilde_that_no_shell_has_replaced_is_refused(
    core: Commands, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, words: tuple[str, ...]
) -> None:
    monkeypatch.chdir(tmp_path)
    core.environment = {"DATA_DIR": "var"}
    core("init", "--contest", SON_LA)
    status, _, err = core(*words)
    assert status == cli.REFUSED and "bắt đầu bằng ~" in err
    assert inside(tmp_path) == ["var"]


class TestDatabaseUrlOfAFile:
    def test_percent_encoding_is_read(self, core: Commands, tmp_path: Path) -> None:
        assert (
            core("init", "--contest", SON_LA, DATABASE_URL=f"sqlite:///{tmp_path}/h%E1%BB%8Fi%3Fph%E1%BA%A7n%25.db")[0]
            == cli.DONE
        )
        assert "hỏi?phần%.db" in inside(tmp_path)

    @pytest.mark.parametrize(
        "name", ["hoi?khong/desk.db", "100%/desk.db", "a%2/desk.db", "a%FF/desk.db", "a%00/desk.db", "desk.db?mode=ro"]
    )
    def test_what_a_url_reads_as_something_else_is_refused(self, core: Commands, tmp_path: Path, name: str) -> None:
        status, out, err = core("init", "--contest", SON_LA, DATABASE_URL=f"sqlite:///{tmp_path}/{name}")
        assert (status, out, err.count("\n")) == (cli.REFUSED, "", 1)
        assert "%3F" in err and "%25" in err
        assert list(tmp_path.iterdir()) == []
