"""The final round in a browser: the draw brings a work into a judge's queue; a change of a finalist takes two people."""

import re
import shutil
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from core.desk.demo.material import PASSWORD
from core.desk.entries.registration import register_by_office
from core.store.engine import connect
from tests.browser.person import Visit, still
from tests.desk.entries.accepted import accepted, received
from tests.desk.entries.entered import FORM, OFFICE
from tests.serving.servers import Server, serving

pytestmark = pytest.mark.browser
Visitor = Callable[..., Visit]


@pytest.fixture(scope="module")
def finals(demo_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """The demo with one submission that passed the screening."""
    folder = tmp_path_factory.mktemp("finals") / "var"
    shutil.copytree(demo_template, folder)
    with serving(folder) as server:
        with closing(connect(server.database_url)) as store:
            code = register_by_office(store, OFFICE, FORM, datetime.now(UTC), late_reason="Bưu điện chậm").code
            received(store, code)
            accepted(store, code)
        yield server


def expand(page: Page, name: str) -> None:
    page.get_by_text(name, exact=True).first.click()
    still(page)  # a list that is open is closed by anything that moves under it


def test_a_drawn_work_stands_in_a_judges_queue(finals: Server, visit: Visitor) -> None:
    page = visit(finals).signed_in("thuky", "/finals")
    page.get_by_label("Con số bốc thăm sẽ lấy từ đâu").fill("Giải đặc biệt xổ số miền Bắc")
    page.get_by_role("button", name="Chốt danh sách").click()
    expect(page.get_by_text("Danh sách lần 1: 1 tác phẩm")).to_be_visible()
    page.get_by_label("Con số bốc thăm", exact=True).fill("04817")
    page.get_by_text("Tôi hiểu chỉ bốc thăm một lần").click()
    page.get_by_label("Mật khẩu của bạn, nhập lại").fill(PASSWORD)
    page.get_by_role("button", name="Bốc thăm").click()
    expect(page.get_by_text("Đã bốc thăm 1 mã chấm")).to_be_visible()
    row = page.get_by_role("row").filter(has_text=FORM.title)
    code = re.search(r"T-\d{3}", row.inner_text())
    assert code is not None and FORM.unit not in page.content()
    queue = still(visit(finals).signed_in("gk02", "/queue"))
    expect(queue.get_by_text(code[0]).first).to_be_visible()
    expect(queue.get_by_text(FORM.title).first).to_be_visible()


def test_a_finalist_is_changed_by_two_people(finals: Server, visit: Visitor) -> None:
    """After the test above, on the same server."""
    office = visit(finals).signed_in("thuky", "/finals")
    expand(office, "Đề nghị một thay đổi")
    office.get_by_role("combobox", name="Tác phẩm").last.press_sequentially(FORM.title)
    office.get_by_role("option").filter(has_text=FORM.title).first.click()
    office.get_by_label("Lý do", exact=True).fill("Tác giả đề nghị")
    office.get_by_label("Tên tác phẩm").fill("Chợ phiên số bản Bó")
    office.get_by_role("button", name="Gửi đề nghị").click()
    expect(office.get_by_text("Chờ người khác xác nhận.")).to_be_visible()
    expect(office.get_by_role("button", name="Xác nhận", exact=True)).to_have_count(0)
    committee = visit(finals).signed_in("btc", "/finals")
    expect(committee.get_by_text("→ “Chợ phiên số bản Bó”")).to_be_visible()
    committee.get_by_role("button", name="Xác nhận", exact=True).click()
    expect(committee.get_by_role("row").filter(has_text="Chợ phiên số bản Bó")).to_be_visible()
    queue = still(visit(finals).signed_in("gk02", "/queue"))
    expect(queue.get_by_text("Chợ phiên số bản Bó").first).to_be_visible()
