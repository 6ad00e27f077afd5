"""The office: finds a submission, corrects it, sends it back, makes a new link, enters one, and closes the door."""

from collections.abc import Callable
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import FrameLocator, Page, expect

from core.desk.entries.entry_refusals import DoorClosed
from tests.browser.entry.test_author import fill
from tests.browser.every_page.test_print import missing, on_paper
from tests.browser.person import Visit, serious, still
from tests.desk.entries.entered import AGREED, secret
from tests.serving.servers import Server

pytestmark = pytest.mark.browser
AUTHOR = {"name": "Quàng Thị Hoa", "birth": "1985-05-01", "phone": "0987654321"}
TEXTS = dict.fromkeys(
    ("summary", "group", "email", "guardian", "guardian_phone", "published_on", "published_where"), ""
) | {"form": "Hoạt cảnh", "category": "Nhân dân", "link": "work", "unit": "Trường Mường Bú"}


def post(entries: Server, name: str, title: str, author: dict[str, str] = AUTHOR) -> httpx.Response:
    """Enter a work as a stranger's browser does. One author may enter three."""
    form = {**TEXTS, "title": title, "authors": [author], "terms": [list(each) for each in AGREED]}
    body = {"secret": secret(name), "unit_code": "", "form": form}
    return httpx.post(f"{entries.origin}/api/entry", json=body, headers={"origin": entries.origin}, timeout=60)


@pytest.fixture
def page(entries: Server, visit: Callable[..., Visit]) -> Page:
    return still(visit(entries).signed_in("thuky", "/submissions"))


def board(page: Page) -> FrameLocator:
    return page.frame_locator("iframe[src*='/board/submissions']")


def test_the_office_works_on_a_submission(entries: Server, page: Page) -> None:
    code = post(entries, "hoa", "Lớp học bản xa").json()["code"]
    page.reload()
    still(page)
    frame = board(page)
    frame.get_by_label("Tìm").fill("lop hoc")
    expect(frame.locator("#rows tbody tr")).to_have_count(1)
    frame.get_by_role("button", name=code).click()
    expect(frame.locator("#title")).to_have_text("Lớp học bản xa")
    frame.get_by_label("Đơn vị hoặc nơi ở").fill("Trường THCS Mường Bú")
    frame.get_by_role("button", name="Lưu thay đổi").click()
    expect(frame.get_by_text("Cần ghi lý do.")).to_be_visible()
    frame.get_by_label("Lý do sửa").fill("Tác giả gọi điện")
    frame.get_by_role("button", name="Lưu thay đổi").dblclick()
    expect(frame.locator("#history")).to_contain_text("Tác giả gọi điện")
    expect(frame.locator("#form-message")).to_be_hidden()  # the second press sent nothing
    frame.get_by_role("button", name="Yêu cầu bổ sung").click()
    frame.locator("#move-reason").fill("Thiếu tên nhóm")
    frame.locator("#really").click()
    expect(frame.locator("#state")).to_have_text("Cần bổ sung")
    assert serious(page) == []
    link, headers = f"{entries.origin}/api/entry/mine", {"x-entry-link": secret("hoa")}
    told = httpx.get(link, headers=headers, timeout=60).json()
    assert told["history"][-1]["reason"] == "Thiếu tên nhóm" and told["history"][-1]["person"] == "Tổ Thư ký"
    frame.get_by_role("button", name="Tạo liên kết riêng mới").click()
    expect(frame.locator("#link")).to_contain_text("/entry/mine#")
    assert httpx.get(link, headers=headers, timeout=60).status_code == 404


