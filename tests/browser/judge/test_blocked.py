"""An office proxy that passes HTTP but no WebSocket; and more tabs than a browser has connections for."""

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime

import pytest
from playwright.sync_api import Browser, Page, expect

from core.desk.demo.build import PASSWORD
from core.desk.judging import judge_sheets
from core.rules.access import Principal, Role
from core.rules.words import Refusal
from core.store.engine import connect
from tests.browser.person import Visit
from tests.serving.servers import Server

pytestmark = pytest.mark.browser
Visitor = Callable[..., Visit]
CHIEF = Principal("gk01", "", frozenset({Role.JUDGE, Role.CHIEF}), "")


class OfficeProxy:
    """A forward proxy for plain HTTP. It opens no tunnels, so no WebSocket passes, until `tunnels` is set."""

    def __init__(self) -> None:
        self.tunnels = False
        self._door = socket.create_server(("127.0.0.1", 0))
        self.address = f"http://127.0.0.1:{self._door.getsockname()[1]}"
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self) -> None:
        with suppress(OSError):
            while True:
                client, _ = self._door.accept()
                threading.Thread(target=self._pass, args=(client,), daemon=True).start()

    def _pass(self, client: socket.socket) -> None:
        with client, suppress(OSError):
            head = b""
            while b"\r\n\r\n" not in head:
                part = client.recv(65_536)
                if not part:
                    return
                head += part
            method, address, rest = head.split(b" ", 2)
            if method == b"CONNECT":
                if not self.tunnels:
                    client.sendall(b"HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
                    return
                host, first = address, b""
                client.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
            else:
                host, _, path = address.removeprefix(b"http://").partition(b"/")
                first = method + b" /" + path + b" " + rest.replace(b"\r\n", b"\r\nConnection: close\r\n", 1)
            name, _, port = host.partition(b":")
            with socket.create_connection((name.decode(), int(port or 80))) as server:
                server.sendall(first)
                back = threading.Thread(target=_pipe, args=(server, client), daemon=True)
                back.start()
                _pipe(client, server)
                back.join()

    def close(self) -> None:
        self._door.close()


def _pipe(source: socket.socket, target: socket.socket) -> None:
    with suppress(OSError):
        while part := source.recv(65_536):
            target.sendall(part)
    with suppress(OSError):
        target.shutdown(socket.SHUT_WR)


@contextmanager
def behind(browser: Browser, server: Server, proxy: OfficeProxy) -> Iterator[Page]:
    context = browser.new_context(proxy={"server": proxy.address}, locale="vi-VN")
    for name, value in server.cookies("gk02", PASSWORD).items():
        context.add_cookies([{"name": name, "value": value, "url": server.origin}])
    yield context.new_page()
    context.close()


def test_a_proxy_that_blocks_websockets_is_told_with_its_remedy(demo: Server, browser: Browser) -> None:
    proxy = OfficeProxy()
    with behind(browser, demo, proxy) as page:
        page.goto(f"{demo.origin}/queue")
        notice = page.get_by_role("alert")
        expect(notice).to_be_visible()
        host = demo.origin.removeprefix("http://")
        expect(notice).to_contain_text("chặn kết nối WebSocket")
        expect(notice).to_contain_text(f"nhờ người quản trị mạng cho phép WebSocket đến {host}")
        proxy.tunnels = True  # the network's administrator has let it through
        expect(page.locator(".judge-works")).to_be_visible(timeout=120_000)
        expect(notice).to_have_count(0)
    proxy.close()


def test_where_sockets_open_nothing_is_said(demo: Server, visit: Visitor) -> None:
    page = visit(demo).signed_in("gk02", "/queue")
    page.wait_for_timeout(8_000)
    expect(page.locator(".sockets-blocked")).to_have_count(0)


def live(person: Visit, address: str) -> Page:
    page = person.context.new_page()
    page.goto(person.server.origin + address)
    page.wait_for_selector("#state[data-state='live']")
    return page


def test_eight_tabs_of_one_browser_are_all_live_and_hear_one_line(own_demo: Server, visit: Visitor) -> None:
    person = visit(own_demo)
    for name, value in own_demo.cookies("btc", PASSWORD).items():
        person.context.add_cookies([{"name": name, "value": value, "url": own_demo.origin}])
    tabs = [live(person, address) for address in ("/board", "/board", "/board/charts", "/board/progress") * 2]
    boards = [tab for tab in tabs if tab.url.endswith("/board")]
    before = boards[0].locator("#rows tr").first.get_attribute("data-code")
    assert before is not None
    store = connect(own_demo.database_url)
    try:
        for judge in ("gk02", "gk03", "gk04", "gk05"):
            with suppress(Refusal):  # a judge who has not marked the leading work has no sheet to return
                judge_sheets.return_sheet(store, CHIEF, judge, before, "Xem lại.", datetime.now(UTC))
    finally:
        store.close()
    for tab in boards:
        tab.wait_for_function("was => document.querySelector('#rows tr').dataset.code !== was", arg=before)
    late = live(person, "/board")  # a ninth tab starts with the state that the others have received since
    assert late.locator("#rows tr").first.get_attribute("data-code") != before


def test_a_shared_line_ends_with_its_session_and_the_next_person_gets_one_of_their_own(
    demo: Server, visit: Visitor
) -> None:
    person = visit(demo)
    for name, value in demo.cookies("btc", PASSWORD).items():
        person.context.add_cookies([{"name": name, "value": value, "url": demo.origin}])
    first, second = live(person, "/board"), live(person, "/board")
    owner = first.locator("body").get_attribute("data-owner")
    leaving = person.context.new_page()
    leaving.goto(f"{demo.origin}/auth/end")
    for tab in (first, second):
        tab.wait_for_selector("#state[data-state='lost'], #state[data-state='ended']", timeout=10_000)
    for name, value in demo.cookies("thuky", PASSWORD).items():
        person.context.add_cookies([{"name": name, "value": value, "url": demo.origin}])
    assert live(person, "/board").locator("body").get_attribute("data-owner") != owner
