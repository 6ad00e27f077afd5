"""The award meeting in the browser: counts are frozen, ties decided, awards confirmed, and the paper downloaded."""

import io
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import openpyxl
import pytest
from playwright.sync_api import Page, expect

from core.desk.awards import award_decisions
from core.desk.interactions import freeze
from core.store.engine import Store
from tests.browser.person import Visit, serious, settled, still
from tests.browser.reach import SIZES
from tests.browser.served_meeting import PASSWORD, choose_work, served, window
from tests.desk.judged_contest import BEFORE_CUT_OFF, CHANNEL, COMMITTEE, MEETING, TIED, store_document
from tests.fixtures.readings import confirmed_reading
from tests.papers.sample_document import of_two
from tests.serving.servers import Server

pytestmark = pytest.mark.browser
WIDER = "all => all.filter(one => one.scrollWidth > one.clientWidth + 1).map(one => one.ariaLabel)"
WIDTH = "one => getComputedStyle(one).width"
WHY = "Hội đồng biểu quyết **5/5** <b>=1+1</b>"


@pytest.fixture
def meeting(sqlite_template: Path, tmp_path: Path) -> Iterator[Server]:
    """Four works share place 4; two works have a count each; nothing is frozen or decided."""

    def counted(store: Store) -> None:
        for code, reactions in (("T-405", "120"), ("T-401", "80")):
            typed = {"reactions": reactions, "comments": "0", "shares": "0", "views": "0"}
            confirmed_reading(store, CHANNEL, code, typed, BEFORE_CUT_OFF, MEETING)

    with served(sqlite_template, tmp_path / "var", TIED, counted) as server:
        yield server


def test_from_the_counts_to_the_signed_paper(meeting: Server, visit: Callable[..., Visit]) -> None:
    committee = window(visit(meeting), "bantc", "/awards")
    expect(committee.get_by_text("Lượt tương tác chưa chốt")).to_be_visible()
    expect(committee.get_by_role("button", name="Xác nhận bảng trao giải")).to_have_count(0)

    channel = window(visit(meeting), "kenh", "/interactions")
    channel.get_by_role("button", name="Lưu số liệu").click()
    expect(channel.get_by_text("Hãy chọn tác phẩm.")).to_be_visible()
    choose_work(channel, "T-401")
    channel.get_by_label("Cảm xúc").fill("1.23")
    for name in ("Bình luận", "Chia sẻ", "Lượt xem"):
        channel.get_by_label(name).fill("7")
    channel.get_by_role("button", name="Lưu số liệu").click()
    expect(channel.get_by_text("hãy nhập như 1204 hoặc 1.204")).to_be_visible()
    expect(channel.get_by_role("button", name="Chốt lượt tương tác")).to_be_visible()  # a refused form keeps its input
    assert still(channel).eval_on_selector_all(".desk-table-wrap", WIDER) == []
    channel.get_by_label("Cảm xúc").fill("1204")
    channel.get_by_role("button", name="Lưu số liệu").click()
    expect(channel.get_by_text("hãy nhập như 1204 hoặc 1.204")).to_have_count(0)
    settled(channel)
    channel.get_by_role("button", name="Chốt lượt tương tác").click()
    channel.get_by_role("button", name="Chốt, không nhập nữa").click()
    expect(channel.get_by_text("Lượt tương tác đã chốt lúc")).to_be_visible()

    committee.reload()
    settled(committee)
    expect(committee.get_by_text("Còn 4 giải chờ Ban Tổ chức quyết định.")).to_be_visible()
    committee.get_by_label("Lý do").first.fill(WHY)
    committee.get_by_role("button", name="Ghi quyết định").first.click()
    expect(committee.get_by_text("Giải này cần chọn đúng 3 tác phẩm.")).to_be_visible()
    expect(committee.get_by_text("Không trao đủ số giải")).to_be_visible()
    assert still(committee).eval_on_selector_all(".desk-table-wrap", WIDER) == []
    chooser = still(committee).get_by_role("combobox", name="Tác phẩm được chọn")
    for code in ("T-404", "T-405", "T-407"):
        chooser.press_sequentially(code)  # filling in the text does not open the list
        committee.get_by_role("option", name=code).click()
    chooser.press("Escape")
    committee.get_by_label("Lý do").first.fill(WHY)
    committee.get_by_role("button", name="Ghi quyết định").first.click()
    expect(committee.get_by_text(WHY, exact=True).first).to_be_visible()
    expect(committee.get_by_text("23.000.000 đồng").first).to_be_visible()
    settled(committee)

    committee.get_by_role("button", name="Xác nhận bảng trao giải").click()
    expect(committee.get_by_role("button", name="Xác nhận, không sửa nữa")).to_be_in_viewport()
    for typed, message in (
        ("khong-phai-mat-khau", "Mật khẩu không đúng."),
        (PASSWORD, "Bảng trao giải đã được xác nhận lúc"),
    ):
        committee.get_by_label("Mật khẩu của bạn, nhập lại").fill(typed)
        committee.get_by_role("button", name="Xác nhận, không sửa nữa").click()
        expect(committee.get_by_text(message)).to_be_visible()
        settled(committee)
    with committee.expect_download() as taken:
        committee.get_by_role("link", name="Tải bảng XLSX").click()
    assert taken.value.suggested_filename == "bang-trao-giai-son-la-2024-chinh-thuc.xlsx"
    page = openpyxl.load_workbook(io.BytesIO(taken.value.path().read_bytes()))["Bảng trao giải"]
    cells = [str(cell.value) for row in page.iter_rows() for cell in row]
    assert "23000000" in cells and any(WHY in words for words in cells)
    assert_published_by_the_committee(committee, visit(meeting))


