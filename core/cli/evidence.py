"""`python -m core evidence DIR|FILE.zip [--proof N]`: the bundle of evidence of the published result (docs/evidence.md)."""

import argparse
from pathlib import Path

from core import cli
from core.desk import context
from core.desk.awards import evidence, evidence_files
from core.rules.words import Sentence

NAME = "evidence"
HELP = Sentence("Xuất gói chứng cứ của kết quả đã công bố, để ai cũng kiểm tra được mà không cần phần mềm này.")


def add(parser: argparse.ArgumentParser, _: cli.Translate) -> None:
    """Where to, and the row to prove instead."""
    parser.add_argument(
        "target", type=Path, metavar="DIR|FILE.zip", help=_("thư mục mới, hoặc tệp .zip; với --proof: tệp .json")
    )
    parser.add_argument(
        "--proof",
        type=int,
        metavar="N",
        help=_("chỉ xuất chứng cứ rằng dòng N nằm trong sổ kết quả, không kèm các dòng khác"),
    )


def run(args: argparse.Namespace) -> int:
    """Write the files and print their path."""
    store = context.store()
    if args.proof is None:
        evidence.write(store, args.target)
    else:
        evidence_files.write_file(evidence.proof(store, args.proof), args.target)
    print(args.target)
    return cli.DONE
