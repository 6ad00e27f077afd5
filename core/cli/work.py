"""`work`: do background jobs until stopped; a server starts one such process itself, unless BACKGROUND_WORKER=no."""

import argparse
import logging
import os
import signal
import sys
import threading
from collections.abc import Callable

from core import cli
from core.desk.background import workers
from core.rules.words import Sentence

NAME = "work"
NICENESS = 10  # the server and the people it serves come first
HELP = Sentence(
    "Làm các việc chạy nền, như kiểm tra phim, cho tới khi bị dừng; máy chủ tự chạy một tiến trình như vậy."
)


def add(parser: argparse.ArgumentParser, _: cli.Translate) -> None:
    """Its options."""
    parser.add_argument(
        "--with-parent", action="store_true", help=_("dừng khi đầu vào chuẩn đóng, tức khi máy chủ đã dừng")
    )


def run(args: argparse.Namespace) -> int:
    """Do jobs until SIGTERM, SIGINT or, with `--with-parent`, the end of stdin. The job at hand is given back."""
    worker = workers.worker()  # it may refuse: nothing of this process is changed before
    os.nice(NICENESS)
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: worker.stop())
    if args.with_parent:
        threading.Thread(target=_stop_at_end, args=(worker.stop,), name="parent", daemon=True).start()
    logging.getLogger("judging-desk").setLevel(logging.INFO)
    logging.basicConfig(stream=sys.stderr, format="%(name)s %(levelname)s %(message)s", force=True)
    worker.run()
    worker.store.close()
    return cli.DONE


def _stop_at_end(stop: Callable[[], None]) -> None:
    """Wait until the writing end of stdin is closed, which the parent's death does too; then call `stop`."""
    while os.read(sys.stdin.fileno(), 1):
        pass
    stop()
