"""The screening: a work goes back to its author, is completed by the private link and passes; two differ, a third decides."""

import hashlib
import shutil
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import bcrypt
import httpx
import pytest
from playwright.sync_api import FrameLocator, Page, expect

from core.desk.accounts import accounts
from core.desk.demo.material import PASSWORD
from core.desk.setup.contest_setup import open_contest
from core.rules.access import Role
from core.rules.entries.form import Author
from core.settings import sqlite_url
from core.store import tables as t
from core.store.engine import Store, connect
from core.store.films.film_copies import CopyKind
from core.store.migrate import migrate
from tests.browser.entry.conftest import contest_now
from tests.browser.person import Visit, serious, still
from tests.desk.entries.entered import enter, secret
from tests.desk.screening.screened import CHECKLIST, receive
from tests.fixtures.films import registered_copy
from tests.serving.servers import Server, serving

pytestmark = pytest.mark.browser
NAME, UNIT, PHONE = "Quàng Văn Dấu-Tác-Giả", "Trường Dấu-Đơn-Vị", "0977123123"
UNSENT = ("[name=item-R08][value=yes]", "[name=item-R12][value=no]", "[name=verdict][value=return]")
SCREENERS = ("soi1", "soi2", "soi3")


def opened(folder: Path, film: Path, screeners: int) -> None:
    """A contest that took its works until yesterday and is screening now, with one work."""
    now = datetime.now(UTC)
    checklist = CHECKLIST.replace("[screening]", f"[screening]\nscreeners = {screeners}")
    with closing(connect(sqlite_url(folder / "desk.db"))) as store:
        migrate(store)
        open_contest(store, contest_now(now - timedelta(days=12)) + checklist, "contest.toml", now - timedelta(days=20))
        for username in (*SCREENERS, "thuky"):
            role = Role.SECRETARY if username == "thuky" else Role.SCREENER
            accounts.add(
                store, accounts.SYSTEM, username, f"Người {username}", frozenset({role}), now - timedelta(days=19)
            )
        sent = now - timedelta(days=5)
        enter(store, "thuy", sent, title="Chợ phiên số", unit=UNIT, authors=(Author(NAME, "1990-03-15", PHONE),))
        content = film.read_bytes()
        sha256 = hashlib.sha256(content).hexdigest()
        (folder / "library").mkdir()
        shutil.copy(film, folder / "library" / f"{sha256}.mp4")
        receive(store, "TP-001", sha256, sent)
        with_demo_password(store)


def with_demo_password(store: Store) -> None:
    hashed = bcrypt.hashpw(PASSWORD.encode(), bcrypt.gensalt(4)).decode()
    every = t.account.update().values(password=hashed, must_change=0)
    store.change(lambda transaction: transaction.connection.execute(every).close())


@pytest.fixture
def desk(request: pytest.FixtureRequest, tmp_path: Path, film_files: dict[str, Path]) -> Iterator[Server]:
    """The contest, served; the parameter is the number of screeners."""
    opened(tmp_path, film_files["good"], request.param)
    with serving(tmp_path) as server:
        yield server


def board(page: Page) -> FrameLocator:
    return page.frame_locator("iframe[src*='/board/screening']")


def open_work(frame: FrameLocator) -> None:
    """Open the work that waits for this screener, and wait until the page's script has taken on its theme and its keys."""
    frame.get_by_role("link").filter(has_text="Chờ bạn").click()
    expect(frame.locator("html[data-theme] [name=item-R08]").first).to_be_attached()


def say(frame: FrameLocator, verdict: str, reason: str = "") -> None:
    """Open the work that waits, answer the checklist by keyboard, and give the verdict."""
    open_work(frame)
    frame.locator("[name=item-R08]").first.focus()
    for key in "dd":
        frame.locator(":focus").press(key)
    frame.get_by_role("group", name="Đánh giá").get_by_label(verdict, exact=True).check()
    if reason:
        frame.get_by_label("Lý do (tác giả").fill(reason)
    frame.get_by_role("button", name="Ghi đánh giá").click()


