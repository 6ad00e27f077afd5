"""`python -m core erase account|entry NAME`: delete personal texts on request; marks, decisions and the ledger stay."""

import argparse

from core import cli
from core.desk import context
from core.desk.accounts import accounts
from core.desk.maintenance import erasure
from core.rules.words import Refusal, Sentence

NAME = "erase"
HELP = Sentence(
    "Xóa dữ liệu cá nhân của một tài khoản đã khóa hoặc của tác giả một tác phẩm; điểm và sổ cái giữ nguyên."
)


class NeedsYes(Refusal):
    """What cannot be undone is done with --yes only."""

    def __init__(self, name: str) -> None:
        super().__init__(
            "Tên và lời đã viết của {name} sẽ bị xóa hẳn, chỉ còn trong các bản sao lưu cũ; hãy thêm --yes để xóa.",
            name=name,
        )


def add(parser: argparse.ArgumentParser, _: cli.Say) -> None:
    """Of whom."""
    of = parser.add_subparsers(dest="of", required=True, metavar=_("LOẠI"))
    for kind, says, what in (
        ("account", _("tên tài khoản, họ tên và lời đã viết của một tài khoản"), _("TÀI_KHOẢN")),
        ("entry", _("tên, tác giả và đơn vị của một tác phẩm"), _("MÃ")),
    ):
        parser_of_kind = of.add_parser(kind, help=says, description=says)
        parser_of_kind.add_argument("name", metavar=what)
        parser_of_kind.add_argument("--yes", action="store_true", help=_("xóa thật; không hoàn lại được"))


def run(args: argparse.Namespace) -> int:
    """Says how many texts are gone. They cannot be brought back, but by a backup."""
    if not args.yes:
        raise NeedsYes(args.name)
    erase = erasure.erase_account if args.of == "account" else erasure.erase_entry
    gone = erase(context.store(), accounts.SYSTEM, args.name, context.now())
    print(
        Sentence("Đã xóa {count} nội dung của {name}.", {"count": gone, "name": args.name}).localize(cli.locale(args))
    )
    return cli.DONE
