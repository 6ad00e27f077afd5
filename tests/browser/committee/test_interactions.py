"""The interaction counts on a phone, on a projector and between: nothing is cut off, in either language."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.browser.person import Visit, serious, still
from tests.browser.served_meeting import read_off, served, window
from tests.desk.judged_contest import MARKS
from tests.serving.servers import Server

pytestmark = pytest.mark.browser
WIDTHS = (360, 700, 768, 820, 1024, 1280, 1440)  # at 820 the menu is open beside the table
SIDEWAYS = """() => [...document.querySelectorAll(".desk-table-wrap, [data-testid='stMain'], html")]
  .filter(one => one.scrollWidth > one.clientWidth)
  .map(one => `${one.ariaLabel ?? one.tagName} ${one.scrollWidth} > ${one.clientWidth}`)"""
DATES = r"""() => {
  const found = [], words = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node = words.nextNode(); node; node = words.nextNode())
    for (const hit of node.data.matchAll(/\d\d:\d\d[^\d:]{2,8}\d\d?[^\n]{5,9}\d{4}/g)) {
      if (!node.parentElement.closest(".desk-table")) continue;
      const date = document.createRange();
      date.setStart(node, hit.index);
      date.setEnd(node, hit.index + hit[0].length);
      found.push([hit[0], new Set([...date.getClientRects()].map(line => Math.round(line.top))).size]);
    }
  return found;
}"""  # each date with its number of lines


@pytest.fixture
def meeting(sqlite_template: Path, tmp_path: Path) -> Iterator[Server]:
    """Two works with a count, one of them read again after the cut-off; numbers of up to seven digits."""
    with served(sqlite_template, tmp_path / "var", MARKS, read_off) as server:
        yield server


@pytest.mark.parametrize("language,dark", [("vi", False), ("en", True)])
def test_the_counts_are_read_whole_on_every_screen(
    meeting: Server, visit: Callable[..., Visit], language: str, dark: bool
) -> None:
    """No table or page scrolls sideways, and no line breaks a date in two."""
    page = window(visit(meeting, language=language, dark=dark), "kenh", "/interactions")
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        page.reload()
        still(page)
        expect(page.locator(".desk-table")).to_have_count(2)
        dates = page.evaluate(DATES)
        assert len(dates) == 2 + 3 * 2, dates
        assert ([date for date in dates if date[1] > 1], page.evaluate(SIDEWAYS)) == ([], []), width
    assert serious(page) == []
