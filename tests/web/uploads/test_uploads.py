"""The routes of uploads: the protocol, its refusals, and who is let in. In one process, without the gate."""

import asyncio
import base64
import hashlib
import inspect
import json
import re
import threading
from collections.abc import AsyncIterator, Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from starlette.applications import Starlette
from starlette.types import ASGIApp, Receive, Scope, Send

from core.desk import context
from core.desk.channel import screenshots
from core.desk.entries.entry_refusals import UnknownLink, WindowClosed
from core.desk.uploads import upload_pieces, upload_refusals, uploads
from core.desk.uploads.upload_file import UploadFile
from core.desk.uploads.uploads import UploadArea
from core.rules.access import Principal
from core.rules.words import Refusal
from core.settings import settings
from core.store.engine import Store
from core.web import assets
from core.web.uploads import holders, receiving, tus
from core.web.uploads import uploads as routes
from core.web.uploads.writers import Writers
from tests.desk.contest_with_panel import CHIEF, LAN, NOW, SECRETARY
from tests.fixtures.uploads import film
from tests.web.uploads.tus_client import begin, head, patch

FILM = film(300_000)
PERSON = replace(SECRETARY, session="")  # checked in tests/desk; a session is what tests/web/uploads/test_served.py has


class Signed:
    """Replaces the gate: sets the principal of each request."""

    who: Principal | None = PERSON

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await self.app({**scope, "state": {"principal": self.who, "address": "10.0.0.1"}}, receive, send)


class Clock:
    now: datetime = NOW


@pytest.fixture
def area(tmp_path: Path) -> UploadArea:
    return UploadArea(tmp_path / "uploads", most_bytes=1 << 20, reserve_bytes=1 << 20)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def app(sqlite_store: Store, area: UploadArea, clock: Clock, monkeypatch: pytest.MonkeyPatch) -> Signed:
    monkeypatch.setattr(context, "store", lambda: sqlite_store)
    monkeypatch.setattr(context, "now", lambda: clock.now)
    monkeypatch.setattr(routes, "upload_area", lambda: area)
    monkeypatch.setattr(routes, "WRITERS", Writers())
    return Signed(Starlette(routes=routes.routes()))


class Client:
    """Runs each request in a loop of its own."""

    def __init__(self, app: Signed) -> None:
        self.app = app

    def __call__(
        self, method: str, url: str, headers: dict[str, str] | None = None, body: Any = None
    ) -> httpx.Response:
        async def go() -> httpx.Response:
            transport = httpx.ASGITransport(self.app)
            async with httpx.AsyncClient(transport=transport, base_url="http://x") as client:
                return await client.request(method, url, headers=headers, content=body)

        return asyncio.run(go())


@pytest.fixture
def client(app: Signed) -> Client:
    return Client(app)


@pytest.fixture
def url(client: Client) -> str:
    return begin(client, len(FILM))


def kept(client: Client, url: str) -> int | None:
    """The offset that HEAD answers; None if there is no such upload."""
    answer = head(client, url)
    return int(answer.headers["upload-offset"]) if answer.is_success else None


def refused(answer: httpx.Response) -> tuple[int, str]:
    """The status and the sentence of a refusal, which has the headers of tus too."""
    assert answer.headers["tus-resumable"] == "1.0.0"
    return answer.status_code, answer.json()["refused"]


