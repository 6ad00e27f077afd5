"""`python -m core export --out DIR`: the award table as files, for whoever holds the database."""

import argparse
from pathlib import Path

from core import cli
from core.desk import award_files, house
from core.rules.words import Refusal, Sentence

NAME = "export"
HELP = Sentence("Xuất bảng trao giải ra tệp XLSX và CSV.")


class CannotWrite(Refusal):
    """The folder does not take the files."""

    def __init__(self, folder: Path, why: str) -> None:
        super().__init__("Không ghi được vào thư mục {folder}: {why}.", folder=folder, why=why)


def add(parser: argparse.ArgumentParser, _: cli.Say) -> None:
    """Where to, and whether judges are named."""
    parser.add_argument(
        "--out", type=Path, required=True, metavar="DIR", help=_("thư mục nhận tệp; chưa có thì được tạo")
    )
    parser.add_argument("--without-names", action="store_true", help=_("thay tên giám khảo bằng GK1, GK2, …"))


def run(args: argparse.Namespace) -> int:
    """Write both files and print where they lie."""
    made = award_files.files(house.store(), house.now(), names=not args.without_names)
    try:
        args.out.mkdir(parents=True, exist_ok=True)
        for each in made:
            (args.out / each.name).write_bytes(each.content)
    except OSError as broken:
        raise CannotWrite(args.out, broken.strerror or type(broken).__name__) from broken
    for each in made:
        print(args.out / each.name)
    return cli.DONE
