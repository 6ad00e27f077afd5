"""An unexpected error on a page: the user reads one sentence, and only the log has the trace (docs/design.md,
Errors).
"""

from collections.abc import Callable

import pytest
import sqlalchemy as sa
from playwright.sync_api import expect

from core.store import tables as t
from core.store.engine import WriteTransaction, connect
from tests.browser.person import Visit, settled
from tests.serving.servers import Server

pytestmark = pytest.mark.browser
BEYOND = 10**17  # milliseconds: no calendar has this day


def planted(server: Server) -> None:
    """Insert a reading that no page can show: its time is outside every calendar."""

    def act(transaction: WriteTransaction) -> None:
        row = transaction.connection.execute(sa.select(t.reading).limit(1)).mappings().one()
        values = {name: value for name, value in row.items() if name != "id"} | {"taken_at": BEYOND}
        transaction.connection.execute(t.reading.insert().values(values))

    store = connect(server.database_url)
    store.change(act)
    store.close()


def test_an_error_on_a_page_is_one_sentence_and_other_pages_work(own_demo: Server, visit: Callable[..., Visit]) -> None:
    planted(own_demo)
    person = visit(own_demo)
    page = person.signed_in("kenh", "/interactions")
    expect(page.get_by_text("Máy chủ gặp lỗi nên trang này chưa mở được")).to_be_visible()
    seen = page.content()
    assert not [word for word in ("Traceback", "ValueError", "OverflowError", "fromtimestamp", ".py") if word in seen]
    assert "Traceback" in own_demo.output()
    page.goto(f"{own_demo.origin}/progress")
    settled(page)
    expect(page.get_by_text("Máy chủ gặp lỗi")).to_have_count(0)
