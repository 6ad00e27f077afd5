"""`demo`: build a demo contest."""

import argparse
import socket
import time
from collections.abc import Callable

from core import cli
from core.desk import context
from core.desk.accounts import accounts
from core.desk.demo import build, material, received_works
from core.desk.demo.material import DemoStage
from core.rules.access import Role
from core.rules.words import Locale, Refusal, Sentence
from core.settings import settings
from core.store.engine import Store


class PortTaken(Refusal):
    """Another program uses the port that the server needs."""

    def __init__(self, port: int) -> None:
        super().__init__(
            "Cổng {port} đang được một chương trình khác dùng; hãy chọn cổng khác: make run PORT=8601", port=port
        )


NAME = "demo"
HELP = Sentence(
    "Dựng cuộc thi dùng thử: 12 phim, 5 giám khảo, một nửa số phiếu đã nộp; chạy lại thì làm tiếp phần còn thiếu."
)

WORDS = {
    role: sentence.text
    for role, sentence in {
        Role.JUDGE: Sentence("giám khảo"),
        Role.CHIEF: Sentence("Trưởng Ban Giám khảo"),
        Role.SECRETARY: Sentence("Tổ Thư ký"),
        Role.COMMITTEE: Sentence("Ban Tổ chức"),
        Role.CHANNEL: Sentence("phụ trách kênh tương tác"),
        Role.ADMIN: Sentence("quản trị viên"),
        Role.SCREENER: Sentence("người sơ loại"),
    }.items()
}


def add(parser: argparse.ArgumentParser, _: cli.Translate) -> None:
    """Its options."""
    parser.add_argument("--if-missing", action="store_true", help=_("không làm gì nếu đã có một cuộc thi hoàn chỉnh"))
    parser.add_argument(
        "--videos", choices=["full", "short"], default="full", help=_("short: phim vài giây, để kiểm thử")
    )
    parser.add_argument(
        "--stage",
        choices=[stage.value for stage in DemoStage],
        help=_("screening: vòng sơ loại, tác phẩm vừa nộp; judging: giám khảo đang chấm (mặc định)"),
    )
    parser.add_argument(
        "--port", type=_port, help=_("cổng sẽ phục vụ: từ chối ngay nếu đang có chương trình khác dùng")
    )


def run(args: argparse.Namespace) -> int:
    """Build what is missing and print the progress; then print the accounts."""
    if args.port and not _free(args.port):
        raise PortTaken(args.port)
    port = args.port or settings().port
    store = context.store(create=True, on_migration=lambda done: cli.say(args, done.sentence))
    try:
        stage = DemoStage(args.stage) if args.stage else None
        if not args.if_missing or build.missing(store, settings().library):
            _build(args, store, stage)
        elif stage is not None:
            build.existing_stage(store, stage)
        for line in _table(store, cli.locale(args).translate, port):
            print(line)
        if build.is_screening(store):
            print(_link(port).localize(cli.locale(args)))
    finally:
        store.close()
    return cli.DONE


def _build(args: argparse.Namespace, store: Store, stage: DemoStage | None) -> None:
    began, locale = time.monotonic(), cli.locale(args)
    build.build(
        store, settings().library, context.now(), lambda what: print(what.localize(locale), flush=True),
        short=args.videos == "short", at=stage,
    )  # fmt: skip
    took = {"seconds": round(time.monotonic() - began)}
    print(Sentence("Hoàn thành sau {seconds} giây.", took).localize(locale))


def _link(port: int) -> Sentence:
    """The private link of the author whose work was returned."""
    returned = next(each for each in material.submissions() if each.outcome == "return")
    address = f"http://localhost:{port}/entry/mine#{received_works.secret_of(returned)}"
    return Sentence("Tác giả có tác phẩm cần bổ sung theo dõi ở {address}", {"address": address})


def _port(text: str) -> int:
    """The port number. Raises ValueError, which argparse reports as wrong usage."""
    if not 0 < int(text) < 65536:
        raise ValueError(text)
    return int(text)


def _free(port: int) -> bool:
    with socket.socket() as listener:
        listener.setsockopt(
            socket.SOL_SOCKET, socket.SO_REUSEADDR, 1
        )  # a server that has just stopped must not block it
        try:
            listener.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def _table(store: Store, translate: Callable[[str], str], port: int) -> list[str]:
    """The lines that list the demo accounts, their password and the server's address."""
    people = accounts.demo_accounts(store)
    address = Sentence("Mở http://localhost:{port}", {"port": port})
    locale = Locale(translate=translate)
    if not people:
        return [address.localize(locale)]
    width = max(len(each.name) for each in people)
    lines = [
        f"  {each.username:<8}  {each.name:<{width}}  {', '.join(translate(WORDS[role]) for role in Role if role in each.roles)}"
        for each in people
    ]
    where = Sentence(
        "Tài khoản dùng thử (tên người và tác phẩm không có thật), mật khẩu chung: {password}",
        {"password": build.PASSWORD},
    )
    return ["", where.localize(locale), *lines, "", address.localize(locale)]
