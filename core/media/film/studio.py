"""Two films at a time: the scripts go out to processes, the films come back as they are done."""

import multiprocessing
import os
import shutil
import signal
import threading
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from contextlib import contextmanager
from pathlib import Path

from core.media.film.script import Script

PROCESSES = 2


@contextmanager
def at_work(scripts: Sequence[Script], folder: Path) -> Iterator[Iterator[tuple[str, Path]]]:
    """Make the films while the caller does something else; each comes as (code, file) and is gone with the folder.

    What an earlier, stopped run left in the folder is thrown away.
    """
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    pool = ProcessPoolExecutor(
        min(PROCESSES, os.cpu_count() or 1), multiprocessing.get_context("spawn"), _stay_with, (os.getpid(),)
    )
    try:
        promised = {pool.submit(_make, script, folder / f"{script.code}.mp4"): script for script in scripts}
        yield ((promised[done].code, done.result()) for done in as_completed(promised))
    finally:
        pool.shutdown(wait=True, cancel_futures=True)
        shutil.rmtree(folder, ignore_errors=True)


def _make(script: Script, path: Path) -> Path:
    from core.media.film.cut import film

    film(script, path)
    return path


def _stay_with(parent: int) -> None:
    """A worker whose parent was killed stops too; Ctrl-C ends it at once, and with it the film that was next."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)

    def watch() -> None:
        while os.getppid() == parent:
            time.sleep(0.5)
        os._exit(1)

    threading.Thread(target=watch, daemon=True).start()
