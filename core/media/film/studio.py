"""Makes films in parallel, in up to two worker processes, and returns each as soon as it is finished."""

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
def films_in_progress(scripts: Sequence[Script], folder: Path) -> Iterator[Iterator[tuple[str, Path]]]:
    """Make the films in the background; iterate over (code, file) in the order in which they are finished.

    The folder and its files are deleted at the end of the block. Files left by an earlier run are deleted first.
    """
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    pool = ProcessPoolExecutor(
        min(PROCESSES, os.cpu_count() or 1), multiprocessing.get_context("spawn"), _exit_with, (os.getpid(),)
    )
    try:
        futures = {pool.submit(_make, script, folder / f"{script.code}.mp4"): script for script in scripts}
        yield ((futures[future].code, future.result()) for future in as_completed(futures))
    finally:
        pool.shutdown(wait=True, cancel_futures=True)
        shutil.rmtree(folder, ignore_errors=True)


def _make(script: Script, path: Path) -> Path:
    from core.media.film.cut import film

    film(script, path)
    return path


def _exit_with(parent: int) -> None:
    """Initialize a worker: it exits when its parent is gone, and at once on Ctrl-C."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)

    def watch() -> None:
        while os.getppid() == parent:
            time.sleep(0.5)
        os._exit(1)

    threading.Thread(target=watch, daemon=True).start()
