"""Text typed by an author is shown literally: no markup, no script, no request, and no layout overflow."""

import time
from collections.abc import Callable

import sqlalchemy as sa
from playwright.sync_api import Page, expect

from core.store import tables as t
from core.store.engine import connect
from tests.browser.person import PATIENCE_MS, Visit, still
from tests.serving.servers import Server

AWAY = "https://stranger.example/x.png"
HOSTILE = {
    "T-417": f"<img src={AWAY} onerror=\"document.title='HIT'\"><script>document.title='HIT'</script>&lt;b&gt; {{{{7*7}}}}",
    "T-128": f"![x]({AWAY}) [link]({AWAY}) **đậm** :red[đỏ] :material/home: $x^2$ `mã` # A",
    "T-305": "abc \u202eđảo ngược\u2066 \u200fcuối",
    "T-207": "Dài" * 100,
}
SCREENS = (
    ("gk02", "/queue"), *(("gk02", f"/marking?work={code}") for code in HOSTILE),
    ("btc", "/standings"), ("btc", "/charts"), ("btc", "/awards"), ("gk01", "/panel"), ("kenh", "/interactions"),
)  # fmt: skip
LISTS = {"/queue", "/standings", "/interactions"}  # every work is listed there
ELSEWHERE = "[src*='stranger.example'], [href*='stranger.example']"


def plant(server: Server) -> None:
    store = connect(server.database_url)
    try:
        for code, words in HOSTILE.items():
            values = {"title": words, "author": words, "unit": words}
            rename = sa.update(t.entry).where(t.entry.c.code == code).values(values)
            store.change(lambda transaction: transaction.connection.execute(rename))  # noqa: B023  # done at once
    finally:
        store.close()


def test_what_an_author_typed_is_shown_as_it_was_typed(own_demo: Server, visit: Callable[..., Visit]) -> None:
    """The fixture `visit` checks the rest: no request to another host, and no script error."""
    plant(own_demo)
    people = {who: visit(own_demo, phone=who == "gk02") for who, _ in SCREENS}
    for who, address in SCREENS:
        page = people[who].signed_in(who, address)
        still(page)
        for code, words in HOSTILE.items():
            if address in LISTS or address.endswith(code):
                assert_shown(page, words)
        expect(page.locator("[data-testid='stException']")).to_have_count(0)
        assert "HIT" not in page.title()
        for frame in page.frames:
            assert frame.locator(ELSEWHERE).count() == 0, address
            assert frame.evaluate("document.documentElement.scrollWidth <= innerWidth"), address
        page.close()


def assert_shown(page: Page, words: str) -> None:
    """Wait until some frame of the page shows exactly this text."""
    until = time.monotonic() + PATIENCE_MS / 1000
    while not any(words in frame.evaluate("document.body.innerText") for frame in page.frames):
        assert time.monotonic() < until, f"{words!r} is not to be read at {page.url}"
        page.wait_for_timeout(50)
