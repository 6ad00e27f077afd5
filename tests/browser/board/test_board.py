"""The live board in the browser: a judge submits, and the row moves on the committee's screen."""

import time
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Frame, Page, expect

from core.settings import sqlite_url
from core.store.engine import connect
from core.store.migrate import migrate
from tests.browser.person import Visit, serious, still
from tests.fixtures.contest_with_sheets import PASSWORD, open_contest
from tests.serving.event_stream import quickest
from tests.serving.servers import Server, serving

pytestmark = pytest.mark.browser
Visits = Callable[..., Visit]
SUBMIT = """async ([code, points]) => {
  const ask = async (method, address, body) => (await fetch(address, {method, headers: {"content-type": "application/json"}, body: JSON.stringify(body)})).json();
  const sheet = await (await fetch(`/api/sheet/${code}`)).json();
  const saved = await ask("PATCH", `/api/sheet/${code}`, {version: sheet.version, marks: points, remarks: {}});
  const sealed = await ask("POST", `/api/sheet/${code}/submit`, {version: saved.version, key: `key-of-a-test-${crypto.randomUUID()}`});
  return JSON.stringify(sealed);
}"""
HEIGHTS = "rows => rows.map(row => row.offsetHeight)"
HIGHEST = {"ND": "40", "HT": "20", "ST": "20", "KT": "15", "LT": "5"}


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    folder = tmp_path_factory.mktemp("evening")
    store = connect(sqlite_url(folder / "desk.db"))
    migrate(store)
    open_contest(store)
    store.close()
    with serving(folder) as served:
        yield served


def arrives(visit: Visits, server: Server, username: str, address: str, **how: bool) -> Page:
    person = visit(server, **how)
    for name, value in server.cookies(username, PASSWORD).items():
        person.context.add_cookies([{"name": name, "value": value, "url": server.origin}])
    return person.open(address)


def board_of(page: Page) -> Frame:
    frame = page.locator("iframe[src*='/board']").element_handle().content_frame()
    assert frame is not None
    frame.wait_for_selector("#rows tr")
    return frame


def order(board: Frame | Page) -> list[str]:
    return list(board.eval_on_selector_all("#rows tr", "rows => rows.map(row => row.dataset.code)"))


@pytest.mark.timed
def test_a_submit_moves_the_committees_board_within_a_second_with_no_reload(server: Server, visit: Visits) -> None:
    committee = arrives(visit, server, "ban", "/standings")
    board = board_of(committee)
    judge = arrives(visit, server, "gk.minh", "/queue")
    committee.evaluate("window.stayed = true")
    left = [
        code
        for code in reversed(order(board))
        if judge.evaluate("async code => (await (await fetch(`/api/sheet/${code}`)).json()).state", code) != "sealed"
        and int(board.inner_text(f"tr[data-code='{code}'] .sheets").split("/")[0]) >= 2
    ]
    still(committee)
    heights = board.eval_on_selector_all("#rows tr", HEIGHTS)

    def wait(code: str) -> float:
        before, sheets = order(board), board.inner_text("#sheets")
        score = board.inner_text(f"tr[data-code='{code}'] td.score")
        assert "receipt" in judge.evaluate(SUBMIT, [code, HIGHEST])
        at = time.monotonic()
        board.wait_for_function(
            "([code, was]) => document.querySelector(`tr[data-code='${code}'] td.score`).textContent !== was",
            arg=[code, score],
        )
        seconds = time.monotonic() - at
        assert order(board).index(code) <= before.index(code) and board.inner_text("#sheets") != sheets
        assert board.eval_on_selector_all("#rows tr", HEIGHTS) == heights  # the page does not move
        board.wait_for_function("code => document.getElementById('announcement').textContent.includes(code)", arg=code)
        return seconds

    assert quickest(map(wait, left)) < 1
    assert committee.evaluate("window.stayed") is True


