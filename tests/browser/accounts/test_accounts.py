"""The life of an account in the browser: created, handed over, password chosen, lost and reset; roles and sessions
ended.
"""

from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, expect

from core.desk.demo.build import PASSWORD
from tests.browser.person import Visit, serious, settled, still
from tests.serving.servers import Server

pytestmark = pytest.mark.browser
Visits = Callable[..., Visit]
GOOD, BETTER = "con trâu đi trước cái cày", "chín bỏ làm mười cho vui"
NEW = "gk.moi"
SLOW_MS = 1500
HEARD = """() => { window.heard = ""; new MutationObserver(() => {
  for (const toast of document.querySelectorAll("[data-testid='stToast']")) window.heard += toast.textContent;
}).observe(document.body, {childList: true, subtree: true}); }"""  # a toast is shown for four seconds


def role(within: Page | Locator, name: str) -> Locator:
    """The checkbox of one offered role."""
    return within.get_by_role("button", name=name, exact=True)


def made(admin: Page) -> str:
    """Create a judge. Returns the password that the page shows once."""
    admin.get_by_text("Tạo tài khoản mới").click()
    admin.get_by_label("Tên đăng nhập").fill(NEW)
    admin.get_by_label("Họ và tên").fill("Lường Thị Mới (minh hoạ)")
    make = admin.get_by_role("button", name="Tạo tài khoản", exact=True)
    make.click()
    expect(admin.get_by_text("Hãy chọn ít nhất một vai trò.")).to_be_visible()
    settled(admin)
    expect(admin.get_by_label("Họ và tên")).to_have_value("Lường Thị Mới (minh hoạ)")  # a refused form keeps its input
    role(admin, "Giám khảo").click()
    make.click()
    secret = admin.locator("[data-testid='stCode'] code")
    secret.wait_for()
    settled(admin)
    return secret.inner_text().strip()


def renewed(page: Page, current: str, new: str) -> None:
    page.get_by_label("Mật khẩu tạm thời").fill(current)
    page.get_by_label("Mật khẩu mới", exact=True).fill(new)
    page.get_by_label("Nhập lại mật khẩu mới").fill(new)
    page.get_by_role("button", name="Đổi mật khẩu").click()


def edited(admin: Page) -> None:
    """Open the new account for editing, as the administrator."""
    box = admin.get_by_role("combobox", name="Sửa tài khoản")
    box.click()
    box.press_sequentially(NEW)
    admin.get_by_role("option", name=NEW).click()
    admin.get_by_role("button", name="Lưu vai trò").wait_for()


def cleared(page: Page) -> None:
    """The menu disappears and the sign-in form is shown, each within its timeout."""
    expect(page.locator(".st-key-menu")).to_have_count(0, timeout=15_000)
    expect(page.get_by_label("Tên đăng nhập")).to_be_visible()


def test_an_account_from_its_creation_to_the_end_of_its_session(own_demo: Server, visit: Visits) -> None:
    admin = visit(own_demo).signed_in("quantri", "/accounts")
    temporary = made(admin)

    judge = visit(own_demo)
    page = judge.sign_in(NEW, temporary)
    expect(page.get_by_role("heading", name="Đặt mật khẩu của bạn")).to_be_visible()
    page.goto(f"{own_demo.origin}/queue")
    expect(page.get_by_role("heading", name="Đặt mật khẩu của bạn")).to_be_visible()  # no other page opens before that
    renewed(page, temporary, GOOD)
    expect(page.get_by_role("heading", name="Chưa có tác phẩm nào được phân công")).to_be_visible()
    expect(page.get_by_text("Tài khoản chờ xác nhận")).to_be_visible()  # for the chief to confirm

    admin.reload()
    settled(admin)
    edited(admin)
    admin.get_by_role("button", name="Tạo đường dẫn đặt lại mật khẩu").click()
    link = admin.locator("[data-testid='stCode'] code")
    link.wait_for()
    address = link.inner_text().strip()
    assert address.startswith(f"{own_demo.origin}/reset?link=")
    admin.get_by_text("Tạo tài khoản mới").click()
    settled(admin)
    expect(link).to_have_text(address)  # still shown: nothing can show it again
    admin.get_by_role("button", name="Đã trao, ẩn đi").click()
    expect(link).to_have_count(0)

    reset = visit(own_demo)
    lost = reset.open(address.removeprefix(own_demo.origin))
    expect(lost.get_by_label("Tài khoản")).to_have_value(NEW)
    assert serious(lost) == []
    lost.get_by_label("Mật khẩu mới", exact=True).fill(BETTER)
    lost.get_by_label("Nhập lại mật khẩu mới").fill(BETTER)
    lost.get_by_role("button", name="Đặt mật khẩu").click()
    expect(lost.get_by_text("Đã đặt mật khẩu mới")).to_be_visible()
    expect(page.get_by_label("Tên đăng nhập")).to_be_visible()  # every session of the old password has ended

    again = reset.open(address.removeprefix(own_demo.origin))
    expect(again.get_by_text("đã được dùng hoặc đã hết hạn")).to_be_visible()
    again.get_by_role("button", name="Đăng nhập").click()
    expect(again.get_by_label("Tên đăng nhập")).to_be_visible()
    back = visit(own_demo).sign_in(NEW, BETTER)
    expect(back.get_by_text("Tài khoản chờ xác nhận")).to_be_visible()

    admin.reload()
    settled(admin)
    edited(admin)
    roles = admin.locator("[class*='st-key-roles_']")
    role(roles, "Giám khảo").click()
    expect(admin.get_by_text(f"{NEW} mất vai trò Giám khảo: mọi phiên của người này kết thúc ngay.")).to_be_visible()
    role(roles, "Ban Tổ chức").click()
    settled(admin)
    admin.evaluate(HEARD)
    admin.get_by_role("button", name="Lưu vai trò và kết thúc phiên").click()
    admin.wait_for_function("words => window.heard.includes(words)", arg=f"Đã lưu vai trò của {NEW}.")
    cleared(back)  # without any action in that window