def texts(server: Server, username: str) -> str:
    """Everything that the screening's addresses send this person."""
    cookies = server.cookies(username, PASSWORD)
    addresses = ("/board/screening", "/board/screening?work=TP-001", "/api/submissions", "/api/submissions/TP-001")
    with httpx.Client(base_url=server.origin, cookies=cookies, timeout=60) as client:
        return "".join(client.get(address).text for address in addresses)


@pytest.mark.parametrize("desk", [1], indirect=True)
def test_the_light_copy_goes_on_at_the_same_moment(
    desk: Server, visit: Callable[..., Visit], film_files: dict[str, Path]
) -> None:
    with closing(connect(desk.database_url)) as store:
        content = film_files["other"].read_bytes()
        registered_copy(store, desk.data_dir / "library", "TP-001", CopyKind.LIGHT, content)
    page = visit(desk).signed_in("soi1", "/screening")
    still(page)
    open_work(board(page))
    film = board(page).locator("video")
    expect(film).to_have_js_property("readyState", 4)
    film.evaluate("film => { film.muted = true; film.currentTime = 1; return film.play(); }")
    board(page).get_by_label("Bản nhẹ, cho đường truyền chậm").check()
    expect(film).to_have_js_property("ended", True)
    assert film.evaluate("film => [film.currentSrc.includes('copy=light'), film.played.start(0) >= 1]") == [True, True]


@pytest.mark.parametrize("desk", [1], indirect=True)
def test_a_work_goes_back_and_passes(desk: Server, visit: Callable[..., Visit]) -> None:
    page = visit(desk, phone=True).signed_in("soi1", "/screening")
    still(page)
    frame = board(page)
    expect(frame.get_by_text("1 tác phẩm chờ bạn")).to_be_visible()
    expect(frame.get_by_text("Đã sơ loại 0 trong 1 tác phẩm")).to_be_visible()
    assert [planted for planted in (NAME, UNIT, PHONE) if planted in texts(desk, "soi1")] == []
    assert [planted for planted in (NAME, UNIT, PHONE) if planted not in texts(desk, "thuky")] == []
    open_work(frame)
    expect(frame.locator("video")).to_have_js_property("readyState", 4)
    frame.get_by_label("Không đạt", exact=True).check()
    frame.get_by_role("button", name="Ghi đánh giá").click()
    expect(frame.get_by_text("Hãy ghi lý do")).to_be_visible()
    assert serious(page) == []
    frame.get_by_role("link", name="Về danh sách").click()
    say(frame, "Cần bổ sung", "Thiếu phụ đề cho đoạn tiếng Thái.")
    expect(frame.get_by_text("Kết quả sơ loại: Cần bổ sung")).to_be_visible()
    author = visit(desk, phone=True).context.new_page()
    author.goto(f"{desk.origin}/entry/mine#{secret('thuy')}")
    expect(author.locator("#complete-reason")).to_have_text("Thiếu phụ đề cho đoạn tiếng Thái.")
    expect(author.locator("#history")).not_to_contain_text("soi1")
    author.get_by_text("Sửa đơn", exact=True).click()
    author.get_by_label("Tóm tắt nội dung").fill("Có phụ đề từ phút thứ nhất")
    author.get_by_role("button", name="Lưu thay đổi").click()
    expect(author.get_by_text("Đã lưu thay đổi.")).to_be_visible()
    assert serious(author) == []
    author.get_by_role("button", name="Gửi lại để sơ loại").click()
    expect(author.locator("#state")).to_have_text("Đã nhận")
    expect(author.locator("#complete-section")).to_be_hidden()
    page.reload()
    still(page)
    say(frame, "Đạt")
    expect(frame.get_by_text("Kết quả sơ loại: Đạt sơ loại")).to_be_visible()
    author.reload()
    expect(author.locator("#state")).to_have_text("Đạt sơ loại")


def opened_by(person: Visit, username: str) -> tuple[Page, FrameLocator]:
    """Open the work that waits for this screener, in a new window of this browser."""
    page = person.signed_in(username, "/screening")
    still(page)
    open_work(board(page))
    return page, board(page)


