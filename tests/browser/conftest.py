"""Fixtures for Chromium: browser contexts for test users, and a screenshot of every window when a test fails."""

import os
import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Playwright, expect, sync_playwright

from tests.browser.person import PATIENCE_MS, Visit
from tests.serving.servers import Server

SHOTS = Path(__file__).parent / "shots"
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--autoplay-policy=no-user-gesture-required",
]
DESKTOP = {"width": 1280, "height": 800}
PHONE = {"width": 360, "height": 740}
expect.set_options(timeout=PATIENCE_MS)
_failed = pytest.StashKey[bool]()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Any:
    report = yield
    item.stash[_failed] = item.stash.get(_failed, False) or report.failed
    return report


def chromium() -> str:
    """The path of Chromium on this machine. Fails the test where there is none."""
    found = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
    if found is None:
        pytest.fail("no Chromium on this machine: install the package chromium", pytrace=False)
    return found


@pytest.fixture(scope="module")  # module scope: while it is open, no other test may run an event loop
def playwright() -> Iterator[Playwright]:
    with sync_playwright() as playing:
        yield playing


@pytest.fixture(scope="module")
def browser(playwright: Playwright) -> Iterator[Browser]:
    launched = playwright.chromium.launch(executable_path=chromium(), args=FLAGS, timeout=120_000)
    yield launched
    launched.close()


@pytest.fixture
def visit(
    browser: Browser, request: pytest.FixtureRequest, record_property: Callable[[str, object], None]
) -> Iterator[Callable[..., Visit]]:
    """Creates browser contexts: `visit(server)`, `visit(server, phone=True, dark=True, language="en")`.

    After the test it checks three things: no context sent a request to another host, no page had a script error, and
    nothing violated the Content Security Policy. A failed test gets a screenshot of every window.
    """
    people: list[Visit] = []

    def arrives(server: Server, *, phone: bool = False, dark: bool = False, language: str = "vi") -> Visit:
        context = browser.new_context(
            viewport=PHONE if phone else DESKTOP,  # type: ignore[arg-type]  # a TypedDict of the same two numbers
            color_scheme="dark" if dark else "light",
            locale="vi-VN" if language == "vi" else "en-GB",
            timezone_id="Asia/Ho_Chi_Minh",
            accept_downloads=True,
            has_touch=phone,
        )
        context.add_cookies([{"name": "lang", "value": language, "url": server.origin}])
        people.append(Visit(context, server))
        return people[-1]

    yield arrives
    for number, person in enumerate(people):
        if request.node.stash.get(_failed, False):
            _keep(person, request.node.name, number, record_property)
        person.context.close()
    assert [host for person in people for host in person.strangers] == []
    assert [error for person in people for error in person.errors] == []
    assert [line for person in people for line in person.forbidden] == []


def _keep(person: Visit, test: str, number: int, record_property: Callable[[str, object], None]) -> None:
    SHOTS.mkdir(exist_ok=True)
    for window, page in enumerate(person.context.pages):
        path = SHOTS / f"{re.sub(r'[^A-Za-z0-9_.-]+', '-', test)}-{number}-{window}.png"
        try:
            page.screenshot(path=path, full_page=True, timeout=5_000)
        except Exception as lost:  # noqa: BLE001  # a crashed window has no screenshot; the test's own failure matters more
            record_property("screenshot lost", str(lost))
        else:
            record_property("screenshot", str(path))
