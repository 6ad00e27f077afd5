"""The page of films that are alike: the list, two films side by side, the decision and its history."""

import json
import shutil
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import FrameLocator, expect

from core.store.engine import connect
from core.store.films import film_pairs as rows
from core.store.films.film_pairs import PairKey, PairRow
from tests.browser.person import Visit, still
from tests.serving.servers import Server, serving

pytestmark = pytest.mark.browser
STILL = "a" * 64 + ".jpg"


@pytest.fixture
def desk(demo_template: Path, tmp_path: Path) -> Iterator[Server]:
    """A demo of its own with one pair of films: the second is faster; the stills of the second one are missing."""
    shutil.copytree(demo_template, tmp_path / "var")
    Image.new("RGB", (48, 27), "teal").save(tmp_path / "var" / "library" / STILL, "JPEG")
    with serving(tmp_path / "var") as server:
        with closing(connect(server.database_url)) as store:
            with store.read() as connection:
                one, other = sorted(work.sha256 for work in rows.films_of_works(connection)[:2])
            moments = json.dumps(
                [[4000, 3000, STILL, None], [64_000, 60_000, STILL, STILL], [124_000, 117_000, STILL, "b.jpg"]]
            )
            pair = PairRow(PairKey(one, other, published=False), 9200, 8800, 1050, 6000, False, moments, "near_copy", 0)
            store.change(lambda transaction: rows.put_pair(transaction.connection, pair))
        yield server


def frame(visit: Callable[..., Visit], desk: Server, who: str) -> FrameLocator:
    page = visit(desk).signed_in(who, "/twins")
    still(page)
    return page.frame_locator("iframe[src*='/board/twins']")


def open_pair(board: FrameLocator) -> None:
    """Open the pair that waits, and wait until the page's script has taken on its theme and its form."""
    board.get_by_role("link").filter(has_text="Chờ quyết định").click()
    expect(board.locator("html[data-theme] .moments").first).to_be_attached()


def test_two_secretaries_see_and_decide_and_the_committee_reads(desk: Server, visit: Callable[..., Visit]) -> None:
    reader = frame(visit, desk, "btc")
    open_pair(reader)
    expect(reader.get_by_text("Chờ Tổ Thư ký quyết định.")).to_be_visible()
    expect(reader.locator(".moments img")).to_have_count(4)
    assert reader.locator("form, button").count() == 0
    board = frame(visit, desk, "thuky")
    expect(board.get_by_text("1 cặp phim chờ quyết định")).to_be_visible()
    open_pair(board)
    expect(
        board.get_by_text(
            "Hình trùng 92 %, tiếng trùng 88 %, phim thứ hai nhanh hơn 1,05 lần, phim thứ hai sớm hơn 6,0 giây"
        )
    ).to_be_visible()
    expect(board.locator(".moments img")).to_have_count(4)
    expect(board.locator(".moments .no-still")).to_have_count(2)
    assert board.locator(".moments figcaption").all_inner_texts() == ["0:04", "0:03", "1:04", "1:00", "2:04", "1:57"]
    late = frame(visit, desk, "thuky")
    open_pair(late)
    board.get_by_role("button", name="Ghi quyết định").click()
    expect(board.get_by_role("alert")).to_have_text("Hãy chọn một quyết định.")
    for which, verdict in ((board, "Hai phim khác nhau"), (late, "Một tác phẩm dự thi hai lần")):
        which.get_by_label(verdict).check()
        which.get_by_label("Lý do").fill("Đã xem cả hai phim.")
        which.get_by_role("button", name="Ghi quyết định").click()
    expect(late.get_by_role("alert")).to_contain_text("vừa quyết định về cặp phim này")
    expect(board.locator(".history li")).to_contain_text("Hai phim khác nhau")
    expect(board.locator(".history li")).to_contain_text("Đã xem cả hai phim.")
    board.get_by_role("link", name="Về danh sách").click()
    expect(board.get_by_text("Không có cặp phim nào chờ quyết định")).to_be_visible()
