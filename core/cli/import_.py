"""`import`: works from a table and a folder of films."""

import argparse
import sys
from pathlib import Path

from core import cli
from core.desk import house, opening
from core.desk.text_files import text_of
from core.rules.words import Sentence, Tongue
from core.settings import settings

NAME = "import"
HELP = Sentence("Nhập tác phẩm từ bảng CSV (code,title,author,unit,video) và thư mục phim; chạy lại thì làm tiếp.")


def add(parser: argparse.ArgumentParser, _: cli.Say) -> None:
    """Its options."""
    parser.add_argument("table", type=Path, metavar=_("BẢNG.csv"))
    parser.add_argument("--videos", type=Path, required=True, metavar=_("THƯ_MỤC"), help=_("nơi có các tệp phim"))


def run(args: argparse.Namespace) -> int:
    """Add what can be added; every problem is a line on stderr, and any makes the status 1."""
    tongue, text, store = cli.tongue(args), text_of(args.table), house.store()

    def tell(number: int, count: int, code: str) -> None:
        print(
            Sentence("Đang soát {number}/{count}: {code}", {"number": number, "count": count, "code": code}).said(
                tongue
            ),
            flush=True,
        )

    try:
        done = opening.import_works(store, text, args.table.name, args.videos, settings().library, house.now(), tell)
    finally:
        store.close()
    for problem in done.problems:
        print(_line(args.table, problem.line, problem.what, tongue), file=sys.stderr)
    facts = {"added": len(done.added), "known": len(done.known), "problems": len(done.problems)}
    print(
        Sentence("Đã nhập {added} tác phẩm; {known} tác phẩm đã có từ trước; {problems} chỗ cần sửa.", facts).said(
            tongue
        )
    )
    return cli.REFUSED if done.problems else cli.DONE


def _line(table: Path, line: int, what: Sentence, tongue: Tongue) -> str:
    return Sentence("{file}, dòng {line}: {what}", {"file": table.name, "line": line, "what": what}).said(tongue)
