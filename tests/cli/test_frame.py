"""The command line's frame: what it says, how it ends, and how quickly it begins."""

import argparse
import os
import subprocess
import sys
from types import SimpleNamespace

import pytest

from core import cli
from core.rules.words import Refusal, Sentence


class Locked(Refusal):
    """A reason of our own."""

    def __init__(self) -> None:
        super().__init__("Cửa {door} đã khóa.", door="số 4")


def a_command(monkeypatch: pytest.MonkeyPatch, act: object) -> None:
    fake = SimpleNamespace(NAME="verify", HELP=Sentence("Thử."), add=lambda parser, _: None, run=act)
    monkeypatch.setattr(cli, "command", lambda name: fake)


def raises(error: BaseException) -> object:
    def act(args: argparse.Namespace) -> int:
        raise error

    return act


def test_help_speaks_the_language_that_is_asked_for(capsys: pytest.CaptureFixture[str]) -> None:
    assert (cli.main(["--lang", "en", "init", "--help"]), cli.main(["init", "--help"])) == (cli.DONE, cli.DONE)
    english, vietnamese = capsys.readouterr().out.split("usage:")[1:]
    assert "tệp cuộc thi" in vietnamese
    assert "contest file" in english
    assert "tệp" not in english.lower()


def test_help_says_every_command(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["--help"]) == cli.DONE
    said = capsys.readouterr().out
    assert [name for name in cli.MODULES if f"\n    {name} " not in said] == []


def test_what_is_said_is_utf_8_whatever_the_terminal_calls_its_own() -> None:
    """As on a Windows whose output goes to a file, or a server without a locale."""
    narrow = {**os.environ, "PYTHONIOENCODING": "cp1252"}
    told = subprocess.run([sys.executable, "-m", "core", "--help"], env=narrow, capture_output=True, check=True)
    assert "bàn chấm thi video, không cần màn hình" in told.stdout.decode("utf-8")


@pytest.mark.parametrize("words", [[], ["chấm"], ["inspect"], ["demo", "--videos", "long"]])
def test_wrong_usage_ends_with_two(words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(words) == cli.USAGE
    assert "usage:" in capsys.readouterr().err


def test_a_refusal_is_one_line_and_ends_with_one(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    a_command(monkeypatch, raises(Locked()))
    assert cli.main(["verify"]) == cli.REFUSED
    assert capsys.readouterr() == ("", "Cửa số 4 đã khóa.\n")


def test_what_nobody_foresaw_is_one_line_too(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    a_command(monkeypatch, raises(ValueError("first\nsecond")))
    assert cli.main(["verify"]) == cli.REFUSED
    said = capsys.readouterr().err
    assert said.count("\n") == 1
    assert "first second (ValueError)" in said
    assert "Traceback" not in said


def test_the_trace_is_there_for_whoever_asks(monkeypatch: pytest.MonkeyPatch) -> None:
    a_command(monkeypatch, raises(ValueError("why")))
    with pytest.raises(ValueError, match="why"):
        cli.main(["verify", "--trace"])


def test_being_stopped_by_hand_is_no_stack_trace(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
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


def test_python_m_core_is_the_same_frame() -> None:
    done = subprocess.run([sys.executable, "-m", "core", "nothing"], capture_output=True, text=True, check=False)
    assert done.returncode == cli.USAGE
    assert "Traceback" not in done.stderr
