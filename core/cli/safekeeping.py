"""`verify`, `backup` and `restore`: keeping the contest safe from the command line."""

import argparse
import sys
from pathlib import Path

from core import cli
from core.desk import house, safekeeping
from core.rules.words import Sentence
from core.settings import settings


class Verify:
    """`verify`: is everything as it was written?"""

    NAME = "verify"
    HELP = Sentence("Kiểm tra sổ cái và toàn bộ cơ sở dữ liệu.")

    def add(self, parser: argparse.ArgumentParser, _: cli.Say) -> None:
        """A hash that was noted down earlier."""
        parser.add_argument(
            "--head",
            metavar=_("MÃ"),
            help=_("mã đã ghi lại từ lần trước (hoặc phần đầu của mã): sổ cái phải còn dòng đó"),
        )

    def run(self, args: argparse.Namespace) -> int:
        """One line for each finding; none is a good database."""
        store = house.store()
        try:
            safekeeping.of_a_contest(store)
            verdict = safekeeping.verify(store, args.head)
        finally:
            store.close()
        tongue = cli.tongue(args)
        for finding in verdict.findings:
            print(finding.said(tongue))
        if not verdict.good:
            wrong = Sentence("Kiểm tra thấy {count} lỗi.", {"count": len(verdict.findings)})
            print(wrong.said(tongue), file=sys.stderr)
            return cli.REFUSED
        _say(
            args,
            Sentence("Đúng: {rows} dòng sổ cái, mã cuối {head}.", {"rows": verdict.rows, "head": verdict.head.hex()}),
        )
        return cli.DONE


class Backup:
    """`backup FILE`: a copy of the whole database."""

    NAME = "backup"
    HELP = Sentence("Sao lưu cơ sở dữ liệu vào một tệp mới; bàn chấm vẫn chạy.")

    def add(self, parser: argparse.ArgumentParser, _: cli.Say) -> None:
        """The new file."""
        parser.add_argument("file", type=Path, metavar=_("TỆP"))

    def run(self, args: argparse.Namespace) -> int:
        """Says what was kept, to be compared after a restore."""
        store = house.store()
        try:
            safekeeping.of_a_contest(store)
            kept = safekeeping.backup(store, args.file)
        finally:
            store.close()
        facts = {"file": args.file, "rows": kept.rows, "head": kept.head}
        _say(args, Sentence("Đã sao lưu vào {file}: {rows} dòng sổ cái, mã cuối {head}.", facts))
        return cli.DONE


class Restore:
    """`restore FILE`: the database as it was."""

    NAME = "restore"
    HELP = Sentence("Khôi phục cơ sở dữ liệu từ một bản sao lưu, vào nơi còn trống.")

    def add(self, parser: argparse.ArgumentParser, _: cli.Say) -> None:
        """The backup, and the head it must end with."""
        parser.add_argument("file", type=Path, metavar=_("TỆP"))
        parser.add_argument(
            "--head", metavar=_("MÃ"), help=_("mã cuối của sổ cái (hoặc phần đầu của mã) phải đúng như lúc sao lưu")
        )

    def run(self, args: argparse.Namespace) -> int:
        """Says what was restored and verified."""
        kept = safekeeping.restore(args.file, settings(), args.head)
        facts = {"rows": kept.rows, "head": kept.head}
        _say(args, Sentence("Đã khôi phục và kiểm tra: {rows} dòng sổ cái, mã cuối {head}.", facts))
        return cli.DONE


def _say(args: argparse.Namespace, sentence: Sentence) -> None:
    print(sentence.said(cli.tongue(args)))


COMMANDS = {command.NAME: command for command in (Verify(), Backup(), Restore())}
