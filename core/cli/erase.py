"""`python -m core erase account|entry NAME`: delete personal texts on request; marks, decisions and the ledger stay."""

import argparse

from core import cli
from core.desk import context
from core.desk.accounts import accounts
from core.desk.maintenance import erasure
from core.rules.words import Sentence

NAME = "erase"
HELP = Sentence(
    "Xóa dữ liệu cá nhân của một tài khoản đã khóa hoặc của tác giả một tác phẩm; điểm và sổ cái giữ nguyên."
)


def add(parser: argparse.ArgumentParser, _: cli.Say) -> None:
    """Of whom."""
    of = parser.add_subparsers(dest="of", required=True, metavar=_("LOẠI"))
    for kind, says, what in (
        ("account", _("tên tài khoản, họ tên và lời đã viết của một tài khoản"), _("TÀI_KHOẢN")),
        ("entry", _("tên, tác giả và đơn vị của một tác phẩm"), _("MÃ")),
    ):
        of.add_parser(kind, help=says, description=says).add_argument("name", metavar=what)


def run(args: argparse.Namespace) -> int:
    """Says how many texts are gone. They cannot be brought back, but by a backup."""
    erase = erasure.erase_account if args.of == "account" else erasure.erase_entry
    gone = erase(context.store(), accounts.SYSTEM, args.name, context.now())
    print(
        Sentence("Đã xóa {count} nội dung của {name}.", {"count": gone, "name": args.name}).localize(cli.locale(args))
    )
    return cli.DONE
