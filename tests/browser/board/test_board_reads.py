"""The board's appearance: no text is cut, no row jumps, the hall view fits its screen, and a lost connection is
shown.
"""

import os
import signal
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from bench.fill import PASSWORD as BENCH_PASSWORD
from bench.fill import Size, fill
from core.desk.demo.material import PASSWORD as DEMO_PASSWORD
from core.settings import sqlite_url
from core.store import tables as t
from core.store.engine import Store, WriteTransaction, connect
from core.store.migrate import migrate
from tests.browser.person import Visit, still
from tests.browser.served_meeting import PASSWORD, served
from tests.desk.judged_contest import MARKS
from tests.serving.servers import Server, serving

pytestmark = pytest.mark.browser
Visits = Callable[..., Visit]
LONG = "Mận hậu lên sàn: từ nương nhà đến giỏ hàng cả nước"
# T-402 and T-403 have one score; T-402 has a point more by the first criterion of the ladder.
NEAR = {**MARKS, "T-402": (38, 18, 17, 13, 4), "T-403": (37, 19, 17, 13, 4)}
CUT = """() => [...document.querySelectorAll('#rows b, #rows small, #rows .code, #rows .prize span, .summary .value')]
  .filter(one => one.scrollHeight > one.clientHeight + 2 || one.scrollWidth > one.clientWidth + 1).map(one => one.textContent)"""
HEIGHTS = "rows => [...new Set(rows.map(row => Math.round(row.getBoundingClientRect().height)))]"


@pytest.fixture
def near(sqlite_template: Path, tmp_path: Path) -> Iterator[Server]:
    """Long titles, a tie that the ladder resolved, and a work without a score."""

    def act(transaction: WriteTransaction) -> None:
        transaction.connection.execute(t.entry.update().values(title=LONG))
        transaction.connection.execute(t.mark.delete().where(t.mark.c.entry_id == 12))

    with served(sqlite_template, tmp_path / "var", NEAR, lambda store: store.change(act)) as server:
        yield server


