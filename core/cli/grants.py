"""`grants ROLE`: gives a PostgreSQL role exactly the privileges that the server needs."""

import argparse
import sys

from core import cli
from core.desk.maintenance import operations
from core.rules.words import Sentence
from core.settings import settings

NAME = "grants"
HELP = Sentence("PostgreSQL: nâng cấp cơ sở dữ liệu và cấp cho một vai trò đúng những quyền bàn chấm cần, không hơn.")

_LARGE_OBJECTS = Sentence(
    "Lưu ý: như mọi vai trò, nó vẫn tạo được large object; chỉ superuser chặn được, trong chính cơ sở dữ liệu này: "
    "REVOKE EXECUTE ON FUNCTION lo_create(oid), lo_creat(integer), lo_from_bytea(oid, bytea) FROM PUBLIC;"
)


def add(parser: argparse.ArgumentParser, _: cli.Translate) -> None:
    """The name of an existing role."""
    only = _("vai trò mà máy chủ và các lệnh khác kết nối; chỉ lệnh này và restore dùng DATABASE_URL của chủ sở hữu")
    parser.add_argument("role", metavar=_("VAI-TRÒ"), help=only)


def run(args: argparse.Namespace) -> int:
    """Upgrade the schema, grant the privileges, and print what was done; a note on large objects goes to stderr."""
    large_objects = operations.grant(args.role, settings(), lambda done: cli.say(args, done.sentence))
    done = Sentence(
        "Vai trò {role} nay có đúng những quyền bàn chấm cần: sổ cái và phiếu niêm phong chỉ được đọc và thêm.",
        {"role": args.role},
    )
    print(done.localize(cli.locale(args)))
    if large_objects:
        print(_LARGE_OBJECTS.localize(cli.locale(args)), file=sys.stderr)
    return cli.DONE
