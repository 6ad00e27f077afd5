"""`make screenshots`: takes the pictures of docs/screenshots from a served demo, at desktop width and at 360 px."""

import tempfile
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

from tests.browser.conftest import DESKTOP, FLAGS, PHONE, chromium
from tests.browser.person import Visit
from tests.serving.servers import ROOT, Server, build_demo, serving

SHOTS = ROOT / "docs" / "screenshots"
SCREENS = (  # name, username (empty: signed out), address, dark
    ("sign-in", None, "/", False),
    ("queue", "gk02", "/queue", False),
    ("marking", "gk02", "/queue", False),
    ("standings", "btc", "/standings", False),
    ("standings-dark", "btc", "/standings", True),
    ("charts", "btc", "/charts", False),
    ("awards", "btc", "/awards", False),
    ("panel", "gk01", "/panel", False),
    ("progress", None, "/progress", False),
    ("hall", "btc", "/board?hall=1", True),
)
DRAWN_MS = 2_500  # posters, charts and live rows come after the page has settled


def main() -> None:
    """Take every screenshot again."""
    SHOTS.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        build_demo(Path(folder) / "var", videos="full")
        with serving(Path(folder) / "var") as server, sync_playwright() as playing:
            browser = playing.chromium.launch(executable_path=chromium(), args=FLAGS)
            for name, who, address, dark in SCREENS:
                for phone in (False, True):
                    _take(browser, server, SHOTS / f"{name}{'-360' if phone else ''}.png", (who, address, dark, phone))
            browser.close()


def _take(browser: Browser, server: Server, path: Path, seen: tuple[str | None, str, bool, bool]) -> None:
    who, address, dark, phone = seen
    size = PHONE if phone else DESKTOP
    context = browser.new_context(
        viewport={"width": size["width"], "height": size["height"]},
        color_scheme="dark" if dark else "light",
        locale="vi-VN",
        timezone_id="Asia/Ho_Chi_Minh",
    )
    person = Visit(context, server)
    page = person.signed_in(who, address) if who else person.open(address)
    page.wait_for_timeout(DRAWN_MS)
    if path.stem.startswith("marking"):
        page.locator("a[href*='marking?work=']").first.click()
        page.wait_for_url("**/marking**")
        page.wait_for_timeout(2 * DRAWN_MS)
    page.screenshot(path=path)
    context.close()


if __name__ == "__main__":
    main()