def assert_published_by_the_committee(committee: Page, stranger: Visit) -> None:
    """The committee publishes with the password again; a stranger's page has the result from then on, until two take it
    back.
    """
    page = stranger.open("/results")
    expect(page.get_by_text("Kết quả chưa được công bố.")).to_be_visible()
    committee.get_by_role("button", name="Công bố kết quả").click()
    for typed, message in (("khong-phai-mat-khau", "Mật khẩu không đúng."), (PASSWORD, "Kết quả được công bố lúc")):
        committee.get_by_label("Mật khẩu của bạn, nhập lại").fill(typed)
        committee.get_by_role("button", name="Công bố", exact=True).click()
        expect(committee.get_by_text(message)).to_be_visible()
        settled(committee)
    page.reload()
    expect(page.get_by_role("row", name="Giải Nhất")).to_contain_text("Tác giả T-401")
    expect(page.get_by_text("Số giải: 12; tổng cộng 23.000.000 đồng.")).to_be_visible()
    assert serious(page) == []
    for width, height in SIZES:
        page.set_viewport_size({"width": width, "height": height})
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), width
    page.get_by_role("link", name="English").click()
    expect(page.get_by_role("heading", name="Result of the contest")).to_be_visible()
    committee.get_by_text("Đề nghị thu hồi công bố").click()
    committee.get_by_label("Lý do").fill("Sai tên một tác giả")
    committee.get_by_role("button", name="Gửi đề nghị").click()
    expect(committee.get_by_text("Chờ một thành viên khác của Ban Tổ chức quyết định.")).to_be_visible()
    committee.get_by_role("button", name="Độ vững của kết quả").click()
    expect(committee.get_by_role("cell", name="Nhất", exact=True).first).to_be_visible()
    expect(committee.locator(".js-plotly-plot")).to_have_count(2)
    separators = committee.locator(".js-plotly-plot").evaluate_all("plots => plots.map(plot => plot.layout.separators)")
    assert separators == [",.", ",."]
    assert serious(still(committee)) == []
    committee.set_viewport_size({"width": 820, "height": 1180})
    wider = still(committee).eval_on_selector_all(
        ".desk-table-wrap:not(:has(.prize-matrix))", WIDER
    )  # the matrix scrolls
    assert wider == []


