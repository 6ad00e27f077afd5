"""`import`: import works from a table (XLSX or CSV) and a folder of films, or write an empty table."""

import argparse
import sys
from pathlib import Path

from core import cli
from core.desk import context
from core.desk.files.work_list import read_works_file, work_template
from core.desk.setup.work_import import NAMES, Imported, Request, import_works
from core.desk.text_input.csv_lines import Problem
from core.desk.text_input.text_files import bytes_of
from core.rules.words import Locale, Sentence
from core.settings import settings

NAME = "import"
HELP = Sentence(
    "Nhập tác phẩm từ bảng Excel (.xlsx) hoặc CSV (code,title,author,unit,video) và thư mục phim; chạy lại thì làm tiếp."
)
USE = Sentence("Cần có BẢNG và --videos THƯ_MỤC, hoặc chỉ --template TỆP.xlsx.")


def add(parser: argparse.ArgumentParser, _: cli.Translate) -> None:
    """Its options."""
    parser.add_argument("table", nargs="?", type=Path, metavar=_("BẢNG"))
    parser.add_argument("--videos", type=Path, metavar=_("THƯ_MỤC"), help=_("nơi có các tệp phim"))
    parser.add_argument("--template", type=Path, metavar=_("TỆP.xlsx"), help=_("chỉ ghi một bảng mẫu để điền"))
    parser.add_argument(
        "--update", action="store_true", help=_("sửa tên, tác giả, đơn vị, phim của tác phẩm đã có cho đúng bảng")
    )
    parser.add_argument("--dry-run", action="store_true", help=_("soát hết và báo kết quả, không ghi gì"))


def run(args: argparse.Namespace) -> int:
    """Import all valid works, or write a template. Each problem is a line on stderr, and the exit status is then 1."""
    if args.template is not None and args.table is None:
        return _write_template(args)
    if args.template is not None or args.table is None or args.videos is None:
        print(USE.localize(cli.locale(args)), file=sys.stderr)
        return cli.USAGE
    return _import(args)


def _write_template(args: argparse.Namespace) -> int:
    with args.template.open("xb") as file:  # a table that somebody has filled in is not overwritten
        file.write(work_template(cli.locale(args)))
    cli.say(args, Sentence("Đã ghi bảng mẫu {file}.", {"file": args.template}))
    return cli.DONE


def _import(args: argparse.Namespace) -> int:
    locale, data, store = cli.locale(args), bytes_of(args.table), context.store()

    def say(sentence: Sentence) -> None:
        print(sentence.localize(locale), flush=True)

    def show_progress(number: int, count: int, code: str) -> None:
        say(Sentence("Đang soát {number}/{count}: {code}", {"number": number, "count": count, "code": code}))

    try:
        works, problems = read_works_file(data, args.table.name)
        request = Request(works, problems, args.videos, settings().library, args.update, args.dry_run)
        imported = import_works(store, request, context.now(), show_progress)
    finally:
        store.close()
    for code, parts in imported.corrected.items():
        what = ", ".join(NAMES[part].localize(locale) for part in parts)
        say(Sentence("{code}: sửa {what}.", {"code": code, "what": what}))
    for problem in imported.problems:
        print(_line(args.table, problem, locale), file=sys.stderr)
    say(_summary(imported, dry_run=args.dry_run))
    return cli.REFUSED if imported.problems else cli.DONE


def _summary(imported: Imported, *, dry_run: bool) -> Sentence:
    facts = {"added": len(imported.added), "corrected": len(imported.corrected), "known": len(imported.known)}
    facts["problems"] = len(imported.problems)
    if dry_run:
        text = "Chưa ghi gì. Sẽ nhập {added} tác phẩm, sửa {corrected}; {known} đã có và không đổi; {problems} chỗ cần xem lại."
        return Sentence(text, facts)
    text = "Đã nhập {added} tác phẩm, sửa {corrected}; {known} đã có và không đổi; {problems} chỗ cần xem lại."
    return Sentence(text, facts)


def _line(table: Path, problem: Problem, locale: Locale) -> str:
    facts: dict[str, object] = {"file": table.name, "line": problem.line, "cell": problem.cell, "what": problem.what}
    if problem.cell:
        return Sentence("{file}, {cell}: {what}", facts).localize(locale)
    if problem.line == 0:
        return Sentence("{file}: {what}", facts).localize(locale)
    return Sentence("{file}, dòng {line}: {what}", facts).localize(locale)
