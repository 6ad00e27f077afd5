"""The common behaviour of commands: output, exit status and start-up time."""

import argparse
import os
import sqlite3
import subprocess
import sys
from types import SimpleNamespace

import pytest
import sqlalchemy as sa

from core import cli
from core.rules.words import Refusal, Sentence


class Locked(Refusal):
    """A refusal defined by this test."""

    def __init__(self) -> None:
        super().__init__("Cửa {door} đã khóa.", door="số 4")


def a_command(monkeypatch: pytest.MonkeyPatch, act: object) -> None:
    fake = SimpleNamespace(NAME="verify", HELP=Sentence("Thử."), add=lambda parser, _: None, run=act)
    monkeypatch.setattr(cli, "command", lambda name: fake)


def raises(error: BaseException) -> object:
    def act(args: argparse.Namespace) -> int:
        raise error

    return act


def test_help_is_in_the_requested_language(capsys: pytest.CaptureFixture[str]) -> None:
    assert (cli.main(["--lang", "en", "init", "--help"]), cli.main(["init", "--help"])) == (cli.DONE, cli.DONE)
    english, vietnamese = capsys.readouterr().out.split("usage:")[1:]
    assert "tệp cuộc thi" in vietnamese
    assert "contest file" in english
    assert "tệp" not in english.lower()


def test_help_lists_every_command(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["--help"]) == cli.DONE
    out = capsys.readouterr().out
    assert [name for name in cli.MODULES if f"\n    {name} " not in out] == []


def test_output_is_utf_8_whatever_the_encoding_of_the_terminal() -> None:
    """As on Windows with output to a file, or on a server without a locale."""
    narrow = {**os.environ, "PYTHONIOENCODING": "cp1252"}
    result = subprocess.run([sys.executable, "-m", "core", "--help"], env=narrow, capture_output=True, check=True)
    assert "bàn chấm thi video, không cần màn hình" in result.stdout.decode("utf-8")


@pytest.mark.parametrize("words", [[], ["chấm"], ["inspect"], ["demo", "--videos", "long"]])
def test_wrong_usage_exits_with_2(words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(words) == cli.USAGE
    assert "usage:" in capsys.readouterr().err


def test_a_refusal_is_one_line_and_exits_with_1(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    a_command(monkeypatch, raises(Locked()))
    assert cli.main(["verify"]) == cli.REFUSED
    assert capsys.readouterr() == ("", "Cửa số 4 đã khóa.\n")


def test_an_unexpected_error_is_one_line_too(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    a_command(monkeypatch, raises(ValueError("first\nsecond")))
    assert cli.main(["verify"]) == cli.REFUSED
    err = capsys.readouterr().err
    assert err.count("\n") == 1
    assert "first second (ValueError)" in err
    assert "Traceback" not in err


def test_the_stack_trace_is_printed_on_request(monkeypatch: pytest.MonkeyPatch) -> None:
    a_command(monkeypatch, raises(ValueError("why")))
    with pytest.raises(ValueError, match="why"):
        cli.main(["verify", "--trace"])


def test_an_interrupt_gives_no_stack_trace(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    a_command(monkeypatch, raises(KeyboardInterrupt()))
    assert cli.main(["verify"]) == cli.INTERRUPTED
    assert capsys.readouterr().err == "Đã dừng theo yêu cầu.\n"


def test_a_command_opens_no_other_and_ranking_needs_no_database() -> None:
    script = (
        "import sys; from core.cli import main; main(['rank', '--help']);"
        "print(sorted({'sqlalchemy', 'moviepy', 'PIL', 'streamlit', 'pandas'} & set(sys.modules)), file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stderr == "[]\n"


_READS = """
import importlib, pkgutil, sys
import core
opened = []
def told(event, args):
    if event == "open" and isinstance(args[0], str) and args[0].startswith(core.__path__[0].rpartition("/")[0]):
        opened.append(args[0])
sys.addaudithook(told)
for module in pkgutil.walk_packages(core.__path__, "core."):
    if not module.name.startswith(("core.web", "core.store.migrations.env", "core.__main__")):
        importlib.import_module(module.name)
print([path for path in opened if not path.endswith((".py", ".pyc")) and "/.venv/" not in path and ".pyc." not in path])
"""


def test_importing_reads_no_file_but_code() -> None:
    done = subprocess.run([sys.executable, "-c", _READS], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"


def test_log_messages_are_not_printed_beside_the_one_line() -> None:
    script = (
        "import logging; from types import SimpleNamespace; from core import cli; from core.rules.words import Sentence\n"
        "def act(args): logging.getLogger('core.store').exception('the database took none'); return cli.DONE\n"
        "fake = SimpleNamespace(NAME='verify', HELP=Sentence('Thử.'), add=lambda parser, _: None, run=act)\n"
        "cli.command = lambda name: fake\n"
        "import sys; sys.exit(cli.main(sys.argv[1:]))"
    )
    quiet, traced = (
        subprocess.run([sys.executable, "-c", script, "verify", *more], capture_output=True, text=True, check=True)
        for more in ([], ["--trace"])
    )
    assert quiet.stderr == "" and "the database took none" in traced.stderr


def test_a_database_error_is_printed_without_its_statement(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    error = sa.exc.OperationalError("select secret from account", {}, sqlite3.OperationalError("no such table: x"))
    a_command(monkeypatch, raises(error))
    assert cli.main(["verify"]) == cli.REFUSED
    assert capsys.readouterr().err == (
        "Không làm được: no such table: x (OperationalError). Thêm --trace để xem chi tiết.\n"
    )


def test_python_m_core_runs_the_same_command_line() -> None:
    done = subprocess.run([sys.executable, "-m", "core", "nothing"], capture_output=True, text=True, check=False)
    assert done.returncode == cli.USAGE
    assert "Traceback" not in done.stderr