def test_only_those_who_may_see_the_paper_get_it(meeting: Server) -> None:
    """docs/platform.md, Endpoints: the address checks the visitor at every request."""
    address = "/export/award-table.xlsx"
    for username, allowed in (("bantc", True), ("thuky", True), ("truong", True), ("hoa", False), ("kenh", False)):
        with meeting.client(username, PASSWORD) as person:
            answer = person.get(address)
        assert (answer.status_code == httpx.codes.OK) is allowed, username
        assert (b"T-401" in answer.content or answer.content.startswith(b"PK")) is allowed
        if allowed:
            assert answer.headers["cache-control"] == "no-store"
            assert openpyxl.load_workbook(io.BytesIO(answer.content)).sheetnames[0] == "Bảng trao giải"
    with meeting.client() as stranger:
        assert stranger.get(address).status_code in {401, 403, 404}


@pytest.mark.parametrize("username,address", [("bantc", "/awards"), ("kenh", "/interactions")])
def test_on_a_phone_nothing_is_wider_than_the_screen(
    meeting: Server, visit: Callable[..., Visit], username: str, address: str
) -> None:
    page = window(visit(meeting, phone=True, dark=True), username, address)
    assert still(page).evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_undecided_money_is_shown_and_a_decision_without_effect_is_marked(
    sqlite_template: Path, tmp_path: Path, visit: Callable[..., Visit]
) -> None:
    def decided(store: Store) -> None:
        freeze(store, CHANNEL, MEETING)
        award_decisions.choose(store, COMMITTEE, "BA", ("T-404", "T-405", "T-406"), "Biểu quyết", MEETING)
        award_decisions.withhold(store, COMMITTEE, "BA", 2, "Chất lượng chưa đạt", MEETING)

    with served(sqlite_template, tmp_path / "var", TIED, decided) as server:
        page = still(window(visit(server), "bantc", "/awards"))
        # one "Ba" of two million and three "Khuyến khích" of one lie between the four equals
        expect(page.locator(".st-key-sum")).to_contain_text("Chưa gồm 4 giải chưa phân định, trị giá 5.000.000 đồng.")
        marked = page.get_by_text("Không có tác dụng")
        expect(marked).to_have_count(1)
        expect(page.get_by_text("Giải Ba: chọn T-404, T-405, T-406")).to_be_visible()
        assert serious(page) == []


def test_a_confirmed_document_of_two_categories_is_shown_under_their_names(
    sqlite_template: Path, tmp_path: Path, visit: Callable[..., Visit]
) -> None:
    def confirmed(store: Store) -> None:
        store_document(store, of_two())

    with served(sqlite_template, tmp_path / "var", TIED, confirmed) as server:
        page = still(window(visit(server), "bantc", "/awards"))
        assert page.get_by_role("heading", level=3).all_inner_texts() == ["Phim ngắn", "Phóng sự <ảnh>"]
        films, reports = page.locator(".desk-table").all()
        expect(films).to_contain_text("T-417")
        expect(films).not_to_contain_text("D-001")
        expect(reports).to_contain_text("87,5")
        expect(page.locator(".st-key-sum")).to_contain_text("14.000.000 đồng")
        expect(page.get_by_text("Không trao 2 Giải Nhì phóng sự.")).to_be_visible()
        assert films.locator("th").first.evaluate(WIDTH) == reports.locator("th").first.evaluate(WIDTH)
        assert serious(page) == []
        with server.client("thuky", PASSWORD) as secretary:
            lines = secretary.get("/export/award-table.csv").content.decode("utf-8-sig")
    assert ";Phim ngắn;" in lines and ";Phóng sự <ảnh>;" in lines