class TestProtocol:
    def test_the_server_says_what_it_can_do(self, client: Client) -> None:
        for address in ("/uploads", "/uploads/x"):
            said = client("OPTIONS", address)
            assert said.status_code == 204 and said.headers["tus-version"] == "1.0.0"
            assert said.headers["tus-extension"] == "creation,termination,expiration,checksum"
            assert said.headers["tus-max-size"] == str(1 << 20)
            assert said.headers["tus-checksum-algorithm"] == "sha1,sha256"

    def test_a_film_comes_in_pieces(self, client: Client, area: UploadArea, url: str) -> None:
        assert url.startswith("/uploads/") and kept(client, url) == 0
        for at in range(0, len(FILM), 100_000):
            answer = patch(client, url, at, FILM[at : at + 100_000])
            assert answer.status_code == 204
            assert answer.headers["upload-offset"] == str(min(at + 100_000, len(FILM)))
        asked = head(client, url)
        assert (asked.headers["upload-length"], asked.headers["cache-control"]) == (str(len(FILM)), "no-store")
        assert asked.headers["upload-expires"].endswith(" GMT")
        assert area.path(url.rpartition("/")[2]).read_bytes() == FILM

    def test_an_offset_that_is_not_the_row_s_is_409_with_the_right_one(self, client: Client, url: str) -> None:
        patch(client, url, 0, FILM[:1000])
        answer = patch(client, url, 500, FILM[500:1000])
        assert refused(answer)[0] == 409 and answer.headers["upload-offset"] == "1000"

    @pytest.mark.parametrize("algorithm", ["sha1", "sha256"])
    def test_a_checksum_is_checked(self, client: Client, url: str, algorithm: str) -> None:
        def said(data: bytes) -> dict[str, str]:
            return {
                "Upload-Checksum": f"{algorithm} {base64.b64encode(hashlib.new(algorithm, data).digest()).decode()}"
            }

        wrong = patch(client, url, 0, FILM[:1000], said(b"x"))
        assert refused(wrong) == (460, "Dữ liệu đến không khớp mã kiểm tra; phần này phải gửi lại.")
        assert kept(client, url) == 0
        assert patch(client, url, 0, FILM[:1000], said(FILM[:1000])).status_code == 204

    def test_a_terminated_upload_is_gone(self, client: Client, area: UploadArea, url: str) -> None:
        patch(client, url, 0, FILM[:1000])
        assert client("DELETE", url, {"Tus-Resumable": "1.0.0"}).status_code == 204
        assert kept(client, url) is None and list(area.folder.iterdir()) == []

    def test_an_expired_upload_is_410_and_then_swept(self, client: Client, clock: Clock, url: str) -> None:
        clock.now = NOW + uploads.LIFE + timedelta(seconds=1)
        assert head(client, url).status_code == 410
        assert refused(patch(client, url, 0, FILM[:1000]))[0] == 410

    @pytest.mark.parametrize(
        "headers,status",
        [
            ({"Tus-Resumable": "0.2.2"}, 412), ({"Content-Type": "application/json"}, 415), ({"Upload-Offset": ""}, 400),
            ({"Upload-Offset": "-1"}, 400), ({"Upload-Offset": "9" * 30}, 400), ({"Upload-Offset": "0x1"}, 400),
            ({"Upload-Checksum": "md5 eHg="}, 400), ({"Upload-Checksum": "sha1 %"}, 400), ({"Upload-Checksum": ""}, 400),
            ({"Content-Length": str((32 << 20) + 1)}, 413),
        ],
    )  # fmt: skip
    def test_a_malformed_piece_is_refused(self, client: Client, url: str, headers: dict[str, str], status: int) -> None:
        answer = patch(client, url, 0, FILM[:1000], headers)
        assert refused(answer)[0] == status and kept(client, url) == 0
        assert status != 412 or answer.headers["tus-version"] == "1.0.0"

    @pytest.mark.parametrize(
        "headers,status",
        [
            ({"Upload-Length": ""}, 400), ({"Upload-Length": "1e3"}, 400), ({"Upload-Length": "0"}, 413),
            ({"Upload-Length": str((1 << 20) + 1)}, 413), ({"Upload-Metadata": "filename %%"}, 400),
            ({"Upload-Metadata": "filename " + base64.b64encode(b"a.mov").decode()}, 415), ({"Upload-Metadata": ""}, 415),
            ({"Upload-Metadata": "filename " + base64.b64encode(b"\xff\xfe.svg").decode()}, 415),
            ({"Upload-Metadata": "filename " + "A" * 5000}, 400), ({"Tus-Resumable": ""}, 412),
        ],
    )  # fmt: skip
    def test_a_malformed_beginning_is_refused(self, client: Client, headers: dict[str, str], status: int) -> None:
        name = "filename " + base64.b64encode("phim của tôi.mp4".encode()).decode() + ",filetype dmlkZW8vbXA0,empty"
        right = {"Tus-Resumable": "1.0.0", "Upload-Length": "1000", "Upload-Metadata": name}
        assert refused(client("POST", "/uploads", right | headers))[0] == status
        assert client("POST", "/uploads", right).status_code == 201

    def test_no_version_is_412_for_every_request_of_an_upload(self, client: Client, url: str) -> None:
        assert [client(method, url, {}).status_code for method in ("HEAD", "PATCH", "DELETE")] == [412, 412, 412]


