"""An author without an account: enters a work from a phone, follows it, corrects it, withdraws it; nobody else can."""

import zlib
from collections.abc import Callable
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Page, Route, expect

from tests.browser.person import Visit, serious
from tests.serving.servers import Server

pytestmark = pytest.mark.browser


@pytest.fixture
def phone(entries: Server, visit: Callable[..., Visit]) -> Page:
    """The form on a phone of 360 px."""
    page = visit(entries, phone=True).context.new_page()
    page.goto(f"{entries.origin}/entry")
    expect(page.get_by_role("group", name="Tác giả 1")).to_be_visible()
    return page


def fill(page: Page, title: str) -> None:
    """Fill in the form for a work of this title, by an author who has no other."""
    page.get_by_label("Tên tác phẩm").fill(title)
    page.get_by_label("Thể loại").select_option("Tiểu phẩm")
    first = page.get_by_role("group", name="Tác giả 1")
    first.get_by_label("Họ và tên").fill("Lò Thị Thuỷ")
    first.get_by_label("Ngày sinh").fill(f"1990-03-{zlib.crc32(title.encode()) % 28 + 1:02}")
    first.get_by_label("Điện thoại").fill(f"09{zlib.crc32(title.encode()) % 10**8:08}")
    page.get_by_label("Đối tượng dự thi").select_option("Nhân dân")
    page.get_by_label("Sinh sống").check()
    page.get_by_label("Đơn vị hoặc nơi ở").fill("Xã Chiềng Xôm")


def agree(page: Page) -> None:
    boxes = page.locator("[name=term]")
    for at in range(boxes.count()):
        expect(boxes.nth(at)).not_to_be_checked()
        boxes.nth(at).check()


def entered(page: Page, title: str) -> str:
    """Enter a work; returns its code."""
    fill(page, title)
    agree(page)
    page.get_by_role("button", name="Nộp đơn").click()
    expect(page.get_by_text("Chờ phim")).to_be_visible()
    return page.locator("#code").inner_text()


def wide(page: Page) -> bool:
    return bool(page.evaluate("document.documentElement.scrollWidth > innerWidth"))


def test_from_the_form_to_a_correction_and_out(phone: Page) -> None:
    entered(phone, "Chợ phiên số")
    expect(phone.locator("#receipt")).to_contain_text("#")
    assert not wide(phone) and serious(phone) == []
    phone.get_by_text("Sửa đơn", exact=True).click()
    expect(phone.get_by_label("Tên tác phẩm")).to_have_value("Chợ phiên số")
    phone.get_by_label("Tên tác phẩm").fill("")
    phone.get_by_role("button", name="Lưu thay đổi").click()
    expect(phone.get_by_text("Hãy ghi tên tác phẩm.")).to_be_visible()
    phone.get_by_label("Tên tác phẩm").fill("Chợ phiên số bản Bó")
    phone.get_by_role("button", name="Lưu thay đổi").click()
    expect(phone.get_by_text("Đã lưu thay đổi.")).to_be_visible()
    expect(phone.locator("#history")).to_contain_text("Chợ phiên số → Chợ phiên số bản Bó")
    phone.reload()
    phone.get_by_role("button", name="Rút tác phẩm").click()
    phone.get_by_role("dialog").get_by_role("button", name="Rút tác phẩm").click()
    expect(phone.locator("#state")).to_have_text("Thôi dự thi")
    expect(phone.get_by_role("button", name="Rút tác phẩm")).to_be_hidden()


def test_faults_stand_at_their_fields_and_the_first_has_the_focus(phone: Page) -> None:
    phone.get_by_role("button", name="Nộp đơn").click()
    expect(phone.get_by_label("Tên tác phẩm")).to_be_focused()
    for field, fault in (
        ("title", "tên tác phẩm"),
        ("authors.0.name", "họ và tên"),
        ("link", "học tập"),
        ("terms.data", "đồng ý"),
    ):
        expect(phone.locator(f'[data-field="{field}"] .fault')).to_contain_text(fault)
    assert not wide(phone) and serious(phone) == []


def test_a_form_that_is_sent_before_its_script_has_come_keeps_what_was_typed(phone: Page) -> None:
    """On a weak line the browser would send the form by itself: as an address, with an empty form after it."""
    phone.route("**/entry.js", lambda route: None)  # it never comes
    phone.goto(phone.url, wait_until="commit")
    title = phone.get_by_label("Tên tác phẩm")
    title.fill("Chưa có mã lệnh")
    before = phone.url
    title.press("Enter")
    phone.wait_for_timeout(500)
    assert (phone.url, title.input_value()) == (before, "Chưa có mã lệnh")


def test_a_draft_survives_and_nothing_is_ticked(phone: Page) -> None:
    fill(phone, "Đơn viết dở")
    phone.get_by_role("button", name="Thêm tác giả").click()
    phone.get_by_role("group", name="Tác giả 2").get_by_label("Họ và tên").fill("Lò Văn Hặc")
    phone.locator("[name=term]").first.check()
    phone.reload()
    expect(phone.get_by_text("Đơn viết dở từ lần trước")).to_be_visible()
    expect(phone.get_by_label("Tên tác phẩm")).to_have_value("Đơn viết dở")
    expect(phone.get_by_role("group", name="Tác giả 2").get_by_label("Họ và tên")).to_have_value("Lò Văn Hặc")
    expect(phone.locator("[name=term]").first).not_to_be_checked()


