"""`python -m core erase account|entry|official|submission NAME`: delete personal texts on request; marks, decisions and the ledger stay."""

import argparse

from core import cli
from core.desk import context
from core.desk.accounts import accounts
from core.desk.maintenance import erasure
from core.rules.words import Refusal, Sentence

NAME = "erase"
HELP = Sentence(
    "Xóa dữ liệu cá nhân của một tài khoản đã khóa, của tác giả một tác phẩm, của một đơn dự thi đã rút hoặc của một thành "
    "viên đã ra khỏi danh sách các ban; điểm và sổ cái giữ nguyên."
)


_ERASE = {
    "account": erasure.erase_account,
    "entry": erasure.erase_entry,
    "official": erasure.erase_official,
    "submission": erasure.erase_submission,
}


class NeedsYes(Refusal):
    """Erasing cannot be undone, so it needs --yes."""

    def __init__(self, name: str) -> None:
        super().__init__(
            "Tên và lời đã viết của {name} sẽ bị xóa hẳn, chỉ còn trong các bản sao lưu cũ; hãy thêm --yes để xóa.",
            name=name,
        )


def add(parser: argparse.ArgumentParser, _: cli.Translate) -> None:
    """The kind (account, entry, official or submission), its name, and --yes."""
    of = parser.add_subparsers(dest="of", required=True, metavar=_("LOẠI"))
    for kind, help_text, what in (
        ("account", _("tên tài khoản, họ tên và lời đã viết của một tài khoản"), _("TÀI_KHOẢN")),
        ("entry", _("tên, tác giả và đơn vị của một tác phẩm"), _("MÃ-SỐ")),
        ("official", _("họ tên, ngày sinh, điện thoại và ghi chú của một thành viên các ban"), _("SỐ")),
        ("submission", _("mọi điều tác giả ghi trong một đơn dự thi đã rút, và lý do các lần xử lý đơn"), _("MÃ-SỐ")),
    ):
        parser_of_kind = of.add_parser(kind, help=help_text, description=help_text)
        parser_of_kind.add_argument("name", metavar=what)
        parser_of_kind.add_argument("--yes", action="store_true", help=_("xóa thật; không hoàn lại được"))


def run(args: argparse.Namespace) -> int:
    """Delete the texts and print how many. Only a backup still has them. Raises NeedsYes without --yes."""
    if not args.yes:
        raise NeedsYes(args.name)
    erased = _ERASE[args.of](context.store(), accounts.SYSTEM, args.name, context.now())
    print(
        Sentence("Đã xóa {count} nội dung của {name}.", {"count": erased, "name": args.name}).localize(cli.locale(args))
    )
    return cli.DONE