class TestRefusals:
    def test_every_refusal_has_a_status(self) -> None:
        classes = {
            each for _, each in inspect.getmembers(upload_refusals, inspect.isclass) if issubclass(each, Refusal)
        }
        assert classes - {Refusal, upload_refusals.NotComplete} <= set(tus.STATUSES)

    @pytest.mark.parametrize("refusal, status", [(WindowClosed(NOW), 403), (UnknownLink(), 404)])
    def test_who_may_upload_no_more_is_told_why_and_not_that_the_line_is_lost(
        self, client: Client, url: str, monkeypatch: pytest.MonkeyPatch, refusal: Refusal, status: int
    ) -> None:
        def closed(_connection: object, _at: int) -> None:
            raise refusal

        held = uploads.account_holder(PERSON, "10.0.0.1")
        monkeypatch.setattr(routes, "holder_of", lambda _request: replace(held, check=closed))
        more = {"Tus-Resumable": "1.0.0", "Upload-Length": "1000", "Upload-Metadata": "filename YS5tcDQ="}
        for answer in (client("POST", "/uploads", more), patch(client, url, 0, FILM)):
            assert refused(answer) == (status, str(refusal))
        tried_again = re.search(r"LATER = \[(.*?)\]", (assets.STATIC / "upload.js").read_text())
        assert tried_again is not None and str(status) not in tried_again[1].split(", ")

    def test_what_is_not_a_film_is_gone_at_its_first_piece(self, client: Client, area: UploadArea, url: str) -> None:
        answer = patch(client, url, 0, b"<svg xmlns='http://www.w3.org/2000/svg'/>" * 10)
        assert refused(answer) == (
            415, "Tệp này không phải là phim MP4. Hãy xuất phim thành MP4 rồi gửi lại."
        )  # fmt: skip
        assert kept(client, url) is None and list(area.folder.iterdir()) == []

    def test_too_many_and_too_little_room_are_sentences(
        self, client: Client, url: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        for _ in range(uploads.PER_HOLDER - 1):
            begin(client, 1000)
        more = {"Tus-Resumable": "1.0.0", "Upload-Length": "1000", "Upload-Metadata": "filename YS5tcDQ="}
        assert refused(client("POST", "/uploads", more)) == (
            429, "Bạn đang gửi 5 tệp rồi; hãy gửi xong hoặc bỏ bớt một tệp."
        )  # fmt: skip
        client("DELETE", url, {"Tus-Resumable": "1.0.0"})
        monkeypatch.setattr(UploadArea, "free_bytes", lambda area: area.reserve_bytes)
        assert refused(client("POST", "/uploads", more)) == (
            507, "Máy chủ không còn đủ chỗ cho tệp này; hãy báo cho Tổ Thư ký."
        )  # fmt: skip

    def test_a_disk_that_fills_up_is_507_and_keeps_what_was_kept(
        self, client: Client, url: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        patch(client, url, 0, FILM[:1000])

        def full(*_: object) -> None:
            raise upload_refusals.DiskFull

        with monkeypatch.context() as disk:
            disk.setattr(UploadFile, "write", full)
            status, sentence = refused(patch(client, url, 1000, FILM[1000:]))
        assert status == 507 and sentence.startswith("Máy chủ hết chỗ trong lúc nhận; phần đã nhận vẫn còn.")
        assert kept(client, url) == 1000
        assert patch(client, url, 1000, FILM[1000:]).status_code == 204

    def test_more_than_a_piece_is_refused_without_a_declared_length(
        self, client: Client, url: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(upload_pieces, "PIECE_BYTES", 1000)

        async def endless() -> AsyncIterator[bytes]:
            for _ in range(20):
                yield FILM[:100]

        assert refused(patch(client, url, 0, endless()))[0] == 413 and kept(client, url) == 0

    @pytest.mark.parametrize("who", [None, LAN, CHIEF])
    def test_nobody_else_uploads(self, app: Signed, client: Client, url: str, who: Principal | None) -> None:
        app.who, status = who, 403 if who else 401
        assert [head(client, url).status_code, patch(client, url, 0, FILM).status_code] == [status, status]
        more = {"Tus-Resumable": "1.0.0", "Upload-Length": "1000", "Upload-Metadata": "filename YS5tcDQ="}
        assert client("POST", "/uploads", more).status_code == status

    def test_another_secretary_s_upload_is_not_there(self, app: Signed, client: Client, url: str) -> None:
        app.who = replace(PERSON, username="another")
        for answer in (patch(client, url, 0, FILM), client("DELETE", url, {"Tus-Resumable": "1.0.0"})):
            assert refused(answer) == (404, "Không có tệp nào đang gửi ở địa chỉ này.")
        assert head(client, url).status_code == 404

    def test_refusals_are_in_the_reader_s_language(self, client: Client) -> None:
        answer = client("HEAD", "/uploads/x", {"Tus-Resumable": "1.0.0", "Cookie": "lang=en"})
        assert answer.status_code == 404
        answer = client("DELETE", "/uploads/x", {"Tus-Resumable": "1.0.0", "Cookie": "lang=en"})
        assert json.loads(answer.content) == {"refused": "No file is being uploaded at this address."}


class TestLines:
    """Requests whose bodies come slowly, stop or break off. `waits`: one of them waits for more."""

    waits = asyncio.Event()

    async def line(self, app: Signed, url: str, offset: int, *parts: bytes | None) -> int:
        """PATCH whose body comes in these parts; None waits for ever. Returns the status."""
        statuses: list[int] = []
        coming = iter(parts)

        async def receive() -> Any:
            part = next(coming, b"")
            if part is None:
                self.waits.set()
                await asyncio.sleep(60)
            if part == b"":
                return {"type": "http.disconnect"}
            return {"type": "http.request", "body": part, "more_body": True}

        async def send(message: Any) -> None:
            statuses.append(message.get("status", 0))

        headers = {"tus-resumable": "1.0.0", "content-type": tus.PIECE_TYPE, "upload-offset": str(offset)}
        scope = {
            "type": "http", "method": "PATCH", "path": url, "raw_path": url.encode(), "query_string": b"", "root_path": "",
            "headers": [(name.encode(), value.encode()) for name, value in headers.items()], "http_version": "1.1",
            "scheme": "http", "server": ("x", 80), "client": ("10.0.0.1", 1),
        }  # fmt: skip
        await app(scope, receive, send)
        return statuses[0]

    def test_a_connection_that_is_lost_loses_nothing_that_came(self, app: Signed, client: Client, url: str) -> None:
        assert asyncio.run(self.line(app, url, 0, FILM[:70_000], FILM[70_000:70_007])) == 408
        assert kept(client, url) == 70_007

    def test_a_connection_that_stalls_is_ended(
        self, app: Signed, client: Client, url: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(receiving, "STALLED_S", 0.05)
        assert asyncio.run(self.line(app, url, 0, FILM[:1000], None)) == 408
        assert kept(client, url) == 1000

    def test_whoever_comes_anew_takes_over_and_nothing_is_lost(self, app: Signed, area: UploadArea, url: str) -> None:
        async def two_lines() -> tuple[int, int, int]:
            self.waits = asyncio.Event()
            dead = asyncio.create_task(self.line(app, url, 0, FILM[:1000], None))
            await self.waits.wait()
            transport = httpx.ASGITransport(app)
            async with httpx.AsyncClient(transport=transport, base_url="http://x") as http:
                asked = await http.head(url, headers={"Tus-Resumable": "1.0.0"})
                at = int(asked.headers["upload-offset"])
                headers = {"Tus-Resumable": "1.0.0", "Content-Type": tus.PIECE_TYPE, "Upload-Offset": str(at)}
                sent = await http.patch(url, headers=headers, content=FILM[at:])
            return await dead, at, sent.status_code

        assert asyncio.run(two_lines()) == (423, 1000, 204)
        assert area.path(url.rpartition("/")[2]).read_bytes() == FILM

    def test_of_four_at_one_offset_one_at_most_is_answered_with_204(
        self, app: Signed, client: Client, url: str
    ) -> None:
        async def four() -> list[int]:
            transport = httpx.ASGITransport(app)
            headers = {"Tus-Resumable": "1.0.0", "Content-Type": tus.PIECE_TYPE, "Upload-Offset": "0"}
            async with httpx.AsyncClient(transport=transport, base_url="http://x") as http:
                sent = (http.patch(url, headers=headers, content=FILM[:5000]) for _ in range(4))
                return sorted(each.status_code for each in await asyncio.gather(*sent))

        statuses = asyncio.run(four())
        assert statuses.count(204) <= 1 and set(statuses) <= {204, 409, 423}
        assert kept(client, url) == 5000

    def test_a_server_that_stops_ends_every_line(self, app: Signed, client: Client, url: str) -> None:
        async def stopped() -> int:
            self.waits = asyncio.Event()
            line = asyncio.create_task(self.line(app, url, 0, FILM[:1000], None))
            await self.waits.wait()
            routes.WRITERS.end_all()
            return await line

        assert asyncio.run(stopped()) == 423
        assert patch(client, url, 1000, FILM[1000:]).status_code == 423


class TestWiring:
    @pytest.fixture
    def configured(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
        for name, value in (("DATA_DIR", str(tmp_path)), ("UPLOAD_MEGABYTES", "3"), ("UPLOAD_RESERVE_MEGABYTES", "5")):
            monkeypatch.setenv(name, value)
        settings.cache_clear()
        yield
        settings.cache_clear()

    @pytest.mark.usefixtures("configured")
    def test_the_area_is_that_of_the_settings(self, tmp_path: Path) -> None:
        area = holders.upload_area()
        assert (area.folder, area.most_bytes, area.reserve_bytes) == (tmp_path / "uploads", 3 << 20, 5 << 20)

    def test_the_sweep_runs_at_the_start(
        self, client: Client, clock: Clock, url: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        patch(client, url, 0, FILM[:1000])
        clock.now = NOW + uploads.LIFE

        swept, pictures, sweep = threading.Event(), threading.Event(), uploads.sweep

        def sweeping(*given: Any) -> int:
            try:
                return sweep(*given)
            finally:
                swept.set()

        def unsaved(*_: object) -> int:
            pictures.set()
            return 1

        async def started() -> None:
            async with routes.sweeping():
                assert await asyncio.to_thread(swept.wait, 60)
                assert await asyncio.to_thread(pictures.wait, 60)

        monkeypatch.setattr(uploads, "sweep", sweeping)
        monkeypatch.setattr(screenshots, "sweep", unsaved)
        asyncio.run(started())
        assert head(client, url).status_code == 404
