"""`account`: create accounts, set roles, set a new password, close accounts. Same rules as on the accounts page."""

import argparse
import sys
from collections.abc import Callable

from core import cli
from core.desk import context
from core.desk.accounts import accounts, password_resets
from core.rules.access import Role
from core.rules.words import Refusal, Sentence
from core.settings import settings

NAME = "account"
HELP = Sentence("Tạo tài khoản, giao vai trò, cấp lại mật khẩu, khóa tài khoản.")
DONE = 0


class RoleUnknown(Refusal):
    """There is no such role."""

    def __init__(self, role: str) -> None:
        known = ", ".join(Role)
        super().__init__("Không có vai trò {role}; các vai trò: {known}.", role=role, known=known)


def add(parser: argparse.ArgumentParser, _: cli.Translate) -> None:
    """The subcommands and their arguments."""
    acts = parser.add_subparsers(dest="act", required=True, metavar=_("VIỆC"))
    new = acts.add_parser("add", help=_("tạo tài khoản; in mật khẩu tạm thời một lần"))
    new.add_argument("username")
    new.add_argument("--name", required=True, help=_("họ và tên"))
    new.add_argument("--roles", required=True, help=", ".join(Role))
    roles = acts.add_parser("roles", help=_("đặt lại vai trò"))
    roles.add_argument("username")
    roles.add_argument("roles", help=", ".join(Role))
    for act, words in (
        ("password", _("cấp mật khẩu tạm thời mới; in ra một lần")),
        ("link", _("tạo đường dẫn đặt lại mật khẩu, dùng một lần")),
        ("deactivate", _("khóa tài khoản; mọi phiên kết thúc ngay")),
        ("reactivate", _("mở lại tài khoản")),
    ):
        acts.add_parser(act, help=words).add_argument("username")
    acts.add_parser("list", help=_("liệt kê tài khoản"))


def run(args: argparse.Namespace) -> int:
    """Run the subcommand. A secret is printed once, alone on stdout; only its hash is stored."""
    acts: dict[str, Callable[[argparse.Namespace], None]] = {
        "add": _add,
        "roles": _roles,
        "password": _password,
        "link": _link,
        "deactivate": _deactivate,
        "reactivate": _reactivate,
        "list": _list,
    }
    acts[args.act](args)
    return DONE


def _add(args: argparse.Namespace) -> None:
    password = accounts.add(
        context.store(), accounts.SYSTEM, args.username, args.name, _parsed(args.roles), context.now()
    )
    print(password)
    once = Sentence("Mật khẩu tạm thời ở trên chỉ in một lần; lần đăng nhập đầu tiên phải đặt mật khẩu mới.")
    print(once.localize(cli.locale(args)), file=sys.stderr)


def _roles(args: argparse.Namespace) -> None:
    accounts.set_roles(context.store(), accounts.SYSTEM, args.username, _parsed(args.roles), context.now())


def _password(args: argparse.Namespace) -> None:
    print(password_resets.temporary(context.store(), accounts.SYSTEM, args.username, context.now()))


def _link(args: argparse.Namespace) -> None:
    secret = password_resets.reset_link(context.store(), accounts.SYSTEM, args.username, context.now())
    origin = next(iter(settings().public_origins), f"http://localhost:{settings().port}")
    print(f"{origin}/reset?link={secret}")


def _deactivate(args: argparse.Namespace) -> None:
    accounts.deactivate(context.store(), accounts.SYSTEM, args.username, context.now())


def _reactivate(args: argparse.Namespace) -> None:
    accounts.reactivate(context.store(), accounts.SYSTEM, args.username, context.now())


def _list(args: argparse.Namespace) -> None:
    for each in accounts.listed(context.store(), accounts.SYSTEM):
        state = "" if each.active else "\t" + Sentence("đã khóa").localize(cli.locale(args))
        print(f"{each.username}\t{each.name}\t{','.join(sorted(each.roles))}{state}")


def _parsed(text: str) -> frozenset[Role]:
    named = [role.strip().lower() for role in text.split(",") if role.strip()]
    for role in named:
        if role not in tuple(Role):
            raise RoleUnknown(role)
    return frozenset(map(Role, named))
