"""The command line: each command is one module here, imported only when it is used (docs/design.md, Commands).

A command is a module with NAME, HELP (one sentence), add(parser, _) and run(args) -> exit status; `_` translates. A
module with several related commands has objects of that shape in COMMANDS, by name.
Exit status: 0 done; 1 refused, with one line per reason on stderr; 2 wrong usage; 130 interrupted.
"""

import argparse
import importlib
import logging
import os
import sys
from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import Protocol, cast

from core.rules.words import Language, Locale, Refusal, Sentence, Unavailable

MODULES = {  # command -> its module, in the order of --help
    "init": "init",
    "demo": "demo",
    "account": "account",
    "import": "import_",
    "inspect": "inspect",
    "rank": "rank",
    "award": "award",
    "export": "export",
    "evidence": "evidence",
    "verify": "maintenance",
    "backup": "maintenance",
    "restore": "maintenance",
    "migrate": "migrate",
    "grants": "grants",
    "erase": "erase",
    "work": "work",
}
DONE, REFUSED, USAGE, INTERRUPTED = 0, 1, 2, 130
Translate = Callable[[str], str]


class Command(Protocol):
    """The interface of a command; a module can be one."""

    NAME: str
    HELP: Sentence

    def add(self, parser: argparse.ArgumentParser, _: Translate) -> None: ...

    def run(self, args: argparse.Namespace) -> int: ...


def command(name: str) -> Command:
    """Import the command's module and return the command."""
    module = importlib.import_module(f"core.cli.{MODULES[name]}")
    several = getattr(module, "COMMANDS", None)
    return cast("Command", several[name] if several else module)


def locale(args: argparse.Namespace) -> Locale:
    """The language of this call's output: --lang, else Vietnamese."""
    return _locale(getattr(args, "lang", Language.VI))


def say(args: argparse.Namespace, sentence: Sentence) -> None:
    """Print one line to stdout and flush it: the next step may take long, or fail."""
    print(sentence.localize(locale(args)), flush=True)


def _locale(language: str) -> Locale:
    if language == Language.VI:
        return Locale()
    from core import speech

    return speech.locale(Language(language))


def main(argv: Sequence[str]) -> int:
    """Run one command and return its exit status."""
    named = next((word for word in argv if not word.startswith("-") and word in MODULES), None)
    parser = _parser([named] if named and not _wants_full_help(argv, named) else list(MODULES), _help_locale(argv))
    try:
        args = parser.parse_args(argv)
    except SystemExit as stop:  # argparse has already printed the error or the help
        return USAGE if stop.code else DONE
    if args.command is None:
        parser.print_help(sys.stderr)
        return USAGE
    return _run(args)


def _wants_full_help(argv: Sequence[str], named: str) -> bool:
    return any(word in ("-h", "--help") for word in argv[: list(argv).index(named)])


def _run(args: argparse.Namespace) -> int:
    """Run the command and return its exit status. An error prints one line per reason, a stack trace with --trace."""
    # Logging is for the server: here its lines and traces would mix with the error lines.
    logging.basicConfig(handlers=None if args.trace else [logging.NullHandler()])
    try:
        status = command(args.command).run(args)
        sys.stdout.flush()  # a full disk raises here, where it can still be reported
    except Unavailable as error:
        return _print_refusal(f"{error.sentence.localize(locale(args))} {error.why}")
    except Refusal as error:
        return _print_refusal(*(sentence.localize(locale(args)) for sentence in error.sentences))
    except KeyboardInterrupt:
        _print_refusal(Sentence("Đã dừng theo yêu cầu.").localize(locale(args)))
        return INTERRUPTED
    except BrokenPipeError:  # the reader has closed the pipe: there is nobody to report to
        _drop_output()
        return REFUSED
    except Exception as error:
        if args.trace:
            raise
        _drop_output()
        return _print_refusal(_unforeseen(error).localize(locale(args)))
    return status


def _drop_output() -> None:
    """If stdout cannot be flushed, redirect it to /dev/null, so that Python prints no second error at exit."""
    try:
        sys.stdout.flush()
    except OSError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _unforeseen(error: Exception) -> Sentence:
    if isinstance(error, OSError) and error.filename is not None:
        return Sentence("Không đọc hoặc không ghi được {file}: {why}.", {"file": error.filename, "why": error.strerror})
    if isinstance(error, OSError) and error.strerror:
        return Sentence("Không đọc hoặc không ghi được tệp: {why}.", {"why": error.strerror})
    driver = getattr(error, "orig", None) or error  # the driver's message, without the SQL statement
    facts = {"kind": type(driver).__name__, "what": " ".join(str(driver).split())}
    return Sentence("Không làm được: {what} ({kind}). Thêm --trace để xem chi tiết.", facts)


def _print_refusal(*lines: str) -> int:
    for line in lines:
        print(" ".join(line.split()), file=sys.stderr)
    return REFUSED


def _help_locale(argv: Sequence[str]) -> Locale:
    """The language of --help: --lang is searched for before the arguments are parsed."""
    words = [word for before, word in pairwise(["", *argv]) if word.startswith("--lang=") or before == "--lang"]
    language = words[-1].removeprefix("--lang=") if words else Language.VI
    return _locale(language if language in tuple(Language) else Language.VI)


def _parser(names: Sequence[str], locale: Locale) -> argparse.ArgumentParser:
    _ = locale.translate
    parser = argparse.ArgumentParser(
        prog="python -m core",
        description=_("Bàn Giám khảo: bàn chấm thi video, không cần màn hình."),
        epilog=_("Mã thoát: 0 đã xong; 1 bị từ chối, mỗi lý do in một dòng ở stderr; 2 gọi sai cách."),
    )
    parser.set_defaults(lang=Language.VI.value, trace=False)
    _common(parser, _)
    subparsers = parser.add_subparsers(dest="command", metavar=_("LỆNH"), title=_("các lệnh"))
    for name in names:
        chosen = command(name)
        help_text = chosen.HELP.localize(locale)
        subparser = subparsers.add_parser(name, help=help_text, description=help_text)
        _common(subparser, _)
        chosen.add(subparser, _)
    return parser


def _common(parser: argparse.ArgumentParser, _: Translate) -> None:
    parser.add_argument(
        "--lang",
        choices=[language.value for language in Language],
        default=argparse.SUPPRESS,
        help=_("ngôn ngữ trả lời"),
    )
    parser.add_argument(
        "--trace",
        action="store_true",
        default=argparse.SUPPRESS,
        help=_("in toàn bộ dấu vết khi gặp lỗi ngoài dự kiến"),
    )
