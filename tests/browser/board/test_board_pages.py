"""A board of more than one hundred works: paging also works on a slow connection, and a printout has every work."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, Route, expect

from tests.browser.person import Visit, still
from tests.browser.served_meeting import served, window
from tests.fixtures import pdf_pages
from tests.serving.servers import Server

pytestmark = pytest.mark.browser
Visitor = Callable[..., Visit]
MARKS = {f"T-{1001 + at}": (39 - at // 40, 18, 17, 13, at % 4) for at in range(250)}


@pytest.fixture(scope="module")
def server(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with served(sqlite_template, tmp_path_factory.mktemp("many") / "var", MARKS, lambda _: None) as made:
        yield made


class Line:
    """A slow connection: holds back each request until the test lets it through."""

    def __init__(self, page: Page, address: str) -> None:
        self.waiting: dict[str, Route] = {}
        page.route(address, self._wait)

    def _wait(self, route: Route) -> None:
        self.waiting[route.request.url.rpartition("first=")[2]] = route

    def let_through(self, page: Page, first: str) -> None:
        while first not in self.waiting:  # the test's own time limit ends it
            page.wait_for_timeout(20)
        with page.expect_response(lambda answer: answer.url.endswith(f"first={first}")):
            self.waiting.pop(first).continue_()


def shown(page: Page) -> str:
    return page.locator("#page-range").inner_text()


def test_of_two_clicks_on_a_slow_line_the_second_decides(server: Server, visit: Visitor) -> None:
    page = still(window(visit(server), "bantc", "/board"))
    whole = page.locator("#rows tr").evaluate_all("rows => rows.map(row => row.dataset.code)")
    line = Line(page, "**/live/standings/page?first=*")
    page.locator("#next-page").click()
    page.locator("#next-page").click()
    expect(page.locator("#standings")).to_have_attribute("aria-busy", "true")
    assert shown(page).startswith("Tác phẩm 1–100")  # the rows shown match the page number shown
    line.let_through(page, "200")
    expect(page.locator("#rows tr")).to_have_count(50)
    last = page.locator("#rows tr").evaluate_all("rows => rows.map(row => row.dataset.code)")
    line.let_through(page, "100")
    page.wait_for_timeout(300)
    assert page.locator("#rows tr").evaluate_all("rows => rows.map(row => row.dataset.code)") == last
    assert shown(page).startswith("Tác phẩm 201–250")
    expect(page.locator("#next-page")).to_be_disabled()
    page.locator("#previous-page").click()
    page.locator("#previous-page").click()  # the live window has arrived; the page in between arrives too late
    line.let_through(page, "100")
    page.wait_for_timeout(300)
    assert page.locator("#rows tr").evaluate_all("rows => rows.map(row => row.dataset.code)") == whole
    assert shown(page).startswith("Tác phẩm 1–100")


def test_a_page_that_does_not_come_leaves_the_one_that_is_shown(server: Server, visit: Visitor) -> None:
    page = still(window(visit(server), "bantc", "/board"))
    page.route("**/live/standings/page?first=*", lambda route: route.abort())
    page.locator("#next-page").click()
    expect(page.locator("#standings")).to_have_attribute("aria-busy", "false")
    assert shown(page).startswith("Tác phẩm 1–100") and page.locator("#rows tr").count() == 100
    page.unroute("**/live/standings/page?first=*")
    page.locator("#next-page").click()
    expect(page.locator("#page-range")).to_have_text(re.compile("Tác phẩm 101–200 trong 250"))


def test_the_charts_draw_the_works_that_were_turned_to_last(server: Server, visit: Visitor) -> None:
    page = still(window(visit(server), "bantc", "/board/charts"))
    first = page.locator("#marks-table tbody th").all_text_contents()
    line = Line(page, "**/live/charts?first=*")
    page.locator("#next-page").click()
    page.locator("#next-page").click()
    line.let_through(page, "120")
    page.wait_for_function("first => !document.querySelector('#marks-table').textContent.includes(first)", arg=first[0])
    third = page.locator("#marks-table tbody th").all_text_contents()
    line.let_through(page, "60")
    page.wait_for_timeout(500)
    assert page.locator("#marks-table tbody th").all_text_contents() == third
    assert shown(page).startswith("Tác phẩm 121–180")
    page.unroute("**/live/charts?first=*")
    page.route("**/live/charts?first=*", lambda route: route.abort())
    page.locator("#previous-page").click()
    page.wait_for_timeout(500)
    assert page.locator("#marks-table tbody th").all_text_contents() == third
    assert shown(page).startswith("Tác phẩm 121–180")


@pytest.mark.parametrize("address", ["/standings", "/board"])
def test_on_paper_stand_all_works_whatever_page_is_shown(server: Server, visit: Visitor, address: str) -> None:
    page = still(window(visit(server), "bantc", address))
    board = next(frame for frame in page.frames if frame.url.endswith("/board"))
    board.click("#next-page")
    board.wait_for_function("() => document.querySelector('#page-range').textContent.startsWith('Tác phẩm 101')")
    found = pdf_pages.pages(page.pdf(format="A4", prefer_css_page_size=True))
    assert [code for code in MARKS if not any(each.has(f"{code} Tác phẩm {code}") for each in found)] == []
    assert any(each.has("Tác phẩm 1–250 trong 250") for each in found)
    assert all(each.has("Mã số") for each in found if each.has("Tác phẩm T-1"))  # the head is on every page
    board.wait_for_function("() => document.querySelector('#page-range').textContent.startsWith('Tác phẩm 101')")
    assert board.locator("#rows tr").count() == 100
