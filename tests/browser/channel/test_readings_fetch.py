"""The grid filled from Facebook: it is typed and not saved, and whoever saves it is asked and confirmed as ever."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from core.desk.channel import reading_entry
from core.desk.channel.reading_entry import TypedReading
from core.store.engine import Store
from tests.browser.channel.test_readings import SIDEWAYS, cells
from tests.browser.person import Visit, serious
from tests.browser.served_meeting import served, window
from tests.desk.judged_contest import BEFORE_CUT_OFF, CHANNEL, MARKS, MEETING
from tests.serving.graph_server import PAGE, TOKEN, GraphServer, counted, graph_server
from tests.serving.servers import Server

pytestmark = pytest.mark.browser
POSTED = "https://www.facebook.com/cuocthi/posts/555000"


@pytest.fixture
def graph() -> Iterator[GraphServer]:
    """T-401 to T-403 are known; T-403 has far more comments than reactions. T-404 is not found."""
    with graph_server() as served:
        for number, answer in (("401", counted(1300, 31, 12)), ("402", counted(70, 3)), ("403", counted(80, 900, 4))):
            served.answers[f"{PAGE}_555000{number}"] = (200, answer)
        yield served


@pytest.fixture
def meeting(
    sqlite_template: Path, tmp_path: Path, graph: GraphServer, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Server]:
    """Twelve works; four have a reading that names its post."""

    def arrange(store: Store) -> None:
        typed = {"reactions": "60", "comments": "2", "shares": "0"}
        codes = ("T-401", "T-402", "T-403", "T-404")
        rows = [TypedReading(code, typed, address=POSTED + code[2:]) for code in codes]
        reading_entry.save(store, CHANNEL, rows, BEFORE_CUT_OFF, MEETING)

    for name, value in (("TOKEN", TOKEN), ("PAGE", PAGE), ("ORIGIN", f"http://127.0.0.1:{graph.port}")):
        monkeypatch.setenv(f"GRAPH_API_{name}", value)
    with served(sqlite_template, tmp_path / "var", MARKS, arrange) as server:
        yield server
    assert TOKEN not in server.log.read_text()


def test_counts_from_facebook_are_filled_in_and_saved_by_a_person(
    meeting: Server, visit: Callable[..., Visit], graph: GraphServer
) -> None:
    page = window(visit(meeting), "kenh", "/board/readings")
    assert graph.connections == 0
    expect(page.locator(".waiting li")).to_have_count(4)
    press = page.get_by_role("button", name="Điền số liệu từ Facebook")
    page.locator("tbody[data-code='T-405'] input").first.fill("5")
    press.click()
    expect(page.get_by_text("Hãy lưu hoặc xóa các dòng đang nhập trước")).to_be_visible()
    assert graph.connections == 0
    page.locator("tbody[data-code='T-405'] input").first.fill("")
    press.click()
    expect(page.get_by_text("Đã điền số liệu của 3 tác phẩm từ Facebook")).to_be_visible()
    assert [cells(page, f"T-40{n}")[:3] for n in (1, 2, 3, 4)] == [
        ["1300", "31", "12"], ["70", "3", "0"], ["80", "900", "4"], ["", "", ""],
    ]  # fmt: skip
    expect(page.get_by_text("T-404: Facebook không tìm thấy bài đăng này")).to_be_visible()
    expect(page.get_by_text("T-405, T-406, T-407, T-408, T-409, T-410, T-411, T-412: Chưa ghi địa chỉ")).to_be_visible()
    expect(page.get_by_text("bình luận (900) nhiều hơn hẳn cảm xúc (80)")).to_be_visible()
    expect(page.locator(".waiting li")).to_have_count(4)  # nothing was saved
    _fits(page)
    graph.answers[f"{PAGE}_555000401"] = (200, counted(1301, 31, 12))
    press.click()
    expect(page.locator("tbody[data-code='T-401'] input").first).to_have_value("1301")
    page.get_by_role("button", name="Lưu các dòng đã nhập").first.click()
    expect(page.get_by_text("Đã lưu 2 dòng. Còn 1 dòng cần xem lại")).to_be_visible()  # T-403 is to be explained
    page.reload()
    expect(page.locator(".waiting li")).to_have_count(6)
    expect(page.locator(".waiting").get_by_role("button")).to_have_count(0)  # nobody confirms their own
    assert TOKEN not in page.content() and {TOKEN in asked for asked in graph.asked} == {False}


def _fits(page: Page) -> None:
    for width in (360, 820, 1440):
        page.set_viewport_size({"width": width, "height": 900})
        assert not page.evaluate(SIDEWAYS) and serious(page) == []
