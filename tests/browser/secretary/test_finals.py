"""The final round in a browser: the draw brings a work into a judge's queue; a change of a finalist takes two people."""

import re
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from core.media import programs
from tests.browser.drawn_codes import draw
from tests.browser.person import Visit, serious, still
from tests.desk.entries.entered import FORM
from tests.serving.finals_server import serving_finals
from tests.serving.servers import Server

pytestmark = pytest.mark.browser
Visitor = Callable[..., Visit]


@pytest.fixture(scope="module")
def finals(demo_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """The demo with one submission that passed the screening."""
    with serving_finals(demo_template, tmp_path_factory.mktemp("finals") / "var") as server:
        yield server


def expand(page: Page, name: str) -> None:
    page.get_by_text(name, exact=True).first.click()
    still(page)  # a list that is open is closed by anything that moves under it


def test_a_drawn_work_stands_in_a_judges_queue(finals: Server, visit: Visitor) -> None:
    page = visit(finals).signed_in("thuky", "/finals")
    code = draw(page, FORM.title)
    assert FORM.unit not in page.content()
    queue = still(visit(finals).signed_in("gk02", "/queue"))
    expect(queue.get_by_text(code).first).to_be_visible()
    expect(queue.get_by_text(FORM.title).first).to_be_visible()


def test_a_finalists_film_is_replaced_by_two_people(finals: Server, visit: Visitor, tmp_path: Path) -> None:
    """After the test above, on the same server. The film is shorter than the rules ask: the office overrides that."""
    film = tmp_path / "new.mp4"
    sources = ["-f", "lavfi", "-i", "testsrc=s=640x360:r=10:d=3", "-f", "lavfi", "-i", "sine=d=3"]
    encoded = ["-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p", "-c:a", "aac"]
    subprocess.run(
        [programs.ffmpeg(), "-v", "error", *sources, *encoded, str(film)], check=True, stdin=subprocess.DEVNULL
    )
    office = still(visit(finals).signed_in("thuky", "/submissions"))
    frame = office.frame_locator("iframe[src*='/board/submissions']")
    frame.get_by_role("row").filter(has_text=FORM.title).get_by_role("button").click()
    expect(frame.get_by_text("phim gửi ở đây là một đề nghị")).to_be_visible()
    expect(frame.get_by_label("Đơn vị hoặc nơi ở")).to_have_value(FORM.unit)
    expect(frame.get_by_text("sửa đơn ở đây là một đề nghị")).to_be_visible()
    frame.get_by_label("Gửi phim thay tác giả: lý do").fill("Bản trước mất tiếng")
    frame.locator("#upload input[type=file]").set_input_files(film)
    frame.get_by_role("button", name="Vẫn nhận phim này").click()
    expect(frame.get_by_text("Đã gửi đề nghị thay phim")).to_be_visible()
    assert serious(office) == []
    committee = still(visit(finals).signed_in("btc", "/finals"))
    expect(committee.get_by_text("Phim: “4:00, 1280×720” → “0:03, 640×360”")).to_be_visible()
    expect(committee.get_by_text(re.compile("^Phim đề nghị (đang được|không giống)"))).to_be_visible()
    address = committee.get_by_role("link", name="Xem phim đề nghị").get_attribute("href")
    assert committee.request.get(f"{finals.origin}{address}").body() == film.read_bytes()
    assert serious(committee) == []
    committee.get_by_role("button", name="Xác nhận", exact=True).click()
    expect(committee.get_by_text("Không có đề nghị nào chờ xác nhận.")).to_be_visible()
    code = str(address).rpartition("/")[2]
    judged = visit(finals).signed_in("gk02", "/queue").request.get(f"{finals.origin}/video/{code}")
    assert judged.status == 200 and judged.body() == film.read_bytes()


def test_a_finalist_is_changed_by_two_people(finals: Server, visit: Visitor) -> None:
    """After the test above, on the same server: another title and author, then withdrawn."""
    office = still(visit(finals).signed_in("thuky", "/submissions"))
    frame = office.frame_locator("iframe[src*='/board/submissions']")
    frame.get_by_role("row").filter(has_text=FORM.title).get_by_role("button").click()
    frame.get_by_label("Tên tác phẩm").fill("Chợ phiên số bản Bó")
    frame.get_by_label("Họ và tên").first.fill("Lò Thị Thủy Tiên")
    frame.get_by_label("Lý do sửa").fill("Tác giả đề nghị")
    frame.get_by_role("button", name="Lưu thay đổi").click()
    expect(frame.get_by_text("Đã gửi đề nghị sửa đơn")).to_be_in_viewport()
    expect(frame.get_by_text("đang chờ người khác xác nhận")).to_be_visible()
    expect(frame.get_by_label("Tên tác phẩm")).to_be_disabled()
    assert serious(office) == []
    committee = visit(finals).signed_in("btc", "/finals")
    expect(committee.get_by_text("→ “Chợ phiên số bản Bó”")).to_be_visible()
    expect(committee.get_by_text("→ “Lò Thị Thủy Tiên · ")).to_be_visible()
    committee.get_by_role("button", name="Xác nhận", exact=True).click()
    expect(committee.get_by_role("row").filter(has_text="Chợ phiên số bản Bó")).to_be_visible()
    queue = still(visit(finals).signed_in("gk02", "/queue"))
    expect(queue.get_by_text("Chợ phiên số bản Bó").first).to_be_visible()
    withdraw(visit(finals).signed_in("thuky", "/finals"))


def withdraw(office: Page) -> None:
    """Propose that the finalist is withdrawn."""
    expand(office, "Đề nghị một thay đổi")
    still(office)
    works = office.get_by_role("combobox", name="Tác phẩm").last
    works.click()
    works.press_sequentially("Chợ phiên số bản Bó")
    office.get_by_role("option").filter(has_text="Chợ phiên số bản Bó").first.click()
    still(office).get_by_role("combobox", name="Thay đổi").click()
    office.get_by_role("option", name="Rút khỏi chung kết").click()
    still(office)
    office.get_by_label("Lý do", exact=True).fill("Tác giả đề nghị")
    office.get_by_role("button", name="Gửi đề nghị").click()
    expect(office.get_by_text("Chờ người khác xác nhận.")).to_be_visible()
    expect(office.get_by_role("button", name="Xác nhận", exact=True)).to_have_count(0)
