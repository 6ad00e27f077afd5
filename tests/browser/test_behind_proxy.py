"""Over HTTPS through nginx: a user signs in, and live pages are live."""

import time
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from tests.browser.person import PATIENCE_MS, settled
from tests.fixtures.contest_with_sheets import CODES, PASSWORD
from tests.serving.behind_proxy import ProxiedServer, behind_proxy
from tests.serving.event_stream import quickest, submitted


@pytest.fixture(scope="module")
def behind(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ProxiedServer]:
    with behind_proxy(tmp_path_factory.mktemp("behind")) as served:
        yield served


@pytest.mark.timed
def test_the_committee_signs_in_over_https_and_sees_a_sheet_come_in(behind: ProxiedServer, browser: Browser) -> None:
    origin, sockets, refused = behind.proxy.origin, set[str](), list[str]()
    context = browser.new_context(ignore_https_errors=True, locale="vi-VN")
    context.set_default_timeout(PATIENCE_MS)
    page = context.new_page()
    page.on("websocket", lambda socket: sockets.add(socket.url))
    page.on(
        "console", lambda message: refused.append(message.text) if "Content Security Policy" in message.text else None
    )
    page.goto(origin + "/standings")
    settled(page)
    page.get_by_label("Tên đăng nhập").fill("ban")
    page.get_by_label("Mật khẩu").first.fill(PASSWORD)
    page.get_by_role("button", name="Đăng nhập").click()
    page.get_by_label("Tên đăng nhập").wait_for(state="detached")
    with page.expect_websocket(lambda socket: "/auth/watching" in socket.url):
        page.goto(origin + "/standings")
    board = page.frame_locator("iframe[src='/board']")
    board.get_by_text("34/60").first.wait_for()
    with behind.proxy.client(behind.cookies("gk.hoa")) as judge:
        left = [each for each in CODES if judge.get(f"/api/sheet/{each}").json()["state"] == "none"]

        def wait(sheets: int, code: str) -> float:
            at = submitted(judge, code, ("37.5", "18.5", "19", "13.5", "4.5"))
            board.get_by_text(f"{sheets}/60").first.wait_for()
            return time.monotonic() - at

        assert quickest(wait(*each) for each in enumerate(left, 35)) < 1
    cookies = {each["name"]: each for each in context.cookies()}
    assert cookies["__Host-desk"]["httpOnly"] and cookies["__Host-desk"]["secure"]
    assert cookies["__Host-desk"]["sameSite"] == "Strict"
    assert "desk" not in page.evaluate("document.cookie")
    assert {each.partition("?")[0] for each in sockets} == {
        f"{origin.replace('https', 'wss')}{path}" for path in ("/_stcore/stream", "/auth/watching")
    }
    assert refused == []
    context.close()