@pytest.fixture(scope="module")
def many(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A hundred and thirty works: more than one page, and more than the hall view can show."""
    folder = tmp_path_factory.mktemp("many")
    store = connect(sqlite_url(folder / "desk.db"))
    migrate(store)
    fill(store, Size(130, 3))
    store.close()
    with serving(folder) as server:
        yield server


def board(visit: Visits, server: Server, who: tuple[str, str], address: str, **how: bool) -> Page:
    person = visit(server, **how)
    for name, value in server.cookies(*who).items():
        person.context.add_cookies([{"name": name, "value": value, "url": server.origin}])
    page = person.open(address)
    page.wait_for_selector("#rows tr")
    return page


def seen_at(page: Page, width: int, height: int) -> Page:
    """The page on a screen of this size, once it has been laid out."""
    page.set_viewport_size({"width": width, "height": height})
    page.wait_for_function("([width, height]) => innerWidth === width && innerHeight === height", arg=[width, height])
    return still(page)


def test_titles_and_reasons_are_read_in_full_and_the_rows_stay_of_one_height(near: Server, visit: Visits) -> None:
    page = board(visit, near, ("bantc", PASSWORD), "/board")
    seen_at(page, 912, 800)  # the width that the desk's page gives it at 1280
    said = page.locator("#rows small").all_text_contents()
    assert any("xếp trước nhờ" in text for text in said) and any("Chưa có điểm" in text for text in said)
    assert page.evaluate(CUT) == []
    assert len(page.eval_on_selector_all("#rows tr", HEIGHTS)) == 1
    assert seen_at(page, 1920, 1080).evaluate(CUT) == []


@pytest.mark.parametrize("phone", [False, True])
def test_the_hall_reads_every_word_too(near: Server, visit: Visits, *, phone: bool) -> None:
    page = board(visit, near, ("bantc", PASSWORD), "/board?hall=1", phone=phone)
    assert still(page).evaluate(CUT) == []


@pytest.mark.parametrize("width,height", [(1920, 1080), (1280, 720), (1280, 800), (1024, 768)])
def test_the_hall_shows_as_many_as_fit_and_says_of_how_many(
    many: Server, visit: Visits, width: int, height: int
) -> None:
    page = board(visit, many, ("btc", BENCH_PASSWORD), "/board?hall=1")
    seen_at(page, width, height)
    assert page.locator("#rows tr").count() == 12
    assert page.evaluate("document.documentElement.scrollHeight - innerHeight") <= 0
    assert page.locator("#page-range").text_content() == "Tác phẩm 1–12 trong 130"


@pytest.mark.parametrize("width,height", [(1920, 1080), (1366, 768), (1280, 800), (1920, 1200), (1024, 768)])
def test_the_half_judged_demo_fits_the_hall_whole(demo: Server, visit: Visits, width: int, height: int) -> None:
    """A leader of two lines, five reasons, and under them whether the board is live."""
    page = seen_at(board(visit, demo, ("btc", DEMO_PASSWORD), "/board?hall=1"), width, height)
    assert page.evaluate("document.documentElement.scrollHeight - innerHeight") <= 0
    expect(page.locator("footer")).to_be_in_viewport(ratio=1)


def test_a_long_table_has_pages(many: Server, visit: Visits) -> None:
    page = board(visit, many, ("btc", BENCH_PASSWORD), "/board")
    assert page.locator("#rows tr").count() == 100
    page.get_by_role("button", name="100 tác phẩm sau").click()
    page.wait_for_function("() => document.querySelectorAll('#rows tr').length === 30")
    assert page.locator("#page-range").text_content() == "Tác phẩm 101–130 trong 130"


def test_a_silent_connection_is_shown_and_catches_up(near: Server, visit: Visits) -> None:
    """An unplugged cable sends nothing. Only the missing heartbeat shows it."""
    person = visit(near)
    for name, value in near.cookies("bantc", PASSWORD).items():
        person.context.add_cookies([{"name": name, "value": value, "url": near.origin}])
    page = person.context.new_page()
    page.clock.install()
    page.goto(near.origin + "/board")
    page.wait_for_selector("#state[data-state='live']")
    group = os.getpgid(near.process.pid)
    os.killpg(group, signal.SIGSTOP)
    try:
        page.clock.run_for(45_000)
        page.wait_for_selector("#state[data-state='lost']", timeout=10_000)
        assert "Mất kết nối" in page.inner_text("#state")
    finally:
        os.killpg(group, signal.SIGCONT)
    page.clock.run_for(1_000)
    page.wait_for_selector("#state[data-state='live']")


def test_after_the_server_came_back_the_board_shows_what_it_missed(near: Server, visit: Visits) -> None:
    page = board(visit, near, ("bantc", PASSWORD), "/board")
    page.wait_for_selector("#state[data-state='live']")
    near.kill()
    page.wait_for_selector("#state[data-state='lost']")
    assert page.locator("#rows tr").count() == 12  # what was shown is still there
    store = connect(near.database_url)
    unplaced(store, work=1)
    store.close()
    near.start()
    page.wait_for_selector("#state[data-state='live']")
    expect(page.locator("#rows tr").first).to_have_attribute("data-code", "T-402")


def unplaced(store: Store, work: int) -> None:
    """Remove a work's marks, as if its sheets were returned."""

    def act(transaction: WriteTransaction) -> None:
        transaction.connection.execute(t.mark.delete().where(t.mark.c.entry_id == work))

    store.change(act)


@pytest.mark.parametrize("language,said", [("vi", "150.000/150.000 phiếu"), ("en", "150,000/150,000 sheets")])
def test_large_numbers_are_written_by_the_readers_habit(many: Server, visit: Visits, language: str, said: str) -> None:
    page = visit(many, language=language).open("/board/progress")
    text = page.evaluate(
        "async () => (await import('/assets/follow.js'))"
        ".format(JSON.parse(document.getElementById('words').textContent).sheetsIn, {sheets: 150000, expected: 150000})"
    )
    assert text == said