def test_the_list_and_a_submission_are_printed_as_they_stand(entries: Server, page: Page) -> None:
    """What was chosen is printed, not the first choice; dates as people write them; nothing to press."""
    author = {"name": "Lò Văn Giấy", "birth": "1985-05-01", "phone": "0987650000"}
    code = post(entries, "giấy", "Đơn in ra giấy", author).json()["code"]
    page.reload()
    still(page)
    frame = board(page)
    expect(frame.get_by_role("button", name=code)).to_be_visible()
    found = on_paper(page)
    assert missing(found, (code, "Đơn in ra giấy")) == []
    assert [word for word in ("Nhập từ bảng", "Lối nộp trực tuyến") if not missing(found, (word,))] == []
    frame.get_by_role("button", name=code).click()
    expect(frame.locator("#title")).to_have_text("Đơn in ra giấy")
    found = on_paper(still(page))
    assert missing(found, (code, "Hoạt cảnh", "Nhân dân", "01/05/1985", "✕ Làm việc")) == []
    assert [
        word for word in ("Hãy chọn", "1985-05-01", "Gửi phim thay", "Lý do sửa") if not missing(found, (word,))
    ] == []


def test_the_office_enters_a_work_from_paper(entries: Server, page: Page) -> None:
    frame = board(page)
    frame.get_by_role("button", name="Nhập đơn").click()
    fill(frame, "Từ đơn giấy")  # type: ignore[arg-type]
    frame.get_by_role("button", name="Nhập đơn").click()
    expect(frame.get_by_text("còn 4 chỗ cần sửa")).to_be_visible()
    frame.get_by_label("Tác giả đã ký đủ").check()
    frame.get_by_role("button", name="Nhập đơn").click()
    expect(frame.get_by_text("Đã nhập đơn")).to_be_visible()


def test_the_office_sends_a_film_and_gives_the_reason_after(
    entries: Server, page: Page, film_files: dict[str, Path]
) -> None:
    code = post(entries, "usb", "Phim từ USB").json()["code"]
    page.reload()
    still(page)
    frame = board(page)
    frame.get_by_role("button", name=code).click()
    frame.locator("#upload input[type=file]").set_input_files(film_files["good"])
    expect(frame.get_by_text(f"{code}: Cần ghi lý do.")).to_be_visible()
    frame.get_by_label("Gửi phim thay tác giả: lý do").fill("Tác giả mang USB tới")
    frame.get_by_role("button", name="Nộp phim đã gửi").click()
    expect(frame.locator("#state")).to_have_text("Đã nhận")
    assert serious(page) == []


def test_the_office_takes_a_film_from_the_folder_of_the_server(
    entries: Server, page: Page, film_files: dict[str, Path]
) -> None:
    code = post(entries, "thư mục", "Phim từ thư mục").json()["code"]
    folder = entries.data_dir / "incoming"
    folder.mkdir()
    for name in ("long", "other"):
        (folder / f"{name}.mp4").write_bytes(film_files[name].read_bytes())
    page.reload()
    still(page)
    frame = board(page)
    frame.get_by_role("button", name=code).click()
    frame.get_by_label("Gửi phim thay tác giả: lý do").fill("Tác giả mang USB tới")
    frame.get_by_label("Hoặc lấy phim từ thư mục incoming").select_option("long.mp4")
    frame.get_by_role("button", name="Lấy phim này").click()
    expect(frame.locator("#film-faults li").first).to_be_visible()
    frame.get_by_label("Hoặc lấy phim từ thư mục incoming").select_option("other.mp4")
    frame.get_by_role("button", name="Lấy phim này").click()
    expect(frame.locator("#state")).to_have_text("Đã nhận")
    expect(frame.locator("#film-faults")).to_be_hidden()
    assert serious(page) == []


def test_a_closed_door(entries: Server, page: Page) -> None:
    frame = board(page)
    frame.get_by_text("Lối nộp trực tuyến", exact=True).click()
    box = frame.get_by_label("Cho nộp trực tuyến")
    box.uncheck()
    frame.get_by_role("button", name="Lưu", exact=True).click()
    expect(frame.get_by_text("Đã đặt lối nộp trực tuyến.")).to_be_visible()
    answer = post(entries, "muộn", "Sau khi đóng")
    assert (answer.status_code, answer.json()["refused"]) == (409, str(DoorClosed()))
    page.goto(f"{entries.origin}/entry")
    expect(page.get_by_text("đang tạm đóng lối nộp")).to_be_visible()