def test_one_s_own_sessions_are_listed_and_ended(own_demo: Server, visit: Visits) -> None:
    here = visit(own_demo).signed_in("btc", "/account")
    there = visit(own_demo).sign_in("btc", PASSWORD)
    expect(there.get_by_role("heading", name="Bảng xếp hạng")).to_be_visible()
    here.reload()
    settled(here)
    expect(here.get_by_text("Phiên này")).to_have_count(1)
    here.get_by_role("button", name="Kết thúc", exact=True).click()
    cleared(there)
    expect(here.get_by_role("button", name="Kết thúc", exact=True)).to_have_count(0)
    assert serious(here) == []


def test_a_new_password_and_signing_out_are_answered_though_their_session_ends_before(
    own_demo: Server, visit: Visits
) -> None:
    """On a slow line the page learns over its WebSocket that its session has ended, before the response arrives."""
    page = visit(own_demo).signed_in("btc", "/account")
    cancelled: list[str] = []
    page.on("requestfailed", lambda request: cancelled.append(request.url) if "/auth/e" in request.url else None)
    with page.expect_websocket(lambda socket: socket.url.endswith("/auth/watching")):
        page.reload()
    still(page)
    network = page.context.new_cdp_session(page)
    network.send("Network.enable")  # without it no latency is added
    given = {"offline": False, "latency": SLOW_MS, "downloadThroughput": -1, "uploadThroughput": -1}
    network.send("Network.emulateNetworkConditions", given)
    page.get_by_label("Mật khẩu đang dùng").fill(PASSWORD)
    page.get_by_label("Mật khẩu mới", exact=True).fill(GOOD)
    page.get_by_label("Nhập lại mật khẩu mới").fill(GOOD)
    page.get_by_role("button", name="Đổi mật khẩu").click()
    expect(page.get_by_role("heading", name="Bảng xếp hạng")).to_be_visible()  # in the new session
    still(page)
    page.get_by_role("button", name="Đăng xuất").click()
    expect(page.get_by_label("Tên đăng nhập")).to_be_visible()
    assert cancelled == []


def test_the_sign_in_page_is_in_the_chosen_language(demo: Server, visit: Visits) -> None:
    page = visit(demo).open("/")
    name, secret = page.get_by_label("Tên đăng nhập"), page.get_by_label("Mật khẩu").first
    assert page.evaluate("document.documentElement.lang") == "vi"
    expect(name).to_have_attribute("autocomplete", "username")
    expect(secret).to_have_attribute("autocomplete", "current-password")
    page.get_by_role("button", name="English").click()
    expect(page.get_by_label("Username")).to_be_visible()
    assert page.evaluate("document.documentElement.lang") == "en"


@pytest.mark.parametrize("dark", [False, True])
def test_on_a_phone_the_menu_opens_and_navigates_and_axe_finds_nothing_serious(
    demo: Server, visit: Visits, dark: bool
) -> None:
    page = visit(demo, phone=True, dark=dark).signed_in("quantri", "/accounts")
    assert still(page).evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert serious(page) == []
    page.get_by_test_id("stExpandSidebarButton").click()
    page.locator(".st-key-menu").get_by_role("link", name="Tài khoản của tôi").click()
    page.wait_for_url("**/account")
    expect(page.get_by_role("heading", name="Tài khoản của tôi")).to_be_visible()
    assert serious(page) == []
