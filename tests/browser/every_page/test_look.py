"""The sign-in page for a new visitor: our font, no Streamlit toolbar or footer, no serious axe violation."""

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.browser.person import Visit, serious, still
from tests.serving.servers import Server

pytestmark = pytest.mark.browser
FURNITURE = "[data-testid='stAppDeployButton'], [data-testid='stMainMenu'], [data-testid='stDecoration']"

AS_FIRST_DRAWN = """() => {
  const drawn = window.drawn = {};
  new MutationObserver(() => {
    for (const part of ["stMainBlockContainer", "stCaptionContainer"]) {
      const found = document.querySelector(`[data-testid=${part}]`);
      if (!found || part in drawn) continue;
      const { opacity, color, paddingTop } = getComputedStyle(found);
      drawn[part] = { opacity, color, paddingTop };
    }
  }).observe(document, { subtree: true, childList: true });
}"""


@pytest.mark.parametrize("phone", [False, True])
@pytest.mark.parametrize("dark", [False, True])
def test_the_sign_in_page_has_our_type_and_colours(
    demo: Server, visit: Callable[..., Visit], phone: bool, dark: bool
) -> None:
    page = visit(demo, phone=phone, dark=dark).open("/")
    page.get_by_label("Tên đăng nhập").wait_for()
    page.wait_for_function("() => document.fonts.check('16px \"Be Vietnam Pro\"', 'Bàn Giám khảo')")
    assert still(page).locator(FURNITURE).locator("visible=true").count() == 0
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    assert serious(page) == []


@pytest.mark.parametrize("dark", [False, True])
@pytest.mark.parametrize("who, address", [("gk01", "/panel"), ("kenh", "/interactions")])
def test_on_a_phone_no_text_shows_through_the_menu_bar(
    demo: Server, visit: Callable[..., Visit], who: str, address: str, dark: bool
) -> None:
    page = visit(demo, phone=True, dark=dark).signed_in(who, address)
    page.get_by_test_id("stExpandSidebarButton").wait_for()
    bar = still(page).get_by_test_id("stHeader").bounding_box()
    title = page.get_by_role("heading", level=1).bounding_box()
    assert bar is not None and title is not None
    assert bar["width"] == page.evaluate("window.innerWidth")
    assert title["y"] >= bar["y"] + bar["height"]
    before = page.screenshot(clip=bar)
    for down in (90, 240, 400):
        page.get_by_test_id("stMain").evaluate("(main, down) => main.scrollTo(0, down)", down)
        assert page.get_by_test_id("stMain").evaluate("main => main.scrollTop") == down
        assert still(page).screenshot(clip=bar) == before, down


def test_every_part_has_our_styles_from_its_first_paint(demo: Server, visit: Callable[..., Visit]) -> None:
    person = visit(demo, phone=True)
    person.context.add_init_script(f"({AS_FIRST_DRAWN})()")
    page = person.signed_in("gk02", "/queue")
    page.locator(".judge-works").wait_for()
    drawn = page.evaluate("window.drawn")
    assert drawn["stMainBlockContainer"]["paddingTop"] == "48px"
    assert drawn["stCaptionContainer"] == {**drawn["stCaptionContainer"], "opacity": "1", "color": "rgb(86, 97, 105)"}


def test_the_longest_menu_shows_where_one_is(demo: Server, visit: Callable[..., Visit]) -> None:
    """The secretary's: whole on a laptop, and scrolled to the page that is open where the window is lower."""
    page = visit(demo).signed_in("thuky", "/twins")
    page.set_viewport_size({"width": 1366, "height": 768})
    menu = still(page).get_by_test_id("stSidebarContent")
    assert menu.evaluate("menu => menu.scrollHeight <= menu.clientHeight")
    page.set_viewport_size({"width": 911, "height": 417})
    page.reload()
    expect(still(page).locator(".st-key-menu [class*='_here']")).to_be_in_viewport(ratio=1)
