"""`inspect`: check films against the contest's rules."""

import argparse
import sys
from pathlib import Path

from core import cli
from core.cli.contests import contest_of
from core.desk.setup import contest_setup
from core.desk.text_input.text_files import text_of
from core.rules.words import Refusal, Sentence
from core.settings import settings

NAME = "inspect"
HELP = Sentence("Soát một tệp phim theo thể lệ: nguyên vẹn, định dạng, khung hình, thời lượng, âm thanh.")


def add(parser: argparse.ArgumentParser, _: cli.Translate) -> None:
    """Its options."""
    parser.add_argument("films", nargs="+", type=Path, metavar=_("TỆP"))
    parser.add_argument("--contest", type=Path, metavar=_("TỆP"), help=_("tệp cuộc thi (.toml); mặc định là CONTEST"))


def run(args: argparse.Namespace) -> int:
    """Print one line per rule; returns 0 if every file meets every rule. Notices about missing rules come first."""
    path: Path = args.contest or settings().contest
    locale = cli.locale(args)
    contest, notices = contest_of(text_of(path), path.name, also="entries.video")
    for notice in notices:
        print(notice.localize(locale), file=sys.stderr)
    rules = contest.entries.video
    passed = True
    for film in args.films:
        try:
            inspection = contest_setup.inspected(film, rules)
        except Refusal as refusal:
            passed = False
            print(refusal.sentence.localize(locale), file=sys.stderr)
            continue
        passed = passed and inspection.passed
        print(_name(film))
        for verdict in inspection.verdicts:
            print(f"  {verdict.line.localize(locale)}")
    return cli.DONE if passed else cli.REFUSED


def _name(film: Path) -> str:
    """The file's name for printing: each character that is not printable is replaced by "\ufffd"."""
    return "".join(letter if letter.isprintable() else "\ufffd" for letter in film.name)
