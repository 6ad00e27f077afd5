"""Time until the first page is usable in a browser, once the server is healthy. python -m bench.first_page [--quick]

The server is freshly started and the browser's cache is empty. The page is usable when its first field accepts typing.
The plain way is a Streamlit page of one line.
"""

import os
import shutil
import statistics
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager

from playwright.sync_api import Browser, sync_playwright

from bench import table
from bench.fill import Size
from bench.served import Plain, desk, plain
from tests.serving.servers import Server

SIZE = Size(12, 5, sealed=0.5)
Started = Callable[[], AbstractContextManager[Server | Plain]]


def measure(quick: bool) -> Iterator[table.Figure]:
    """The median of both, measured in turns, each time on a new server. Raises SystemExit without Chromium."""
    chromium = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
    if chromium is None:
        raise SystemExit("no Chromium on this machine: install the package chromium")
    ours, theirs = [], []
    with sync_playwright() as playing:
        browser = playing.chromium.launch(executable_path=chromium, args=["--no-sandbox", "--disable-gpu"])
        for _ in range(1 if quick else 5):
            theirs.append(usable(browser, lambda: plain("one_line.py")))
            ours.append(usable(browser, lambda: desk(SIZE)))
        browser.close()
    mine, beside = statistics.median(ours), statistics.median(theirs)
    yield table.Figure(
        "first page usable in a browser after the server serves", mine, "s", "≤ 1.5 × the plain", mine <= 1.5 * beside,
        plain=beside, plain_is="a one-line Streamlit page",
    )  # fmt: skip


def usable(browser: Browser, started: Started) -> float:
    """Start a server; return the seconds from opening its page until a field holds what was typed."""
    with started() as server:
        page = browser.new_context(viewport={"width": 1280, "height": 800}).new_page()
        began = time.perf_counter()
        page.goto(server.origin)
        field = page.locator("input[type=text]").first
        field.fill("gk01", timeout=60_000)
        took = time.perf_counter() - began
        page.context.close()
    return took


if __name__ == "__main__":
    table.run(__doc__, measure)
