"""While the desk cannot read its database the board does not claim to be live; it is live again afterwards."""

import sqlite3
from collections.abc import Callable
from contextlib import closing

import pytest
from playwright.sync_api import expect

from core.live.watcher import HEARTBEAT_S
from tests.browser.person import Visit
from tests.serving.servers import Server

pytestmark = pytest.mark.browser
WITHIN_MS = HEARTBEAT_S * 1000


def test_it_says_so_within_a_beat_and_goes_on_by_itself(visit: Callable[..., Visit], own_demo: Server) -> None:
    organiser, public = visit(own_demo), visit(own_demo)
    boards = [organiser.signed_in("btc", "/board"), public.context.new_page()]
    boards[1].goto(f"{own_demo.origin}/board/progress")
    for board in boards:
        expect(board.locator("#state")).to_have_attribute("data-state", "live")
    with closing(sqlite3.connect(own_demo.data_dir / "desk.db", timeout=60)) as database:
        database.execute("alter table ledger rename to hidden")
        try:
            for board in boards:
                expect(board.locator("#state")).to_contain_text("số liệu có thể đã cũ", timeout=WITHIN_MS)
                expect(board.locator("#state")).not_to_contain_text("Trực tiếp")
        finally:
            database.execute("alter table hidden rename to ledger")
    for board in boards:
        expect(board.locator("#state")).to_contain_text("Trực tiếp", timeout=WITHIN_MS)
        assert board.locator("#state").get_attribute("data-state") == "live"


def test_it_says_that_the_session_has_ended_where_it_has(visit: Callable[..., Visit], own_demo: Server) -> None:
    organiser = visit(own_demo)
    board = organiser.signed_in("btc", "/board")
    expect(board.locator("#state")).to_have_attribute("data-state", "live")
    assert organiser.context.request.get(f"{own_demo.origin}/auth/end").ok
    expect(board.locator("#state")).to_contain_text("Phiên làm việc đã kết thúc")
