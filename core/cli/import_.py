"""`import`: works from a table and a folder of films."""

import argparse
import sys
from pathlib import Path

from core import cli
from core.desk import context
from core.desk.setup.work_import import NAMES, Imported, Request, import_works
from core.desk.text_input.text_files import text_of
from core.rules.words import Locale, Sentence
from core.settings import settings

NAME = "import"
HELP = Sentence("Nhập tác phẩm từ bảng CSV (code,title,author,unit,video) và thư mục phim; chạy lại thì làm tiếp.")


def add(parser: argparse.ArgumentParser, _: cli.Say) -> None:
    """Its options."""
    parser.add_argument("table", type=Path, metavar=_("BẢNG.csv"))
    parser.add_argument("--videos", type=Path, required=True, metavar=_("THƯ_MỤC"), help=_("nơi có các tệp phim"))
    parser.add_argument(
        "--update", action="store_true", help=_("sửa tên, tác giả, đơn vị, phim của tác phẩm đã có cho đúng bảng")
    )
    parser.add_argument("--dry-run", action="store_true", help=_("soát hết và báo kết quả, không ghi gì"))


def run(args: argparse.Namespace) -> int:
    """Add what can be added; every problem is a line on stderr, and any makes the status 1."""
    locale, text, store = cli.locale(args), text_of(args.table), context.store()

    def say(sentence: Sentence) -> None:
        print(sentence.localize(locale), flush=True)

    def tell(number: int, count: int, code: str) -> None:
        say(Sentence("Đang soát {number}/{count}: {code}", {"number": number, "count": count, "code": code}))

    request = Request(text, args.table.name, args.videos, settings().library, args.update, args.dry_run)
    try:
        done = import_works(store, request, context.now(), tell)
    finally:
        store.close()
    for code, parts in done.corrected.items():
        what = ", ".join(NAMES[part].localize(locale) for part in parts)
        say(Sentence("{code}: sửa {what}.", {"code": code, "what": what}))
    for problem in done.problems:
        print(_line(args.table, problem.line, problem.what, locale), file=sys.stderr)
    say(_sum(done, dry_run=args.dry_run))
    return cli.REFUSED if done.problems else cli.DONE


def _sum(done: Imported, *, dry_run: bool) -> Sentence:
    facts = {"added": len(done.added), "corrected": len(done.corrected), "known": len(done.known)}
    facts["problems"] = len(done.problems)
    if dry_run:
        text = "Chưa ghi gì. Sẽ nhập {added} tác phẩm, sửa {corrected}; {known} đã có và không đổi; {problems} chỗ cần xem lại."
        return Sentence(text, facts)
    text = "Đã nhập {added} tác phẩm, sửa {corrected}; {known} đã có và không đổi; {problems} chỗ cần xem lại."
    return Sentence(text, facts)


def _line(table: Path, line: int, what: Sentence, locale: Locale) -> str:
    return Sentence("{file}, dòng {line}: {what}", {"file": table.name, "line": line, "what": what}).localize(locale)
