"""The page of background jobs: request, watch, cancel, try again; live, and by a worker beside the server."""

import shutil
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest
from playwright.sync_api import FrameLocator, Page, expect

from core.settings import sqlite_url
from core.store.engine import Store, connect
from core.store.films import film_copies
from core.store.films.film_copies import CopyKind
from core.store.queries import jobs, setup
from core.store.queries.jobs import Job
from tests.browser.person import Visit, still
from tests.fixtures.films import registered_copy
from tests.serving.servers import Server, serving

pytestmark = pytest.mark.browser
WORK_MS = 300_000  # for twelve film checks, beside other tests
LENGTH = "thể lệ nhận từ 240 đến 300 giây"  # the demo's films in tests last seconds


@pytest.fixture
def desk(demo_template: Path, tmp_path: Path) -> Iterator[Server]:
    """A demo of its own, without a worker: the tests play one."""
    with serving(with_copies(demo_template, tmp_path / "var")) as server:
        yield server


@pytest.fixture
def store(desk: Server) -> Iterator[Store]:
    opened = connect(desk.database_url)
    yield opened
    opened.close()


def with_copies(template: Path, folder: Path) -> Path:
    """A demo whose films have their copies already (of a few bytes), so that no job waits. Returns its folder."""
    shutil.copytree(template, folder)
    with closing(connect(sqlite_url(folder / "desk.db"))) as store:
        store.change(lambda t: t.connection.exec_driver_sql("delete from job").close())
        with store.read() as connection:
            codes = [film.code for film in setup.films(connection)]
        for code in codes:
            for kind in (CopyKind.ANONYMOUS, CopyKind.LIGHT):
                registered_copy(store, folder / "library", code, kind, f"{code} {kind}".encode())
    return folder


def frame(page: Page) -> FrameLocator:
    still(page)
    return page.frame_locator("iframe[src*='/board/jobs']")


def claimed(store: Store) -> Job:
    job = store.change(lambda t: jobs.claim_waiting(t.connection, "played"))
    assert job is not None
    return job


def test_the_secretary_follows_a_job_from_request_to_retry(
    desk: Server, store: Store, visit: Callable[..., Visit]
) -> None:
    board = frame(visit(desk).signed_in("thuky", "/jobs"))
    expect(board.get_by_text("Chưa có việc chạy nền nào.")).to_be_visible()
    board.get_by_role("button", name="Kiểm tra mọi phim").click()
    expect(board.get_by_text("Đã yêu cầu kiểm tra 12 phim.")).to_be_visible()
    expect(board.get_by_text("12 việc đang chờ hoặc đang chạy")).to_be_visible()
    job = claimed(store)
    row = board.locator("tbody tr").filter(has_text=job.subject)
    expect(row).to_contain_text("Đang chạy 0 %")
    store.change(lambda t: jobs.beat(t.connection, job.claim, 421))
    expect(row).to_contain_text("Đang chạy 42 %")
    row.get_by_role("button", name=f"Hủy: Kiểm tra phim, {job.subject}").click()
    expect(row).to_contain_text("Đang hủy")
    store.change(lambda t: jobs.end(t.connection, job.claim, jobs.JobState.CANCELLED, None, 1))
    expect(row).to_contain_text("Đã hủy")
    row.get_by_role("button", name="Chạy lại").click()
    expect(row).to_contain_text("Đang chờ")


def test_missing_copies_are_requested(desk: Server, store: Store, visit: Callable[..., Visit]) -> None:
    board = frame(visit(desk).signed_in("thuky", "/jobs"))
    make = board.get_by_role("button", name="Làm bản nhẹ")
    make.click()
    expect(board.get_by_text("Mọi phim đều đã có bản nhẹ hoặc đang được làm")).to_be_visible()
    with store.read() as connection:
        code, copy = film_copies.of_works(connection)[0]
    (desk.data_dir / "library" / copy.file).unlink()
    make.click()
    expect(board.get_by_text("Đã yêu cầu làm bản sao cho 1 phim.")).to_be_visible()
    expect(board.locator("tbody tr")).to_contain_text(f"Làm bản sao của phim{code}")


def test_a_waiting_job_is_cancelled_by_keyboard_and_the_focus_stays(desk: Server, visit: Callable[..., Visit]) -> None:
    board = frame(visit(desk).signed_in("quantri", "/jobs"))
    board.get_by_role("button", name="Kiểm tra mọi phim").press("Enter")
    first = board.locator("tbody tr").first
    subject = first.locator("small").first.inner_text()
    first.get_by_role("button", name="Hủy").press("Enter")
    row = board.locator("tbody tr").filter(has_text=subject)
    expect(row).to_contain_text("Đã hủy")
    expect(row.get_by_role("button", name="Chạy lại")).to_be_focused()


def test_the_worker_beside_the_server_does_them(
    demo_template: Path, tmp_path: Path, visit: Callable[..., Visit]
) -> None:
    with serving(with_copies(demo_template, tmp_path / "var"), BACKGROUND_WORKER="yes") as server:
        board = frame(visit(server).signed_in("thuky", "/jobs"))
        board.get_by_role("button", name="Kiểm tra mọi phim").click()
        done = board.get_by_text("Không có việc nào đang chờ hay đang chạy · 12 việc cần xem lại")
        expect(done).to_be_visible(timeout=WORK_MS)
        expect(board.locator("tbody tr").first).to_contain_text(LENGTH)