def test_an_answer_that_is_lost_is_asked_for_again(phone: Page) -> None:
    """The request arrives and its answer does not: sent again, it is the same submission."""
    fill(phone, "Mất mạng")
    agree(phone)
    lost: list[str] = []

    def lose(route: Route) -> None:
        lost.append(route.fetch().json()["code"])
        route.abort()

    phone.route("**/api/entry", lose, times=1)
    phone.get_by_role("button", name="Nộp đơn").click()
    expect(phone.get_by_text("Chưa gửi được")).to_be_visible()
    phone.get_by_role("button", name="Nộp đơn").click()
    expect(phone.locator("#code")).to_have_text(lost[0])


def test_texts_of_strangers_are_shown_as_text(phone: Page) -> None:
    hostile = "<img src=x onerror=document.title='đã'> {0} %s =1+1 \u202e"
    entered(phone, hostile)
    expect(phone.locator("#title")).to_contain_text("<img src=x onerror=")
    assert phone.locator("#title img").count() == 0 and "đã" not in phone.title()


def test_without_the_link_nothing_is_told(entries: Server, phone: Page) -> None:
    entered(phone, "Riêng của tôi")
    with httpx.Client(base_url=entries.origin, headers={"origin": entries.origin}, timeout=60) as stranger:
        for link in ("", "A" * 43, "x" * 4000):
            answer = stranger.get("/api/entry/mine", headers={"x-entry-link": link} if link else {})
            assert answer.status_code == 404 and "Riêng" not in answer.text
        assert stranger.get("/api/submissions").status_code == 401
    phone.goto(f"{entries.origin}/entry/mine")
    expect(phone.get_by_text("Thiếu liên kết riêng.")).to_be_visible()


def test_a_link_from_another_site_opens_the_form_and_only_it(entries: Server) -> None:
    across = {"sec-fetch-site": "cross-site", "sec-fetch-mode": "navigate", "sec-fetch-dest": "document"}
    with httpx.Client(base_url=entries.origin, headers=across, timeout=60) as stranger:
        assert [stranger.get(path).status_code for path in ("/entry", "/entry/mine", "/api/entry/mine")] == [
            200,
            200,
            403,
        ]


def test_the_form_is_light_enough_for_a_weak_line(entries: Server) -> None:
    with httpx.Client(base_url=entries.origin, headers={"accept-encoding": "gzip"}, timeout=60) as stranger:
        page = stranger.get("/entry")
        files = [part.split('"')[0] for part in page.text.split('="/assets/')[1:]]
        total = len(page.content) + sum(len(stranger.get(f"/assets/{name}").content) for name in files)
    assert len(files) >= 3 and total < 150_000


def test_english(phone: Page) -> None:
    phone.get_by_role("button", name="English").click()
    expect(phone.get_by_role("heading", name="Enter a work")).to_be_visible()
    phone.get_by_role("button", name="Send the form").click()
    expect(phone.get_by_text("Please write the title of the work.")).to_be_visible()


def test_the_film_is_refused_with_its_faults_then_taken(phone: Page, film_files: dict[str, Path]) -> None:
    entered(phone, "Có phim")
    chooser = phone.locator("#upload input[type=file]")
    chooser.set_input_files(film_files["text"])
    expect(phone.get_by_text("không phải là phim MP4")).to_be_visible()
    chooser.set_input_files(film_files["long"])
    expect(phone.locator("#film-faults li").first).to_be_visible()
    assert not wide(phone) and serious(phone) == []
    phone.locator("#upload input[type=file]").set_input_files(film_files["good"])
    expect(phone.locator("#state")).to_have_text("Đã nhận")
    expect(phone.locator("#film")).to_contain_text("320×180")
    expect(phone.locator("#film-faults")).to_be_hidden()


def test_a_lost_answer_about_a_film_sends_no_film_twice(phone: Page, film_files: dict[str, Path]) -> None:
    entered(phone, "Mất câu trả lời")
    pieces: list[str] = []
    phone.on("request", lambda request: pieces.append(request.method) if request.method == "PATCH" else None)
    phone.route("**/api/entry/mine/film", lambda route: route.abort())
    film = film_files["good"].parent / "another.mp4"
    film.write_bytes(film_files["good"].read_bytes() + b"\0\0\0\x08free")  # another film, byte for byte
    phone.locator("#upload input[type=file]").set_input_files(film)
    expect(phone.get_by_text("Máy chủ đang kiểm tra phim")).to_be_visible()
    phone.unroute("**/api/entry/mine/film")
    phone.reload()
    expect(phone.locator("#state")).to_have_text("Đã nhận")
    assert pieces == ["PATCH"]