def kept(frame: FrameLocator) -> bool:
    """Whether this browser keeps anything of a screener's form."""
    found: bool = frame.locator("body").evaluate(
        "() => Object.keys(localStorage).some(key => key.startsWith('screening:'))"
    )
    return found


def unanswered(frame: FrameLocator) -> None:
    """The form of the work is open, and empty."""
    expect(frame.locator("video")).to_be_attached()
    expect(frame.locator("[name=item-R12][value=no]")).not_to_be_checked()
    expect(frame.get_by_label("Lý do (tác giả")).to_have_value("")
    expect(frame.locator("#restored")).to_be_hidden()


@pytest.mark.parametrize("desk", [1], indirect=True)
def test_what_is_not_sent_stays_on_the_device(desk: Server, visit: Callable[..., Visit]) -> None:
    person = visit(desk, phone=True)
    for username in ("soi1", "soi2"):  # the second signs in where the first has left what they typed
        page, frame = opened_by(person, username)
        unanswered(frame)
        assert not kept(frame)
        frame.locator("[name=item-R08]").first.focus()
        frame.locator(":focus").press("d")
        for chosen in UNSENT[1:]:
            frame.locator(chosen).check()
        frame.get_by_label("Lý do (tác giả").fill("Thiếu phụ đề")
        page, frame = opened_by(person, username)
        expect(frame.get_by_text("Phần bạn điền dở từ lần trước")).to_be_visible()
        expect(frame.get_by_label("Lý do (tác giả")).to_have_value("Thiếu phụ đề")
        for chosen in UNSENT:
            expect(frame.locator(chosen)).to_be_checked()
        assert serious(page) == []
    with closing(connect(desk.database_url)) as store:  # the work has another film: what was typed is about the first
        receive(store, "TP-001", hashlib.sha256(b"another").hexdigest(), datetime.now(UTC))
    _, frame = opened_by(person, "soi2")
    unanswered(frame)
    frame.get_by_label("Lý do (tác giả").fill("Thiếu phụ đề")
    assert kept(frame)
    frame.get_by_role("link", name="Về danh sách").click()
    say(frame, "Cần bổ sung")
    expect(frame.get_by_text("Kết quả sơ loại: Cần bổ sung")).to_be_visible()
    assert not kept(frame)


@pytest.mark.parametrize("desk", [2], indirect=True)
def test_two_differ_and_a_third_decides(desk: Server, visit: Callable[..., Visit]) -> None:
    frames = {}
    for username in SCREENERS:
        page = visit(desk).signed_in(username, "/screening")
        still(page)
        frames[username] = board(page)
    say(frames["soi1"], "Không đạt", "Lạc đề.")
    expect(frames["soi1"].get_by_text("còn chờ người sơ loại khác")).to_be_visible()
    say(frames["soi2"], "Đạt")
    expect(frames["soi2"].get_by_text("Chờ người khác")).to_be_visible()
    assert "Lạc đề" not in texts(desk, "soi2") + texts(desk, "thuky")
    say(frames["soi3"], "Không đạt", "Không đúng chủ đề.")
    expect(frames["soi3"].get_by_text("Kết quả sơ loại: Không đạt sơ loại")).to_be_visible()
    office = visit(desk).signed_in("thuky", "/submissions")
    still(office)
    shown = office.frame_locator("iframe[src*='/board/submissions']")
    expect(shown.get_by_text("Đã sơ loại 1 trong 1 tác phẩm")).to_be_visible()
    shown.get_by_role("button", name="TP-001").click()
    expect(shown.locator("#history")).to_contain_text("Đánh giá sơ loại: Không đạt")
    expect(shown.locator("#history")).to_contain_text("Người soi3")
    expect(shown.locator("#player")).to_be_visible()
    shown.get_by_role("button", name="Sơ loại lại").click()
    shown.locator("#move-reason").fill("Tác giả khiếu nại")
    shown.locator("#really").click()
    expect(shown.locator("#state")).to_have_text("Đã nhận")
    assert serious(office) == []
