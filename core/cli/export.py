"""`python -m core export --out DIR`: writes the award table and the result chain as files."""

import argparse
from pathlib import Path

from core import cli
from core.desk import context
from core.desk.awards import award_files, chain_export
from core.rules.words import Sentence

NAME = "export"
HELP = Sentence("Xuất bảng trao giải ra tệp XLSX và CSV, và sổ kết quả ra tệp JSONL.")


def add(parser: argparse.ArgumentParser, _: cli.Translate) -> None:
    """The folder, and whether judges' names are replaced by pseudonyms."""
    parser.add_argument(
        "--out", type=Path, required=True, metavar="DIR", help=_("thư mục nhận tệp; chưa có thì được tạo")
    )
    parser.add_argument(
        "--without-names", action="store_true", help=_("thay tên giám khảo bằng mã số của họ, như GK07")
    )


def run(args: argparse.Namespace) -> int:
    """Write the files and print their paths."""
    store = context.store()
    made = (*award_files.files(store, context.now(), names=not args.without_names), chain_export.result_chain(store))
    args.out.mkdir(parents=True, exist_ok=True)
    for each in made:
        _put(args.out / each.name, each.content)
        print(args.out / each.name)
    return cli.DONE


def _put(path: Path, content: bytes) -> None:
    """Write the file atomically: on an error, an existing file stays unchanged."""
    part = path.with_name(f".{path.name}.part")
    try:
        part.write_bytes(content)
        part.replace(path)
    except BaseException:
        part.unlink(missing_ok=True)
        raise
