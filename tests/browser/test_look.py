"""Sign-in as a stranger sees it: our type, nothing of Streamlit's own furniture, nothing axe finds serious."""

from collections.abc import Callable

import pytest

from tests.browser.person import Visit, serious
from tests.servers import Server

pytestmark = pytest.mark.browser
FURNITURE = "[data-testid='stAppDeployButton'], [data-testid='stMainMenu'], [data-testid='stDecoration']"


@pytest.mark.parametrize("phone", [False, True])
@pytest.mark.parametrize("dark", [False, True])
def test_the_sign_in_page_wears_the_house(demo: Server, visit: Callable[..., Visit], phone: bool, dark: bool) -> None:
    page = visit(demo, phone=phone, dark=dark).open("/")
    page.get_by_label("Tên đăng nhập").wait_for()
    page.wait_for_function("document.fonts.check('16px \"Be Vietnam Pro\"', 'Bàn Giám khảo')")
    assert page.locator(FURNITURE).locator("visible=true").count() == 0
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    assert serious(page) == []
