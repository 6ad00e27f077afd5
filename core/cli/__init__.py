"""The desk without a screen: each command is one module here, opened only when it is asked for (docs/design.md, Commands).

A command is a module with NAME, HELP (one sentence), add(parser, _) and run(args) -> exit status; `_` says its words. A module that holds
several related commands gives them as objects of that shape in COMMANDS, by name.
Exit status: 0 done, 1 refused with one clear line on stderr, 2 wrong usage.
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

MODULES = {  # command -> the module that has it, in the order of --help
    "init": "init",
    "demo": "demo",
    "account": "account",
    "import": "import_",
    "inspect": "inspect",
    "rank": "rank",
    "award": "award",
    "export": "export",
    "verify": "maintenance",
    "backup": "maintenance",
    "restore": "maintenance",
    "migrate": "migrate",
    "grants": "grants",
    "erase": "erase",
}
DONE, REFUSED, USAGE, INTERRUPTED = 0, 1, 2, 130
Say = Callable[[str], str]


class Command(Protocol):
    """What a command offers; a module is one."""

    NAME: str
    HELP: Sentence

    def add(self, parser: argparse.ArgumentParser, _: Say) -> None: ...

    def run(self, args: argparse.Namespace) -> int: ...


def command(name: str) -> Command:
    """The command of this name, its module imported now and not before."""
    module = importlib.import_module(f"core.cli.{MODULES[name]}")
    several = getattr(module, "COMMANDS", None)
    return cast("Command", several[name] if several else module)


def locale(args: argparse.Namespace) -> Locale:
    """The language this call speaks: Vietnamese, or --lang en."""
    return _locale(getattr(args, "lang", Language.VI))


def say(args: argparse.Namespace, sentence: Sentence) -> None:
    """Print a line of the answer, now: what follows may take long, or fail."""
    print(sentence.localize(locale(args)), flush=True)


def _locale(language: str) -> Locale:
    if language == Language.VI:
        return Locale()
    from core import speech

    return speech.locale(Language(language))


def main(argv: Sequence[str]) -> int:
    """Run one command and answer its exit status."""
    named = next((word for word in argv if not word.startswith("-") and word in MODULES), None)
    parser = _parser([named] if named and not _asks_for_all(argv, named) else list(MODULES), _asked_locale(argv))
    try:
        args = parser.parse_args(argv)
    except SystemExit as stop:  # argparse has already said what is wrong
        return USAGE if stop.code else DONE
    if args.command is None:
        parser.print_help(sys.stderr)
        return USAGE
    return _run(args)


def _asks_for_all(argv: Sequence[str], named: str) -> bool:
    return any(word in ("-h", "--help") for word in argv[: list(argv).index(named)])


def _run(args: argparse.Namespace) -> int:
    """The command's own status. What stops it is a line for each reason, never a stack trace (unless --trace asks for it)."""
    # the log is the server's: here its lines would stand, with their traces, beside the lines of the refusal
    logging.basicConfig(handlers=None if args.trace else [logging.NullHandler()])
    try:
        status = command(args.command).run(args)
        sys.stdout.flush()  # a full disk is met here, and not after the last chance to say so
    except Unavailable as away:
        return _refused(f"{away.sentence.localize(locale(args))} {away.why}")
    except Refusal as refused:
        return _refused(*(sentence.localize(locale(args)) for sentence in refused.sentences))
    except KeyboardInterrupt:
        _refused(Sentence("Đã dừng theo yêu cầu.").localize(locale(args)))
        return INTERRUPTED
    except BrokenPipeError:  # the reader of our output has gone: nothing to say to anybody
        _drop_output()
        return REFUSED
    except Exception as unforeseen:
        if args.trace:
            raise
        _drop_output()
        return _refused(_unforeseen(unforeseen).localize(locale(args)))
    return status


def _drop_output() -> None:
    """What could not be written is not tried again when Python ends, with a trace of its own."""
    try:
        sys.stdout.flush()
    except OSError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _unforeseen(error: Exception) -> Sentence:
    if isinstance(error, OSError) and error.filename is not None:
        return Sentence("Không đọc hoặc không ghi được {file}: {why}.", {"file": error.filename, "why": error.strerror})
    if isinstance(error, OSError) and error.strerror:
        return Sentence("Không đọc hoặc không ghi được tệp: {why}.", {"why": error.strerror})
    driver = getattr(error, "orig", None) or error  # the database's own words, without the statement
    facts = {"kind": type(driver).__name__, "what": " ".join(str(driver).split())}
    return Sentence("Không làm được: {what} ({kind}). Thêm --trace để xem chi tiết.", facts)


def _refused(*lines: str) -> int:
    for line in lines:
        print(" ".join(line.split()), file=sys.stderr)
    return REFUSED


def _asked_locale(argv: Sequence[str]) -> Locale:
    """What --help itself speaks: --lang is looked for before anything is parsed."""
    words = [word for before, word in pairwise(["", *argv]) if word.startswith("--lang=") or before == "--lang"]
    asked = words[-1].removeprefix("--lang=") if words else Language.VI
    return _locale(asked if asked in tuple(Language) else Language.VI)


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
        asked = command(name)
        says = asked.HELP.localize(locale)
        made = subparsers.add_parser(name, help=says, description=says)
        _common(made, _)
        asked.add(made, _)
    return parser


def _common(parser: argparse.ArgumentParser, _: Say) -> None:
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
