"""Something is missing: the contest, disk space, a film. One clear sentence is shown, and everything else still
works.
"""

import asyncio
import resource
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import httpx
import pytest

from core.settings import sqlite_url
from core.store.engine import connect
from core.store.migrate import migrate
from tests.fixtures.contest_with_sheets import CODES, PASSWORD, open_contest
from tests.serving.raw_socket import RawSocket, texts
from tests.serving.servers import Server, serving

pytestmark = pytest.mark.fault
NO_CONTEST = "Chưa có cuộc thi nào. Người quản trị hãy chạy: python -m core init --contest TỆP.toml"
FULL = "Cơ sở dữ liệu đang không ghi được nên thay đổi này có thể chưa được lưu. Hãy thử lại sau ít phút."


class TestNoContest:
    def test_an_empty_database_says_how_to_open_a_contest(self, tmp_path: Path) -> None:
        with serving(tmp_path) as server:

            async def read(page: str) -> str:
                async with RawSocket(server.origin) as socket:
                    return texts(await socket.run(page))

            for page in ("", "standings"):
                assert NO_CONTEST in asyncio.run(read(page))
            answer = httpx.get(f"{server.origin}/board/progress", headers={"accept": "text/html"}, timeout=30)
            assert (answer.status_code, answer.headers["refresh"]) == (409, "5") and NO_CONTEST in answer.text
            assert httpx.get(f"{server.origin}/live/progress", timeout=30).json() == {"refused": NO_CONTEST}
            assert "Traceback" not in server.output()


class TestDiskFull:
    """The file size of the running server is limited from outside; films and pages are still read."""

    @pytest.fixture
    def server(self, tmp_path: Path) -> Iterator[Server]:
        with closing(connect(sqlite_url(tmp_path / "desk.db"))) as store:
            migrate(store)
            open_contest(store)
        with serving(tmp_path) as served:
            yield served

    def test_saves_are_refused_reading_goes_on_and_nothing_is_lost(self, server: Server) -> None:
        with server.client("gk.hoa", PASSWORD) as judge:
            code = next(each for each in CODES if judge.get(f"/api/sheet/{each}").json()["state"] == "none")
            limit_file_size(server, 4096)
            answer = save(judge, code, 0, "đ" * 3000)
            assert (answer.status_code, answer.json()) == (503, {"refused": FULL})
            assert judge.get(f"/api/sheet/{code}").json()["version"] == 0
            assert judge.get("/account").status_code == 200
            limit_file_size(server, resource.RLIM_INFINITY)
            assert save(judge, code, 0, "còn chỗ").json()["version"] == 1
            assert judge.get(f"/api/sheet/{code}").json()["remarks"] == {"": "còn chỗ"}


def limit_file_size(server: Server, size: int) -> None:
    """Let no file of the server grow beyond `size` bytes: longer writes fail, as on a full disk."""
    resource.prlimit(server.process.pid, resource.RLIMIT_FSIZE, (size, resource.RLIM_INFINITY))


def save(judge: httpx.Client, code: str, version: int, words: str) -> httpx.Response:
    return judge.patch(f"/api/sheet/{code}", json={"version": version, "marks": {}, "remarks": {"": words}})
