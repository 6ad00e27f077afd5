"""A missing or damaged film: the sheet says so in one sentence, and everything else on it works."""

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import expect

from core.store.engine import connect
from tests.browser.person import Visit
from tests.serving.servers import Server

SAYS = "Chưa phát được phim này"


@pytest.mark.parametrize("broken", [Path.unlink, lambda film: film.write_bytes(b"not a film" * 999)])
def test_a_film_that_cannot_be_played_is_said_and_marks_are_kept(
    own_demo: Server, visit: Callable[..., Visit], broken: Callable[[Path], object]
) -> None:
    person = visit(own_demo)
    page = person.signed_in("gk03", "/queue")
    address = page.locator(".judge-works li:has(.judge-chip:text-is('Chưa chấm')) a").first.get_attribute("href")
    assert address is not None
    broken(film_of(own_demo, address.rpartition("=")[2]))
    page.goto(own_demo.origin + address)
    sheet = page.frame_locator("iframe[src*='/sheet/']")
    expect(sheet.locator("#no-film")).to_contain_text(SAYS)
    sheet.locator("input.mark").first.fill("30")
    page.keyboard.press("Enter")
    expect(sheet.locator("#save-state")).to_contain_text("Đã lưu")


def film_of(server: Server, code: str) -> Path:
    """The file of the work in the library."""
    store = connect(server.database_url)
    with store.read() as connection:
        name = connection.exec_driver_sql("select video from entry where code = ?", (code,)).scalar_one()
    store.close()
    return server.data_dir / "library" / str(name)