def test_whoever_wants_no_motion_sees_none(server: Server, visit: Visits) -> None:
    board = arrives(visit, server, "ban", "/board")
    board.emulate_media(reduced_motion="reduce")
    board.wait_for_selector("#state[data-state='live']")
    board.evaluate("""() => { window.moved = 0; const moves = Element.prototype.animate;
      Element.prototype.animate = function (...how) { window.moved += 1; return moves.apply(this, how); }; }""")
    judge, sheets = arrives(visit, server, "gk.hoa", "/queue"), board.inner_text("#sheets")
    ask = "async code => (await (await fetch(`/api/sheet/${code}`)).json()).state"
    left = next(code for code in reversed(order(board)) if judge.evaluate(ask, code) not in ("sealed", "recused"))
    assert "receipt" in judge.evaluate(SUBMIT, [left, HIGHEST])
    board.wait_for_function("was => document.getElementById('sheets').textContent !== was", arg=sheets)
    assert board.evaluate("window.moved") == 0 and board.evaluate("document.getAnimations().length") == 0


def test_the_board_fits_a_phone_and_axe_finds_nothing_serious(server: Server, visit: Visits) -> None:
    for dark in (False, True):
        board = arrives(visit, server, "ban", "/board", phone=True, dark=dark)
        assert still(board).evaluate("document.documentElement.scrollWidth") <= 360
        assert serious(board) == []


def test_the_hall_is_dark_whatever_the_screen_likes(server: Server, visit: Visits) -> None:
    hall = arrives(visit, server, "ban", "/board?hall=1")
    red = still(hall).evaluate("Number(getComputedStyle(document.body).backgroundColor.match(/\\d+/)[0])")
    assert red < 60 and serious(hall) == []


def test_signing_out_closes_the_board_that_is_open(server: Server, visit: Visits) -> None:
    board = arrives(visit, server, "thuky", "/board")
    board.wait_for_selector("#state[data-state='live']")
    other = board.context.new_page()
    other.goto(f"{server.origin}/auth/end")
    board.wait_for_selector("#state[data-state='lost'], #state[data-state='ended']", timeout=5_000)


def test_the_charts_are_drawn_again_when_something_changed_and_can_be_read(server: Server, visit: Visits) -> None:
    charts = arrives(visit, server, "truong", "/board/charts")
    points = still(charts).locator("#marks .scatterlayer .point").count()
    judge = arrives(visit, server, "gk.dung", "/queue")
    codes = charts.locator("#marks-table tbody th").all_text_contents()
    left = next(
        code
        for code in codes
        if judge.evaluate("async code => (await (await fetch(`/api/sheet/${code}`)).json()).state", code) != "sealed"
    )
    assert "receipt" in judge.evaluate(SUBMIT, [left, HIGHEST])
    charts.wait_for_function("was => document.querySelectorAll('#marks .scatterlayer .point').length > was", arg=points)
    assert serious(charts) == []
    charts.get_by_text("Xem dạng bảng").first.click()
    assert "Đã nộp" in charts.inner_text("#progress-table")


def test_the_public_sees_counts_alone(server: Server, visit: Visits) -> None:
    page = visit(server).open("/progress")
    frame = page.locator("iframe[src*='/board/progress']").element_handle().content_frame()
    assert frame is not None
    frame.wait_for_function("() => document.getElementById('sheets')?.textContent.includes('/60')")
    expect(page.get_by_text("Cuộc thi tìm hiểu")).to_be_visible()
    expect(page.get_by_role("button", name="Đăng nhập")).to_be_visible()
    frame.wait_for_function("() => document.documentElement.offsetHeight <= innerHeight")  # nothing is cut off below
    assert "T-4" not in frame.content() and "Giải" not in frame.content()


def test_on_a_narrow_screen_judges_stand_by_their_given_names(server: Server, visit: Visits) -> None:
    """Long names are cut. The given name must stay, because judges are known by it and two rows would look the same."""
    charts = arrives(visit, server, "ban", "/board/charts", phone=True)
    still(charts)
    for chart in ("progress", "spread"):
        names = charts.locator(f"#{chart} .ytick text").all_text_contents()
        assert {name.split()[-1] for name in names} == {"Dũng", "Hoà", "Lan", "Minh", "Vinh"}
