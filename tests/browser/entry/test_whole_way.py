"""The whole way of a work: entered on a phone, its film through a lost line and a killed server, checked, returned, corrected,
accepted, drawn, and opened by a judge under its judging code.

The contest takes works now. Its later windows are reached by people who sign in later: the desk's clock follows its ledger.
"""

import hashlib
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import CDPSession, Page, expect

from core.desk.accounts import accounts
from core.desk.maintenance import operations
from core.desk.setup.contest_setup import open_contest
from core.media import programs
from core.rules.access import Role
from core.settings import sqlite_url
from core.store.engine import connect
from core.store.migrate import migrate
from tests.browser.drawn_codes import draw
from tests.browser.entry.conftest import contest_now
from tests.browser.entry.test_author import agree, fill, wide
from tests.browser.entry.test_screening import board, say, with_demo_password
from tests.browser.person import Visit, serious, still
from tests.browser.secretary.test_upload import only_upload, slow, until_sent
from tests.desk.screening.screened import CHECKLIST
from tests.serving.servers import Server, serving

pytestmark = pytest.mark.browser
TITLE, CORRECTED = "Chợ phiên số", "Chợ phiên số bản Bó"
REASON = "Thiếu phụ đề cho đoạn tiếng Thái."
SCREENING, JUDGING = timedelta(days=12), timedelta(days=25)  # from now; the windows are in `contest_now`
PEOPLE = {"thuky": Role.SECRETARY, "soi1": Role.SCREENER, "gk01": Role.JUDGE}
WORK_MS = 200_000  # for one film check, beside other tests
LOST = "Mất kết nối, đang thử lại…"


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Server]:
    """A contest that takes works now, with a screener and a judge; its server has a worker."""
    now = datetime.now(UTC)
    with closing(connect(sqlite_url(tmp_path / "desk.db"))) as store:
        migrate(store)
        open_contest(store, contest_now(now) + CHECKLIST, "contest.toml", now)
        for username, role in PEOPLE.items():
            accounts.add(store, accounts.SYSTEM, username, f"Người {username}", frozenset({role}), now)
        with_demo_password(store)
    with serving(tmp_path, BACKGROUND_WORKER="yes") as server:
        yield server


@pytest.fixture(scope="module")
def film(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A film of some megabytes whose picture is black for more than two seconds: it is taken, and worth a look."""
    path = tmp_path_factory.mktemp("film") / "phim.mp4"
    picture = "nullsrc=s=320x180:r=25:d=5,noise=alls=100:allf=t,drawbox=t=fill:color=black:enable='lt(t,2.2)'"
    sources = ["-f", "lavfi", "-i", picture, "-f", "lavfi", "-i", "sine=d=5"]
    encoded = ["-c:v", "libx264", "-preset", "ultrafast", "-crf", "10", "-pix_fmt", "yuv420p", "-c:a", "aac"]
    subprocess.run([programs.ffmpeg(), "-v", "error", *sources, *encoded, str(path)], check=True)
    return path


def enter(page: Page, server: Server) -> str:
    """Fill in the form, agree and send; returns the work's code."""
    page.goto(f"{server.origin}/entry")
    fill(page, TITLE)
    agree(page)
    page.get_by_role("button", name="Nộp đơn").click()
    expect(page.locator("#state")).to_have_text("Chờ phim")
    expect(page.locator("#receipt")).to_contain_text("#")
    assert "/entry/mine#" in page.url
    return page.locator("#code").inner_text()


def send_film(page: Page, server: Server, film: Path) -> None:
    """Send the film; the line is lost on the way, then the server is killed and started again."""
    network: CDPSession = page.context.new_cdp_session(page)
    network.send("Network.enable")
    slow(network, speed=film.stat().st_size // 20)  # it is still on its way when a busy machine comes to cut it
    page.locator("#upload input[type=file]").set_input_files(film)
    until_sent(page, 0.3)
    slow(network, offline=True)
    expect(page.get_by_text(LOST)).to_be_visible()
    assert not wide(page)
    slow(network, speed=film.stat().st_size // 60)
    until_sent(page, 0.5)
    kept = until_kept(server)
    assert kept < film.stat().st_size
    server.kill()
    expect(page.get_by_text(LOST)).to_be_visible()
    server.start()
    assert only_upload(server).kept_bytes >= kept
    slow(network, speed=-1)
    expect(page.locator("#state")).to_have_text("Đã nhận")


def until_kept(server: Server) -> int:
    """The bytes that the server has acknowledged, once it has some."""
    end = time.monotonic() + 60
    while not (kept := only_upload(server).kept_bytes):
        assert time.monotonic() < end
        time.sleep(0.05)
    return kept


def test_a_work_goes_from_its_authors_phone_to_a_judge(desk: Server, visit: Callable[..., Visit], film: Path) -> None:
    author = visit(desk, phone=True).context.new_page()
    code = enter(author, desk)
    send_film(author, desk, film)
    assert (desk.data_dir / "library" / f"{hashlib.sha256(film.read_bytes()).hexdigest()}.mp4").exists()
    expect(author.locator("#check-lines")).to_contain_text("Hình đen từ giây 0,0 đến giây 2,2", timeout=WORK_MS)
    assert not wide(author) and serious(author) == []

    screener = visit(desk, phone=True).signed_in("soi1", "/screening", datetime.now(UTC) + SCREENING)
    frame = board(still(screener))
    frame.get_by_role("link").filter(has_text=code).click()
    expect(frame.locator(".findings")).to_contain_text("Hình đen từ giây 0,0 đến giây 2,2")
    frame.get_by_role("link", name="Về danh sách").click()
    say(frame, "Cần bổ sung", REASON)
    expect(frame.get_by_text("Kết quả sơ loại: Cần bổ sung")).to_be_visible()

    author.reload()
    expect(author.locator("#complete-reason")).to_have_text(REASON)
    author.get_by_text("Sửa đơn", exact=True).click()
    author.get_by_label("Tên tác phẩm").fill(CORRECTED)
    author.get_by_role("button", name="Lưu thay đổi").click()
    expect(author.get_by_text("Đã lưu thay đổi.")).to_be_visible()
    author.get_by_role("button", name="Gửi lại để sơ loại").click()
    expect(author.locator("#state")).to_have_text("Đã nhận")

    screener.reload()
    still(screener)
    say(frame, "Đạt")
    expect(frame.get_by_text("Kết quả sơ loại: Đạt sơ loại")).to_be_visible()

    later = datetime.now(UTC) + JUDGING
    judging_code = draw(visit(desk).signed_in("thuky", "/finals", later), CORRECTED)
    queue = still(visit(desk).signed_in("gk01", "/queue", later))
    expect(queue.get_by_text(CORRECTED).first).to_be_visible()
    assert code not in queue.content()
    queue.get_by_role("link").filter(has_text=judging_code).first.click()
    shown = queue.frame_locator("iframe[src*='/sheet/']").locator("#film")
    expect(shown).to_have_js_property("readyState", 4)
    expect(shown).to_have_js_property("videoWidth", 320)
    with closing(connect(desk.database_url)) as store:
        found = [str(each.facts) for each in operations.verify(store).findings]
    assert [each for each in found if "password" not in each] == []  # the fixture has set passwords past the ledger
