"""`init`: open a contest in an empty database."""

import argparse
import sys
from pathlib import Path

from core import cli
from core.desk import context
from core.desk.setup import contest_setup
from core.desk.text_input.text_files import text_of
from core.rules.contest_file.reader import BadContestFile, finding_sentence, review
from core.rules.words import Moment, Sentence
from core.settings import settings

NAME = "init"
HELP = Sentence("Mở một cơ sở dữ liệu trống với cuộc thi ghi trong tệp.")


def add(parser: argparse.ArgumentParser, _: cli.Translate) -> None:
    """Its options."""
    parser.add_argument("--contest", type=Path, metavar=_("TỆP"), help=_("tệp cuộc thi (.toml); mặc định là CONTEST"))


def run(args: argparse.Namespace) -> int:
    """Open the contest; print the next steps and the file's notices. A bad file raises before the database opens."""
    path: Path = args.contest or settings().contest
    text = text_of(path)
    reviewed = review(text, path.name, for_desk=True)
    if reviewed.contest is None:
        raise BadContestFile(path.name, reviewed.problems, reviewed.notices)
    store = context.store(create=True, on_migration=lambda done: cli.say(args, done.sentence))
    try:
        contest = contest_setup.open_contest(store, text, path.name, context.now())
    finally:
        store.close()
    for line in (
        Sentence("Đã mở “{name}”.", {"name": contest.name}),
        Sentence(
            "Tiếp theo: python -m core account add … để tạo tài khoản, rồi python -m core import … để nhập tác phẩm."
        ),
    ):
        print(line.localize(cli.locale(args)))
    for notice in reviewed.notices:
        print(finding_sentence(path.name, notice).localize(cli.locale(args)), file=sys.stderr)
    if contest.phases is not None and contest.phases.judging.closes < context.now():
        over = Sentence(
            "Lưu ý: theo tệp này vòng chấm đã hết hạn lúc {closes}, nên sẽ không ai chấm được nữa.",
            {"closes": Moment(contest.phases.judging.closes)},
        )
        print(over.localize(cli.locale(args)), file=sys.stderr)
    return cli.DONE
